using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Reporting.Digests;
using CallCenter.Web;
using Marten;
using Marten.Linq.MatchesSql;

namespace CallCenter.Reporting.QaLetters;

/// <summary>Letters bear the address of whom they were sent to and the names of those whom they tell of: they go with either.</summary>
internal static class QaLetterErasure
{
    public static async Task<long> Erase(IServiceProvider services, EmployeeErasedV1 erased, CancellationToken cancellation)
    {
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        var naming = (await session.Query<QaReportV1>().Where(report => report.MatchesSql("d.data::text like ?", $"%{PersonNames.Mark(erased.Id)}%"))
            .Select(report => report.Id).ToListAsync(cancellation)).ToArray();
        var letters = (await session.Query<QaLetter>().Where(letter => letter.ReaderId == erased.Id || letter.ReportId.IsOneOf(naming))
            .Select(letter => letter.Id).ToListAsync(cancellation)).ToArray();
        var mails = await session.Query<StoredMail>().CountAsync(mail => mail.Id.IsOneOf(letters), cancellation);
        session.DeleteWhere<StoredMail>(mail => mail.Id.IsOneOf(letters));
        await session.SaveChangesAsync(cancellation);

        return mails;
    }
}
