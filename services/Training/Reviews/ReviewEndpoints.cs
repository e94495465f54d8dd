using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Projects;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Training.Reviews.SessionReviewDecider;

namespace CallCenter.Training.Reviews;

/// <param name="Plan">What it was for and how it was to go; null where nobody said.</param>
/// <param name="Answers">How many have said how good it was.</param>
/// <param name="Average">Mean of their points, one decimal; null without any.</param>
/// <param name="Feedback">What each said: of an agent only their own.</param>
/// <param name="Conclusion">What came of it; null until somebody said so.</param>
public sealed record ReviewView(
    Guid SessionId, long Version, LessonPlan? Plan, int Answers, decimal? Average, IReadOnlyList<SessionFeedback> Feedback,
    Conclusion? Conclusion)
{
    internal static ReviewView Of(Guid sessionId, SessionReview? review, Caller caller)
    {
        var feedback = review?.Feedback ?? [];

        return new(sessionId, review?.Version ?? 0, review?.Plan, feedback.Length,
            feedback.Length > 0 ? Math.Round((decimal)feedback.Average(given => given.Points), 1, MidpointRounding.AwayFromZero) : null,
            [.. feedback.Where(given => !caller.SeesOnlyOwn || given.EmployeeId == caller.Id)], review?.Conclusion);
    }
}

internal static class ReviewEndpoints
{
    private const int LongestRange = 371;

    private static readonly LessonPlanRequest Plan = new(
        "Everybody greets in full", [new("Hear three calls", 20), new("Practise in pairs", 40)], ["Projector"], WholeTeam: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapReviews()
        {
            var review = routes.MapGroup("/training-sessions/{id:guid}").WithTags("Training sessions");

            review.MapGet("/review", Get).Describe("What a session was for, what those who attended say of it, and what came of it");
            review.MapHistory("/review", Seen, SessionReview.IdOf);
            review.MapPut("/lesson-plan", PlanOne).Describe("Say what a session is for and how it goes", Plan,
                ["session-held", "session-cancelled", "lesson-too-long", "name"]);
            review.MapPut("/feedback", Give).Describe("Say how good a session was that one attended, 1 to 5 points",
                new FeedbackRequest(4, "More practice, fewer slides."), ["session-not-held", "not-attended"]);
            review.MapPut("/conclusion", Conclude).Describe("Say what came of a session",
                new ConclusionRequest("All greet in full.", "Shorter, and in smaller groups."), ["session-not-held"]);
            routes.MapGet("/training-cadence", GetCadence)
                .WithTag("Training cadence", "Whether there is a team session in every week and month, and which are late.")
                .Describe("Team sessions week by week and month by month; weeks and months without one are named",
                    problems: ["range-out-of-order", "range-too-long", "unknown-project"]);
        }
    }

    /// <param name="What">What is done.</param>
    /// <param name="Minutes">How long.</param>
    public sealed record StepRequest([Required, VisibleText, MaxLength(500)] string What, [Range(1, 720)] int Minutes);

    /// <param name="Purpose">What is better afterwards.</param>
    /// <param name="Steps">What is done one after the other.</param>
    /// <param name="Equipment">What has to be in the room.</param>
    /// <param name="WholeTeam">Whether it is a session of a team, which the rules of one a week and one a month count.</param>
    public sealed record LessonPlanRequest(
        [Required, VisibleText, MaxLength(1000)] string Purpose, [MaxLength(50)] IReadOnlyList<StepRequest> Steps,
        [MaxLength(20)] IReadOnlyList<string> Equipment, bool WholeTeam);

    /// <param name="Points">1 to 5.</param>
    /// <param name="Comment">Why.</param>
    public sealed record FeedbackRequest(
        [Range(1, 5)] int Points, [property: FreeText] [VisibleText, MaxLength(1000)] string? Comment = null);

    /// <param name="Text">What came of it.</param>
    /// <param name="Next">What is done otherwise next time.</param>
    public sealed record ConclusionRequest(
        [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Text,
        [property: FreeText] [VisibleText, MaxLength(2000)] string? Next = null);

    private static async Task<WriteResult> PlanOne(
        Guid id, LessonPlanRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var plan = new LessonPlan(request.Purpose, [.. request.Steps.Select(step => new LessonStep(step.What, step.Minutes))],
            [.. request.Equipment.Select((thing, i) => Names.Require($"/equipment/{i}", thing))], request.WholeTeam);

        return await session.Say(id, caller, (training, state) => Decide(new PlanLesson(training, plan, caller.Id, caller.Now), state),
            cancellation);
    }

    private static Task<WriteResult> Give(
        Guid id, FeedbackRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        session.Say(id, caller,
            (training, state) => Decide(new GiveFeedback(training, request.Points, request.Comment, caller.Id, caller.Now), state),
            cancellation);

    private static Task<WriteResult> Conclude(
        Guid id, ConclusionRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        session.Say(id, caller,
            (training, state) => Decide(new ConcludeSession(training, request.Text, request.Next, caller.Id, caller.Now), state),
            cancellation);

    // Many say what they think at once, and none waits for another's version.
    private static async Task<WriteResult> Say(
        this IDocumentSession session, Guid id, Caller caller, Func<TrainingSession, SessionReview, object[]> decide,
        CancellationToken cancellation)
    {
        var training = await session.SessionOf(id, caller, cancellation);
        var review = SessionReview.IdOf(id);
        await session.Lock([review], cancellation);

        return new(await session.Start<SessionReview>(review, state => decide(training, state), cancellation));
    }

    private static async Task<Versioned<ReviewView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        await session.SessionOf(id, caller, cancellation);
        var review = await session.LoadAsync<SessionReview>(SessionReview.IdOf(id), cancellation);

        return new(ReviewView.Of(id, review, caller), review?.Version ?? 0, complete: false);
    }

    private static Task<TrainingSession> Seen(Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        session.SessionOf(id, caller, cancellation);

    private static async Task<Ok<Cadence>> GetCadence(
        Guid projectId, [Description("Any day of the first week and month")] DateOnly from,
        [Description("Any day of the last week and month")] DateOnly to, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        if (to < from)
            throw new InvalidException("to", "range-out-of-order", "The range ends before it begins.");
        if (to.DayNumber - from.DayNumber > LongestRange)
            throw new InvalidException("to", "range-too-long", $"A range has at most {LongestRange} days.");
        var project = await session.RequireProject("projectId", projectId, cancellation);
        var calendar = LocalCalendar.Of(project.Zone, project.WeekStartsOn);

        // A week or month that the range cuts is looked at whole.
        var (start, end) = (calendar.StartOf(from.AddDays(-31)), calendar.StartOf(to.AddDays(32)));
        var sessions = (await session.Query<TrainingSession>()
            .Where(s =>
                s.ProjectId == projectId && s.Status != SessionStatus.Cancelled && s.Plan.StartsAt >= start && s.Plan.StartsAt < end)
            .ToListAsync(cancellation)).ToDictionary(s => SessionReview.IdOf(s.Id));
        var reviews = await session.LoadManyAsync<SessionReview>(cancellation, [.. sessions.Keys]);

        return TypedResults.Ok(Cadence.Of(
            [
                .. reviews.Where(review => review.Plan is { WholeTeam: true }).Select(review => sessions[review.Id] is var s
                    ? new TeamSession(s.Id, s.Title, s.Plan.StartsAt, s.Status is SessionStatus.Held,
                        review.Conclusion is not null) : null!),
            ], calendar, from, to, caller.Now));
    }

    private static async Task<TrainingSession> SessionOf(
        this IQuerySession session, Guid id, Caller caller, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<TrainingSession>(id, cancellation), SessionViewEndpoints.Visible);
}
