using CallCenter.Contracts.Calls;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Time;
using static CallCenter.Quality.Evaluations.EvaluationDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Evaluations;

public class EvaluationTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid FormId = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid Evaluator = Guid.CreateVersion7();
    private static readonly Guid Supervisor = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly LocalCalendar Shanghai = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), DayOfWeek.Monday);

    [Fact]
    public void starting_copies_the_active_form_into_the_evaluation() =>
        Given()
            .When(state => Decide(new StartEvaluation(Id, Call, ActiveForm, Evaluator, Monday), state))
            .Then(Started);

    [Fact]
    public void starting_twice_changes_nothing() =>
        Given(Started)
            .When(state => Decide(new StartEvaluation(Id, Call, ActiveForm, Evaluator, Monday), state))
            .ThenNothing();

    [Fact]
    public void nobody_evaluates_their_own_call() =>
        Given()
            .When(state => Decide(new StartEvaluation(Id, Call, ActiveForm, Agent, Monday), state))
            .ThenRefused("self-evaluation");

    [Fact]
    public void what_a_machine_says_is_proposed_where_nobody_has_answered() =>
        Given(Started, Answered("greeting", Points(1)))
            .When(state => Decide(Propose(("greeting", Points(2)), ("polite", Yes)), state))
            .Then(new AnswersProposed(MachineAnswers, "judge", "1", [new("polite", Yes)], Evaluator, Monday));

    [Fact]
    public void what_was_proposed_is_not_proposed_again() =>
        Given(Started, new AnswersProposed(MachineAnswers, "judge", "1", [new("polite", Yes)], Evaluator, Monday))
            .When(state => Decide(Propose(("polite", No)), state))
            .ThenNothing();

    [Fact]
    public void what_was_drawn_by_lot_is_judged_by_a_person_alone() =>
        Given(Planned(null), Started)
            .When(state => Decide(Propose(("polite", Yes)), state))
            .ThenRefused("drawn-by-lot");

    [Fact]
    public void what_was_said_by_another_version_of_the_form_is_not_proposed() =>
        Given(Started)
            .When(state => Decide(Propose(("polite", Yes)) with { FormVersion = 2 }, state))
            .ThenRefused("other-form-version");

    [Fact]
    public void what_is_only_proposed_is_not_answered() =>
        Given(Started, new AnswersProposed(
                MachineAnswers, "judge", "1", [.. Perfect.Select(said => new MachineAnswer(said.Key, said.Value))], Evaluator, Monday))
            .When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .ThenRefused("answers-missing");

    [Fact]
    public void proposals_go_with_the_draft_that_is_given_back() =>
        Given(Started, new AnswersProposed(MachineAnswers, "judge", "1", [new("polite", Yes)], Evaluator, Monday),
                new EvaluationReleased("Of another call.", Evaluator, Monday), Started)
            .When(state => Decide(Propose(("polite", Yes)), state))
            .Then(new AnswersProposed(MachineAnswers, "judge", "1", [new("polite", Yes)], Evaluator, Monday));

    private static readonly Guid MachineAnswers = Guid.CreateVersion7();

    private static ProposeAnswers Propose(params (string Question, Answer Answer)[] said) => new(
        Evaluator, MachineAnswers, "judge", "1", FormId, 1, [.. said.Select(one => new MachineAnswer(one.Question, one.Answer))], Monday);

    [Fact]
    public void nobody_takes_their_own_call_from_the_queue() =>
        Given(Planned(null))
            .When(state => Decide(new TakeEvaluation(ActiveForm, Agent, Monday), state))
            .ThenRefused("self-evaluation");

    [Fact]
    public void nobody_is_assigned_their_own_call() =>
        Given(Planned(null))
            .When(state => Decide(new AssignEvaluation(Agent, Supervisor, Monday), state))
            .ThenRefused("self-evaluation");

    [Fact]
    public void a_call_nobody_answered_cannot_be_evaluated() =>
        Given()
            .When(state => Decide(new StartEvaluation(Id, Call with { AgentId = null }, ActiveForm, Evaluator, Monday), state))
            .ThenRefused("call-without-agent");

    [Fact]
    public void a_call_is_judged_by_a_form_of_its_own_project() =>
        Given()
            .When(state =>
                Decide(new StartEvaluation(Id, Call with { ProjectId = Guid.CreateVersion7() }, ActiveForm, Evaluator, Monday), state))
            .ThenRefused("form-of-other-project");

    [Fact]
    public void a_drawn_call_is_taken_once() =>
        Given(Planned(null), Started)
            .When(state => Decide(new TakeEvaluation(ActiveForm, Supervisor, Monday), state))
            .ThenRefused("already-taken");

    [Fact]
    public void what_is_assigned_is_not_taken_by_another() =>
        Given(Planned(Supervisor))
            .When(state => Decide(new TakeEvaluation(ActiveForm, Evaluator, Monday), state))
            .ThenRefused("already-taken");

    [Fact]
    public void what_was_given_back_may_be_taken_with_a_clean_sheet()
    {
        var state = Given(Planned(Evaluator), Started, Answered("greeting", Points(2)),
            new EvaluationReleased("Noise only", Evaluator, Monday));

        state.When(s => Decide(new TakeEvaluation(ActiveForm, Supervisor, Monday), s)).Then(Started with { EvaluatorId = Supervisor });
        state.When(s => s.Answers.IsEmpty ? [] : [s]).ThenNothing();
    }

    [Fact]
    public void an_answer_already_given_changes_nothing() =>
        Given(Started, Answered("greeting", Points(1)))
            .When(state => Decide(Answer(1, ("greeting", Points(1)), ("identity", Yes)), state))
            .Then(Answered("identity", Yes));

    [Fact]
    public void answers_are_to_the_version_the_evaluation_was_made_with() =>
        Given(Started)
            .When(state => Decide(Answer(2, ("greeting", Points(1))), state))
            .ThenRefused("other-form-version");

    [Theory]
    [InlineData("nothing", "p1", null, null, false, "unknown-question")]
    [InlineData("greeting", "p3", null, null, false, "answer-does-not-fit")]
    [InlineData("greeting", null, true, null, false, "answer-does-not-fit")]
    [InlineData("polite", "yes", null, null, false, "answer-does-not-fit")]
    [InlineData("interruptions", null, null, 11, false, "answer-does-not-fit")]
    [InlineData("interruptions", null, null, -1, false, "answer-does-not-fit")]
    [InlineData("mandatory", null, null, null, true, "answer-does-not-fit")]
    public void an_answer_fits_its_question(string question, string? choice, bool? yes, int? number, bool na, string refusal) =>
        Given(Started with { Form = Form(Weighting.Questions,
            [.. Inbound.Sections, Section("more", null, YesNo("mandatory", 0) with { NotApplicable = false })]) })
            .When(state => Decide(Answer(1, (question, new(choice, yes, number, na))), state))
            .ThenRefused(refusal);

    [Fact]
    public void only_the_evaluator_works_on_a_draft() =>
        Given(Started)
            .When(state => Decide(Answer(1, ("greeting", Points(1))) with { EvaluatorId = Supervisor }, state))
            .ThenRefused("not-your-evaluation");

    [Fact]
    public void submitting_waits_for_every_answer() =>
        Given(Started, Answered("greeting", Points(2)))
            .When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .ThenRefused("answers-missing");

    [Fact]
    public void points_lost_where_it_matters_need_a_comment() =>
        Given([Started, .. AllAnswered, Answered("polite", No)])
            .When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .ThenRefused("comment-missing");

    [Fact]
    public void submitting_scores_and_opens_the_dispute_window_until_the_end_of_a_local_day() =>
        Given([Started, .. AllAnswered])
            .When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .Then(Submitted);

    [Theory]
    [InlineData("2026-03-09T15:59:59Z", null)]
    [InlineData("2026-03-09T16:00:00Z", "dispute-window-closed")]
    public void the_window_closes_by_the_clock_of_the_project(string now, string? refusal)
    {
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        var decision = Given([Started, .. AllAnswered, Submitted])
            .When(state => Decide(new DisputeEvaluation(Agent, "Wrong call", at), state));

        if (refusal is null)
            decision.Then(new EvaluationDisputed("Wrong call", Agent, at));
        else
            decision.ThenRefused(refusal);
    }

    [Fact]
    public void a_form_may_leave_no_time_to_dispute() =>
        Given([Started with { Form = Inbound with { DisputeDays = 0 } }, .. AllAnswered])
            .When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .Then(Submitted with { DisputableUntil = Monday });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void an_evaluation_is_disputed_once(bool resolved) =>
        Given([Started, .. AllAnswered, Submitted, Disputed, .. resolved ? new object[] { Upheld } : []])
            .When(state => Decide(new DisputeEvaluation(Agent, "Again", Monday), state))
            .ThenRefused("already-disputed");

    [Fact]
    public void who_has_acknowledged_does_not_dispute() =>
        Given([Started, .. AllAnswered, Submitted, new EvaluationAcknowledged(null, Agent, Monday)])
            .When(state => Decide(new DisputeEvaluation(Agent, "After all", Monday), state))
            .ThenRefused("not-disputable");

    [Fact]
    public void only_the_evaluated_agent_responds()
    {
        var submitted = Given([Started, .. AllAnswered, Submitted]);

        submitted.When(state => Decide(new DisputeEvaluation(Evaluator, "Too harsh", Monday), state)).ThenRefused("not-your-evaluation");
        submitted.When(state => Decide(new AcknowledgeEvaluation(Supervisor, null, Monday), state)).ThenRefused("not-your-evaluation");
    }

    [Fact]
    public void acknowledging_twice_changes_nothing() =>
        Given([Started, .. AllAnswered, Submitted, new EvaluationAcknowledged(null, Agent, Monday)])
            .When(state => Decide(new AcknowledgeEvaluation(Agent, "Read", Monday), state))
            .ThenNothing();

    [Fact]
    public void an_open_dispute_cannot_be_acknowledged_away() =>
        Given([Started, .. AllAnswered, Submitted, Disputed])
            .When(state => Decide(new AcknowledgeEvaluation(Agent, null, Monday), state))
            .ThenRefused("not-acknowledgeable");

    [Fact]
    public void neither_evaluator_nor_agent_resolves_the_dispute()
    {
        foreach (var involved in new[] { Evaluator, Agent })
            Given([Started, .. AllAnswered, Submitted, Disputed])
                .When(state => Decide(Resolve(DisputeDecision.Uphold) with { ResolverId = involved }, state))
                .ThenRefused("resolver-involved");
    }

    [Fact]
    public void upholding_keeps_the_result() =>
        Given([Started, .. AllAnswered, Submitted, Disputed])
            .When(state => Decide(Resolve(DisputeDecision.Uphold), state))
            .Then(Upheld);

    [Fact]
    public void changing_scores_again_with_the_new_answers() =>
        Given([Started, .. AllAnswered, Submitted, Disputed])
            .When(state => Decide(Resolve(DisputeDecision.Change, new GivenAnswer("greeting", Points(1))), state))
            .Then(Upheld with
            {
                Decision = DisputeDecision.Change,
                Answers = [new("greeting", Points(1))],
                Result = Inbound.Score(new Dictionary<string, Answer>(Perfect) { ["greeting"] = Points(1) }),
            });

    [Fact]
    public void a_dispute_is_resolved_once() =>
        Given([Started, .. AllAnswered, Submitted, Disputed, Upheld])
            .When(state => Decide(Resolve(DisputeDecision.Change, new GivenAnswer("greeting", Points(1))), state))
            .ThenRefused("not-disputed");

    [Fact]
    public void its_evaluator_corrects_what_was_mistyped_and_the_agent_may_answer_anew() =>
        Given([Started, .. AllAnswered, Submitted])
            .When(state => Decide(Correct(Evaluator, lead: false, new GivenAnswer("greeting", Points(1))), state))
            .Then(Corrected(Evaluator));

    [Fact]
    public void what_is_answered_as_it_was_corrects_nothing() =>
        Given([Started, .. AllAnswered, Submitted])
            .When(state => Decide(Correct(Evaluator, lead: false, new GivenAnswer("greeting", Perfect["greeting"])), state))
            .ThenNothing();

    [Fact]
    public void once_the_agent_has_answered_a_supervisor_corrects_it()
    {
        object[] acknowledged = [Started, .. AllAnswered, Submitted, new EvaluationAcknowledged(null, Agent, Monday)];
        var anew = new GivenAnswer("greeting", Points(1));

        Given(acknowledged).When(state => Decide(Correct(Evaluator, lead: false, anew), state)).ThenRefused("answered-by-agent");
        Given(acknowledged).When(state => Decide(Correct(Supervisor, lead: false, anew), state)).ThenRefused("not-your-evaluation");
        Given(acknowledged).When(state => Decide(Correct(Supervisor, lead: true, anew), state)).Then(Corrected(Supervisor));
        Given(acknowledged).When(state => Decide(Correct(Agent, lead: true, anew), state)).ThenRefused("self-evaluation");
        Given([.. acknowledged, Corrected(Supervisor)])
            .When(state => Decide(Correct(Evaluator, lead: false, new GivenAnswer("greeting", Points(2))), state)).ThenRefused("answered-by-agent");
        Given([Started, .. AllAnswered, Submitted, Corrected(Supervisor)])
            .When(state => Decide(new VoidEvaluation(Evaluator, IsLead: false, "x", Monday), state)).ThenRefused("answered-by-agent");
    }

    [Fact]
    public void what_is_a_draft_disputed_or_voided_is_not_corrected()
    {
        var correct = Correct(Supervisor, lead: true, new GivenAnswer("greeting", Points(1)));

        Given([Started, .. AllAnswered]).When(state => Decide(correct, state)).ThenRefused("not-submitted");
        Given([Started, .. AllAnswered, Submitted, Disputed]).When(state => Decide(correct, state)).ThenRefused("dispute-open");
        Given([Started, .. AllAnswered, Submitted, Voided]).When(state => Decide(correct, state)).ThenRefused("evaluation-voided");
        Given([Started, .. AllAnswered, Submitted, Voided])
            .When(state => Decide(new AcknowledgeEvaluation(Agent, null, Monday), state)).ThenRefused("not-acknowledgeable");
    }

    [Fact]
    public void a_corrected_score_is_what_it_is_now_and_the_old_one_stays_to_be_read()
    {
        var corrected = Corrected(Evaluator);
        object[] events = [Started, .. AllAnswered, Submitted, new EvaluationAcknowledged("Fine", Agent, Monday), corrected];

        var state = events.Aggregate(new Evaluation(), (now, e) => now.Evolve(e));

        (state.Score, state.Status, state.Acknowledgement).Should().Be((corrected.Result.Score, EvaluationStatus.Submitted, null));
        state.Corrections.Should().ContainSingle().Which.Should().Be(
            new CorrectionView("Mistyped", 100, corrected.Result.Score, Evaluator, Monday));
    }

    [Fact]
    public void what_is_voided_counts_in_no_week_and_others_hear_no_score()
    {
        object[] events = [Started, .. AllAnswered, Submitted, Voided];

        var state = events.Aggregate(new Evaluation(), (now, e) => now.Evolve(e));

        (state.Status, state.Week, state.Score, state.Passed).Should().Be((EvaluationStatus.Voided, null, null, null));
        state.Voiding.Should().Be(new VoidingView("Another call", 100, Supervisor, Monday));
        EvaluationFact.Of(Id, 7, state).Should().Match<CallCenter.Contracts.Quality.EvaluationV1>(fact =>
            fact.Status == "voided" && fact.Score == null && fact.Passed == null && fact.Sections.Count == 0 && fact.Questions == null);
    }

    private static EvaluationCorrected Corrected(Guid by) => new(
        "Mistyped", [new("greeting", Points(1))], Inbound.Score(new Dictionary<string, Answer>(Perfect) { ["greeting"] = Points(1) }),
        "quality-score/1", new(2026, 3, 9, 16, 0, 0, TimeSpan.Zero), by, Monday);

    private static EvaluationVoided Voided => new("Another call", Supervisor, Monday);

    private static CorrectEvaluation Correct(Guid by, bool lead, params GivenAnswer[] answers) =>
        new(by, lead, "Mistyped", 1, answers, Shanghai, Monday);

    private static CallV1 Call => new(
        Id, 1, Project, "billing", "inbound", "voice", Monday, Monday, Monday, Monday.AddMinutes(3), 180, 0, 0, "answered", Agent, null,
        null, null);

    private static EvaluationForm ActiveForm => new() { Id = FormId, ProjectId = Project, Active = Inbound, ActiveVersion = 1 };

    private static EvaluationPlanned Planned(Guid? inspector) =>
        new(Id, Project, Id, Agent, FormId, Guid.Empty, new(2026, 2, 23), inspector, Monday);

    private static EvaluationStarted Started => new(Id, Project, Id, Agent, Evaluator, FormId, 1, Inbound, Monday);

    private static IEnumerable<object> AllAnswered => Perfect.Select(a => (object)Answered(a.Key, a.Value));

    // Monday 17:00 in Shanghai; seven whole days later it is Tuesday 00:00 there.
    private static EvaluationSubmitted Submitted => new(
        Inbound.Score(Perfect), "quality-score/1", new(2026, 3, 2), new(2026, 3, 9, 16, 0, 0, TimeSpan.Zero), Evaluator, Monday);

    private static EvaluationDisputed Disputed => new("Wrong call", Agent, Monday);

    private static DisputeResolved Upheld =>
        new(DisputeDecision.Uphold, "Heard it again", [], Inbound.Score(Perfect), "quality-score/1", Supervisor, Monday);

    private static ResolveDispute Resolve(DisputeDecision decision, params GivenAnswer[] answers) =>
        new(Supervisor, decision, "Heard it again", 1, answers, Monday);

    private static QuestionAnswered Answered(string question, Answer answer) => new(question, answer, null, Evaluator, Monday);

    private static AnswerQuestions Answer(int version, params (string Question, Answer Answer)[] answers) =>
        new(Evaluator, version, [.. answers.Select(a => new GivenAnswer(a.Question, a.Answer))], Monday);

    private static Spec<Evaluation> Given(params object[] events) => new(new Evaluation(), (state, e) => state.Evolve(e), events);
}
