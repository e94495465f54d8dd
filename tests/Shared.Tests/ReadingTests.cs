using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Web;

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

    [Fact]
    public void what_is_nothing_has_no_sign()
    {
        var options = new JsonSerializerOptions();
        Json.Strict(options);

        JsonSerializer.Serialize(new double?[] { -0.0, Math.Round(-0.001, 2), -0.01, null }, options).Should().Be("[0,0,-0.01,null]");
    }

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

    // Composed and bare, as bodies and files are.
    [Theory]
    [InlineData("e%CC%81", "\u00e9")]
    [InlineData("%20e%CC%81%C2%A0", "\u00e9")]
    [InlineData("%EF%BB%BF%E2%80%8B7%E2%80%8B", "7")]
    [InlineData("a%E2%80%8Bb", "a\u200Bb")]
    public async Task names_and_ids_of_an_address_are_read_as_those_of_bodies(string written, string read)
    {
        using var client = api.As(Guid.CreateVersion7(), "supervisor", project);

        using var asked = JsonDocument.Parse(
            await client.GetStringAsync($"/notes/by-name/{written}?project={project}&due={written}&DUE=x"));

        asked.RootElement.EnumerateArray().Select(text => text.GetString()).Should().Equal(read, read, "x");
    }

    [Fact]
    public async Task a_list_finds_what_was_written_otherwise_composed()
    {
        using var client = api.As(Guid.CreateVersion7(), "supervisor", project);
        (await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "caf\u00e9"))).StatusCode.Should().Be(HttpStatusCode.Created);

        (await client.Get<Page<Note>>($"/notes?project={project}&text=%20cafe%CC%81")).Items.Should().ContainSingle();
    }

    [Theory]
    [InlineData("/notes/by-name/a?project={P}&most=x", "unreadable", "most")]
    [InlineData("/notes/by-name/a?project={P}&MOST=1.5", "unreadable", "most")]
    [InlineData("/notes/by-name/a?project=x", "unreadable", "project")]
    [InlineData("/notes/by-name/a?due=x", "unreadable", "project")]
    [InlineData("/notes/by-name/a?project={P}&due=", "unreadable", "due")]
    [InlineData("/notes/by-name/a?project={P}&most=1&most=1", "unreadable", "most")]
    [InlineData("/notes/by-name/a?project={P}&project={P}", "unreadable", "project")]
    [InlineData("/notes?project={P}&text=a&text=b", "unreadable", "text")]
    [InlineData("/notes?project={P}&text=123456789012345678901", "invalid", "text")]
    public async Task a_parameter_is_named_as_the_api_document_writes_it(string address, string code, string pointer)
    {
        using var client = api.As(Guid.CreateVersion7(), "supervisor", project);

        var answer = await client.GetAsync(address.Replace("{P}", $"{project}", StringComparison.Ordinal));

        await answer.ShouldBeProblem(HttpStatusCode.BadRequest, code);
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"pointer\":\"{pointer}\"");
    }

    [Theory]
    [InlineData("/notes/%ff")]
    [InlineData("/notes/by-name/%ff?project={P}")]
    [InlineData("/%ff")]
    [InlineData("/nowhere/%c3%28")]
    [InlineData("/notes?project={P}&text=%ff")]
    public async Task an_address_that_is_no_utf8_is_a_problem_wherever_it_leads(string address)
    {
        foreach (var client in new[] { api.As(Guid.CreateVersion7(), "supervisor", project), api.Anonymous() })
            await (await client.GetAsync(address.Replace("{P}", $"{project}", StringComparison.Ordinal)))
                .ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
    }

    [Theory]
    [InlineData(" \uFEFFAnna\u200B ", "Anna")]
    [InlineData("\u200E7\u200F", "7")]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("a\u200Bb", "a\u200Bb")]
    [InlineData("\u0D28\u0D4D\u200D", "\u0D28\u0D4D\u200D")] // a letter of Malayalam that ends with a joiner
    [InlineData("\u200B\u2060", "")]
    public void what_nobody_sees_around_a_text_is_no_part_of_it(string written, string read) => Text.Bare(written).Should().Be(read);

    [Theory]
    [InlineData("Night", "night")]
    [InlineData("Night", "\uFF2E\uFF49\uFF47\uFF48\uFF54")]
    [InlineData("Night shift", " night \u00A0\u3000SHIFT\t")]
    [InlineData("Night", "Ni\u200Bght\uFEFF")]
    [InlineData("Night", "Ni\u00ADg\u2060ht\uFE0F")]
    [InlineData("\u00c9quipe", "e\u0301quipe")]
    [InlineData("STRASSE", "Stra\u00dfe")]
    [InlineData("\u039f\u03b4\u03bf\u03c2", "\u039f\u0394\u039f\u03a3")]
    [InlineData("\uFB01x", "FIX")]
    public void names_that_people_read_as_one_are_one(string name, string other) => Names.Key(other).Should().Be(Names.Key(name));

    [Theory]
    [InlineData("Night", "Nights")]
    [InlineData("Night shift", "Nightshift")]
    [InlineData("e", "\u00e9")]
    [InlineData("\u674e", "\u7406")]
    public void names_that_people_tell_apart_are_two(string name, string other) => Names.Key(other).Should().NotBe(Names.Key(name));

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
