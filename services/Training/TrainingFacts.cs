using CallCenter.Contracts;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Exams;
using CallCenter.Training.Needs;
using CallCenter.Training.Records;
using CallCenter.Training.Sessions;
using Marten;

namespace CallCenter.Training;

/// <summary>What the other services are told.</summary>
internal static class TrainingFacts
{
    public static TrainingNeedV1 Need(Guid id, long version, TrainingNeed need)
    {
        var withdrawn = need.Status is NeedStatus.Withdrawn;

        return new(id, version, need.AgentId, need.ProjectId, need.Section, need.EvaluationId, need.OpenedAt,
            withdrawn ? need.OpenedAt : need.ClosedAt)
        {
            Withdrawn = withdrawn,
        };
    }

    /// <summary>What an exam certifies somebody for; of who never passed one that certifies there is nothing to tell.</summary>
    public static CertificateV1? Certificate(Guid id, long version, ExamSitting sitting) => sitting.Certificate is not { } certificate
        ? null
        : new(id, version, sitting.EmployeeId, sitting.ProjectId, certificate.Skill, certificate.From, certificate.Through,
            certificate.RevokedFor is not null);

    /// <summary>A session and the records in its register, which get their version from it.</summary>
    public static Task<IReadOnlyList<StreamFact>> Sessions(
        IReadOnlyList<StreamAsOf<TrainingSession>> streams, IQuerySession query, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StreamFact>>(
        [
            .. streams.SelectMany(s =>
                Records(s).Prepend<IFact>(Session(s.Id, s.Version, s.State)).Select(fact => new StreamFact(s.Id, fact))),
        ]);

    private static TrainingSessionV1 Session(Guid id, long version, TrainingSession s) => new(
        id, version, s.CourseId, s.ProjectId, s.Title, s.Plan.TrainerId, s.Plan.Room, s.Plan.Seats, s.Plan.StartsAt, s.Plan.EndsAt,
        s.Status.Code, [.. s.Enrolments.Select(e => e.EmployeeId)]);

    private static IEnumerable<TrainingRecordV1> Records(StreamAsOf<TrainingSession> session) => session.State.Register.Select(row =>
        new TrainingRecordV1(
            TrainingRecord.IdOf(session.Id, row.EmployeeId), session.Version, row.EmployeeId, session.State.ProjectId, session.Id,
            session.State.CourseId, session.State.Plan.StartsAt, row.Attended, row.Minutes, row.Result.Code, row.Score));
}
