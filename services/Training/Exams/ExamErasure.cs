using CallCenter.EventSourcing;
using Marten;
using Marten.Events;

namespace CallCenter.Training.Exams;

/// <summary>What was noted of somebody's exam tells of them: it is taken out; scores and certificates stay.</summary>
internal static class ExamErasure
{
    public static readonly TextsAbout Texts = new(
        "exam-texts", [typeof(ExamTaken), typeof(CertificateRevoked)], @event => @event is ExamTaken taken ? [taken.EmployeeId] : [],
        async (query, about, cancellation) =>
        {
            var people = about.ToArray();
            return await query.Query<ExamSitting>().Where(sitting => sitting.EmployeeId.IsOneOf(people)).Select(sitting => sitting.Id)
                .ToListAsync(cancellation);
        },
        async (session, streams, cancellation) => session.Store<ExamSitting>(
            [.. (await session.LoadManyAsync<ExamSitting>(cancellation, [.. streams])).Select(found => found with
            {
                Attempts = [.. found.Attempts.Select(attempt => attempt with { Note = null })],
                Certificate = found.Certificate is { RevokedFor: not null } revoked ? revoked with { RevokedFor = "" } : found.Certificate,
            })]));

    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<ExamTaken>(e => e with { Note = null });
        events.AddMaskingRuleForProtectedInformation<CertificateRevoked>(e => e with { Reason = "" });
    }
}
