using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Training;
using CallCenter.Jobs;
using CallCenter.Quality.Coachings;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Quality.Tests.Coachings;

public sealed class CoachingJourneys(QualityApi api)
{
    [Fact]
    public async Task a_finding_is_coached_signed_by_both_passed_later_and_opened_again_when_that_evaluation_is_voided()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var calls = await world.Calls(3);
        var failed = await Evaluate(world, form, calls[0], "p0");
        var url = await World.Created(world.Inspector, "/coachings", Request(world, new { kind = "finding", evaluationId = Id(failed) },
            talkAt: DateTimeOffset.UtcNow, section: "opening"));

        await (await world.Stranger.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound);
        (await world.Agent.Get<Page<Coaching>>("/coachings")).Items.Should().ContainSingle().Which.FormId.Should().Be(form);
        var agreed = await world.Inspector.Send(HttpMethod.Put, $"{url}/agreement", 1, new
        {
            agreement = "The greeting in full.", actions = new[] { new { what = "Hear three calls", by = "agent", dueOn = "2099-03-01" } },
        });
        agreed.StatusCode.Should().Be(HttpStatusCode.NoContent, await agreed.Content.ReadAsStringAsync());
        await (await world.Supervisor.Send(HttpMethod.Post, $"{url}/signature", 2)).ShouldBeProblem(HttpStatusCode.Conflict, "not-in-coaching");
        await Done(world.Agent.Send(HttpMethod.Post, $"{url}/signature", 2));
        await Done(world.Inspector.Send(HttpMethod.Post, $"{url}/signature", 3));
        await Done(world.Agent.Send(HttpMethod.Post, $"{url}/actions/0/completion", 4, new { note = "Done." }));
        (await world.Agent.Get<Coaching>(url)).Status.Should().Be(CoachingStatus.Signed, "agreeing is not passing");

        await Evaluate(world, form, calls[1], "p0");
        var passed = await Evaluate(world, form, calls[2], "p2");
        await Is(world, url, CoachingStatus.Passed);
        (await world.Agent.Get<Coaching>(url)).Recheck!.EvaluationId.Should().Be(Id(passed));
        await Eventually.True(() => Task.FromResult(api.AllPublished<CoachingV1>().Any(fact =>
            fact.Id == Id(url) && fact is { Status: "passed", DueOn: null, ClosedAt: not null })), "the others are told");

        await Done(world.Supervisor.Send(HttpMethod.Post, $"{passed}/voiding", (await world.Supervisor.GetAsync(passed)).Version(),
            new { reason = "Of another call." }));
        await Is(world, url, CoachingStatus.Signed);
        (await world.Agent.Get<Page<HistoryEntry>>($"{url}/history")).Items.Select(e => e.What).Should().Equal(
            "coaching-opened", "coaching-agreed", "coaching-signed", "coaching-signed", "coaching-action-done", "coaching-passed",
            "coaching-reopened");
        (await world.Supervisor.Get<CoachingEffectView>($"{url}/effect")).Effect.Verdict.Should().Be(EffectSeen.Unknown);
        await (await world.Agent.GetAsync($"{url}/effect")).ShouldBeProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task what_was_written_of_a_coaching_that_is_over_goes_with_its_time()
    {
        var world = await api.World();
        var url = await World.Created(world.Inspector, "/coachings", Request(world, new { kind = "complaint", reference = "C-118" },
            talkAt: new(2026, 3, 9, 7, 0, 0, TimeSpan.Zero), form: await world.ActiveForm(), recheckBy: "2099-04-10"));
        (await Sweep(40)).Should().Be(new Swept(0, 0), "it is open");
        await Done(world.Inspector.Send(HttpMethod.Post, $"{url}/withdrawal", 1, new { reason = "The customer took it back." }));

        (await Sweep(29)).Should().Be(new Swept(0, 0));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), null, null))).Should().Be(new Swept(0, 1));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), new(2026, 1, 1), null))).Should().Be(new Swept(0, 1));
        (await Sweep(40)).Should().Be(new Swept(1, 0));
        (await Sweep(40)).Should().Be(new Swept(0, 0), "it is done");

        var after = await world.Supervisor.Get<Coaching>(url);
        (after.Status, after.Plan.Subject, after.Cause.Reference).Should().Be((CoachingStatus.Withdrawn, "", ""));

        Task<Swept> Sweep(int days, params LegalHold[] holds) =>
            Sweeping.Of<CoachingRetention>(api, world.Project, TimeProvider.System.GetUtcNow().AddDays(days), holds);
    }

    [Fact]
    public async Task what_fell_due_is_listed_for_the_supervisor_of_that_day()
    {
        var world = await api.World();
        var (supervisor, team) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.Publish(new TeamV1(team, 1, world.Project, "Billing", supervisor, [world.AgentId], "under",
            [new(world.AgentId, new(2025, 1, 1), null)], [new(supervisor, new(2025, 1, 1))]));
        await api.Known<TeamV1>(team);
        var form = await world.ActiveForm();
        var url = await World.Created(world.Inspector, "/coachings", Request(world, new { kind = "complaint", reference = "C-118" },
            talkAt: new(2026, 3, 9, 7, 0, 0, TimeSpan.Zero), form: form, recheckBy: "2026-04-10"));

        await Eventually.True(async () => (await world.Supervisor.Get<Page<Coaching>>(
            $"/coachings?status=open&overdue=true&supervisorId={supervisor}")).Items.Any(late => late.Id == Id(url)), "it falls due");
        (await world.Supervisor.Get<Page<Coaching>>("/coachings?overdue=false")).Items.Should().BeEmpty();
        await Done(world.Inspector.Send(HttpMethod.Put, $"{url}/plan", (await world.Inspector.GetAsync(url)).Version(), new
        {
            talkAt = "2026-03-10T07:00:00Z", recheckBy = "2099-04-10", subject = "The greeting",
        }));
        (await world.Supervisor.Get<Coaching>(url)).Should().Match<Coaching>(c => !c.Overdue && c.FellDueOn == new DateOnly(2026, 4, 10));
        await Done(world.Inspector.Send(HttpMethod.Post, $"{url}/withdrawal", (await world.Inspector.GetAsync(url)).Version(),
            new { reason = "The customer took it back." }));
        await Is(world, url, CoachingStatus.Withdrawn);
    }

    [Fact]
    public async Task whether_training_helped_is_asked_of_a_session_whose_register_is_known()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        await Evaluate(world, form, (await world.Calls(1))[0], "p2");
        var record = new TrainingRecordV1(Guid.CreateVersion7(), 1, world.AgentId, world.Project, Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            new(2026, 3, 3, 1, 0, 0, TimeSpan.Zero), true, 60, "passed");
        await api.Publish(record);
        await api.Known<TrainingRecordV1>(record.Id);

        (await world.Supervisor.Get<TrainingEffectView>($"/training-effects?sessionId={record.SessionId}&formId={form}"))
            .Should().Match<TrainingEffectView>(view => view.Attended == 1 && view.Effect.After == 1 && view.Effect.Before == 0
                && view.Effect.Verdict == EffectSeen.Unknown, "the call was a day later");
        await (await world.Stranger.GetAsync($"/training-effects?sessionId={record.SessionId}&formId={form}"))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        await (await world.Supervisor.GetAsync($"/training-effects?sessionId={record.SessionId}&formId={Guid.Empty}"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-form");
    }

    public static TheoryData<string, string, object> Faults => new()
    {
        { "cause-does-not-fit", "/cause/evaluationId", new { cause = new { kind = "finding" } } },
        { "cause-does-not-fit", "/cause/reference", new { cause = new { kind = "complaint" } } },
        { "unknown-kpi", "/cause/reference", new { cause = new { kind = "figure", reference = "luck" } } },
        { "unknown-evaluation", "/cause/evaluationId", new { cause = new { kind = "finding", evaluationId = Guid.Empty } } },
        { "unknown-form", "/formId", new { formId = Guid.Empty } },
        { "unknown-section", "/section", new { section = "nowhere" } },
        { "unknown-agent", "/agentId", new { agentId = Guid.Empty } },
        { "unknown-coach", "/plan/coachId", new { plan = new { coachId = Guid.Empty, talkAt = "2026-03-09T07:00:00Z", recheckBy = "2026-04-10", subject = "X" } } },
        { "due-before-talk", "/plan/recheckBy", new { plan = new { talkAt = "2026-03-09T07:00:00Z", recheckBy = "2026-03-08", subject = "X" } } },
        { "clip-out-of-order", "/plan/clip/toSeconds", new { plan = new { talkAt = "2026-03-09T07:00:00Z", recheckBy = "2026-04-10", subject = "X",
            clip = new { recordingId = new string('a', 64), fromSeconds = 9, toSeconds = 4 } } } },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task what_is_wrong_is_named_with_its_place(string code, string pointer, object change)
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var body = System.Text.Json.JsonSerializer.SerializeToNode(Request(world, new { kind = "complaint", reference = "C-118" },
            new(2026, 3, 9, 7, 0, 0, TimeSpan.Zero), form: form))!.AsObject();
        foreach (var (member, value) in System.Text.Json.JsonSerializer.SerializeToNode(change)!.AsObject().ToList())
            body[member] = value!.DeepClone();

        var answer = await world.Inspector.Send(HttpMethod.Post, "/coachings", body: body);

        await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"{pointer}\"");
    }

    private static object Request(
        World world, object cause, DateTimeOffset talkAt, string? section = null, Guid? form = null, string recheckBy = "2099-04-10") => new
        {
            projectId = world.Project, agentId = world.AgentId, cause, formId = form, section,
            plan = new { talkAt, recheckBy, subject = "The greeting" },
        };

    private static async Task<string> Evaluate(World world, Guid form, Guid call, string greeting)
    {
        var url = await World.Created(world.Inspector, "/evaluations", new { callId = call, formId = form });
        var answered = await world.Answer(url, 1, new(Samples.Perfect) { ["greeting"] = new Answer(Choice: greeting) });
        await Done(world.Inspector.Send(HttpMethod.Post, $"{url}/submission", answered.Version()));
        return url;
    }

    private static Task Is(World world, string url, CoachingStatus status) => Eventually.True(
        async () => (await world.Supervisor.Get<Coaching>(url)).Status == status, $"the coaching is {status}");

    private static async Task Done(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }

    private static Guid Id(string url) => Guid.Parse(url[^36..]);
}
