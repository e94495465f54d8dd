namespace CallCenter.Contracts.Scheduling;

/// <summary>One agent's day in the published roster.</summary>
/// <param name="Id">Derived from project, agent and date: a new roster for the same day is a newer version.</param>
/// <param name="Date">Local day of the project on which the shift starts.</param>
/// <param name="Activities">In order of time, with a gap between two shifts on a day; empty on a day off.</param>
/// <param name="ShiftCode">As the project's shift rules name it; null on a day off.</param>
/// <param name="ShiftKind">early, day, late, night, two-shifts or day-into-night; null on a day off.</param>
/// <param name="KnownFrom">Since when the day has been shown to the agent as it is here; null in facts of before.</param>
public sealed record RosterDayV1(
    Guid Id, long Version, Guid RosterId, Guid ProjectId, Guid AgentId, DateOnly Date, IReadOnlyList<RosterActivity> Activities,
    string? ShiftCode = null, string? ShiftKind = null, DateTimeOffset? KnownFrom = null) : IFact;

/// <summary>Days off that somebody asked for, or a part of one.</summary>
/// <param name="FirstDay">Local day of the project, as <paramref name="LastDay"/>, which is included.</param>
/// <param name="Kind">annual, sick, unpaid or other.</param>
/// <param name="Status">requested, approved, declined or withdrawn: only an approved leave is time off.</param>
/// <param name="From">Of leave of a part of one day: by the wall clock of the project; null for whole days.</param>
/// <param name="To">First time after that part, 00:00 for the end of the day; null for whole days.</param>
public sealed record LeaveV1(
    Guid Id, long Version, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, string Kind, bool Paid, string Status,
    TimeOnly? From = null, TimeOnly? To = null) : IFact;

/// <param name="Kind">work, break, meal, training or leave.</param>
/// <param name="Paid">Whether the time counts towards contracted hours.</param>
public sealed record RosterActivity(string Kind, DateTimeOffset From, DateTimeOffset To, bool Paid);

/// <summary>Required and scheduled staff of one queue and local day, as published.</summary>
/// <param name="Id">Derived from project, queue and date.</param>
/// <param name="Goal">What the staff is required for; null in facts of before.</param>
public sealed record CoverageDayV1(
    Guid Id, long Version, Guid RosterId, Guid ProjectId, string Queue, DateOnly Date, IReadOnlyList<CoverageInterval> Intervals,
    CoverageGoal? Goal = null) : IFact;

/// <param name="Minutes">Length of the interval.</param>
/// <param name="Required">Agents needed on the queue.</param>
/// <param name="Scheduled">Agents working, breaks taken off.</param>
/// <param name="Contacts">Expected by the forecast in force at the publication; null in facts of before.</param>
/// <param name="HandleSeconds">Expected mean handle time, likewise.</param>
public sealed record CoverageInterval(
    DateTimeOffset StartsAt, int Minutes, decimal Required, decimal Scheduled, double? Contacts = null, double? HandleSeconds = null);

/// <param name="ServiceLevel">Share of contacts within the time, 0 to 1; null where there is no such goal.</param>
/// <param name="WithinSeconds">The T of "x % within T seconds".</param>
/// <param name="Definition">answered-of-offered, answered-of-answered, answered-of-patient or not-waiting-of-offered.</param>
/// <param name="PatienceSeconds">Mean patience of callers; null where nobody is taken to hang up.</param>
/// <param name="Shrinkage">Share of the scheduled who are taken to be missing unplanned.</param>
public sealed record CoverageGoal(
    double? ServiceLevel, double WithinSeconds, string Definition, double? PatienceSeconds, double Shrinkage);

/// <summary>When some people can be trained, the least harmful time first: the answer to a <c>TrainingSlotsWantedV1</c>.</summary>
/// <param name="Id">Of the <c>TrainingSlotsWantedV1</c>.</param>
/// <param name="QuestionId">Which of its questions it answers.</param>
/// <param name="Slots">Empty where no published roster has the days.</param>
public sealed record TrainingSlotsV1(
    Guid Id, long Version, Guid ProjectId, Guid QuestionId, IReadOnlyList<TrainingSlot> Slots) : IFact;

/// <param name="SessionId">The session that is planned for then; null where there is none yet.</param>
/// <param name="Rostered">How many of the project have a shift all that time.</param>
/// <param name="ServiceLevelBefore">Expected share of the day's calls answered in time, 0 to 1; null where no calls are expected.</param>
/// <param name="ServiceLevelAfter">The same with all away whom no rule keeps.</param>
/// <param name="People">Each who was asked for.</param>
public sealed record TrainingSlot(
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? SessionId, int Rostered, double? ServiceLevelBefore,
    double? ServiceLevelAfter, IReadOnlyList<SlotPerson> People);

/// <param name="Rule">Code of the rule of the roster that is in the way; null where they can.</param>
public sealed record SlotPerson(Guid AgentId, string? Rule);

/// <summary>Whether a training session is in the published days of those who have a seat.</summary>
/// <param name="Id">Of the session.</param>
/// <param name="SessionVersion">Version of the session that it is about.</param>
/// <param name="Places">Each who has a seat; null as the rule where it stands in their day.</param>
public sealed record TrainingPlacesV1(
    Guid Id, long Version, Guid ProjectId, long SessionVersion, IReadOnlyList<SlotPerson> Places) : IFact;
