namespace CallCenter.Contracts.Training;

/// <summary>Somebody needs training in what a form's section measures.</summary>
/// <param name="Section">Code of the failed section.</param>
/// <param name="EvaluationId">The evaluation that opened it.</param>
/// <param name="OpenedAt">When that evaluation was submitted.</param>
/// <param name="ClosedAt">When a later evaluation passed the section; null while open.</param>
public sealed record TrainingNeedV1(
    Guid Id, long Version, Guid AgentId, Guid ProjectId, string Section, Guid EvaluationId,
    DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt) : IFact
{
    /// <summary>
    /// It never was a need: its evaluation was corrected, or an earlier one arrived late that opens the need instead.
    /// Then <see cref="ClosedAt"/> is <see cref="OpenedAt"/>.
    /// </summary>
    public bool Withdrawn { get; init; }
}

/// <summary>A training session: a fixed activity in the roster of those enrolled.</summary>
/// <param name="Status">planned, held or cancelled.</param>
public sealed record TrainingSessionV1(
    Guid Id, long Version, Guid CourseId, Guid ProjectId, string Title, Guid TrainerId, string Room, int Seats,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Status, IReadOnlyList<Guid> Enrolled) : IFact;

/// <summary>What one employee took from one session.</summary>
/// <param name="Minutes">Minutes attended.</param>
/// <param name="Result">passed, failed or none.</param>
/// <param name="Score">0 to 100 points in the exam; null where none were given.</param>
public sealed record TrainingRecordV1(
    Guid Id, long Version, Guid EmployeeId, Guid ProjectId, Guid SessionId, Guid CourseId, DateTimeOffset HeldAt,
    bool Attended, int Minutes, string Result, decimal? Score = null) : IFact;

/// <summary>An employee is certified for a skill by an exam: a skill of theirs on these days, without anybody doing anything.</summary>
/// <param name="Skill">Code of the skill.</param>
/// <param name="From">First local day.</param>
/// <param name="Through">Last local day.</param>
/// <param name="Revoked">It holds no more, whatever its days.</param>
public sealed record CertificateV1(
    Guid Id, long Version, Guid EmployeeId, Guid ProjectId, string Skill, DateOnly From, DateOnly Through, bool Revoked) : IFact;

/// <summary>Training asks when some people can be trained with the least harm to the roster; Scheduling answers with
/// <c>TrainingSlotsV1</c>.</summary>
/// <param name="AgentIds">Who is to be trained.</param>
/// <param name="Minutes">How long.</param>
/// <param name="From">First local day of the project.</param>
/// <param name="To">The last of them.</param>
/// <param name="Times">Sessions with seats left, which are looked at in place of any other time; any time where there is none.</param>
/// <param name="Open">Whether an answer is waited for.</param>
/// <param name="QuestionId">Another one for each time it is asked: the answer names it.</param>
public sealed record TrainingSlotsWantedV1(
    Guid Id, long Version, Guid ProjectId, IReadOnlyList<Guid> AgentIds, int Minutes, DateOnly From, DateOnly To,
    IReadOnlyList<WantedTime> Times, bool Open, Guid QuestionId) : IFact;

/// <param name="SessionId">The session that is planned for then.</param>
public sealed record WantedTime(Guid SessionId, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>Somebody is to be reminded of something of their training that falls due, once.</summary>
/// <param name="Id">The same for the same person, thing and day.</param>
/// <param name="Kind">material, module, exam, certificate, session, or coaching, which is overdue.</param>
/// <param name="About">Address of what falls due.</param>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">The last local day; of a session its day.</param>
/// <param name="StartsAt">Of a session; null otherwise.</param>
public sealed record TrainingReminderV1(
    Guid Id, long Version, Guid ProjectId, Guid PersonId, string Kind, string About, string Title, DateOnly DueOn,
    DateTimeOffset? StartsAt, DateTimeOffset RemindedAt) : IFact;
