using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Web;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CallCenter.Shared.Tests;

/// <summary>What clients of the real world send, and what every answer tells them.</summary>
public sealed class WireTests(NotesApi api) : IClassFixture<NotesApi>
{
    private readonly Guid project = Guid.CreateVersion7();
    private readonly Guid person = Guid.CreateVersion7();

    private HttpClient Supervisor => api.As(person, "supervisor", project);

    [Theory]
    [InlineData("text/csv")]
    [InlineData("text/html")]
    [InlineData("audio/wav")]
    [InlineData("nonsense")]
    public async Task a_refusal_is_a_problem_whatever_the_caller_accepts(string accepted)
    {
        using var client = Supervisor;
        using var anonymous = api.Anonymous();
        foreach (var who in new[] { client, anonymous })
            who.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accepted);
        using var text = new StringContent("x", Encoding.UTF8, "text/plain");

        await (await anonymous.GetAsync($"/notes?project={project}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await client.GetAsync($"/notes/{Guid.CreateVersion7()}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await client.GetAsync("/nowhere")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await client.GetAsync("/notes?project=x")).ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
        await (await client.Send(HttpMethod.Delete, "/notes")).ShouldBeProblem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        await (await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, ""))).ShouldBeProblem(
            HttpStatusCode.BadRequest, "invalid");
        await (await client.PostAsync("/notes", text)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "media-type");
    }

    [Theory]
    [InlineData("Content-Length: 8388608\r\n", true)]
    [InlineData("Content-Length: 8388608\r\nConnection: close\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\nConnection: close\r\nIdempotency-Key: large\r\n", true)]
    [InlineData("Content-Length: 8388608\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n", false)]
    public async Task who_sends_all_of_a_body_before_listening_hears_that_it_is_too_large(string head, bool isKnown)
    {
        using var client = Supervisor;
        using var line = new TcpClient(api.Address.Host, api.Address.Port);
        await using var stream = line.GetStream();
        var (part, isChunked) = (new byte[1 << 16], head.StartsWith('T'));
        Array.Fill(part, (byte)' ');

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /notes HTTP/1.1\r\nHost: {api.Address.Authority}\r\n{head}" +
            $"Content-Type: application/json\r\n" +
            (isKnown ? $"Authorization: {client.DefaultRequestHeaders.Authorization}\r\n\r\n" : "\r\n")));
        for (var i = 0; i < 128; i++)
            await stream.WriteAsync(isChunked ? [.. "10000\r\n"u8, .. part, .. "\r\n"u8] : part);
        if (isChunked)
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        var answer = "";
        for (int read; !answer.Contains("traceId", StringComparison.Ordinal) && (read = await stream.ReadAsync(part)) > 0;)
            answer += Encoding.UTF8.GetString(part, 0, read);

        answer.Should().StartWith(isKnown ? "HTTP/1.1 413 " : "HTTP/1.1 401 ").And.Contain("application/problem+json")
            .And.Contain(isKnown ? "/problems/too-large" : "/problems/unauthenticated");
    }

    [Fact]
    public async Task head_is_answered_as_get_without_the_body()
    {
        using var client = Supervisor;
        var url = (await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "a"))).Headers.Location!.ToString();

        var head = await client.SendAsync(new(HttpMethod.Head, url));
        var nothing = await client.SendAsync(new(HttpMethod.Head, $"/notes/{Guid.CreateVersion7()}"));

        (head.StatusCode, head.Headers.ETag).Should().Be((HttpStatusCode.OK, (await client.GetAsync(url)).Headers.ETag));
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        nothing.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_key_means_one_request_however_its_address_is_spelt()
    {
        using var client = Supervisor;
        var key = Guid.CreateVersion7().ToString();

        var places = new List<Uri?>();
        foreach (var address in new[] { "/notes", "/notes/", "/Notes", "/NOTES/" })
            places.Add((await client.Send(HttpMethod.Post, address, body: new WriteNote(project, "once"), key: key)).Headers.Location);

        places.Distinct().Should().ContainSingle().Which.Should().NotBeNull();
    }

    [Fact]
    public async Task what_is_no_longer_theirs_to_see_is_not_told_again()
    {
        using var client = Supervisor;
        using var moved = api.As(person, "supervisor", Guid.CreateVersion7());
        var (key, note) = (Guid.CreateVersion7().ToString(), new WriteNote(project, "once"));
        var first = await client.Send(HttpMethod.Post, "/notes", body: note, key: key);

        await (await moved.Send(HttpMethod.Post, "/notes", body: note, key: key)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await client.Send(HttpMethod.Post, "/notes", body: note, key: key)).Headers.Location.Should().Be(first.Headers.Location);
    }

    [Fact]
    public async Task a_request_has_one_key()
    {
        using var client = Supervisor;
        foreach (var keys in new[] { new[] { "a", "b" }, ["a, b"] })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/notes");
            request.Content = JsonContent.Create(new WriteNote(project, "x"));
            request.Headers.Add("Idempotency-Key", keys);

            await (await client.SendAsync(request)).ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
        }
    }

    [Fact]
    public async Task every_answer_tells_browsers_to_guess_nothing_keep_nothing_and_load_nothing()
    {
        using var client = Supervisor;
        foreach (var answer in new[] { await client.GetAsync($"/notes?project={project}"), await client.GetAsync("/nowhere") })
        {
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
            answer.Headers.GetValues("Content-Security-Policy").Should().ContainSingle().Which.Should().Contain("default-src 'none'");
        }
    }

    [Fact]
    public async Task a_head_that_does_not_end_is_ended_after_ten_seconds()
    {
        using var line = new TcpClient(api.Address.Host, api.Address.Port);
        await using var stream = line.GetStream();
        using var answer = new StreamReader(stream);

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /notes HTTP/1.1\r\nHost: {api.Address.Authority}\r\nX-Slow: "));

        (await answer.ReadLineAsync()).Should().Be("HTTP/1.1 408 Request Timeout");
        api.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.RequestHeadersTimeout
            .Should().Be(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task a_route_that_takes_no_body_does_not_look_at_its_type()
    {
        using var client = Supervisor;
        using var odd = new StringContent("x", Encoding.Unicode, "application/json");
        using var reading = new HttpRequestMessage(HttpMethod.Get, $"/notes?project={project}") { Content = odd };

        (await client.SendAsync(reading)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task what_an_address_takes_names_the_heads_it_answers()
    {
        var refused = await Supervisor.Send(HttpMethod.Delete, "/notes");

        refused.Content.Headers.Allow.Should().BeEquivalentTo("GET", "HEAD", "POST");
        (await Supervisor.SendAsync(new(HttpMethod.Head, $"/notes?project={project}"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/notes/{0}?asof=2026-03-02")]
    [InlineData("GET", "/notes/{0}?id={0}")]
    [InlineData("GET", "/notes?project={1}&pages=2")]
    [InlineData("POST", "/notes?project={1}")]
    public async Task what_no_route_asks_by_that_name_is_refused(string method, string url)
    {
        var note = await Supervisor.Send(HttpMethod.Post, "/notes", body: new { projectId = project, text = "Hello" });

        await (await Supervisor.Send(new(method), string.Format(null, url, note.Headers.Location!.ToString().Split('/')[^1], project),
            body: method == "POST" ? new { projectId = project, text = "Hello" } : null))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
    }

    [Theory]
    [InlineData("1e13")]
    [InlineData("-1e308")]
    [InlineData("1e400")]
    public void a_number_lies_within_one_range(string text)
    {
        var read = () => Json.Read<double>("x", text);

        read.Should().Throw<InvalidException>().Which.Errors[0].Code.Should().Be("number-out-of-range");
        Json.Read<double>("x", "1e12").Should().Be(1e12);
    }

    [Theory]
    [InlineData("paid by 4111 1111 1111 1111, exp. 12/27", "paid by **** **** **** 1111, exp. 12/27")]
    [InlineData("5500-0000-0000-0004", "****-****-****-0004")]
    [InlineData("(378282246310005)", "(***********0005)")]
    [InlineData("order 4111111111111112", "order 4111111111111112")]
    [InlineData("call 13800138000 back at 2026-03-02 09:00", "call 13800138000 back at 2026-03-02 09:00")]
    [InlineData("４１１１ １１１１ １１１１ １１１１", "**** **** **** １１１１")]
    [InlineData("4111/1111/1111/1111", "****/****/****/1111")]
    [InlineData("4111\u00A01111\u202F1111\u20111111", "****\u00A0****\u202F****\u20111111")]
    [InlineData("4111  1111 - 1111·1111", "****  **** - ****·1111")]
    [InlineData("4111\u200B1111\u00AD1111.1111", "****\u200B****\u00AD****.1111")]
    [InlineData("\U0001D7D2\U0001D7CF\U0001D7CF\U0001D7CF111111111111", "************1111")]
    [InlineData("4111 1111 1111 1111 12/27 123", "**** **** **** 1111 12/27 123")]
    [InlineData("1. 4111 1111 1111 1111", "1. **** **** **** 1111")]
    [InlineData("4111    1111    1111    1111", "4111    1111    1111    1111")]
    public void card_numbers_in_free_text_are_masked(string text, string masked) => FreeTexts.Masked(text).Should().Be(masked);

    [Property(MaxTest = 1000)]
    public void a_card_number_is_masked_however_it_is_written(int seed)
    {
        var random = new Random(seed);
        int[] digits = [random.Next(2, 7), .. Enumerable.Range(0, random.Next(11, 17)).Select(_ => random.Next(10))];
        var number = string.Concat(digits) + Enumerable.Range(0, 10).Single(last => FreeTexts.IsCard(string.Concat(digits) + last));
        string[] scripts = ["0", "\u0660", "\u0966", "\uFF10"];
        string[] separators = ["", "", "", " ", "-", ".", "/", "\u00A0", "\u2003", "\u2011", "\u2014", "\u00B7", " - ", "  ", "\t"];
        var written = string.Concat(number.Select((digit, nth) =>
            $"{(nth > 0 ? separators[random.Next(separators.Length)] : "")}{(char)(scripts[random.Next(scripts.Length)][0] + digit - '0')}"));

        var masked = FreeTexts.Masked($"card {written}, thanks");

        masked.Count(char.IsDigit).Should().Be(4, masked);
        masked.Should().HaveLength($"card {written}, thanks".Length).And.StartWith("card *").And.EndWith(", thanks");
        FreeTexts.Masked(masked).Should().Be(masked);
    }
}
