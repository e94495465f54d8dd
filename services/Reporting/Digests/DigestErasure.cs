using CallCenter.Contracts.People;
using Marten;

namespace CallCenter.Reporting.Digests;

/// <summary>Mails bear the address of whom they were sent to. What they told stays: in the figures, and with the other readers.</summary>
internal static class DigestErasure
{
    public static async Task<long> Erase(IServiceProvider services, EmployeeErasedV1 erased, CancellationToken cancellation)
    {
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        var digests = (await session.Query<Digest>().Where(d => d.ManagerId == erased.Id).Select(d => d.Id).ToListAsync(cancellation))
            .ToArray();
        var mails = await session.Query<StoredMail>().CountAsync(mail => mail.Id.IsOneOf(digests), cancellation);
        session.DeleteWhere<StoredMail>(mail => mail.Id.IsOneOf(digests));
        await session.SaveChangesAsync(cancellation);

        return mails;
    }
}
