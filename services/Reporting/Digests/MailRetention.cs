using CallCenter.Contracts.People;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// Digests as they were mailed are kept for as long as the project says, from the end of their week; what they told stays in the figures.
/// One that was not sent is kept however old it is: its reader may come back. A hold covers the digests of weeks in its days.
/// </summary>
internal sealed class MailRetention(IDocumentStore store) : IRetainedByProject
{
    private const int Week = 7;

    public static string Kind => RetainedKinds.DigestMails;

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var due = await session.AdvancedSql.QueryAsync<DigestWeek>($"""
            select jsonb_build_object('Digest', digest.id, 'Week', digest.data -> 'Week')
            from {store.Options.Schema.For<StoredMail>()} mail join {store.Options.Schema.For<Digest>()} digest on digest.id = mail.id
            where (digest.data ->> 'ProjectId')::uuid = ? and (digest.data ->> 'Week')::date <= ?
                and digest.data ->> 'Status' = '{DigestStatus.Sent}'
            """, cancellation, sweep.Project.Id, sweep.FirstKept.AddDays(-Week));
        var held = due.Where(one => sweep.Project.Held.Include(one.Week, one.Week.AddDays(Week - 1))).ToHashSet();
        var gone = due.Except(held).Select(one => one.Digest).ToArray();
        session.DeleteWhere<StoredMail>(mail => mail.Id.IsOneOf(gone));
        await session.SaveChangesAsync(cancellation);

        return new(new(gone.Length, held.Count));
    }

    private sealed record DigestWeek(Guid Digest, DateOnly Week);
}
