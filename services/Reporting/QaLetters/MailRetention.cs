using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Reporting.Digests;
using Marten;

namespace CallCenter.Reporting.QaLetters;

/// <summary>
/// Digests and letters as they were mailed are kept for as long as the project says, from the end of their week or month; what they told
/// stays in
/// the figures. One that was not sent is kept however old it is: its reader may come back. A hold covers the mails of periods in its days.
/// </summary>
internal sealed class MailRetention(IDocumentStore store) : IRetainedByProject
{
    public static string Kind => RetainedKinds.DigestMails;

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var (mail, digest, letter) = (store.Options.Schema.For<StoredMail>(), store.Options.Schema.For<Digest>(),
            store.Options.Schema.For<QaLetter>());
        var due = await session.AdvancedSql.QueryAsync<MailedPeriod>($"""
            select jsonb_build_object('Mail', id, 'From', first, 'To', last) from (
                select digest.id, (digest.data ->> 'Week')::date as first, (digest.data ->> 'Week')::date + 6 as last
                from {mail} mail join {digest} digest on digest.id = mail.id
                where (digest.data ->> 'ProjectId')::uuid = ? and digest.data ->> 'Status' = '{DigestStatus.Sent}'
                union all
                select letter.id, (letter.data ->> 'From')::date, case letter.data ->> 'Period'
                    when 'month' then ((letter.data ->> 'From')::date + interval '1 month')::date - 1 else (letter.data ->> 'From')::date + 6 end
                from {mail} mail join {letter} letter on letter.id = mail.id
                where (letter.data ->> 'ProjectId')::uuid = ? and letter.data ->> 'Status' = '{QaLetterStatus.Sent}'
            ) mailed where last < ?
            """, cancellation, sweep.Project.Id, sweep.Project.Id, sweep.FirstKept);
        var held = due.Where(one => sweep.Project.Held.Include(one.From, one.To)).ToHashSet();
        var gone = due.Except(held).Select(one => one.Mail).ToArray();
        session.DeleteWhere<StoredMail>(stored => stored.Id.IsOneOf(gone));
        await session.SaveChangesAsync(cancellation);

        return new(new(gone.Length, held.Count));
    }

    private sealed record MailedPeriod(Guid Mail, DateOnly From, DateOnly To);
}
