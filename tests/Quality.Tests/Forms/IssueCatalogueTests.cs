using System.Net;
using System.Text.Json;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Testing;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Forms;

public sealed class IssueCatalogueTests(QualityApi api)
{
    private static readonly IssueCategory[] Categories = [new("attitude", Text("Attitude"), [new("haste", Text("In a hurry"))])];

    [Fact]
    public async Task an_answer_names_issues_of_its_project_only()
    {
        var world = await api.World();
        var url = await world.Draft();

        await (await Answer(new { category = "attitude" })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-issue");
        var written = await world.Inspector.Send(HttpMethod.Put, $"/issue-catalogues/{world.Project}", 0,
            new { reason = "Agreed", categories = Categories });
        written.StatusCode.Should().Be(HttpStatusCode.NoContent, await written.Content.ReadAsStringAsync());
        await (await Answer(new { category = "attitude", rootCause = "mood" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-root-cause");
        (await Answer(new { category = "attitude", rootCause = "haste" })).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await world.Inspector.Get<EvaluationDetails>(url)).Answers["greeting"].Issue.Should().Be(new Issue("attitude", "haste"));
        await (await world.Stranger.Send(HttpMethod.Get, $"/issue-catalogues/{world.Project}")).ShouldBeProblem(HttpStatusCode.NotFound);

        Task<HttpResponseMessage> Answer(object issue) => world.Inspector.Send(HttpMethod.Put, $"{url}/answers/greeting", 1,
            new { formVersion = 1, answer = new { choice = "p1" }, issue });
    }

    [Fact]
    public async Task a_catalogue_is_written_over_the_version_that_was_read_and_tells_its_history()
    {
        var world = await api.World();
        var url = $"/issue-catalogues/{world.Project}";

        (await world.Inspector.Send(HttpMethod.Put, url, 0, new { reason = "First", categories = Categories })).Version().Should().Be(1);
        (await world.Inspector.Send(HttpMethod.Put, url, 0, new { reason = "Late", categories = Categories })).StatusCode
            .Should().Be(HttpStatusCode.PreconditionFailed);
        (await world.Inspector.Send(HttpMethod.Put, url, 1, new { reason = "None", categories = Array.Empty<object>() })).Version()
            .Should().Be(2);

        (await world.Agent.Get<JsonElement>(url)).GetProperty("categories").GetArrayLength().Should().Be(0);
        (await world.Inspector.Get<JsonElement>($"{url}/history")).GetProperty("items").EnumerateArray()
            .Select(entry => entry.GetProperty("why").GetString()).Should().Equal("First", "None");
    }

    [Fact]
    public void what_is_wrong_in_a_catalogue_is_said_with_its_place() => FluentActions
        .Invoking(() => IssueCatalogueDecider.Check(
        [
            Categories[0], Categories[0] with { RootCauses = [new("Ä", Text("?")), new("b", Text(" ")), new("c", Text("C")), new("c", Text("C"))] },
        ]))
        .Should().Throw<InvalidException>().Which.Errors.Select(e => (e.Pointer, e.Code)).Should().Equal(
            ("/categories/1/code", "duplicate-code"), ("/categories/1/rootCauses/0/code", "malformed-code"),
            ("/categories/1/rootCauses/1/title", "text-length"), ("/categories/1/rootCauses/3/code", "duplicate-code"));
}
