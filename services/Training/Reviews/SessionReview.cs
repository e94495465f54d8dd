using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Sessions;

namespace CallCenter.Training.Reviews;

// ---- Values

/// <param name="Purpose">What is better afterwards.</param>
/// <param name="Steps">What is done one after the other.</param>
/// <param name="Equipment">What has to be in the room.</param>
/// <param name="WholeTeam">Whether it is a session of a team, which the rules of one a week and one a month count.</param>
public sealed record LessonPlan(string Purpose, ImmutableArray<LessonStep> Steps, ImmutableArray<string> Equipment, bool WholeTeam)
{
    public bool IsSameAs(LessonPlan other) => (Purpose, WholeTeam) == (other.Purpose, other.WholeTeam)
        && Steps.SequenceEqual(other.Steps) && Equipment.SequenceEqual(other.Equipment);
}

/// <param name="What">What is done.</param>
/// <param name="Minutes">How long.</param>
public sealed record LessonStep(string What, int Minutes);

/// <param name="Points">1 to 5.</param>
/// <param name="Comment">Why; null where they did not say.</param>
public sealed record SessionFeedback(Guid EmployeeId, int Points, string? Comment, DateTimeOffset At);

/// <param name="Text">What came of it.</param>
/// <param name="Next">What is done otherwise next time; null where nothing is.</param>
public sealed record Conclusion(string Text, string? Next, Guid By, DateTimeOffset At);

// ---- Events

public sealed record LessonPlanned(Guid ReviewId, Guid SessionId, Guid ProjectId, LessonPlan Plan, Guid By, DateTimeOffset At);

/// <summary>Who attended says how good it was; said again it counts in place of what was said before.</summary>
public sealed record FeedbackGiven(Guid ReviewId, Guid SessionId, Guid ProjectId, int Points, string? Comment, Guid By, DateTimeOffset At);

public sealed record SessionConcluded(Guid ReviewId, Guid SessionId, Guid ProjectId, string Text, string? Next, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record PlanLesson(TrainingSession Session, LessonPlan Plan, Guid By, DateTimeOffset Now);

public sealed record GiveFeedback(TrainingSession Session, int Points, string? Comment, Guid By, DateTimeOffset Now);

public sealed record ConcludeSession(TrainingSession Session, string Text, string? Next, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What a training session was for, what those who attended say of it, and what came of it.</summary>
public sealed record SessionReview
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid SessionId { get; init; }
    public Guid ProjectId { get; init; }
    public LessonPlan? Plan { get; init; }
    public ImmutableArray<SessionFeedback> Feedback { get; init; } = [];

    /// <summary>Null until somebody concluded it.</summary>
    public Conclusion? Conclusion { get; init; }

    public static Guid IdOf(Guid sessionId) => NameId.Of("session-review", sessionId);

    public SessionReview Evolve(object @event) => @event switch
    {
        LessonPlanned e => this with { Id = e.ReviewId, SessionId = e.SessionId, ProjectId = e.ProjectId, Plan = e.Plan },
        FeedbackGiven e => this with
        {
            Id = e.ReviewId, SessionId = e.SessionId, ProjectId = e.ProjectId,
            Feedback = [.. Feedback.Where(given => given.EmployeeId != e.By), new SessionFeedback(e.By, e.Points, e.Comment, e.At)],
        },
        SessionConcluded e => this with
        {
            Id = e.ReviewId, SessionId = e.SessionId, ProjectId = e.ProjectId, Conclusion = new(e.Text, e.Next, e.By, e.At),
        },
        _ => this,
    };
}

// ---- Decisions

public static class SessionReviewDecider
{
    public static object[] Decide(PlanLesson command, SessionReview state)
    {
        if (command.Session.Status is not SessionStatus.Planned)
            throw new RefusedException(
                command.Session.Status is SessionStatus.Held ? "session-held" : "session-cancelled", "The session is no longer planned.");
        if (command.Plan.Steps.Sum(step => step.Minutes) > command.Session.Plan.Minutes())
            throw new InvalidException("/steps", "lesson-too-long", $"The session lasts {command.Session.Plan.Minutes()} minutes.");

        return state.Plan is { } plan && command.Plan.IsSameAs(plan)
            ? []
            : [new LessonPlanned(Id(command.Session), command.Session.Id, command.Session.ProjectId, command.Plan, command.By,
                command.Now)];
    }

    public static object[] Decide(GiveFeedback command, SessionReview state)
    {
        EnsureHeld(command.Session);
        if (!command.Session.Register.Any(row => row.EmployeeId == command.By && row.Attended))
            throw new RefusedException("not-attended", "Who was not there says nothing of it.");

        return state.Feedback.Any(given => (given.EmployeeId, given.Points, given.Comment) == (command.By, command.Points, command.Comment))
            ? []
            :
            [
                new FeedbackGiven(Id(command.Session), command.Session.Id, command.Session.ProjectId, command.Points, command.Comment,
                    command.By, command.Now),
            ];
    }

    public static object[] Decide(ConcludeSession command, SessionReview state)
    {
        EnsureHeld(command.Session);

        return state.Conclusion is { } before && (before.Text, before.Next) == (command.Text, command.Next)
            ? []
            :
            [
                new SessionConcluded(Id(command.Session), command.Session.Id, command.Session.ProjectId, command.Text, command.Next,
                    command.By, command.Now),
            ];
    }

    private static Guid Id(TrainingSession session) => SessionReview.IdOf(session.Id);

    private static void EnsureHeld(TrainingSession session)
    {
        if (session.Status is not SessionStatus.Held)
            throw new RefusedException("session-not-held", "Nothing is said of a session before its register is taken.");
    }
}
