using System.Net;
using System.Net.Http.Json;
using System.Text;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Shared.Tests;

public sealed class SharedTests(NotesApi api) : IClassFixture<NotesApi>
{
    private readonly Guid project = Guid.CreateVersion7();
    private readonly Guid person = Guid.CreateVersion7();

    private HttpClient Supervisor => api.As(person, "supervisor", project);

    [Fact]
    public async Task a_change_becomes_a_fact_with_the_whole_new_state()
    {
        var client = Supervisor;
        var written = await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "first"));
        written.StatusCode.Should().Be(HttpStatusCode.Created, await written.Content.ReadAsStringAsync());
        var url = written.Headers.Location!.ToString();

        var corrected = await client.Send(HttpMethod.Put, url, version: 1, new CorrectNote("second"));

        corrected.Version().Should().Be(2);
        var id = Guid.Parse(url[^36..]);
        var fact = await api.Published<TrainingNeedV1>(f => f.Id == id && f.Version == 2);
        fact.Section.Should().Be("second");
        fact.ProjectId.Should().Be(project);
    }

    [Fact]
    public async Task the_newest_version_of_a_fact_is_kept_whatever_the_order()
    {
        EvaluationV1 Fact(Guid id, long version) =>
            new(id, version, project, id, id, id, id, 1, $"v{version}", null, null, false, [], default, null);
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await api.Publish(Fact(a, 3), Fact(b, 1), Fact(a, 1), Fact(a, 2), Fact(b, 2), Fact(a, 3));

        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        await Eventually.True(async () =>
            (await query.Query<EvaluationV1>().Where(f => f.Id.IsOneOf(a, b)).Select(f => f.Status).ToListAsync())
            .Order().SequenceEqual(["v2", "v3"]), "both facts at their newest version");
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task the_same_idempotency_key_gives_the_first_answer_again()
    {
        var client = Supervisor;
        var key = Guid.CreateVersion7().ToString();
        var before = await api.EventCount();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "once"), key: key)));
        var again = await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "once"), key: key);
        var other = await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "other"), key: key);

        answers.Select(a => a.StatusCode).Should().OnlyContain(s => s == HttpStatusCode.Created || s == HttpStatusCode.Conflict);
        again.StatusCode.Should().Be(HttpStatusCode.Created);
        again.Headers.Location.Should().Be(answers.First(a => a.StatusCode == HttpStatusCode.Created).Headers.Location);
        again.Version().Should().Be(1);
        await other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await api.EventCount()).Should().Be(before + 1);
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("zh-CN", "zh-CN")]
    [InlineData("zh", "zh-CN")]
    [InlineData("ZH-hans-SG", "zh-CN")]
    [InlineData("fr, zh;q=0.5", "zh-CN")]
    [InlineData("en;q=0.4, zh-CN;q=0.9", "zh-CN")]
    [InlineData("en, zh-CN;q=0.9", "en")]
    [InlineData("zh;q=0", "en")]
    [InlineData("fr, *", "en")]
    [InlineData("zh-CN;q=much, ,,;", "en")]
    public async Task a_problem_is_told_in_the_language_that_the_caller_likes_best(string? accepted, string language)
    {
        var client = Supervisor;
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", accepted);

        var invalid = await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, ""));
        var unknown = await client.GetAsync(new Uri($"/notes/{Guid.CreateVersion7()}", UriKind.Relative));

        foreach (var response in new[] { invalid, unknown })
        {
            response.Content.Headers.ContentLanguage.Should().Equal(language);
            response.Headers.Vary.Should().Equal("Accept-Language");
        }
        const string Invalid = "某个值过长、过大或过多，超出接口文档的规定。";
        (await Said(invalid)).Should().Be(language == "en"
            ? ("invalid", "Breaks the wire contract", "The Text field is required.", "/text", "The Text field is required.")
            : ("invalid", Invalid, Invalid, "/text", Invalid));
        (await Said(unknown)).Should().Be(language == "en"
            ? ("not-found", "Not found", "There is no such thing, or none that you may see.", null, null)
            : ("not-found", "没有该内容，或您无权查看。", "没有该内容，或您无权查看。", null, null));
    }

    private static async Task<(string? Code, string? Title, string? Detail, string? Pointer, string? Message)> Said(
        HttpResponseMessage response)
    {
        var problem = await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        var error = problem.TryGetProperty("errors", out var errors) ? errors[0] : default(System.Text.Json.JsonElement?);

        return (problem.GetProperty("type").GetString()!["/problems/".Length..],
            problem.GetProperty("title").GetString(), problem.GetProperty("detail").GetString(),
            error?.GetProperty("pointer").GetString(), error?.GetProperty("message").GetString());
    }

    [Fact]
    public async Task a_list_is_walked_page_by_page()
    {
        var client = Supervisor;
        for (var i = 0; i < 7; i++)
            await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, $"note {i}"));

        var seen = new List<string?>();
        var url = $"/notes?project={project}&limit=3";
        for (string? next = ""; next is not null;)
        {
            var page = await client.Get<Page<Note>>(url + (next == "" ? "" : $"&cursor={next}"));
            seen.AddRange(page.Items.Select(n => n.Text));
            next = page.Next;
        }

        seen.Should().BeEquivalentTo(Enumerable.Range(0, 7).Select(i => $"note {i}"));
        await (await client.GetAsync($"/notes?project={project}&cursor=AAAA")).ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task a_write_names_the_version_it_saw()
    {
        var client = Supervisor;
        var url = (await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "a"))).Headers.Location!.ToString();
        await client.Send(HttpMethod.Put, url, version: 1, new CorrectNote("b"));

        await (await client.Send(HttpMethod.Put, url, body: new CorrectNote("c")))
            .ShouldBeProblem(HttpStatusCode.PreconditionRequired, "version-required");
        var stale = await client.Send(HttpMethod.Put, url, version: 1, new CorrectNote("c"));
        await stale.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        stale.Version().Should().Be(2);
        await (await client.Send(HttpMethod.Put, $"/notes/{Guid.CreateVersion7()}", version: 1, new CorrectNote("c")))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        var stranger = api.As(person, "supervisor", Guid.CreateVersion7());
        foreach (var version in new[] { 1, 2, 99 })
            await (await stranger.Send(HttpMethod.Put, url, version, new CorrectNote("c")))
                .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task who_may_not_is_told_so_before_anything_is_read()
    {
        await (await api.Anonymous().GetAsync("/notes?project=x")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await api.As(person, "agent", project).Send(HttpMethod.Post, "/notes", body: new { nonsense = 1 }))
            .ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        await (await api.As(person, "admin").GetAsync("/unlisted")).ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await Supervisor.GetAsync("/nowhere")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await Supervisor.Send(HttpMethod.Delete, "/notes")).ShouldBeProblem(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("""{"projectId":"P","text":"a""", 400, "unreadable")]
    [InlineData("", 400, null)]
    [InlineData("null", 400, null)]
    [InlineData("[]", 400, "unreadable")]
    [InlineData("\"x\"", 400, "unreadable")]
    [InlineData("0", 400, "unreadable")]
    [InlineData("""{"projectId":"P"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":null}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","isFinal":true}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","Text":"a"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","text":"b"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"nul \u0000"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"\uD800"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":7}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","kind":"ToDo"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","kind":1}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","kind":"plain, to-do"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":""}""", 400, "invalid")]
    [InlineData("""{"projectId":"P","text":"a","at":"2026-02-29T10:00:00Z"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","at":"2026-03-02T24:00:00Z"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","at":"2026-03-02T10:00:60Z"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","at":"2026-03-02T10:00:00"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"P","text":"a","at":"2026-03-02T10:00:00+23:59"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"X","text":"a"}""", 400, "unreadable")]
    [InlineData("""{"projectId":"00000000-0000-0000-0000-000000000001","text":"a"}""", 404, "not-found")]
    public async Task what_cannot_be_read_is_refused_and_nothing_is_stored(string body, int status, string? code)
    {
        var before = await api.EventCount();
        using var content = new StringContent(
            body.Replace("\"P\"", $"\"{project}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");

        var response = await Supervisor.PostAsync("/notes", content);

        await response.ShouldBeProblem((HttpStatusCode)status, code);
        (await api.EventCount()).Should().Be(before);
    }

    [Theory]
    [InlineData("text/plain", null, 415)]
    [InlineData("application/json; charset=latin1", null, 415)]
    [InlineData("application/json", "gzip", 415)]
    public async Task only_plain_json_in_utf8_is_taken(string type, string? encoding, int status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);

        await (await Supervisor.PostAsync("/notes", content)).ShouldBeProblem((HttpStatusCode)status);
    }

    [Fact]
    public async Task a_body_over_a_megabyte_is_too_large()
    {
        using var content = new StringContent(
            $$"""{"projectId":"{{project}}","text":"{{new string('x', 2 << 20)}}"}""", Encoding.UTF8, "application/json");

        await (await Supervisor.PostAsync("/notes", content)).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task text_is_kept_in_one_normal_form()
    {
        var written = await Supervisor.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "e\u0301"));

        (await Supervisor.Get<Note>(written.Headers.Location!.ToString())).Text.Should().Be("\u00e9");
    }

    [Fact]
    public async Task long_work_is_an_operation_with_progress_and_a_result()
    {
        var admin = api.As(person, "admin");
        var accepted = await admin.Send(HttpMethod.Post, "/counts");
        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted);

        var operation = await Eventually.Some(async () =>
            await admin.Get<Operation>(accepted.Headers.Location!.ToString()) is { Ended: true } ended ? ended : null,
                "the end of the operation");

        operation.Should().BeEquivalentTo(new { Status = OperationStatus.Succeeded, Percent = 100, Result = "/counted" });
        operation.Counts["counted"].Should().Be(3);
    }

    [Fact]
    public async Task who_has_the_newest_version_is_told_so()
    {
        var client = Supervisor;
        var url = (await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "first"))).Headers.Location!.ToString();

        async Task<HttpResponseMessage> Read(string known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
            return await client.SendAsync(request);
        }

        (await client.GetAsync(url)).Version().Should().Be(1);
        var same = await Read("\"1\"");
        same.StatusCode.Should().Be(HttpStatusCode.NotModified);
        same.Version().Should().Be(1);
        (await same.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        (await Read("W/\"1\"")).StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await Read("*")).StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await Read("\"0\", \"7\"")).StatusCode.Should().Be(HttpStatusCode.OK);

        await client.Send(HttpMethod.Put, url, version: 1, new CorrectNote("second"));
        var changed = await Read("\"1\"");
        changed.StatusCode.Should().Be(HttpStatusCode.OK);
        changed.Version().Should().Be(2);
    }

    [Fact]
    public async Task all_facts_can_be_published_again()
    {
        var written = await Supervisor.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "again"));
        var id = Guid.Parse(written.Headers.Location!.ToString()[^36..]);
        await api.Published<TrainingNeedV1>(f => f.Id == id);

        (await api.As(person, "admin").Send(HttpMethod.Post, "/republications")).StatusCode.Should().Be(HttpStatusCode.Accepted);

        await Eventually.True(() => api.AllPublished<TrainingNeedV1>().Count(f => f.Id == id) >= 2, "the fact a second time");
    }

    [Fact]
    public async Task the_api_document_names_roles_examples_and_problems()
    {
        var document = await api.Anonymous().GetFromJsonAsync<System.Text.Json.JsonElement>("/openapi.json");

        var write = document.GetProperty("paths").GetProperty("/notes").GetProperty("post");
        write.GetProperty("summary").GetString().Should().Be("Write a note");
        write.GetProperty("description").GetString().Should().Contain("supervisor").And.Contain("note-exists");
        write.GetProperty("responses").EnumerateObject().Select(r => r.Name).Should().Contain(["201", "400", "401", "403", "409", "422"]);
        write.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("text")
            .GetString().Should().Be("Hello");
        Parameters("/notes", "get").Should().Equal("project", "text", "limit", "cursor");
        Parameters("/notes", "post").Should().Equal("Idempotency-Key", "X-Reason");
        Parameters("/notes/{id}", "put").Should().Equal("id", "If-Match", "X-Reason");
        document.GetProperty("paths").GetProperty("/notes/{id}").GetProperty("put").GetProperty("responses").TryGetProperty("204", out _)
            .Should().BeTrue();
        document.GetProperty("openapi").GetString().Should().StartWith("3.1");
        document.GetProperty("components").GetProperty("schemas").GetRawText().Should().Contain("to-do");

        IEnumerable<string?> Parameters(string path, string method) => document.GetProperty("paths").GetProperty(path).GetProperty(method)
            .GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString());
    }

    [Fact]
    public async Task a_problem_is_what_the_api_document_says_of_it()
    {
        var document = await api.Anonymous().GetFromJsonAsync<System.Text.Json.JsonElement>("/openapi.json");
        var answer = await Supervisor.Send(HttpMethod.Post, "/notes", body: new { });
        var problem = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        var described = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem");

        Names(problem).Append("existing").Should().BeEquivalentTo(Names(described.GetProperty("properties")))
            .And.Contain(described.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        var error = described.GetProperty("properties").GetProperty("errors").GetProperty("items");
        Names(problem.GetProperty("errors")[0]).Should().BeEquivalentTo(Names(error.GetProperty("properties")));

        static IEnumerable<string> Names(System.Text.Json.JsonElement element) => element.EnumerateObject().Select(member => member.Name);
    }
}
