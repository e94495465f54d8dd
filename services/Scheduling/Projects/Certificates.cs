using CallCenter.Contracts.Training;
using Marten;

namespace CallCenter.Scheduling.Projects;

/// <summary>Skills that exams certify people for, beside those that People knows: each holds on its days, and expires by its
/// date.</summary>
internal static class Certificates
{
    /// <summary>Those that hold on every day of a stretch: what expires within it cannot be planned with.</summary>
    public static async Task<ILookup<Guid, string>> CertifiedSkills(
        this IQuerySession session, Guid[] people, DateOnly from, DateOnly through, CancellationToken cancellation) =>
        (await session.Query<CertificateV1>()
            .Where(c => c.EmployeeId.IsOneOf(people) && !c.Revoked && c.From <= from && c.Through >= through).ToListAsync(cancellation))
            .ToLookup(certificate => certificate.EmployeeId, certificate => certificate.Skill);
}
