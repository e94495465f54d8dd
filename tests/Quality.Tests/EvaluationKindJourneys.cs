using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Scores;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public sealed class EvaluationKindJourneys(QualityApi api)
{
    [Fact]
    public async Task several_judge_one_call_and_one_of_their_scores_counts()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var call = (await world.Calls(1))[0];
        var colleague = api.As(await api.Employ(Guid.CreateVersion7(), world.Project), "agent", world.Project);
        var second = api.As(await api.Employ(Guid.CreateVersion7(), world.Project), "inspector", world.Project);
        await (await Start(second, "second")).ShouldBeProblem(HttpStatusCode.Conflict, "nothing-to-judge-again");
        await (await Start(world.Agent, "standard")).ShouldBeProblem(HttpStatusCode.Conflict, "kind-for-inspectors");

        var self = await Judge(world.Agent, "self", Samples.Perfect);
        var peer = await Judge(colleague, "peer", Samples.Perfect);
        var practice = await Judge(second, "practice", Samples.Perfect);
        var standard = await Judge(world.Inspector, "standard", new(Samples.Perfect) { ["greeting"] = Samples.Points(0) });
        var again = await Judge(second, "second", Samples.Perfect);

        await (await Start(second, "standard")).ShouldBeProblem(HttpStatusCode.Conflict, "call-evaluated");
        (await api.Published<EvaluationV1>(f => f.Id == Guid.Parse(standard[^36..]) && f.Status == "submitted"))
            .Kind.Should().Be("standard");
        api.AllPublished<EvaluationV1>().Select(f => f.Id).Should().NotContain(
            new[] { self, peer, practice, again }.Select(url => Guid.Parse(url[^36..])));
        (await world.Supervisor.Get<List<AgentQuality>>("/agent-quality?from=2026-01-01&to=2026-12-31")).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Evaluations = 1, AverageScore = 60m });

        (await world.Agent.Get<Page<EvaluationSummary>>("/evaluations")).Items.Select(e => $"/evaluations/{e.Id}")
            .Should().BeEquivalentTo([self, peer, standard], "what others learn or are measured by is not for the agent");
        (await colleague.Get<Page<EvaluationSummary>>("/evaluations")).Items.Select(e => $"/evaluations/{e.Id}").Should().Equal(peer);
        (await second.Get<EvaluationDetails>(again)).Kind.Should().Be(EvaluationKind.Second);

        Task<HttpResponseMessage> Start(HttpClient who, string kind) =>
            who.Send(HttpMethod.Post, "/evaluations", body: new { callId = call, formId = form, kind });

        async Task<string> Judge(HttpClient who, string kind, Dictionary<string, Answer> answers)
        {
            var url = await World.Created(who, "/evaluations", new { callId = call, formId = form, kind });
            await Submit(who, url, answers);
            return url;
        }
    }

    [Fact]
    public async Task an_agent_who_judges_themselves_reads_what_they_write()
    {
        var world = await api.World();
        var body = new { callId = (await world.Calls(1))[0], formId = await world.ActiveForm(), kind = "self" };
        var url = await World.Created(world.Agent, "/evaluations", body);

        await world.Agent.Send(HttpMethod.Put, $"{url}/remarks", 1, new { feedback = "Too fast.", privateNote = "Ask Ann." });

        (await world.Agent.Get<EvaluationDetails>(url)).Should().BeEquivalentTo(
            new { Kind = EvaluationKind.Self, PrivateNote = "Ask Ann.", Status = EvaluationStatus.Draft });
        (await world.Inspector.Get<EvaluationDetails>(url)).Kind.Should().Be(EvaluationKind.Self);
    }

    [Fact]
    public async Task what_is_no_call_is_judged_once_by_a_form_and_told()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var ticket = new { kind = "ticket", agentId = world.AgentId, system = "desk", reference = "T-7" };
        await (await Start(new { kind = "ticket", agentId = Guid.CreateVersion7(), system = "desk", reference = "T-7" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-agent");
        await (await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { formId = form }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "one-subject");

        var url = await World.Created(world.Inspector, "/evaluations", new { formId = form, subject = ticket });
        await (await Start(ticket)).ShouldBeProblem(HttpStatusCode.Conflict, "call-evaluated");
        await Submit(world.Inspector, url, Samples.Perfect);

        var told = await api.Published<EvaluationV1>(f => f.Id == Guid.Parse(url[^36..]) && f.Status == "submitted");
        (told.CallId, told.Subject!.Kind, told.AgentId, told.Score).Should().Be((Guid.Empty, "ticket", world.AgentId, 100m));
        (await world.Agent.Get<EvaluationDetails>(url)).Subject.Should().BeEquivalentTo(new { System = "desk", Reference = "T-7" });
        (await world.Agent.Get<List<AgentQuality>>("/agent-quality?from=2026-01-01&to=2026-12-31")).Single().Evaluations.Should().Be(1);
        foreach (var observedAt in new[] { "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z" })
            await World.Created(world.Inspector, "/evaluations",
                new { formId = form, subject = new { kind = "live-observation", agentId = world.AgentId, observedAt } });

        Task<HttpResponseMessage> Start(object subject) =>
            world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { formId = form, subject });
    }

    [Fact]
    public async Task an_observation_of_a_call_is_that_calls_evaluation()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var call = (await world.Calls(1))[0];
        var subject = new { kind = "live-observation", agentId = world.AgentId, observedAt = "2026-03-04T02:00:00Z", callId = call };

        var url = await World.Created(world.Inspector, "/evaluations", new { formId = form, subject });

        (await world.Inspector.Get<EvaluationDetails>(url)).CallId.Should().Be(call);
        await (await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { formId = form, callId = call }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "call-evaluated");
    }

    [Fact]
    public async Task of_a_conversation_the_part_of_one_agent_is_judged()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var colleague = await api.Employ(Guid.CreateVersion7(), world.Project);
        var legs = await world.Calls(2, change: c => c with { Source = "pbx", ConversationId = "c-1" });
        legs = [.. legs, .. await world.Calls(1, colleague, change: c => c with { Source = "pbx", ConversationId = "c-1" })];
        var elsewhere = (await world.Calls(1))[0];

        await (await Start(elsewhere, null)).ShouldBeProblem(HttpStatusCode.Conflict, "no-conversation");
        await (await Start(legs[0], null)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "subject-incomplete");
        await (await Start(legs[0], world.InspectorId)).ShouldBeProblem(HttpStatusCode.Conflict, "not-their-call");
        var one = await Start(legs[0], world.AgentId);
        one.StatusCode.Should().Be(HttpStatusCode.Created, await one.Content.ReadAsStringAsync());
        await (await Start(legs[2], world.AgentId)).ShouldBeProblem(HttpStatusCode.Conflict, "call-evaluated");
        (await Start(legs[2], colleague)).StatusCode.Should().Be(HttpStatusCode.Created, "that is another's part");

        (await world.Inspector.Get<EvaluationDetails>($"{one.Headers.Location}")).Subject!.Calls.Should().BeEquivalentTo(legs);
        await world.Inspector.Send(
            HttpMethod.Put, $"{one.Headers.Location}/remarks", 1, new { feedback = "Calm.", privateNote = "His debts." });

        await api.Publish(new CustomerErasedV1(Guid.CreateVersion7(), 1, world.Project, legs, Guid.Empty, DateTimeOffset.UtcNow));

        await Eventually.True(async () =>
            (await world.Inspector.Get<EvaluationDetails>($"{one.Headers.Location}")) is { Feedback: null, PrivateNote: null },
            "what was written of a customer's conversation to be forgotten");

        Task<HttpResponseMessage> Start(Guid callId, Guid? agentId) => world.Inspector.Send(HttpMethod.Post, "/evaluations",
            body: new { formId = form, subject = new { kind = "conversation", callId, agentId } });
    }

    [Fact]
    public async Task a_chat_is_judged_with_its_text_which_an_erasure_takes_out()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var calls = await world.Calls(2, change: c => c with { Channel = "chat", RecordingId = null });
        var spoken = (await world.Calls(1))[0];
        await (await world.Inspector.Send(HttpMethod.Post, "/evaluations",
                body: new { formId = form, subject = new { kind = "chat", callId = spoken, text = "Hello" } }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "not-a-chat");

        var url = await World.Created(world.Inspector, "/evaluations",
            new { formId = form, subject = new { kind = "chat", callId = calls[0], text = "Hello, this is Ann." } });
        (await world.Inspector.Get<EvaluationDetails>(url)).Subject!.Text.Should().Be("Hello, this is Ann.");

        await api.App.Services.GetRequiredService<Marten.IDocumentStore>().EraseTexts([Guid.Parse(url[^36..])], CancellationToken.None);

        (await world.Inspector.Get<EvaluationDetails>(url)).Subject!.Text.Should().Be("");
    }

    [Fact]
    public async Task a_drawn_call_that_was_judged_before_keeps_its_evaluation()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var calls = await world.Calls(1);
        var url = await World.Created(world.Inspector, "/evaluations", new { callId = calls[0], formId = form });
        await Submit(world.Inspector, url, Samples.Perfect);
        var plan = await world.Plan(form);

        await world.Draw(plan);

        (await world.Supervisor.Get<Page<EvaluationSummary>>("/evaluations")).Items
            .Should().ContainSingle("one standard evaluation by a form");
        var drawn = await world.Supervisor.Get<JsonElement>($"{plan}/draws/2026-03-02");
        drawn.GetProperty("agents")[0].GetProperty("candidates")[0].GetProperty("evaluationId").GetString().Should().Be(url[^36..]);
        var scores = await world.Supervisor.Get<JsonElement>($"/quality-scores?planId={plan[^36..]}&from=2026-03-04&to=2026-03-04");
        scores.GetProperty("scores").GetProperty("plan").GetProperty("score").GetDecimal().Should().Be(100);
    }

    [Fact]
    public async Task who_judges_again_sees_nothing_of_what_others_say_until_theirs_is_submitted()
    {
        var world = await api.World();
        var (form, call) = (await world.ActiveForm(), (await world.Calls(1))[0]);
        var first = await World.Created(world.Inspector, "/evaluations", new { callId = call, formId = form });
        await Submit(world.Inspector, first, Samples.Perfect);
        var elsewhere = await World.Created(world.Inspector, "/evaluations", new { callId = (await world.Calls(1))[0], formId = form });
        await Submit(world.Inspector, elsewhere, Samples.Perfect);
        var other = api.As(await api.Employ(Guid.CreateVersion7(), world.Project), "inspector,supervisor", world.Project);
        (await other.Get<EvaluationDetails>(first)).Result!.Score.Should().Be(100);

        var second = await World.Created(other, "/evaluations", new { callId = call, formId = form, kind = "second" });

        foreach (var address in new[] { first, $"{first}/history", $"{first}/scores", $"{first}/versions/3" })
            await (await other.GetAsync(address)).ShouldBeProblem(HttpStatusCode.Conflict, "second-is-blind");
        foreach (var list in new[] { "/evaluations", $"/evaluations?formId={form}&status=submitted", "/evaluations/unacknowledged?days=0" })
            (await other.Get<Page<EvaluationSummary>>(list)).Items.Select(e => e.Id).Should().NotContain(Guid.Parse(first[^36..]))
                .And.Contain(Guid.Parse(elsewhere[^36..]));
        (await other.Get<List<AgentQuality>>("/agent-quality?from=2026-01-01&to=2026-12-31")).Single().Evaluations.Should().Be(1);
        (await world.Supervisor.Get<EvaluationDetails>(first)).Result!.Score.Should().Be(100, "nobody else is kept from it");
        (await world.Inspector.Get<EvaluationDetails>(first)).Result!.Score.Should().Be(100, "nor who made it");

        await Submit(other, second, Samples.Perfect);

        (await other.Get<EvaluationDetails>(first)).Result!.Score.Should().Be(100);
        (await other.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().HaveCount(3);
    }

    [Fact]
    public async Task what_is_no_call_is_judged_again_blindly_too_and_estimates_of_few_do_not_tell()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var subject = new { kind = "ticket", agentId = world.AgentId, system = "desk", reference = "T-8" };
        var first = await World.Created(world.Inspector, "/evaluations", new { formId = form, subject });
        await Submit(world.Inspector, first, Samples.Perfect);
        var call = (await world.Calls(1))[0];
        var plan = await world.Plan(form, perAgent: 1);
        var judged = await World.Created(world.Inspector, "/evaluations", new { callId = call, formId = form });
        await Submit(world.Inspector, judged, Samples.Perfect);
        await world.Draw(plan);
        var other = api.As(await api.Employ(Guid.CreateVersion7(), world.Project), "inspector", world.Project);
        (await Estimate()).GetDouble().Should().Be(100);

        await World.Created(other, "/evaluations", new { formId = form, subject, kind = "second" });
        await World.Created(other, "/evaluations", new { callId = call, formId = form, kind = "second" });

        await (await other.GetAsync(first)).ShouldBeProblem(HttpStatusCode.Conflict, "second-is-blind");
        await (await other.GetAsync(judged)).ShouldBeProblem(HttpStatusCode.Conflict, "second-is-blind");
        (await Estimate()).ValueKind.Should().Be(JsonValueKind.Null);

        async Task<JsonElement> Estimate() => (await other.Get<JsonElement>(
            $"/quality-scores?planId={plan[^36..]}&from=2026-03-04&to=2026-03-04")).GetProperty("scores").GetProperty("plan").GetProperty("score");
    }

    [Fact]
    public async Task severity_is_told_of_everyday_evaluations_and_calibrations_and_of_nobody_who_cannot_be_compared()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        Guid[] others = [await api.Employ(Guid.CreateVersion7(), world.Project), await api.Employ(Guid.CreateVersion7(), world.Project)];
        var (second, apart) = (api.As(others[0], "inspector", world.Project), api.As(others[1], "inspector", world.Project));
        var calls = await world.Calls(2);
        var poor = Samples.Perfect.ToDictionary(a => a.Key, a => a.Key == "greeting" ? new Answer(Choice: "p0") : a.Value);
        await Submit(world.Inspector, await World.Created(world.Inspector, "/evaluations", new { callId = calls[0], formId = form }), Samples.Perfect);
        await Submit(second, await World.Created(second, "/evaluations", new { callId = calls[1], formId = form }), poor);
        var colleague = await api.Employ(Guid.CreateVersion7(), world.Project);
        var theirs = (await world.Calls(1, colleague))[0];
        await Submit(apart, await World.Created(apart, "/evaluations", new { callId = theirs, formId = form }), Samples.Perfect);
        var address = $"/inspector-severity?projectId={world.Project}&formId={form}&from=2026-01-01&to=2026-12-31";

        var found = await world.Supervisor.Get<InspectorSeverityView>(address);

        found.Says.Should().StartWith("Not comparable across 2 components");
        var of = found.Inspectors.ToDictionary(inspector => inspector.InspectorId);
        (of[world.InspectorId].Component, of[others[0]].Component, of[others[1]].Component).Should().Be((1, 1, 2));
        of[world.InspectorId].Difference.Should().BePositive().And.Be(-of[others[0]].Difference);
        of[others[1]].Difference.Should().BeNull();
        await (await world.Agent.GetAsync(address)).ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await world.Stranger.GetAsync(address)).ShouldBeProblem(HttpStatusCode.NotFound);

        var calibration = await World.Created(world.Supervisor, "/calibrations", new
        {
            projectId = world.Project, formId = form, callIds = new[] { theirs },
            terms = new { title = "March", inspectors = new[] { world.InspectorId, others[1] }, closesAt = "2099-03-20T18:00:00Z" },
        });
        foreach (var (judge, answers) in new[] { (world.Inspector, Samples.Perfect), (apart, poor) })
            (await judge.Send(HttpMethod.Put, $"{calibration}/scores/{theirs}", body: new
            {
                formVersion = 1, answers = answers.Select(a => new { question = a.Key, answer = a.Value }),
            })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await world.Supervisor.Get<InspectorSeverityView>(address)).Inspectors.Max(i => i.Component).Should().Be(2, "it is open, and blind");
        await world.Supervisor.Send(HttpMethod.Post, $"{calibration}/closing", (await world.Supervisor.GetAsync(calibration)).Version());

        var connected = await world.Supervisor.Get<InspectorSeverityView>(address);
        connected.Inspectors.Should().HaveCount(3).And.OnlyContain(inspector => inspector.Component == 1 && inspector.Difference != null);
        connected.Inspectors.Single(i => i.InspectorId == others[1]).Together.Should().Be(1);
        (await world.Supervisor.Get<EvaluationDetails>((await world.Supervisor.Get<Page<EvaluationSummary>>("/evaluations"))
            .Items.Where(e => e.CallId == theirs).Select(e => $"/evaluations/{e.Id}").Single())).Result!.Score.Should().Be(100, "no score is changed");
    }

    private static async Task Submit(HttpClient who, string url, Dictionary<string, Answer> answers)
    {
        var answered = await who.Send(HttpMethod.Put, $"{url}/answers", 1,
            new { formVersion = 1, answers = answers.Select(a => new GivenAnswer(a.Key, a.Value, "As heard.")) });
        var submitted = await who.Send(HttpMethod.Post, $"{url}/submission", answered.Version());
        submitted.StatusCode.Should().Be(HttpStatusCode.NoContent, await submitted.Content.ReadAsStringAsync());
    }
}
