using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Testing;

namespace CallCenter.Shared.Tests;

/// <summary>What a request says is read in one way, in bodies and addresses alike.</summary>
public sealed class ReadingTests(NotesApi api) : IClassFixture<NotesApi>
{
    private readonly Guid project = Guid.CreateVersion7();

    [Theory]
    [InlineData("due", "1950-01-01", 201)]
    [InlineData("due", "2200-12-31", 201)]
    [InlineData("due", "1949-12-31", 422)]
    [InlineData("due", "2201-01-01", 422)]
    [InlineData("due", "0001-01-01", 422)]
    [InlineData("due", "9999-12-31", 422)]
    [InlineData("due", "2026-02-29", 400)]
    [InlineData("due", "2026-3-2", 400)]
    [InlineData("due", "Nov 3", 400)]
    [InlineData("due", "2026-03-02T00:00:00", 400)]
    [InlineData("at", "1990-01-01T00:00:00Z", 201)]
    [InlineData("at", "1990-01-01T08:00:00+08:00", 201)]
    [InlineData("at", "1990-01-01T00:00:00+08:00", 422)]
    [InlineData("at", "2200-12-31T23:59:59.9999999Z", 201)]
    [InlineData("at", "2201-01-01T00:00:00Z", 422)]
    [InlineData("at", "0001-01-01T00:00:00Z", 422)]
    [InlineData("at", "9999-12-31T23:59:59Z", 422)]
    [InlineData("at", "1970-01-01T00:00:00Z", 422)]
    public async Task days_and_instants_of_a_body_lie_in_one_range(string member, string value, int status) =>
        await Answer($$"""{"projectId":"{{project}}","text":"x","{{member}}":"{{value}}"}""", status,
            status is 422 ? "date-out-of-range" : "unreadable", $"/{member}");

    [Theory]
    [InlineData("""{"projectId":"P","text":"x","tags":[{"name":"a"},null]}""", "/tags/1")]
    [InlineData("""{"projectId":"P","text":"x","tags":[null]}""", "/tags/0")]
    [InlineData("""{"tags":[{"name":"a"},{"name":"b","words":{"c":["d",null]}}],"projectId":"P","text":"x"}""", "/tags/1/words/c/1")]
    [InlineData("""{"projectId":"P","text":"x","tags":[{"name":"b","words":{"c":null}}]}""", "/tags/0/words/c")]
    [InlineData("""{"projectId":"P","text":"x","tags":[{"name":"b","remarks":[null]}]}""", null)] // declared so
    public async Task a_list_holds_null_only_where_its_declaration_says_so(string body, string? pointer) =>
        await Answer(body.Replace("\"P\"", $"\"{project}\"", StringComparison.Ordinal), pointer is null ? 201 : 400, "unreadable", pointer);

    [Theory]
    [InlineData("""{"projectId":"P","text":"a\u0000b"}""")]
    [InlineData("""{"projectId":"P","text":"a\ufffeb"}""")]
    [InlineData("""{"projectId":"P","text":"a\uffffb"}""")]
    [InlineData("""{"projectId":"P","text":"a\ufdd0b"}""")]
    [InlineData("""{"projectId":"P","text":"x","t\ufffe":1}""")]
    [InlineData("""{"projectId":"P","text":"x","t\u0000":1}""")]
    [InlineData("""{"projectId":"P","text":"x","tags":[{"name":"b","words":{"c\u0000":[]}}]}""")]
    public async Task no_text_of_a_body_holds_what_is_no_character_not_even_a_name(string body) =>
        await Answer(body.Replace("\"P\"", $"\"{project}\"", StringComparison.Ordinal), 400, "unreadable");

    [Theory]
    [InlineData("GET", "project")]
    [InlineData("POST", "")]
    public async Task what_is_needed_and_missing_is_named_as_callers_know_it(string method, string pointer)
    {
        using var client = api.As(Guid.CreateVersion7(), "supervisor", project);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/notes");

        var answer = await client.SendAsync(request);

        await answer.ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"pointer\":\"{pointer}\"")
            .And.NotContain("Guid").And.NotContain("WriteNote");
    }

    [Theory]
    [InlineData("name=%00")]
    [InlineData("name=a%EF%BF%BEb")]
    [InlineData("%00=1")]
    [InlineData("project=%00")]
    [InlineData("project={P}&cursor=a")]
    [InlineData("project={P}&cursor=%00")]
    [InlineData("project={P}&cursor=A===")]
    [InlineData("project={P}&cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("project={P}&limit=%2B1")]
    [InlineData("project=({P})")]
    public async Task an_address_is_read_as_strictly(string query) =>
        await (await api.As(Guid.CreateVersion7(), "supervisor", project)
            .GetAsync($"/notes?{query.Replace("{P}", $"{project}", StringComparison.Ordinal)}"))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");

    [Theory]
    [InlineData("Anna")]
    [InlineData("李")]
    [InlineData("7")]
    [InlineData("∞")]
    [InlineData("🙂")]
    [InlineData("a\u200Bb")]
    public void a_name_that_can_be_seen_is_one(string name) => Names.Fault(name).Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData(" \u3000")]
    [InlineData("\u200B")]
    [InlineData("\u00AD")]
    [InlineData("\u2060\uFEFF")]
    [InlineData("\u2800")]
    [InlineData("\u3164")]
    [InlineData("\uFFA0\u115F")]
    [InlineData("\u0301")]
    [InlineData("\u034F")]
    [InlineData("\uFE0F")]
    [InlineData("\uFFFC")]
    [InlineData("\U000E0041")] // a tag character
    public void a_name_has_something_visible(string name) => Names.Fault(name).Should().NotBeNull();

    private async Task Answer(string body, int status, string code, string? pointer = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await api.As(Guid.CreateVersion7(), "supervisor", project).PostAsync("/notes", content);

        if (status == 201)
        {
            response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
            return;
        }

        await response.ShouldBeProblem((HttpStatusCode)status, code);
        if (pointer is not null)
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            problem.RootElement.GetProperty("errors")[0].GetProperty("pointer").GetString().Should().Be(pointer);
        }
    }
}
