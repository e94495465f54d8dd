using System.Net;
using System.Text;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Sampling;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Quality.Tests;

/// <summary>What can be read and is still not done: the documented answer, and no event.</summary>
public sealed class RefusalTests(QualityApi api)
{
    [Fact]
    public async Task a_stale_or_missing_version_changes_nothing()
    {
        var world = await api.World();
        var url = await world.Draft();
        await world.Answer(url, 1, Samples.Perfect);
        var before = await api.EventCount();

        var stale = await world.Answer(url, 1, new() { ["greeting"] = Samples.Points(0) });
        await stale.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        stale.Version().Should().Be(5);
        await (await world.Inspector.Send(HttpMethod.Put, $"{url}/remarks", body: new { feedback = "x" }))
            .ShouldBeProblem(HttpStatusCode.PreconditionRequired);
        await (await world.Inspector.Send(HttpMethod.Post, $"{url}/submission")).ShouldBeProblem(HttpStatusCode.PreconditionRequired);
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task the_same_key_gives_the_first_answer_and_another_body_none()
    {
        var world = await api.World();
        var (form, calls) = (await world.ActiveForm(), await world.Calls(2));
        var key = Guid.CreateVersion7().ToString();

        var first = await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = calls[0], formId = form }, key: key);
        var before = await api.EventCount();
        var again = await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = calls[0], formId = form }, key: key);
        var other = await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = calls[1], formId = form }, key: key);

        first.StatusCode.Should().Be(HttpStatusCode.Created);
        (again.StatusCode, again.Headers.Location).Should().Be((first.StatusCode, first.Headers.Location));
        await other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task other_projects_things_are_not_there()
    {
        var world = await api.World();
        var (url, version) = await world.Submitted();
        var form = await world.ActiveForm();
        var plan = await world.Plan(form);
        await world.Calls(2);
        await world.Draw(plan);
        var own = await api.World();
        var before = await api.EventCount();
        var stranger = world.Stranger;

        foreach (var read in new[]
        {
            url, $"{url}/history", $"/evaluation-forms/{form}", $"/evaluation-forms/{form}/versions/1", plan, $"{plan}/draws",
            $"{plan}/draws/2026-03-02", $"{plan}/candidates/2026-03-02", $"/evaluations?projectId={world.Project}",
            $"/evaluations/queue?projectId={world.Project}", $"/evaluation-forms?projectId={world.Project}",
            $"/sampling-plans?projectId={world.Project}",
            $"/agent-quality?from=2026-01-01&to=2026-02-01&projectId={world.Project}",
        })
            await (await stranger.GetAsync(read)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        foreach (var probe in new long[] { 1, version, 99 })
            foreach (var (method, target, body) in new (HttpMethod, string, object?)[]
            {
                (HttpMethod.Put, $"{url}/answers",
                    new { formVersion = 1, answers = new[] { new { question = "greeting", answer = new { choice = "p0" } } } }),
                (HttpMethod.Put, $"{url}/remarks", new { feedback = "x" }),
                (HttpMethod.Post, $"{url}/submission", null),
                (HttpMethod.Post, $"{url}/release", new { reason = "x" }),
                (HttpMethod.Post, $"{url}/acknowledgement", new { comment = "x" }),
                (HttpMethod.Post, $"{url}/dispute", new { reason = "x" }),
                (HttpMethod.Post, $"{url}/resolution", new { decision = "uphold", reason = "x", formVersion = 1 }),
                (HttpMethod.Put, $"{url}/assignee", new { inspectorId = (Guid?)null }),
                (HttpMethod.Put, $"/evaluation-forms/{form}/draft", new { content = Samples.Inbound }),
                (HttpMethod.Post, $"/evaluation-forms/{form}/activation", null),
                (HttpMethod.Post, $"/evaluation-forms/{form}/retirement", null),
                (HttpMethod.Post, $"/evaluation-forms/{form}/trial", new { answers = Array.Empty<object>() }),
                (HttpMethod.Put, $"{plan}/rules", new { rules = new { name = "x", formId = form, callsPerAgent = 1 } }),
                (HttpMethod.Post, $"{plan}/ending", null),
                (HttpMethod.Post, $"{plan}/draws", new { week = World.Week }),
            })
                await (await stranger.Send(method, target, probe, body)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        await (await own.Inspector.Send(HttpMethod.Post, "/evaluations",
            body: new { callId = (await world.Calls(1))[0], formId = await own.ActiveForm() }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await own.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = (await own.Calls(1))[0], formId = form }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await own.Inspector.Send(HttpMethod.Post, "/sampling-plans",
            body: new { projectId = own.Project, rules = new { name = "x", formId = form, callsPerAgent = 1 } }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await api.EventCount()).Should().Be(before + 2, "only the form of their own was drafted and activated");
    }

    [Fact]
    public async Task a_dispute_is_not_decided_by_those_it_is_about()
    {
        var world = await api.World();
        var (url, version) = await world.Disputed();
        var before = await api.EventCount();

        foreach (var involved in new[] { world.InspectorId, world.AgentId })
            await (await api.As(involved, "supervisor", world.Project).Send(
                HttpMethod.Post, $"{url}/resolution", version, new { decision = "uphold", reason = "x", formVersion = 1 }))
                    .ShouldBeProblem(HttpStatusCode.Conflict, "resolver-involved");

        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task a_call_is_evaluated_once_by_a_form_and_who_is_late_is_shown_the_first()
    {
        var world = await api.World();
        var body = new { callId = (await world.Calls(1))[0], formId = await world.ActiveForm() };
        var before = await api.EventCount();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => world.Inspector.Send(HttpMethod.Post, "/evaluations", body: body)));

        var first = answers.Single(a => a.StatusCode == HttpStatusCode.Created).Headers.Location;
        foreach (var late in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            await late.ShouldBeProblem(HttpStatusCode.Conflict, "call-evaluated");
            late.Headers.Location.Should().Be(first);
            (await late.Content.ReadAsStringAsync()).Should().Contain($"\"existing\":\"{first}\"");
        }

        (await api.EventCount()).Should().Be(before + 1);
    }

    [Fact]
    public async Task a_week_of_which_nothing_is_known_is_not_drawn_for_good()
    {
        var world = await api.World();
        var plan = await world.Plan(await world.ActiveForm());

        await (await world.Inspector.Send(HttpMethod.Post, $"{plan}/draws", body: new { week = World.Week }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "calls-unknown");
        await world.Calls(3);
        (await world.Draw(plan)).Drawn.Should().Be(2);
    }

    [Fact]
    public async Task a_week_whose_calls_are_just_arriving_is_drawn_when_no_more_come()
    {
        var world = await api.World();
        var plan = await world.Plan(await world.ActiveForm());
        await world.Calls(3);
        await using var never = new NeverAtRest();
        await never.InitializeAsync();
        var restless = await never.World();
        var early = await restless.Plan(await restless.ActiveForm());
        await restless.Calls(3);

        await (await restless.Inspector.Send(HttpMethod.Post, $"{early}/draws", body: new { week = World.Week }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "calls-arriving");
        (await restless.Inspector.Get<Page<DrawnWeek>>($"{early}/draws")).Items.Should().BeEmpty("a draw would be final");
        (await world.Draw(plan)).Drawn.Should().Be(2);
    }

    private sealed class NeverAtRest : QualityApi
    {
        protected override IEnumerable<string> Settings => ["--Sampling:Quiet=1.00:00:00"];
    }

    [Fact]
    public async Task a_plan_names_queues_that_the_project_or_a_call_of_it_has()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        await world.Calls(1, change: call => call with { Queue = "overflow" });

        foreach (var (queue, status) in new[] { ("sales", HttpStatusCode.Created), ("overflow", HttpStatusCode.Created), ("sale", HttpStatusCode.Conflict) })
        {
            var made = await world.Inspector.Send(HttpMethod.Post, "/sampling-plans", body: new
            {
                projectId = world.Project, rules = new { name = "Weekly", formId = form, callsPerAgent = 2, queues = new[] { queue } },
            });
            made.StatusCode.Should().Be(status, $"{queue}: {await made.Content.ReadAsStringAsync()}");
        }

        var plan = await world.Plan(form);
        await (await world.Inspector.Send(HttpMethod.Put, $"{plan}/rules", 1, new
        {
            rules = new { name = "Weekly", formId = form, callsPerAgent = 2, queues = new[] { "sale" } },
        })).ShouldBeProblem(HttpStatusCode.Conflict, "queues-unknown");
    }

    [Fact]
    public async Task who_is_to_judge_calls_is_somebody_whom_the_project_knows()
    {
        var world = await api.World();
        var (form, nobody, elsewhere) = (await world.ActiveForm(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.Employ(elsewhere, Guid.CreateVersion7());
        var central = await api.Employ(Guid.CreateVersion7());
        object Rules(params Guid[] inspectors) => new { name = "Weekly", formId = form, callsPerAgent = 2, inspectors };
        var admin = api.As(Guid.CreateVersion7(), "admin");
        var plan = await world.Plan(form, inspectors: [world.InspectorId, central]);
        await world.Calls(1);
        await world.Draw(plan);
        var waiting = (await world.Supervisor.Get<Page<EvaluationSummary>>("/evaluations?status=pending")).Items.Single();

        foreach (var stranger in new[] { nobody, elsewhere })
            foreach (var (method, url, body) in new[]
            {
                (HttpMethod.Post, "/sampling-plans", (object)new { projectId = world.Project, rules = Rules(central, stranger) }),
                (HttpMethod.Put, $"{plan}/rules", new { rules = Rules(central, stranger) }),
                (HttpMethod.Put, $"/evaluations/{waiting.Id}/assignee", new { inspectorId = stranger }),
            })
            {
                var refused = await admin.Send(method, url, version: method == HttpMethod.Put ? 1 : null, body);
                await refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-inspector");
                (await refused.Content.ReadAsStringAsync()).Should().Contain($"There is no employee {stranger}.");
            }
    }

    [Fact]
    public async Task who_has_left_judges_no_more_calls()
    {
        var world = await api.World();
        var (form, stays, leaver, elsewhere) =
            (await world.ActiveForm(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var person in new[] { stays, leaver })
            await api.Employ(person, world.Project);
        await api.Employ(elsewhere, Guid.CreateVersion7());
        var plan = await world.Plan(form, perAgent: 4, inspectors: [leaver, stays]);
        await world.Calls(4);
        var until = DateOnly.FromDateTime(DateTime.UtcNow);
        await api.Leave(leaver, until.AddDays(-2), world.Project);
        await api.Leave(elsewhere, until.AddDays(-2), Guid.CreateVersion7());
        await api.Leave(stays, until.AddDays(2), world.Project); // has said that they will

        await world.Draw(plan);

        var drawn = (await world.Supervisor.Get<Page<EvaluationSummary>>("/evaluations?status=pending")).Items;
        drawn.Should().HaveCount(4).And.OnlyContain(e => e.AssignedTo == stays);
        var admin = api.As(Guid.CreateVersion7(), "admin");
        object Rules(params Guid[] inspectors) => new { name = "Weekly", formId = form, callsPerAgent = 2, inspectors };
        foreach (var (method, url, body, pointer) in new[]
        {
            (HttpMethod.Post, "/sampling-plans", (object)new { projectId = world.Project, rules = Rules(stays, leaver) }, "/rules/inspectors/1"),
            (HttpMethod.Put, $"{plan}/rules", new { rules = Rules(leaver, stays) }, "/rules/inspectors/0"),
            (HttpMethod.Put, $"/evaluations/{drawn[0].Id}/assignee", new { inspectorId = leaver }, "/inspectorId"),
        })
        {
            var refused = await admin.Send(method, url, version: method == HttpMethod.Put ? 1 : null, body);
            await refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "inspector-left");
            (await refused.Content.ReadAsStringAsync()).Should().Contain($"\"pointer\":\"{pointer}\"")
                .And.Contain($"Ann (S-{leaver:N}) left on {until.AddDays(-2):yyyy-MM-dd}.");
        }

        await (await admin.Send(HttpMethod.Put, $"/evaluations/{drawn[0].Id}/assignee", version: 1, new { inspectorId = elsewhere }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-inspector"); // of another project they were nobody here
    }

    [Fact]
    public async Task what_an_inspector_had_open_waits_for_anybody_once_they_have_left()
    {
        var world = await api.World();
        var (form, leaver) = (await world.ActiveForm(), Guid.CreateVersion7());
        await api.Employ(leaver, world.Project);
        await world.Calls(2);
        await world.Draw(await world.Plan(form, perAgent: 2, inspectors: [leaver]));
        (await api.As(leaver, "inspector", world.Project).Send(HttpMethod.Post, "/evaluations/next")).StatusCode.Should().Be(HttpStatusCode.OK);

        await api.Leave(leaver, DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-2), world.Project);

        await Eventually.True(async () => (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations/queue")).Items
            .Count(e => e is { Status: EvaluationStatus.Pending, AssignedTo: null }) == 2, "both of them in the queue");
        (await world.Inspector.Send(HttpMethod.Post, "/evaluations/next")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task card_numbers_in_remarks_and_comments_are_kept_by_nobody()
    {
        var world = await api.World();
        var url = await world.Draft();

        (await world.Inspector.Send(HttpMethod.Put, $"{url}/remarks", version: 1, new { feedback = "Read out 4111 1111 1111 1111." }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);

        var shown = await (await world.Inspector.GetAsync(url)).Content.ReadAsStringAsync();
        shown.Should().Contain("Read out **** **** **** 1111.").And.NotContain("4111 1111");
    }

    [Fact]
    public async Task a_dispute_comes_once_and_in_time()
    {
        var world = await api.World();
        var (url, version) = await world.Disputed();
        var (late, lateVersion) = await world.Submitted(content: Samples.Inbound with { DisputeDays = 0 });
        var before = await api.EventCount();

        await (await world.Agent.Send(HttpMethod.Post, $"{url}/dispute", version, new { reason = "x" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "already-disputed");
        await (await world.Agent.Send(HttpMethod.Post, $"{late}/dispute", lateVersion, new { reason = "x" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "dispute-window-closed");
        await (await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version,
            new { decision = "change", reason = "x", formVersion = 1 }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "answers-needed");
        await (await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version,
            new { decision = "uphold", reason = "x", formVersion = 2 })).ShouldBeProblem(HttpStatusCode.Conflict, "other-form-version");
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task who_scores_is_not_who_was_scored()
    {
        var world = await api.World();
        var (form, call) = (await world.ActiveForm(), (await world.Calls(1, world.InspectorId))[0]);
        var before = await api.EventCount();

        await (await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = call, formId = form }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "self-evaluation");
        foreach (var role in new[] { "supervisor", "trainer", "operations-manager" })
            await (await api.As(Guid.CreateVersion7(), role, world.Project)
                .Send(HttpMethod.Post, "/evaluations", body: new { callId = call, formId = form }))
                .ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await api.As(Guid.CreateVersion7(), "agent", world.Project)
            .Send(HttpMethod.Post, "/evaluations", body: new { callId = call, formId = form }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "kind-for-inspectors");
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task a_draw_is_of_a_week_that_was()
    {
        var world = await api.World();
        var plan = await world.Plan(await world.ActiveForm());
        var before = await api.EventCount();

        foreach (var (week, status, code) in new[]
        {
            ("\"2026-03-03\"", HttpStatusCode.UnprocessableEntity, "not-a-week-start"),
            ("\"0001-01-01\"", HttpStatusCode.UnprocessableEntity, "date-out-of-range"),
            ("\"9999-12-27\"", HttpStatusCode.UnprocessableEntity, "date-out-of-range"),
            ("\"2099-03-02\"", HttpStatusCode.Conflict, "week-not-over"),
            ("\"2026-02-30\"", HttpStatusCode.BadRequest, "unreadable"),
            ("7", HttpStatusCode.BadRequest, "unreadable"),
        })
        {
            using var content = new StringContent($$"""{"week":{{week}}}""", Encoding.UTF8, "application/json");
            await (await world.Inspector.PostAsync($"{plan}/draws", content)).ShouldBeProblem(status, code);
        }

        (await world.Inspector.GetAsync($"{plan}/draws/2026-03-02")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await world.Inspector.GetAsync($"{plan}/draws/monday")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await api.EventCount()).Should().Be(before);
    }
}
