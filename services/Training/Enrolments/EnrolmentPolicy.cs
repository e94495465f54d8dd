using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Sessions;
using Marten;

namespace CallCenter.Training.Enrolments;

// ---- Values

/// <summary>How people of a project come from a training need to a seat.</summary>
/// <param name="Automatic">Whoever may have a seat in a planned session gets it; else the trainer decides.</param>
/// <param name="MostLost">So much service level of the day may be lost for it at most: 0.02 is two points.</param>
/// <param name="WithinDays">How many days ahead are looked at.</param>
/// <param name="NoticeDays">How many days before a session nobody is given a seat by the product any more.</param>
/// <param name="Causes">What makes a need beside failed sections of evaluations; null where nothing does.</param>
/// <param name="NewSessions">What a session has that is planned because there is none; null where the trainer says so each time.</param>
public sealed record EnrolmentPolicy(
    bool Automatic = false, [Range(0.0, 1.0)] decimal MostLost = 0.02m, [Range(1, 31)] int WithinDays = 21,
    [Range(0, 30)] int NoticeDays = 2, EnrolmentCauses? Causes = null, NewSessions? NewSessions = null)
{
    public bool IsSameAs(EnrolmentPolicy other) =>
        this with { Causes = null, NewSessions = null } == other with { Causes = null, NewSessions = null }
        && (Causes is { } causes ? other.Causes is { } others && causes.IsSameAs(others) : other.Causes is null)
        && (NewSessions is { } sessions ? other.NewSessions is { } theirs && sessions.IsSameAs(theirs) : other.NewSessions is null);
}

/// <summary>What makes a need of a course.</summary>
/// <param name="Exams">Which course prepares for which exam, each exam once.</param>
/// <param name="ModuleDays">So many days before its last one a module whose course was not attended makes a need, and from then on; null
/// where modules make none.</param>
public sealed record EnrolmentCauses(
    [MaxLength(50)] IReadOnlyList<ExamCourse> Exams, [Range(0, 365)] int? ModuleDays = null)
{
    public bool IsSameAs(EnrolmentCauses other) => ModuleDays == other.ModuleDays && Exams.SequenceEqual(other.Exams);
}

/// <param name="ExamId">An exam of the project.</param>
/// <param name="CourseId">The course that prepares for it.</param>
/// <param name="Failures">So many failures in a row make a need, as do all attempts where there are fewer; null where failures make
/// none.</param>
/// <param name="CertificateDays">So many days before its last one a certificate makes a need, until as many days after it; null where
/// certificates make none.</param>
public sealed record ExamCourse(
    Guid ExamId, Guid CourseId, [Range(1, 100)] int? Failures = null, [Range(1, 365)] int? CertificateDays = null);

/// <summary>What a new session has by the policy.</summary>
/// <param name="Room">Where it is.</param>
/// <param name="Seats">How many can be enrolled, 1 to 500.</param>
/// <param name="TrainerIds">Who may train: of those free at the time the one with the fewest sessions around it does. Null or nobody
/// where that is anyone of the project, or of no project, whose post has the role trainer.</param>
/// <param name="Equipment">What is booked for it; null or nothing where nothing is.</param>
public sealed record NewSessions(
    [MaxLength(1000)] string Room, [Range(1, 500)] int Seats, [MaxLength(50)] IReadOnlyList<Guid>? TrainerIds = null,
    [MaxLength(20)] IReadOnlyList<BookedEquipment>? Equipment = null)
{
    public bool IsSameAs(NewSessions other) => (Room, Seats) == (other.Room, other.Seats)
        && (TrainerIds ?? []).SequenceEqual(other.TrainerIds ?? []) && (Equipment ?? []).SequenceEqual(other.Equipment ?? []);
}

// ---- Events

/// <param name="From">The first local day on which it holds.</param>
public sealed record EnrolmentPolicySet(Guid ProjectId, DateOnly From, EnrolmentPolicy Policy, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record EnrolmentPolicyTakenBack(Guid ProjectId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetEnrolmentPolicy(Guid ProjectId, DateOnly From, EnrolmentPolicy Policy, Guid By, DateTimeOffset Now);

public sealed record TakeBackEnrolmentPolicy(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>How people come to a seat, from which day on.</summary>
public sealed record EnrolmentPolicies
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>In the order of days; one entry a day.</summary>
    public IReadOnlyList<Dated<EnrolmentPolicy>> Entries { get; init; } = [];

    public static Guid IdOf(Guid projectId) => NameId.Of("enrolment-policies", projectId);

    public EnrolmentPolicies Evolve(object @event) => @event switch
    {
        EnrolmentPolicySet e => this with { ProjectId = e.ProjectId, Entries = Entries.With(new(e.From, e.Policy, e.At)) },
        EnrolmentPolicyTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

internal static class EnrolmentPolicyBooks
{
    /// <summary>What holds on a day; the default where the project has entered nothing.</summary>
    public static async Task<EnrolmentPolicy> EnrolmentPolicyOf(
        this IQuerySession session, Guid projectId, DateOnly day, CancellationToken cancellation) =>
        (await session.LoadAsync<EnrolmentPolicies>(EnrolmentPolicies.IdOf(projectId), cancellation))?.Entries.On(day) ?? new();
}

// ---- Decisions

public static class EnrolmentPolicyDecider
{
    public static object[] Decide(SetEnrolmentPolicy command, EnrolmentPolicies state) =>
        state.Entries.EnteredFrom(command.From)?.Value is { } entered && entered.IsSameAs(command.Policy)
            ? []
            : [new EnrolmentPolicySet(command.ProjectId, command.From, command.Policy, command.By, command.Now)];

    public static object[] Decide(TakeBackEnrolmentPolicy command, EnrolmentPolicies state) =>
        state.Entries.EnteredFrom(command.From) is not null
            ? [new EnrolmentPolicyTakenBack(state.ProjectId, command.From, command.By, command.Now)]
            : [];
}
