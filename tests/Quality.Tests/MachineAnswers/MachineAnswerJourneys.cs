using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Jobs;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.MachineAnswers;
using CallCenter.Quality.Scores;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Quality.Tests.MachineAnswers;

public sealed class MachineAnswerJourneys(QualityApi api)
{
    [Fact]
    public async Task what_a_judge_says_is_taken_contact_by_contact_and_once()
    {
        var (world, form, judge) = await Centre();
        var calls = await world.Calls(4);
        var elsewhere = await new World(api).Calls(1, project: Guid.CreateVersion7());
        var good = judge.Contact(calls[0], ScriptedJudge.Perfect);
        var partly = judge.Contact(calls[1], new() { ["greeting"] = Samples.Points(1) });

        var first = await judge.Say(
            good,
            judge.Contact(elsewhere[0], ScriptedJudge.Perfect),
            judge.Contact(calls[2], new() { ["greeting"] = new(Choice: "p9") }),
            judge.Contact(calls[2], new() { ["smell"] = Samples.Yes }),
            new
            {
                subject = new { kind = "call", callId = calls[2] }, formId = form, formVersion = 7, model = "m", modelVersion = "1",
                answers = Array.Empty<object>(),
            },
            new { subject = new { kind = "telegram", callId = calls[2] } },
            judge.Contact(calls[2], ScriptedJudge.Perfect, new { kind = "ticket", callId = calls[2] }),
            judge.Contact(calls[2], ScriptedJudge.Perfect, new { kind = "conversation", callId = calls[2] }),
            new
            {
                subject = new { kind = "call", callId = calls[2] }, formId = form, formVersion = 1, model = " ", modelVersion = "1",
                answers = new[]
                {
                    new { question = "polite", answer = new { yes = true }, confidence = 1.5, evidence = new[] { new { offsetMs = -1 } } },
                },
            },
            partly,
            good);

        (first.Stored, first.Known).Should().Be((2, 1), "what stands twice in a batch is one");
        first.Refused.Select(error => (error.Pointer, error.Code)).Should().Equal(
            ("/contacts/1/subject/callId", "unknown-call"), ("/contacts/2/answers", "answer-does-not-fit"),
            ("/contacts/3/answers", "unknown-question"), ("/contacts/4/formVersion", "unknown-form-version"),
            ("/contacts/5/subject/kind", "unreadable"), ("/contacts/6/subject", "not-a-contact"),
            ("/contacts/7/subject", "no-conversation"), ("/contacts/8/model", "text-length"),
            ("/contacts/8/answers/0/confidence", "confidence-out-of-range"), ("/contacts/8/answers/0/evidence", "evidence-without-place"));

        var again = await judge.Say(partly, good, judge.Contact(calls[0], new(ScriptedJudge.Perfect) { ["polite"] = Samples.No }));
        (again.Stored, again.Known).Should().Be((0, 2));
        again.Refused.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Pointer = "/contacts/2", Code = "answered-otherwise" });

        var anew = await judge.Say(judge.Contact(calls[0], new(ScriptedJudge.Perfect) { ["polite"] = Samples.No }));
        (anew.Stored, anew.Known, anew.Refused.Single().Code).Should().Be((0, 0, "answered-otherwise"), "also without the first beside it");

        var kept = (await world.Inspector.Answers(calls[0])).Should().ContainSingle().Subject;
        kept.Answers.ToDictionary(a => a.Question, a => a.Answer).Should().BeEquivalentTo(ScriptedJudge.Perfect);
        kept.Answers.Should().OnlyContain(a => a.Confidence == 0.9 && a.Evidence!.Single().OffsetMs == 1200);
        (kept.Model, kept.ModelVersion, kept.AgentId).Should().Be(("scripted", "1", world.AgentId));
        (await world.Stranger.Send(HttpMethod.Get, $"/machine-answers?callId={calls[0]}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await world.Stranger.Send(HttpMethod.Get, $"/machine-answers/{kept.Id}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_conversation_and_a_chat_are_contacts_too()
    {
        var (world, form, judge) = await Centre();
        var legs = await world.Calls(2, change: call => call with { ConversationId = "c-1", Source = "cti" });
        var chat = (await world.Calls(1, change: call => call with { Channel = "chat" }))[0];

        var said = await judge.Say(
            judge.Contact(legs[1], ScriptedJudge.Perfect, new { kind = "conversation", callId = legs[1] }),
            judge.Contact(legs[0], ScriptedJudge.Perfect, new { kind = "conversation", callId = legs[0] }),
            judge.Contact(chat, ScriptedJudge.Perfect, new { kind = "chat", callId = chat }),
            judge.Contact(legs[0], ScriptedJudge.Perfect, new { kind = "chat", callId = legs[0] }));

        (said.Stored, said.Known).Should().Be((2, 1), "whichever leg names it, a conversation is one");
        said.Refused.Should().ContainSingle().Which.Code.Should().Be("not-a-chat");
        foreach (var leg in legs)
            (await world.Inspector.Answers(leg)).Should().ContainSingle().Which.Calls.Should().BeEquivalentTo(legs);
        (await world.Inspector.Answers(chat)).Should().ContainSingle().Which.Kind.Should().Be(SubjectKind.Chat);

        var evaluation = await World.Created(
            world.Inspector, "/evaluations", new { formId = form, subject = new { kind = "conversation", callId = legs[0] } });
        var proposed = await Propose(world.Inspector, evaluation, 1, (await world.Inspector.Answers(legs[0])).Single().Id);
        proposed.StatusCode.Should().Be(HttpStatusCode.NoContent, await proposed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task without_a_person_it_is_in_no_figure_list_or_fact()
    {
        var (world, form, judge) = await Centre();
        var calls = await world.Calls(3);
        await judge.Say([.. calls.Select(call => judge.Contact(call, ScriptedJudge.Perfect))]);
        var plan = await world.Plan(form);
        await world.Draw(plan);

        (await world.Supervisor.Get<List<AgentQuality>>("/agent-quality?from=2026-01-01&to=2026-12-31")).Should().BeEmpty();
        (await world.Agent.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().BeEmpty();
        (await world.Supervisor.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().OnlyContain(e => e.Score == null);
        (await world.Supervisor.Get<QualityScoresView>(
            $"/quality-scores?planId={plan[^36..]}&from={World.Week:yyyy-MM-dd}&to={World.Week:yyyy-MM-dd}"))
            .Scores.Agents.Should().OnlyContain(agent => agent.Estimate.Evaluations == 0 && agent.Estimate.Score == null);
        api.AllPublished<EvaluationV1>().Should().NotContain(fact => fact.ProjectId == world.Project);
        var shown = await world.Supervisor.Get<JsonElement>($"/machine-answers?callId={calls[0]}");
        shown[0].TryGetProperty("score", out _).Should().BeFalse("what one contact would come to is nobody's score");
    }

    [Fact]
    public async Task an_inspector_confirms_or_changes_what_a_machine_proposed_and_the_agent_is_told_and_disputes()
    {
        var (world, form, judge) = await Centre();
        var call = (await world.Calls(1))[0];
        var said = await judge.Says(call, ScriptedJudge.Perfect);
        var other = await judge.Says((await world.Calls(1))[0], ScriptedJudge.Perfect);
        var evaluation = await World.Created(world.Inspector, "/evaluations", new { callId = call, formId = form });
        await (await Propose(world.Inspector, evaluation, 1, other)).ShouldBeProblem(HttpStatusCode.Conflict, "other-contact");
        await (await Propose(world.Stranger, evaluation, 1, said)).ShouldBeProblem(HttpStatusCode.NotFound);

        // Their own answer, given before they saw the machine's, is theirs.
        var own = await world.Answer(evaluation, 1, Samples.Answers(("interruptions", new(Number: 7))));
        var proposed = await Propose(world.Inspector, evaluation, own.Version(), said);
        (await Propose(world.Inspector, evaluation, proposed.Version(), said)).Version().Should()
            .Be(proposed.Version(), "it is proposed once");
        var draft = await world.Inspector.Get<EvaluationDetails>(evaluation);
        draft.Answers.Keys.Should().Equal("interruptions");
        draft.MachineProposals!.Keys.Should().BeEquivalentTo("greeting", "polite", "identity");
        draft.MachineProposals["greeting"].Should().BeEquivalentTo(new
        {
            Outcome = ProposalOutcome.Open,
            Proposal = new { Model = "scripted", ModelVersion = "1", Answer = Samples.Points(2), Confidence = 0.9 },
        });
        await (await world.Inspector.Send(HttpMethod.Post, $"{evaluation}/submission", proposed.Version()))
            .ShouldBeProblem(HttpStatusCode.Conflict, "answers-missing");

        var answered = await world.Answer(evaluation, proposed.Version(),
            Samples.Answers(("greeting", Samples.Points(2)), ("polite", Samples.Yes), ("identity", Samples.No)));
        var submitted = await world.Inspector.Send(HttpMethod.Post, $"{evaluation}/submission", answered.Version());
        submitted.StatusCode.Should().Be(HttpStatusCode.NoContent, await submitted.Content.ReadAsStringAsync());

        var told = await world.Agent.Get<EvaluationDetails>(evaluation);
        told.MachineProposals!.Select(p => (p.Key, p.Value.Outcome)).Should().BeEquivalentTo(
            [("greeting", ProposalOutcome.Confirmed), ("polite", ProposalOutcome.Confirmed), ("identity", ProposalOutcome.Changed)]);
        told.Result!.Score.Should().Be(40m, "the person's answers count: with identity compliance fails");

        var disputed = await world.Agent.Send(
            HttpMethod.Post, $"{evaluation}/dispute", submitted.Version(), new { reason = "The machine misheard." });
        disputed.StatusCode.Should().Be(HttpStatusCode.NoContent, await disputed.Content.ReadAsStringAsync());
        (await world.Supervisor.Get<EvaluationDetails>(evaluation)).Dispute!.MachineProposed
            .Should().BeEquivalentTo("greeting", "polite", "identity");
        var (plain, _) = await world.Disputed();
        (await world.Supervisor.Get<EvaluationDetails>(plain)).Dispute!.MachineProposed.Should().BeNull();
    }

    [Fact]
    public async Task what_was_drawn_by_lot_is_judged_blindly()
    {
        var (world, form, judge) = await Centre();
        var calls = await world.Calls(2);
        await judge.Say([.. calls.Select(call => judge.Contact(call, ScriptedJudge.Perfect))]);
        await world.Draw(await world.Plan(form, perAgent: 1));
        var next = await world.Inspector.Send(HttpMethod.Post, "/evaluations/next");
        var drawn = JsonSerializer.Deserialize<EvaluationDetails>(await next.Content.ReadAsStringAsync(), Http.Json)!;
        var said = (await world.Supervisor.Answers(drawn.CallId)).Single();

        await (await Propose(world.Inspector, $"/evaluations/{drawn.Id}", drawn.Version, said.Id))
            .ShouldBeProblem(HttpStatusCode.Conflict, "drawn-by-lot");
        foreach (var url in new[] { $"/machine-answers?callId={drawn.CallId}", $"/machine-answers/{said.Id}" })
            await (await world.Inspector.Send(HttpMethod.Get, url)).ShouldBeProblem(HttpStatusCode.Conflict, "judged-blind");
        (await world.Inspector.Answers(calls.Single(call => call != drawn.CallId))).Should().ContainSingle();

        var answered = await world.Answer($"/evaluations/{drawn.Id}", drawn.Version, Samples.Perfect);
        await world.Inspector.Send(HttpMethod.Post, $"/evaluations/{drawn.Id}/submission", answered.Version());
        (await world.Inspector.Answers(drawn.CallId)).Should().ContainSingle();
    }

    [Fact]
    public async Task agents_see_what_is_said_of_their_contacts_as_the_project_lets_them()
    {
        var (world, form, judge) = await Centre();
        var call = (await world.Calls(1))[0];
        var said = await judge.Says(call, ScriptedJudge.Perfect);
        var colleague = api.As(await api.Employ(Guid.CreateVersion7(), world.Project), "agent", world.Project);

        (await world.Agent.Answers(call)).Should().ContainSingle();
        (await colleague.Send(HttpMethod.Get, $"/machine-answers?callId={call}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await colleague.Send(HttpMethod.Get, $"/machine-answers/{said}")).StatusCode.Should().Be(HttpStatusCode.NotFound);

        await Policy("never", 0);
        await (await world.Agent.Send(HttpMethod.Get, $"/machine-answers?callId={call}"))
            .ShouldBeProblem(HttpStatusCode.Conflict, "not-shown-to-agents");
        await Policy("after-evaluation", 1);
        await (await world.Agent.Send(HttpMethod.Get, $"/machine-answers/{said}"))
            .ShouldBeProblem(HttpStatusCode.Conflict, "not-shown-to-agents");
        var evaluation = await World.Created(world.Inspector, "/evaluations", new { callId = call, formId = form });
        var answered = await world.Answer(evaluation, 1, Samples.Perfect);
        await world.Inspector.Send(HttpMethod.Post, $"{evaluation}/submission", answered.Version());
        (await world.Agent.Get<ContactAnswers>($"/machine-answers/{said}")).Answers.Should().HaveCount(4);

        async Task Policy(string agentsSee, long version)
        {
            var set = await api.As(Guid.CreateVersion7(), "project-manager", world.Project)
                .Send(HttpMethod.Put, $"/machine-answer-policies/{world.Project}", version, new { agentsSee });
            set.StatusCode.Should().Be(HttpStatusCode.NoContent, await set.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task what_is_said_goes_with_its_time_unless_it_is_held()
    {
        var (world, _, judge) = await Centre();
        var day = new DateOnly(2026, 3, 4); // of World.Calls
        await judge.Say([.. (await world.Calls(2)).Select(call => judge.Contact(call, ScriptedJudge.Perfect))]);
        var after = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);

        (await Sweep(29)).Should().Be(new Swept(0, 0));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), day, day))).Should().Be(new Swept(0, 2));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), null, null))).Should().Be(new Swept(0, 2));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), day.AddDays(1), null))).Should().Be(new Swept(2, 0));
        (await Sweep(40)).Should().Be(new Swept(0, 0), "it is done");

        Task<Swept> Sweep(int days, params LegalHold[] holds) =>
            Sweeping.Of<MachineAnswerRetention>(api, world.Project, after.AddDays(days), holds);
    }

    [Fact]
    public async Task where_it_was_found_goes_with_the_person_also_when_it_is_said_later()
    {
        var (world, form, judge) = await Centre();
        var calls = await world.Calls(3);
        await judge.Say(judge.Contact(calls[0], ScriptedJudge.Perfect), judge.Contact(calls[2], ScriptedJudge.Perfect));

        await api.Publish(new CustomerErasedV1(
            Guid.CreateVersion7(), 1, world.Project, [calls[0], calls[1]], Guid.CreateVersion7(), DateTimeOffset.UnixEpoch));
        await Eventually.True(async () => await Places(calls[0]) == 0, "the places to be forgotten");
        await judge.Say(judge.Contact(calls[1], ScriptedJudge.Perfect));
        var later = await new ScriptedJudge(api.As(Guid.CreateVersion7(), "integrator", world.Project), form, version: "2")
            .Say(judge.Contact(calls[0], ScriptedJudge.Perfect));

        later.Known.Should().Be(1, "what was forgotten of it makes it no other");
        (await Places(calls[1])).Should().Be(0);
        (await Places(calls[2])).Should().Be(4, "of others it stays");

        async Task<int> Places(Guid call) =>
            (await world.Supervisor.Answers(call)).Single().Answers.Count(answer => answer.Evidence is not null);
    }

    private async Task<(World World, Guid Form, ScriptedJudge Judge)> Centre()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        return (world, form, new ScriptedJudge(api.As(Guid.CreateVersion7(), "integrator", world.Project), form));
    }

    private static Task<HttpResponseMessage> Propose(HttpClient who, string evaluation, long version, Guid machineAnswersId) =>
        who.Send(HttpMethod.Post, $"{evaluation}/machine-proposals", version, new { machineAnswersId });
}
