using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Courses;

namespace CallCenter.Training.Sessions;

// ---- Events

public sealed record SessionPlanned(
    Guid SessionId, Guid CourseId, Guid ProjectId, string Title, Plan Plan, DateTimeOffset At);

public sealed record SessionReplanned(Plan Plan, DateTimeOffset At);

public sealed record EmployeeEnrolled(Guid EmployeeId, Guid? NeedId, DateTimeOffset At);

public sealed record EnrolmentWithdrawn(Guid EmployeeId, DateTimeOffset At);

/// <summary>Who was there, for how long and with what result. Carries the session's keys: each row is a record of its own.</summary>
public sealed record RegisterTaken(
    Guid SessionId, Guid CourseId, Guid ProjectId, string Title, DateTimeOffset HeldAt, IReadOnlyList<Attendance> Register,
    DateTimeOffset At);

public sealed record SessionCancelled(DateTimeOffset At);

// ---- Commands

public sealed record PlanSession(Guid SessionId, Guid ProjectId, Course Course, Plan Plan, DateTimeOffset Now);

public sealed record ReplanSession(Plan Plan, DateTimeOffset Now);

public sealed record EnrolEmployee(Guid EmployeeId, Guid? NeedId, DateTimeOffset Now);

public sealed record WithdrawEnrolment(Guid EmployeeId, DateTimeOffset Now);

public sealed record TakeRegister(IReadOnlyList<Attendance> Register, DateTimeOffset Now);

public sealed record CancelSession(DateTimeOffset Now);

// ---- State

public enum SessionStatus { Planned, Held, Cancelled }

public sealed record TrainingSession
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid CourseId { get; init; }
    public Guid ProjectId { get; init; }
    public string Title { get; init; } = "";
    public SessionStatus Status { get; init; }
    public Plan Plan { get; init; } = new(Guid.Empty, "", 0, default, default);
    public IReadOnlyList<Enrolment> Enrolments { get; init; } = [];
    public IReadOnlyList<Attendance> Register { get; init; } = [];

    public bool IsEnrolled(Guid employeeId) => Enrolments.Any(e => e.EmployeeId == employeeId);

    public TrainingSession Evolve(object @event) => @event switch
    {
        SessionPlanned e => this with { Id = e.SessionId, CourseId = e.CourseId, ProjectId = e.ProjectId, Title = e.Title, Plan = e.Plan },
        SessionReplanned e => this with { Plan = e.Plan },
        EmployeeEnrolled e => this with { Enrolments = [.. Enrolments, new(e.EmployeeId, e.NeedId)] },
        EnrolmentWithdrawn e => this with { Enrolments = [.. Enrolments.Where(x => x.EmployeeId != e.EmployeeId)] },
        RegisterTaken e => this with { Status = SessionStatus.Held, Register = e.Register },
        SessionCancelled _ => this with { Status = SessionStatus.Cancelled },
        _ => this,
    };
}

// ---- Decisions

public static class TrainingSessionDecider
{
    public static object[] Decide(PlanSession command, TrainingSession state)
    {
        var course = command.Course;

        if (state.Id != Guid.Empty)
            return (state.CourseId, state.ProjectId, state.Plan) == (course.Id, command.ProjectId, command.Plan)
                ? []
                : throw new RefusedException("session-exists", "A session with this id has been planned otherwise.");

        if (course.Retired)
            throw new RefusedException("course-retired", $"The course '{course.Title}' has been retired.");

        return [new SessionPlanned(command.SessionId, course.Id, command.ProjectId, course.Title, command.Plan, command.Now)];
    }

    public static object[] Decide(ReplanSession command, TrainingSession state)
    {
        EnsurePlanned(state);

        if (command.Plan.Seats < state.Enrolments.Count)
            throw new RefusedException("seats-taken", $"{state.Enrolments.Count} employees are enrolled.");

        return command.Plan == state.Plan ? [] : [new SessionReplanned(command.Plan, command.Now)];
    }

    public static object[] Decide(EnrolEmployee command, TrainingSession state)
    {
        if (state.Enrolments.Contains(new(command.EmployeeId, command.NeedId)))
            return [];

        EnsurePlanned(state);

        if (state.IsEnrolled(command.EmployeeId))
            throw new RefusedException("already-enrolled", "The employee is enrolled for another need, or for none.");

        if (state.Enrolments.Count >= state.Plan.Seats)
            throw new RefusedException("no-seat", $"All {state.Plan.Seats} seats are taken.");

        if (command.EmployeeId == state.Plan.TrainerId)
            throw new RefusedException("own-session", "The trainer takes no seat in their own session.");

        return [new EmployeeEnrolled(command.EmployeeId, command.NeedId, command.Now)];
    }

    public static object[] Decide(WithdrawEnrolment command, TrainingSession state)
    {
        if (!state.IsEnrolled(command.EmployeeId))
            return [];

        EnsurePlanned(state);

        return [new EnrolmentWithdrawn(command.EmployeeId, command.Now)];
    }

    /// <summary>The register makes the session held. It may be taken again to correct it, always for everyone enrolled.</summary>
    public static object[] Decide(TakeRegister command, TrainingSession state)
    {
        if (state.Status is SessionStatus.Cancelled)
            throw new RefusedException("session-cancelled", "The session was cancelled.");

        if (command.Now < state.Plan.StartsAt)
            throw new RefusedException("not-started", "The register is taken once the session has started.");

        if (!state.Enrolments.Select(e => e.EmployeeId).ToHashSet().SetEquals(command.Register.Select(a => a.EmployeeId)))
            throw new RefusedException("register-incomplete", "The register has a row for everyone enrolled and for nobody else.");

        if (command.Register.Any(a => a.Minutes > state.Plan.Minutes()))
            throw new RefusedException("minutes-over-length", $"The session lasted {state.Plan.Minutes()} minutes.");

        if (command.Register.SequenceEqual(state.Register) && state.Status is SessionStatus.Held)
            return [];

        return
        [
            new RegisterTaken(
                state.Id, state.CourseId, state.ProjectId, state.Title, state.Plan.StartsAt, command.Register, command.Now),
        ];
    }

    public static object[] Decide(CancelSession command, TrainingSession state)
    {
        if (state.Status is SessionStatus.Held)
            throw new RefusedException("session-held", "The session has been held.");

        return state.Status is SessionStatus.Cancelled ? [] : [new SessionCancelled(command.Now)];
    }

    private static void EnsurePlanned(TrainingSession state)
    {
        if (state.Status is not SessionStatus.Planned)
            throw new RefusedException(
                state.Status is SessionStatus.Held ? "session-held" : "session-cancelled", "The session is no longer planned.");
    }
}
