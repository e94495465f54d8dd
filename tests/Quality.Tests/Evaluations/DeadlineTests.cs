using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Testing;
using CallCenter.Time;
using static CallCenter.Quality.Evaluations.EvaluationDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Evaluations;

/// <summary>Release, the instances of a dispute, and what time does to them.</summary>
public class DeadlineTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid Evaluator = Guid.CreateVersion7();
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Other = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Monday.AddDays(3);
    private static readonly DateTimeOffset Until = Monday.AddDays(8);
    private static readonly LocalCalendar Shanghai = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), DayOfWeek.Monday);

    [Fact]
    public void days_of_a_policy_end_with_a_local_day()
    {
        var policy = new EvaluationPolicy(Release.Later, ReleaseDays: 2, DecideDays: 5, AppealDays: 0);

        policy.ReleaseAt(Shanghai, Monday).Should().Be(new DateTimeOffset(2026, 3, 3, 16, 0, 0, TimeSpan.Zero));
        policy.DecideBy(Shanghai, Monday).Should().Be(new DateTimeOffset(2026, 3, 7, 16, 0, 0, TimeSpan.Zero));
        policy.EscalatedUntil(Shanghai, Monday).Should().Be(new DateTimeOffset(2026, 3, 9, 16, 0, 0, TimeSpan.Zero));
        policy.AppealableUntil(Shanghai, Monday).Should().BeNull();
        (new EvaluationPolicy().ReleaseAt(Shanghai, Monday), new EvaluationPolicy(Release.AfterReview).ReleaseAt(Shanghai, Monday))
            .Should().Be((Monday, null));
    }

    [Fact]
    public void a_held_score_counts_nowhere_and_is_nobodys_to_change()
    {
        var state = Fold([.. Answered, Held(Later)]);

        (state.Status, state.Score, state.Week, state.SubmittedAt).Should().Be((EvaluationStatus.Draft, null, null, null));
        EvaluationFact.Of(Id, 6, state).Should().Match<Contracts.Quality.EvaluationV1>(fact =>
            fact.Status == "draft" && fact.Score == null && fact.Sections.Count == 0 && fact.Questions == null);
        Given([.. Answered, Held(Later)])
            .When(s => Decide(new SubmitEvaluation(Evaluator, Shanghai, Later, new(Later)), s)).ThenRefused("evaluation-held");
        Given([.. Answered, Held(Later)]).When(s => Decide(new FreeEvaluation(Evaluator, Later), s)).ThenNothing();
    }

    [Fact]
    public void submitting_holds_what_is_to_be_released_later()
    {
        Given([.. Answered]).When(s => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday, new(Later)), s)).Then(Held(Later));
        Given([.. Answered]).When(s => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday, new(null)), s)).Then(Held(null));
        Given([.. Answered]).When(s => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday, new(Monday)), s)).Then(Submitted(Monday));
    }

    [Fact]
    public void the_time_to_dispute_begins_with_the_release()
    {
        Given([.. Answered, Held(Later)]).When(s => Decide(new ReleaseScore(Shanghai, Later.AddSeconds(-1)), s)).ThenNothing();
        Given([.. Answered, Held(null)]).When(s => Decide(new ReleaseScore(Shanghai, Later), s)).ThenNothing();
        Given([.. Answered, Held(Later)]).When(s => Decide(new ReleaseScore(Shanghai, Later), s)).Then(
            Submitted(Later) with { DisputableUntil = new(2026, 3, 12, 16, 0, 0, TimeSpan.Zero) });
        Given([.. Answered, Held(Later), Submitted(Later)]).When(s => Decide(new ReleaseScore(Shanghai, Later), s)).ThenNothing();
    }

    [Fact]
    public void somebody_else_reviews_what_is_held()
    {
        ReviewScore Review(Guid by, ReviewDecision decision) => new(by, decision, "Heard it", Shanghai, Later);
        EvaluationReviewed Reviewed(ReviewDecision decision) => new(decision, "Heard it", Other, Later);

        foreach (var involved in new[] { Evaluator, Agent })
            Given([.. Answered, Held(null)]).When(s => Decide(Review(involved, ReviewDecision.Submit), s)).ThenRefused("reviewer-involved");
        Given([.. Answered]).When(s => Decide(Review(Other, ReviewDecision.Submit), s)).ThenRefused("not-held");
        Given([.. Answered, Held(null)]).When(s => Decide(Review(Other, ReviewDecision.Submit), s)).Then(
            Reviewed(ReviewDecision.Submit), Submitted(Later) with { DisputableUntil = new(2026, 3, 12, 16, 0, 0, TimeSpan.Zero) });
        Given([.. Answered, Held(null)]).When(s => Decide(Review(Other, ReviewDecision.Return), s)).Then(Reviewed(ReviewDecision.Return));
        Given([.. Answered, Held(null), Reviewed(ReviewDecision.Return)])
            .When(s => Decide(new SubmitEvaluation(Evaluator, Shanghai, Later, new(null)), s)).Then(Held(null) with { At = Later });
    }

    [Fact]
    public void a_second_instance_is_asked_once_in_time_and_by_the_agent()
    {
        AppealDecision Appeal(Guid by, DateTimeOffset now) => new(by, "Not heard", Until, now);

        Given(Decided).When(s => Decide(Appeal(Agent, Monday), s)).Then(Appealed);
        Given(Decided).When(s => Decide(Appeal(Evaluator, Monday), s)).ThenRefused("not-your-evaluation");
        Given(Decided).When(s => Decide(Appeal(Agent, Until), s)).ThenRefused("appeal-window-closed");
        Given([.. Disputed]).When(s => Decide(Appeal(Agent, Monday), s)).ThenRefused("not-appealable");
        Given([.. Decided, new EvaluationAcknowledged(null, Agent, Monday)])
            .When(s => Decide(Appeal(Agent, Monday), s)).ThenRefused("not-appealable");
        Given([.. Disputed, Upheld(First) with { AppealableUntil = null }])
            .When(s => Decide(Appeal(Agent, Monday), s)).ThenRefused("not-appealable");
        Given([.. Decided, Appealed]).When(s => Decide(Appeal(Agent, Monday), s)).ThenRefused("already-appealed");
    }

    [Fact]
    public void the_second_instance_is_somebody_else_and_the_last()
    {
        Given([.. Decided, Appealed]).When(s => Decide(Resolve(First), s)).ThenRefused("resolver-involved");
        Given([.. Decided, Appealed]).When(s => Decide(Resolve(Evaluator), s)).ThenRefused("resolver-involved");
        Given([.. Decided, Appealed]).When(s => Decide(Resolve(Other), s)).Then(Upheld(Other) with { AppealableUntil = null });
        Fold([.. Decided, Appealed, Upheld(Other) with { AppealableUntil = null }]).Should().Match<Evaluation>(state =>
            state.Dispute!.DecidedBy == First && state.Appeal!.DecidedBy == Other && state.Status == EvaluationStatus.Resolved);
    }

    [Fact]
    public void what_is_not_decided_in_time_escalates_once_and_is_decided_above()
    {
        var escalated = new DisputeEscalated("Nobody has decided in time.", Until.AddDays(7), Guid.Empty, Until);

        Given([.. Disputed]).When(s => Decide(Pass(Until.AddSeconds(-1)), s)).ThenNothing();
        Given([.. Disputed]).When(s => Decide(Pass(Until), s)).Then(escalated);
        Given([.. Disputed, escalated]).When(s => Decide(Pass(Until), s)).ThenNothing();
        Given([.. Disputed, escalated]).When(s => Decide(Resolve(Other), s)).ThenRefused("dispute-escalated");
        Given([.. Disputed, escalated]).When(s => Decide(Resolve(Other) with { IsManager = true }, s)).Then(Upheld(Other));
        Given([.. Submission, new EvaluationDisputed("Wrong call", Agent, Monday)]) // of a version that knew no deadlines
            .When(s => Decide(Pass(Until.AddYears(1)), s)).ThenNothing();
    }

    [Theory]
    [InlineData(WithoutDecision.Uphold)]
    [InlineData(WithoutDecision.Void)]
    public void what_nobody_decides_ends_as_the_policy_says(WithoutDecision policy)
    {
        var (end, reason) = (Until.AddDays(7), "Nobody has decided: it is as the project's policy says.");
        object[] escalated = [.. Disputed, new DisputeEscalated("Nobody has decided in time.", end, Guid.Empty, Until)];

        Given(escalated).When(s => Decide(Pass(end) with { WithoutDecision = policy }, s)).Then(policy is WithoutDecision.Void
            ? new EvaluationVoided(reason, Guid.Empty, end)
            : Upheld(Guid.Empty) with { Reason = reason, At = end });
        Given([.. Decided, Appealed, new DisputeEscalated("Nobody has decided in time.", end, Guid.Empty, Until)])
            .When(s => Decide(Pass(end), s)).Then(Upheld(Guid.Empty) with { Reason = reason, At = end, AppealableUntil = null });
    }

    private static PassDeadline Pass(DateTimeOffset now) => new(Until.AddDays(7), Until, WithoutDecision.Uphold, now);

    private static ResolveDispute Resolve(Guid by) =>
        new(by, DisputeDecision.Uphold, "Heard it again", 1, [], Monday, AppealableUntil: Until);

    private static IEnumerable<object> Answered =>
    [
        new EvaluationStarted(Id, Id, Id, Agent, Evaluator, Id, 1, Inbound, Monday),
        .. Perfect.Select(a => (object)new QuestionAnswered(a.Key, a.Value, null, Evaluator, Monday)),
    ];

    private static IEnumerable<object> Submission => [.. Answered, Submitted(Monday)];

    private static IEnumerable<object> Disputed => [.. Submission, new EvaluationDisputed("Wrong call", Agent, Monday, Until)];

    private static object[] Decided => [.. Disputed, Upheld(First)];

    private static DisputeAppealed Appealed => new("Not heard", Until, Agent, Monday);

    private static EvaluationHeld Held(DateTimeOffset? releaseAt) =>
        new(Inbound.Score(Perfect), "quality-score/1", releaseAt, Evaluator, Monday);

    private static EvaluationSubmitted Submitted(DateTimeOffset at) => new(
        Inbound.Score(Perfect), "quality-score/1", new(2026, 3, 2), new(2026, 3, 9, 16, 0, 0, TimeSpan.Zero), Evaluator, at);

    private static DisputeResolved Upheld(Guid by) =>
        new(DisputeDecision.Uphold, "Heard it again", [], Inbound.Score(Perfect), "quality-score/1", by, Monday, Until);

    private static Evaluation Fold(IEnumerable<object> events) =>
        events.Aggregate(new Evaluation(), (state, e) => state.Evolve(e));

    private static Spec<Evaluation> Given(params object[] events) => new(new Evaluation(), (state, e) => state.Evolve(e), events);
}
