using System.Net;
using CallCenter.Contracts.Quality;
using CallCenter.Quality.Calibration;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Quality.Tests.Calibration;

public sealed class CalibrationJourneys(QualityApi api)
{
    [Fact]
    public async Task two_judge_the_same_call_blindly_compare_when_it_is_over_and_the_agents_score_stays()
    {
        var world = await api.World();
        var call = (await world.Calls(1))[0];
        await api.Employ(world.InspectorId, world.Project);
        var other = await api.Employ(Guid.CreateVersion7(), world.Project);
        var second = api.As(other, "inspector", world.Project);
        var terms = new { title = "March", inspectors = new[] { world.InspectorId, other }, closesAt = "2099-03-20T18:00:00Z", masterId = other };
        var body = new { projectId = world.Project, formId = await world.ActiveForm(), callIds = new[] { call }, terms };

        await (await second.Send(HttpMethod.Post, "/calibrations", body: body)).ShouldBeProblem(HttpStatusCode.Conflict, "own-master");
        var made = await world.Supervisor.Send(HttpMethod.Post, "/calibrations", body: body);
        made.StatusCode.Should().Be(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var url = made.Headers.Location!.ToString();
        await (await world.Agent.GetAsync(url)).ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await world.Supervisor.GetAsync($"{url}/agreement")).ShouldBeProblem(HttpStatusCode.Conflict, "calibration-open");

        // At once, and each without the other's version.
        var answers = await Task.WhenAll(
            Judge(world.Inspector, url, call, "p2"), Judge(second, url, call, "p0"), Judge(second, url, call, "p0"));
        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.NoContent);

        (await world.Inspector.Get<CalibrationView>(url)).Should().Match<CalibrationView>(mine =>
            mine.Scores.Count == 1 && mine.Scores[0].InspectorId == world.InspectorId && mine.Waits.Count == 0 && !mine.Over);
        (await world.Supervisor.Get<CalibrationView>(url)).Scores.Should().BeEmpty("who leads could tell the others");
        var closed = await world.Supervisor.Send(
            HttpMethod.Post, $"{url}/closing", (await world.Supervisor.GetAsync(url)).Version());
        closed.StatusCode.Should().Be(HttpStatusCode.NoContent, await closed.Content.ReadAsStringAsync());

        (await world.Inspector.Get<CalibrationView>(url)).Scores.Should().HaveCount(2);
        var agreement = await world.Inspector.Get<CalibrationResult>($"{url}/agreement");
        agreement.Inspectors.Single(i => i.InspectorId == world.InspectorId).Difference!.Mean.Should().BePositive("more lenient");
        agreement.Scores.Should().ContainSingle().Which.Inspectors.Should().Be(2);
        var months = await world.Supervisor.Get<List<CalibrationEndpoints.MonthlyAgreement>>(
            $"/calibration-agreement?projectId={world.Project}&formId={body.formId}&from={DateTime.UtcNow:yyyy-MM}-01&to={DateTime.UtcNow.AddMonths(1):yyyy-MM}-01");
        months.Should().ContainSingle().Which.Sessions.Should().Be(1);
        await (await Judge(second, url, call, "p1")).ShouldBeProblem(HttpStatusCode.Conflict, "calibration-over");

        (await world.Supervisor.Get<List<AgentQuality>>("/agent-quality?from=2026-01-01&to=2026-12-31"))
            .Should().BeEmpty("no score of the agent comes of it");
        api.AllPublished<EvaluationV1>().Should().NotContain(fact => fact.CallId == call);
        (await world.Supervisor.Get<Page<HistoryEntry>>($"{url}/history")).Items.Select(e => e.What).Should().Equal(
            "calibration-called", "calibration-scored", "calibration-scored", "calibration-closed");
    }

    private static Task<HttpResponseMessage> Judge(HttpClient inspector, string url, Guid call, string greeting) =>
        inspector.Send(HttpMethod.Put, $"{url}/scores/{call}", body: new
        {
            formVersion = 1,
            answers = Samples.Perfect.Select(a => new { question = a.Key, answer = a.Key == "greeting" ? new(Choice: greeting) : a.Value }),
        });
}
