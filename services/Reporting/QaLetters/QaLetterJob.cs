using CallCenter.Contracts.Quality;
using CallCenter.Jobs;
using Marten;
using Quartz;

namespace CallCenter.Reporting.QaLetters;

/// <summary>Writes letters of reports that none was written of, and sends what is written and not sent.</summary>
internal sealed class QaLetterJob(QaLetterService letters, IDocumentStore store, Fence fence) : IJob
{
    public const string Name = "qa-letters";

    /// <summary>What is done with letters, by the name of what is set aside.</summary>
    public const string Work = "qa-letter";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var schema = store.Options.Schema;
        var reports = await session.AdvancedSql.QueryAsync<Guid>($"""
            select report.id from {schema.For<QaReportV1>()} report
            where not exists (select from {schema.For<QaMailing>()} mailing where mailing.id = report.id) order by report.id
            """, cancellationToken);
        await fence.Each("qa-letter-writing", reports, id => $"report {id}", letters.Write, cancellationToken);

        var open = await session.Query<QaLetter>().Where(letter => letter.Status == QaLetterStatus.Written).OrderBy(letter => letter.Id)
            .ToListAsync(cancellationToken);
        var run = new MailRun();
        await fence.Each(Work, open, letter => $"letter {letter.Id}", (letter, stopping) => letters.Send(letter, run, stopping), cancellationToken);
    }
}
