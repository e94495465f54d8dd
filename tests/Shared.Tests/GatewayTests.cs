using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CallCenter.DevToken;
using CallCenter.Gateway;
using CallCenter.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Shared.Tests;

/// <summary>The gateway before one service that lives and six that are away.</summary>
public sealed class GatewayTests(NotesApi notes) : IClassFixture<NotesApi>, IAsyncLifetime
{
    private readonly Guid project = Guid.CreateVersion7();
    private WebApplication gateway = null!;
    private Uri address = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = Build();
        await gateway.StartAsync();
        address = AddressOf(gateway);
    }

    private WebApplication Build(params string[] settings) => GatewayService.Build(
    [
        "--urls=http://127.0.0.1:0", "--environment=Development", "--Log=Error",
        "--Paths:notes:0=notes", "--Files:notes:0=notes/imports", $"--Services:notes={notes.Address}", "--RateLimit:PerSecond=20",
        $"--Auth:Issuer={DevelopmentKeys.Issuer}", $"--Auth:KeysFile={DevelopmentKeys.PublicFile(Path.Combine(notes.Folder, "keys"))}",
        .. Repository.Services.Select(s => $"--Services:{s}=http://127.0.0.1:9"), .. settings,
    ]);

    private static Uri AddressOf(WebApplication gateway) =>
        new(gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async ValueTask DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task a_request_goes_to_the_service_of_its_path_and_comes_back_whole()
    {
        using var client = As("supervisor");

        var written = await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "through the gate"));

        written.StatusCode.Should().Be(HttpStatusCode.Created);
        written.Version().Should().Be(1);
        (await client.Get<Note>(written.Headers.Location!.ToString())).Text.Should().Be("through the gate");
    }

    [Theory, InlineData("/%ff"), InlineData("/notes/%ff"), InlineData("/docs/%c3%28"), InlineData("/notes?text=%ff")]
    public async Task an_address_that_is_no_utf8_is_a_problem_wherever_it_leads(string path)
    {
        using var anonymous = new HttpClient { BaseAddress = address };

        await (await anonymous.GetAsync(path)).ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
    }

    [Fact]
    public async Task nobody_passes_without_a_token_and_unknown_paths_do_not_exist()
    {
        using var anonymous = new HttpClient { BaseAddress = address };
        using var client = As("supervisor");

        await (await anonymous.GetAsync($"/notes?project={project}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await client.GetAsync("/nowhere")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task a_service_that_is_away_is_a_problem_that_passes()
    {
        using var client = As("supervisor");

        var response = await client.GetAsync("/employees");

        await response.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "busy");
        response.Headers.RetryAfter.Should().NotBeNull();
        (await client.GetAsync("/health")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await client.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task the_bare_address_leads_to_the_api_s_pages()
    {
        using var anonymous = new HttpClient { BaseAddress = address };

        var page = await anonymous.GetAsync("/");

        page.StatusCode.Should().Be(HttpStatusCode.OK);
        page.RequestMessage!.RequestUri.Should().Be(new Uri(address, "/docs/"));
        page.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
    }

    [Theory]
    [InlineData("/openapi.json")]
    [InlineData("/docs/")]
    [InlineData("/health/live")]
    [InlineData("/operations-desk")]
    [InlineData("/notes?project=")]
    public async Task head_is_answered_as_get_without_the_body(string page)
    {
        using var admin = As("admin");

        var head = await admin.SendAsync(new(HttpMethod.Head, page.EndsWith('=') ? page + project : page));

        head.StatusCode.Should().Be(HttpStatusCode.OK);
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task what_the_client_did_is_no_outage()
    {
        using var client = As("supervisor");
        using var large = new StringContent(
            $$"""{"projectId":"{{project}}","text":"{{new string('x', 10 << 20)}}"}""", Encoding.UTF8, "application/json");
        using var rows = new StringContent($"[{new string(' ', 10 << 20)}]", Encoding.UTF8, "application/json");
        using var other = new ByteArrayContent(new byte[10 << 20]);
        other.Headers.ContentType = new("text/csv");
        using var purpose = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
        {
            BaseAddress = address,
            DefaultRequestHeaders = { Authorization = client.DefaultRequestHeaders.Authorization },
        };
        purpose.DefaultRequestHeaders.TryAddWithoutValidation("X-Purpose", "评估");

        await (await client.PostAsync("/notes", large)).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        await (await client.PostAsync("/notes/imports", rows)).ShouldBeProblem(HttpStatusCode.MethodNotAllowed); // the service's own answer
        await (await client.PostAsync("/notes", other)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "media-type");
        (await purpose.GetAsync($"/notes?project={project}")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_body_that_does_not_come_is_its_senders_doing()
    {
        using var client = As("supervisor");
        using var line = new TcpClient(address.Host, address.Port);
        await using var stream = line.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /notes HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\n" +
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
        using var answer = new StreamReader(stream);

        (await answer.ReadLineAsync()).Should().Be("HTTP/1.1 408 Request Timeout");
    }

    [Fact]
    public async Task who_asks_too_fast_is_told_to_wait()
    {
        using var client = As("supervisor");

        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => client.GetAsync($"/notes?project={project}")));

        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.Should().NotBeEmpty().And.OnlyContain(a => a.Headers.RetryAfter != null);
        await refused[0].ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        answers.Should().Contain(a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task what_stands_anywhere_is_told_at_one_place_and_not_to_the_world()
    {
        using var client = new HttpClient { BaseAddress = address };

        var deep = await client.GetAsync("/health/deep");
        var standing = (await deep.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("standing").EnumerateArray()
            .Select(s => s.GetProperty("what").GetString()).ToList();
        var metrics = await client.GetStringAsync("/metrics");

        deep.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        standing.Should().Contain(Repository.Services.Select(service => $"{service} away")).And.NotContain("notes away");
        metrics.Should().MatchRegex("callcenter_gateway_upstream_answering\\{[^}]*upstream=\"notes\"\\} 1")
            .And.MatchRegex("callcenter_gateway_upstream_answering\\{[^}]*upstream=\"people\"\\} 0");

        await using var watched = Build("--Watch:Port=9");
        await watched.StartAsync();
        using var world = new HttpClient { BaseAddress = AddressOf(watched) };
        foreach (var page in new[] { "/metrics", "/health/deep", "/METRICS/" })
            await (await world.GetAsync(page)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await world.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task the_desks_of_all_services_are_one_list_that_says_who_did_not_answer()
    {
        using var anonymous = new HttpClient { BaseAddress = address };
        using var client = As("supervisor");
        using var admin = As("admin");

        await (await anonymous.GetAsync("/operations-desk")).ShouldBeProblem(HttpStatusCode.Unauthorized);
        await (await client.GetAsync("/operations-desk")).ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await client.GetAsync("/services/notes/operations-desk")).ShouldBeProblem(HttpStatusCode.Forbidden);
        var desks = (await admin.Get<JsonElement>("/operations-desk")).GetProperty("services").EnumerateArray()
            .ToDictionary(desk => desk.GetProperty("service").GetString()!);
        desks.Keys.Should().BeEquivalentTo([.. Repository.Services, "notes"]);
        desks["notes"].GetProperty("desk").GetProperty("service").GetString().Should().Be("notes");
        desks["people"].GetProperty("desk").ValueKind.Should().Be(JsonValueKind.Null);
        desks["people"].GetProperty("why").GetString().Should().Be("It did not answer.");
        (await admin.Get<JsonElement>("/services/notes/operations-desk/entries")).GetProperty("items").GetArrayLength().Should().Be(0);
        (await admin.GetAsync("/openapi.json")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task the_documents_of_all_services_are_one_and_can_be_read_offline()
    {
        using var client = new HttpClient { BaseAddress = address };

        var document = await client.GetFromJsonAsync<JsonElement>("/openapi.json");
        var page = await client.GetStringAsync("/docs/");

        document.GetProperty("paths").TryGetProperty("/notes", out _).Should().BeTrue();
        document.GetProperty("components").GetProperty("schemas").TryGetProperty("notes.WriteNote", out _).Should().BeTrue();
        document.GetRawText().Should().NotContain("#/components/schemas/WriteNote");
        page.Should().NotContain("src=\"http").And.NotContain("cdn.");
    }

    private HttpClient As(string roles)
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", notes.Token(Guid.CreateVersion7(), roles, project));
        return client;
    }
}
