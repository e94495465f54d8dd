using CallCenter.EventSourcing;

namespace CallCenter.Training.Needs;

// ---- Values

/// <summary>Why somebody is to attend a course, other than by what was found in their work.</summary>
public enum CourseNeedCause { ExamFailed, CertificateEnds, ModuleDue }

/// <summary>What exams, certificates and learning paths say that somebody is to attend.</summary>
/// <param name="NeedId">The same for the same row of failures, end of a certificate, or module of a path: whenever and however often it
/// is read.</param>
/// <param name="Cause">exam-failed, certificate-ends or module-due.</param>
/// <param name="About">Address of the exam or learning path.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Day">Local day of the newest failure, last valid day of the certificate, or last day of the module.</param>
/// <param name="Since">A course attended from then on answers it; null where that is when it was first seen.</param>
public sealed record CourseCause(
    Guid NeedId, Guid EmployeeId, Guid CourseId, CourseNeedCause Cause, string About, string Title, DateOnly Day,
    DateTimeOffset? Since = null);

// ---- Events

/// <summary>It is there, or there again, or changed: another failure came, or the policy names another course.</summary>
public sealed record CourseNeedOpened(Guid ProjectId, CourseCause Cause, DateTimeOffset At);

/// <summary>What caused it is gone: the exam was passed, the certificate renewed or revoked, the module done, the path ended.</summary>
public sealed record CourseNeedMet(DateTimeOffset At);

/// <summary>The project's policy asks for it no more; what caused it is still there.</summary>
public sealed record CourseNeedDropped(DateTimeOffset At);

// ---- Commands

/// <param name="Wanted">What is the case now and asked for by the policy; null where it is not.</param>
/// <param name="Gone">Whether the cause is gone, whatever the policy asks for.</param>
public sealed record RestateCourseNeed(Guid ProjectId, CourseCause? Wanted, bool Gone, DateTimeOffset Now);

// ---- State

public enum CourseNeedStatus { Unknown, Open, Met, Dropped }

/// <summary>Somebody is to attend a course because of an exam, a certificate or a learning path.</summary>
public sealed record CourseNeed
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid EmployeeId { get; init; }

    /// <summary>What they are to attend.</summary>
    public Guid CourseId { get; init; }
    public CourseNeedStatus Status { get; init; }

    /// <summary>Why; null only before it was opened.</summary>
    public CourseCause? Cause { get; init; }

    /// <summary>When the product saw it first.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it ended; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public CourseNeed Evolve(object @event) => @event switch
    {
        CourseNeedOpened e => this with
        {
            Id = e.Cause.NeedId, ProjectId = e.ProjectId, EmployeeId = e.Cause.EmployeeId, CourseId = e.Cause.CourseId, Cause = e.Cause,
            Status = CourseNeedStatus.Open, OpenedAt = Status is CourseNeedStatus.Unknown ? e.At : OpenedAt, EndedAt = null,
        },
        CourseNeedMet e => this with { Status = CourseNeedStatus.Met, EndedAt = e.At },
        CourseNeedDropped e => this with { Status = CourseNeedStatus.Dropped, EndedAt = e.At },
        _ => this,
    };
}

// ---- Decisions

public static class CourseNeedDecider
{
    public static object[] Decide(RestateCourseNeed command, CourseNeed state) => (command.Wanted, state.Status) switch
    {
        ({ } cause, CourseNeedStatus.Open) when cause == state.Cause => [],
        ({ } cause, _) => [new CourseNeedOpened(command.ProjectId, cause, command.Now)],
        (null, CourseNeedStatus.Open) => command.Gone ? [new CourseNeedMet(command.Now)] : [new CourseNeedDropped(command.Now)],
        // Its seat goes with it, as it would have if the policy still asked for it.
        (null, CourseNeedStatus.Dropped) when command.Gone => [new CourseNeedMet(command.Now)],
        _ => [],
    };
}
