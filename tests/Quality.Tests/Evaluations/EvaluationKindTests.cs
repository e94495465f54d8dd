using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Testing;
using static CallCenter.Quality.Evaluations.EvaluationDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Evaluations;

public class EvaluationKindTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid Evaluator = Guid.CreateVersion7();
    private static readonly Guid Other = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly EvaluationForm ActiveForm = new()
    {
        Id = Guid.CreateVersion7(), ProjectId = Guid.CreateVersion7(), Active = Inbound, ActiveVersion = 1,
    };

    private static readonly Subject Ticket = new(SubjectKind.Ticket, Guid.CreateVersion7(), [], System: "desk", Reference: "T-7");
    private static readonly EvaluationSummary Standard = new() { Id = Guid.CreateVersion7(), EvaluatorId = Other, SubmittedAt = Monday };

    [Theory]
    [InlineData(EvaluationKind.Standard, true, false, null)]
    [InlineData(EvaluationKind.Standard, false, false, "kind-for-inspectors")]
    [InlineData(EvaluationKind.Standard, true, true, "self-evaluation")]
    [InlineData(EvaluationKind.Second, false, false, "kind-for-inspectors")]
    [InlineData(EvaluationKind.Practice, true, false, null)]
    [InlineData(EvaluationKind.Practice, false, false, "kind-for-inspectors")]
    [InlineData(EvaluationKind.Practice, true, true, "self-evaluation")]
    [InlineData(EvaluationKind.Peer, false, false, null)]
    [InlineData(EvaluationKind.Peer, false, true, "self-evaluation")]
    [InlineData(EvaluationKind.Self, false, true, null)]
    [InlineData(EvaluationKind.Self, true, false, "not-their-own")]
    public void who_makes_which_kind(EvaluationKind kind, bool isInspector, bool own, string? refusal)
    {
        var decision = Given().When(state => Decide(Open(kind, own ? Agent : Evaluator, isInspector), state));

        if (refusal is null)
            decision.Then(Opened(kind, own ? Agent : Evaluator));
        else
            decision.ThenRefused(refusal);
    }

    [Fact]
    public void a_second_one_stands_beside_a_submitted_one_of_somebody_else()
    {
        var command = Open(EvaluationKind.Second, Evaluator, isInspector: true);

        Given().When(state => Decide(command, state)).ThenRefused("nothing-to-judge-again");
        Given().When(state => Decide(command with { Standard = Standard with { SubmittedAt = null } }, state))
            .ThenRefused("nothing-to-judge-again");
        Given().When(state => Decide(command with { Standard = Standard with { EvaluatorId = Evaluator } }, state))
            .ThenRefused("same-evaluator");
        Given().When(state => Decide(command with { Standard = Standard }, state))
            .Then(Opened(EvaluationKind.Second, Evaluator) with { SecondOf = Standard.Id });
    }

    [Theory]
    [InlineData(EvaluationKind.Standard)]
    [InlineData(EvaluationKind.Second)]
    [InlineData(EvaluationKind.Self)]
    [InlineData(EvaluationKind.Peer)]
    [InlineData(EvaluationKind.Practice)]
    public void only_a_standard_one_counts_in_a_week_and_is_told(EvaluationKind kind)
    {
        var state = Fold(Opened(kind, Evaluator), [.. AllAnswered, Submitted]);

        (state.Score, state.Week, EvaluationFact.Of(Id, 6, state)?.Subject).Should().Be(kind is EvaluationKind.Standard
            ? (100m, new DateOnly(2026, 3, 2), new Contracts.Quality.EvaluationSubject("ticket", Ticket.Id))
            : (100m, null, null));
    }

    [Fact]
    public void what_does_not_count_is_neither_acknowledged_nor_disputed_nor_given_to_another()
    {
        object[] draft = [Opened(EvaluationKind.Peer, Evaluator)];
        object[] submitted = [.. draft, .. AllAnswered, Submitted];

        Given(submitted).When(state => Decide(new AcknowledgeEvaluation(Agent, null, Monday), state)).ThenRefused("not-acknowledgeable");
        Given(submitted).When(state => Decide(new DisputeEvaluation(Agent, "No", Monday), state)).ThenRefused("not-disputable");
        Given(draft).When(state => Decide(new ReleaseEvaluation(Evaluator, "No time", Monday), state)).ThenRefused("nobody-elses");
        Given(draft).When(state => Decide(new FreeEvaluation(Evaluator, Monday), state)).ThenNothing();
    }

    [Fact]
    public void a_standard_one_of_a_ticket_may_be_given_back_and_keeps_what_it_is_of()
    {
        var state = Fold(Opened(EvaluationKind.Standard, Evaluator), [new EvaluationReleased("No time", Evaluator, Monday)]);

        var taken = (EvaluationStarted)Decide(new TakeEvaluation(ActiveForm, Other, Monday), state).Single();

        state.Evolve(taken).Should().Match<Evaluation>(now =>
            now.Subject == Ticket && now.EvaluatorId == Other && now.SubjectId == Ticket.Id);
    }

    [Theory]
    [InlineData(SubjectKind.Chat, "/subject/text", "subject-incomplete")]
    [InlineData(SubjectKind.Ticket, "/subject/callId", "subject-overfull")]
    [InlineData(SubjectKind.LiveObservation, "/subject/agentId", "subject-incomplete")]
    public void a_subject_says_what_its_kind_asks_for(SubjectKind kind, string pointer, string code)
    {
        var check = () => new SubjectRequest(kind, CallId: Id).Check(Monday);

        check.Should().Throw<InvalidException>().Which.Errors.Should().Contain(error => error.Pointer == pointer && error.Code == code);
    }

    [Fact]
    public void what_is_to_come_is_not_observed_yet()
    {
        var check = () => new SubjectRequest(SubjectKind.LiveObservation, AgentId: Agent, ObservedAt: Monday.AddHours(1)).Check(Monday);

        check.Should().Throw<InvalidException>().Which.Errors.Should().ContainSingle().Which.Code.Should().Be("in-the-future");
    }

    private static OpenEvaluation Open(EvaluationKind kind, Guid by, bool isInspector) =>
        new(Id, kind, Ticket, Agent, ActiveForm, by, isInspector, null, Monday);

    private static EvaluationOpened Opened(EvaluationKind kind, Guid by) =>
        new(Id, ActiveForm.ProjectId, kind, Ticket, Agent, by, ActiveForm.Id, 1, Inbound, null, Monday);

    private static IEnumerable<object> AllAnswered =>
        Perfect.Select(a => (object)new QuestionAnswered(a.Key, a.Value, null, Evaluator, Monday));

    private static EvaluationSubmitted Submitted => new(
        Inbound.Score(Perfect), "quality-score/1", new(2026, 3, 2), new(2026, 3, 9, 16, 0, 0, TimeSpan.Zero), Evaluator, Monday);

    private static Evaluation Fold(object first, IEnumerable<object> more) =>
        more.Prepend(first).Aggregate(new Evaluation(), (state, e) => state.Evolve(e));

    private static Spec<Evaluation> Given(params object[] events) => new(new Evaluation(), (state, e) => state.Evolve(e), events);
}
