using System.Net;
using System.Text.Json;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;

namespace CallCenter.Quality.Tests;

public sealed class QualityRoutes(QualityApi api) : RouteTests(api, "Quality")
{
    [Fact]
    public async Task the_examples_of_the_api_document_can_be_sent_as_they_stand()
    {
        var document = await api.Anonymous().Get<JsonElement>("/openapi.json");
        var admin = api.As(Guid.CreateVersion7(), "admin");

        var form = await admin.Send(HttpMethod.Post, "/evaluation-forms", body: Example("/evaluation-forms", "post"));
        form.StatusCode.Should().Be(HttpStatusCode.Created, await form.Content.ReadAsStringAsync());
        var redraft = await admin.Send(HttpMethod.Put, $"{form.Headers.Location}/draft", 1, Example("/evaluation-forms/{id}/draft", "put"));
        redraft.StatusCode.Should().Be(HttpStatusCode.NoContent, await redraft.Content.ReadAsStringAsync());
        var trial = await admin.Send(HttpMethod.Post, $"{form.Headers.Location}/trial",
            body: Example("/evaluation-forms/{id}/trial", "post"));
        trial.StatusCode.Should().Be(HttpStatusCode.OK, await trial.Content.ReadAsStringAsync());

        JsonElement Example(string path, string method) => document.GetProperty("paths").GetProperty(path).GetProperty(method)
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
    }

    [Fact]
    public async Task the_form_we_ship_can_be_activated_and_is_in_both_languages()
    {
        var world = new World(api);
        var content = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "how-to",
            "inbound-form.json"))).RootElement;

        var url = await World.Created(world.Inspector, "/evaluation-forms", new { projectId = world.Project, content });
        var activated = await world.Inspector.Send(HttpMethod.Post, $"{url}/activation", 1);

        activated.StatusCode.Should().Be(HttpStatusCode.NoContent);
        Titles(content).Should().OnlyContain(
            title => title.GetProperty("en").GetString() != "" && title.GetProperty("zh-CN").GetString() != "");
        content.GetProperty("sections").EnumerateArray().Select(s => s.GetProperty("code").GetString())
            .Should().Equal("opening", "understanding", "resolution", "compliance", "closing");
    }

    [Fact]
    public async Task the_form_for_complaints_that_we_ship_can_be_written_and_has_all_that_forms_have()
    {
        var world = new World(api);
        var content = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "how-to",
            "complaint-form.json"))).RootElement;

        var url = await World.Created(world.Inspector, "/evaluation-forms", new { projectId = world.Project, content });
        var tried = await world.Inspector.Send(HttpMethod.Post, $"{url}/trial", body: new
        {
            answers = new object[]
            {
                new { question = "liability", answer = new { choice = "company" } }, new { question = "apologised", answer = new { yes = false } },
                new { question = "recorded", answer = new { choices = new[] { "matter", "opinion" } } },
                new { question = "settled", answer = new { yes = true } },
                new { question = "empathy", answer = new { number = 5 } }, new { question = "won-back", answer = new { yes = true } },
                new { question = "rudeness", answer = new { yes = true } }, new { question = "order", answer = new { text = "A-7" } },
                new { question = "promised-by", answer = new { date = "2026-03-09" } },
            },
        });

        using var result = JsonDocument.Parse(await tried.Content.ReadAsStringAsync());
        result.RootElement.GetProperty("score").GetDecimal().Should().Be(54.5m); // 15 + 0 + 5 + 5 + 0 + 5 of 15 + 20 + 5 + 5 + 10
        result.RootElement.GetProperty("criticalScore").GetDecimal().Should().Be(100m);
        result.RootElement.GetProperty("band").GetString().Should().Be("poor");
        Titles(content).Should().OnlyContain(
            title => title.GetProperty("en").GetString() != "" && title.GetProperty("zh-CN").GetString() != "");
    }

    [Fact]
    public async Task a_form_can_be_tried_before_anybody_is_judged_by_it()
    {
        var world = new World(api);
        var url = await World.Created(world.Inspector, "/evaluation-forms", new { projectId = world.Project, content = Samples.Inbound });
        var before = await api.EventCount();

        var tried = await world.Inspector.Send(HttpMethod.Post, $"{url}/trial", body: new
        {
            answers = new object[] { new { question = "greeting", answer = new { choice = "p1" } },
                new { question = "identity", answer = new { yes = false } } },
        });

        using var result = JsonDocument.Parse(await tried.Content.ReadAsStringAsync());
        result.RootElement.GetProperty("score").GetDecimal().Should().Be(33.3m);
        result.RootElement.GetProperty("autoFailed").GetBoolean().Should().BeTrue();
        (await api.EventCount()).Should().Be(before);
    }

    private static IEnumerable<JsonElement> Titles(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .SelectMany(member => member.Name is "title" or "instructions" ? [member.Value] : Titles(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Titles),
        _ => [],
    };
}
