using System.Net;
using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Quality.Calibration;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Figures;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Quality.Reports;
using CallCenter.Quality.Scores;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Quality.Tests.MachineAnswers;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public sealed class BlindSecondJourneys(QualityApi api)
{
    // What an inspector reads and nothing of an evaluation's answers or score is in: whoever adds a route says here, or below, which it is.
    private static readonly string[] TellsNothing =
    [
        "/evaluation-forms", "/evaluation-forms/{id:guid}", "/evaluation-forms/{id:guid}/history",
        "/evaluation-forms/{id:guid}/versions/{version:int}", "/evaluation-forms/{id:guid}/versions/{version:int}/file",
        "/evaluation-forms/{id:guid}/proposals", "/evaluation-forms/{id:guid}/proposals/{proposal:guid}",
        "/issue-catalogues/{projectId:guid}", "/issue-catalogues/{id:guid}/history",
        "/sampling-plans", "/sampling-plans/{id:guid}", "/sampling-plans/{id:guid}/history", "/sampling-plans/{id:guid}/draws",
        "/sampling-plans/{id:guid}/draws/{week}", "/sampling-plans/{id:guid}/draws/{week}/history",
        "/sampling-plans/{id:guid}/candidates/{week}",
        "/sampling-designs", "/sampling-designs/{id:guid}", "/sampling-designs/{id:guid}/history", "/sampling-designs/{id:guid}/draws",
        "/sampling-designs/{id:guid}/draws/{first}", "/sampling-designs/{id:guid}/draws/{first}/history",
        "/sampling-designs/{id:guid}/candidates/{first}",
        "/evaluations/queue", "/evaluation-policies/{projectId:guid}", "/evaluation-policies/{id:guid}/history",
        "/machine-answers", "/machine-answers/{id:guid}", "/machine-answer-policies/{projectId:guid}",
        "/machine-answer-policies/{id:guid}/history", "/calibrations/{id:guid}/history", "/qa-reports",
        "/machine-answers/estimates", "/training-effects", // of many contacts, or of several agents
    ];

    [Fact]
    public async Task whatever_tells_of_the_first_is_closed_to_who_makes_the_second_until_it_is_submitted()
    {
        var world = await api.World();
        Guid[] people = [await api.Employ(Guid.CreateVersion7(), world.Project), await api.Employ(Guid.CreateVersion7(), world.Project)];
        var (again, third) = (api.As(people[0], "inspector,supervisor", world.Project), api.As(people[1], "inspector", world.Project));
        var (form, calls) = (await world.ActiveForm(), await world.Calls(2));
        var first = await Judged(world.Inspector, calls[0], form, new(Samples.Perfect) { ["greeting"] = Samples.Points(0) });
        await Judged(third, calls[1], form, Samples.Perfect);
        var plan = await world.Plan(form, perAgent: 2);
        await world.Draw(plan);
        await new ScriptedJudge(api.As(Guid.CreateVersion7(), "integrator", world.Project), form).Says(calls[0], Samples.Perfect);
        var firstId = Guid.Parse(first[^36..]);
        var coaching = await World.Created(world.Inspector, "/coachings", new
        {
            projectId = world.Project, agentId = world.AgentId, cause = new { kind = "finding", evaluationId = firstId },
            section = "opening",
            plan = new { talkAt = TimeProvider.System.GetUtcNow(), recheckBy = "2099-04-10", subject = "No greeting at all" },
        });
        var input = await World.Created(world.Agent, "/quality-inputs",
            new { projectId = world.Project, topic = "form", text = "0 for the greeting?", evaluationId = firstId });
        (await world.Agent.Send(HttpMethod.Post, $"{first}/dispute", (await world.Inspector.GetAsync(first)).Version(),
            new { reason = "I greeted them." })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var calibration = await Calibrated(world, third, people[1], form, calls[0]);
        var report = await Made(world);
        var (day, proposal) = (DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), await World.Created(third,
            $"/evaluation-forms/{form}/proposals", new { reason = "Less.", content = Samples.Inbound with { PassMark = 60 } }));
        var days = $"from={day.AddDays(-2):yyyy-MM-dd}&to={day.AddDays(2):yyyy-MM-dd}";
        var (span, ownReport) = ($"projectId={world.Project}&formId={form}&{days}", $"/qa-reports/{report}");

        string[] alone =
        [
            first, $"{first}/history", $"{first}/scores", $"{first}/versions/3", coaching, $"{coaching}/history", $"{coaching}/effect",
            input, $"{input}/history", $"{calibration}/agreement", ownReport, $"{ownReport}/page", $"{ownReport}/changes",
        ];
        (string List, string Has)[] lists =
        [
            ("/evaluations", first), ("/evaluations/unacknowledged?days=0", first), ("/coachings", coaching),
            ($"/quality-inputs?projectId={world.Project}", input), ("/evaluation-notices", first),
            ($"/evaluation-notices/receipts?projectId={world.Project}", first),
        ];
        string[] figures =
        [
            "/agent-quality", "/quality-scores", "/question-figures", "/inspector-severity", "/calibrations", "/calibrations/{id:guid}",
            "/calibration-agreement", "/machine-answers/agreement",
        ];
        File.ReadLines(Path.Combine(Repository.Root, "services", "Quality", "access.csv")).Select(line => line.Split(','))
            .Where(line => line[0] == "GET" && (line[2] == "*" || line[2].Split('|').Contains("inspector"))).Select(line => line[1])
            .Should().BeEquivalentTo(TellsNothing.Concat(figures)
                .Concat(lists.Select(list => list.List.Split('?')[0]))
                .Concat(alone.Select(Route).Distinct()), "each has been thought of");

        foreach (var address in alone)
            (await again.GetAsync(address)).StatusCode.Should().Be(HttpStatusCode.OK, address);
        await Eventually.True(async () => (await Figures()).Questions == 2, "that both are counted");
        (await Figures()).Should().Be((2, 2, 2, 3, 4, 1, 2, 1)); // one of the three is in a calibration alone
        (await Told()).Should().Equal(true, false, true, true, true, true); // what is disputed is not waited for

        var second = await World.Created(again, "/evaluations", new { callId = calls[0], formId = form, kind = "second" });

        foreach (var address in alone)
            await (await again.GetAsync(address)).ShouldBeProblem(HttpStatusCode.Conflict, "second-is-blind");
        (await Told()).Should().OnlyContain(told => !told);
        (await Figures()).Should().Be((1, 1, 1, 1, 0, 0, 1, 0));
        (await world.Supervisor.GetAsync(ownReport)).StatusCode.Should().Be(HttpStatusCode.OK, "nobody else is kept from it");

        await Submit(again, second, Samples.Perfect);

        foreach (var address in alone)
            (await again.GetAsync(address)).StatusCode.Should().Be(HttpStatusCode.OK, address);
        (await Figures()).Calibrated.Should().Be(4);

        // Of each list, whether something that tells of the first is in it.
        async Task<List<bool>> Told()
        {
            var told = new List<bool>();
            foreach (var (list, has) in lists)
                told.Add((await again.GetStringAsync(list)).Contains(has[^36..], StringComparison.Ordinal));
            return told;
        }

        async Task<(int Agent, int Scored, int Questions, int Judgements, int Calibrated, int Months, int Compared, int Agreed)>
            Figures() =>
        (
            (await again.Get<List<AgentQuality>>($"/agent-quality?{days}")).Sum(own => own.Evaluations),
            (await again.Get<JsonElement>($"/quality-scores?planId={plan[^36..]}&from=2026-03-04&to=2026-03-04"))
                .GetProperty("scores").GetProperty("plan").GetProperty("evaluations").GetInt32(),
            (await again.Get<QuestionFiguresView>($"/question-figures?{span}")).Evaluations,
            (await again.Get<InspectorSeverityView>($"/inspector-severity?{span}")).Inspectors.Sum(inspector => inspector.Judgements),
            (await again.Get<Page<CalibrationView>>($"/calibrations?projectId={world.Project}")).Items.Sum(s => s.Scores.Count)
                + (await again.Get<CalibrationView>(calibration)).Scores.Count,
            (await again.Get<List<JsonElement>>($"/calibration-agreement?{span}")).Count,
            JsonDocument.Parse(await (await again.Send(HttpMethod.Post, $"{proposal}/comparison", body: new { last = 10 })).Content
                .ReadAsStringAsync()).RootElement.GetProperty("evaluations").GetArrayLength(),
            (await again.Get<List<JsonElement>>($"/machine-answers/agreement?planId={plan[^36..]}&from=2026-03-04&to=2026-03-04")).Count);
    }

    // /evaluations/0195…/versions/3 → /evaluations/{id:guid}/versions/{version:int}
    private static string Route(string address) => string.Join('/', address.Split('/').Select(part =>
        Guid.TryParse(part, out _) ? "{id:guid}" : int.TryParse(part, out _) ? "{version:int}" : part));

    private async Task<Guid> Made(World world)
    {
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var calendar = (await session.LoadAsync<ProjectV1>(world.Project))!.Calendar;
        var span = QaSpan.Of(world.Project, QaPeriod.Week, calendar.DayOf(TimeProvider.System.GetUtcNow()), calendar);
        Actor.Current = Actor.Job("test");
        await api.App.Services.GetRequiredService<QaReportService>().Make(span, Guid.Empty, CancellationToken.None);
        return span.ReportId;
    }

    private static async Task<string> Calibrated(World world, HttpClient third, Guid thirdId, Guid form, Guid call)
    {
        var calibration = await World.Created(world.Supervisor, "/calibrations", new
        {
            projectId = world.Project, formId = form, callIds = new[] { call },
            terms = new { title = "March", inspectors = new[] { world.InspectorId, thirdId }, closesAt = "2099-03-20T18:00:00Z" },
        });
        foreach (var judge in new[] { world.Inspector, third })
            (await judge.Send(HttpMethod.Put, $"{calibration}/scores/{call}", body: new
            {
                formVersion = 1, answers = Samples.Perfect.Select(a => new { question = a.Key, answer = a.Value }),
            })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await world.Supervisor.Send(HttpMethod.Post, $"{calibration}/closing", (await world.Supervisor.GetAsync(calibration)).Version()))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        return calibration;
    }

    private static async Task<string> Judged(HttpClient who, Guid call, Guid form, Dictionary<string, Answer> answers)
    {
        var url = await World.Created(who, "/evaluations", new { callId = call, formId = form });
        await Submit(who, url, answers);
        return url;
    }

    private static async Task Submit(HttpClient who, string url, Dictionary<string, Answer> answers)
    {
        var answered = await who.Send(HttpMethod.Put, $"{url}/answers", 1,
            new { formVersion = 1, answers = answers.Select(a => new GivenAnswer(a.Key, a.Value, "As heard.")) });
        var submitted = await who.Send(HttpMethod.Post, $"{url}/submission", answered.Version());
        submitted.StatusCode.Should().Be(HttpStatusCode.NoContent, await submitted.Content.ReadAsStringAsync());
    }
}
