using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Reporting;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Backups;
using CallCenter.Health;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.QaLetters;
using CallCenter.Reporting.Reminders;
using CallCenter.Reporting.RollUps;
using CallCenter.Web;
using JasperFx.Events.Projections;
using Npgsql;

namespace CallCenter.Reporting;

/// <summary>The service on one page.</summary>
public static class ReportingService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);

        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.AddMigrations(typeof(ReportingService).Assembly); // before anything is consumed
        builder.AddService("reporting", marten =>
        {
            marten.Projections.Snapshot<Digest>(SnapshotLifecycle.Inline);
            marten.Projections.Snapshot<Backup>(SnapshotLifecycle.Inline);
            marten.Schema.For<Digest>().ListedByMember(d => d.ProjectId, "digest_by_project").Index(d => d.Week).Index(d => d.Status);
            marten.Schema.For<DigestSchedule>().UseNumericRevisions(true)
                .Metadata(stored => stored.Revision.MapTo(schedule => schedule.Version));
            marten.RegisterDocumentType<DigestReadership>();
            marten.RegisterDocumentType<StoredMail>();
            marten.Projections.Snapshot<QaLetter>(SnapshotLifecycle.Inline);
            marten.Schema.For<QaLetter>().ListedByMember(letter => letter.ProjectId, "qa_letter_by_project").Index(letter => letter.Status)
                .Index(letter => letter.ReportId);
            marten.RegisterDocumentType<QaMailing>();
            marten.Schema.For<ReminderMail>().Index(mail => mail.PersonId).Index(mail => mail.Status);
            marten.Schema.For<ReminderSettings>().UseNumericRevisions(true)
                .Metadata(stored => stored.Revision.MapTo(settings => settings.Version));
            marten.Schema.For<TrainingReminderV1>().Index(reminder => reminder.RemindedAt);
            marten.Schema.For<CoachingV1>().ListedByMember(coaching => coaching.ProjectId, "coaching_by_project");
        },
        publish: publish => publish.Other<QueueDayV1>((services, projects, cancellation) =>
            services.GetRequiredService<QueueDays>().PublishAgain(projects, cancellation)),
        consume: bus =>
        {
            bus.Replicate<EmployeeV1>();
            bus.Replicate<TeamV1>();
            bus.Replicate<ProjectV1>();
            bus.Replicate<CoachingV1>();
            bus.Replicate<QaReportV1>();
            bus.Replicate<TrainingReminderV1>();
            bus.ReplicateRetention();
            Consume(bus, CallFacts.Table);
            Consume(bus, Timeline.AgentDays);
            Consume(bus, EvaluationFacts.Table);
            Consume(bus, ChatFacts.Table);
            Consume(bus, TrainingFacts.Table);
            Consume(bus, Timeline.RosterDays);
            Consume(bus, Timeline.CoverageDays);
        },
        work: work =>
        {
            work.Every<RollUpJob>("roll-up", "RollUps:Every", TimeSpan.FromSeconds(5));
            work.Every<DigestJob>("digests", "Digests:Every", TimeSpan.FromMinutes(1));
            work.Every<QaLetterJob>(QaLetterJob.Name, "QaLetters:Every", TimeSpan.FromMinutes(1));
            work.Every<ReminderMailJob>(ReminderMailJob.Name, "Reminders:Every", TimeSpan.FromMinutes(1));
            work.Retain<OldReminderMails>();
            work.RetainByProject<MailRetention>();
            work.AddBackupJob(builder.Configuration);
        },
        erase: places =>
        {
            places.From<EmployeeErasedV1>("digest-mails", DigestErasure.Erase);
            places.From<EmployeeErasedV1>("qa-letters", QaLetterErasure.Erase);
            places.From<EmployeeErasedV1>("reminder-mails", ReminderErasure.Erase);
        });
        foreach (var (name, sql) in CallFacts.Indexes.Append(EvaluationFacts.Index))
            builder.AddMigration(name, sql);
        builder.RenameNumbers<Digest, DigestStatus>(nameof(Digest.Status));

        builder.Services.AddSingleton(builder.Configuration.GetSection("RollUps").Get<RollUpOptions>() ?? new RollUpOptions());
        builder.Services.AddSingleton<RollUps.RollUps>();
        builder.Services.AddSingleton<QueueDays>();
        builder.Services.AddSingleton(DigestOptions.Of(builder.Configuration));
        builder.Services.AddSingleton<DigestRenderer>();
        builder.Services.AddSingleton<DigestClaims>();
        builder.Services.AddSingleton<DigestDelivery>();
        builder.Services.AddSingleton<DigestService>();
        builder.Services.AddSingleton<QaLetterService>();
        builder.AddBackups();
        builder.Services.AddSubject<RollUpHealth>();
        builder.Services.AddSubject<DigestHealth>();
        builder.Services.AddCount(DigestHealth.Sent);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapRollUps();
        app.MapKpis();
        app.MapCallReport();
        app.MapDigests();
        app.MapDigestSchedules();
        app.MapQaLetters();
        app.MapReminderSettings();
        app.MapBackups();
        return app;
    }

    private static void Consume<TFact>(Consumers bus, FactTable<TFact> table) where TFact : class, IFact =>
        bus.Consume<TFact, NpgsqlDataSource>(table.Keep, _ => table.Held, table.Forget);
}
