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
