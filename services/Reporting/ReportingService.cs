using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using CallCenter.Web;
using JasperFx.Events.Projections;
using MassTransit;

namespace CallCenter.Reporting;

/// <summary>The service on one page.</summary>
public static class ReportingService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.AddServiceDefaults("reporting");
        builder.Services.AddValidation();
        builder.Services.AddHostedService<FactSchema>();
        builder.AddEventStore("reporting", marten =>
        {
            marten.Projections.Snapshot<Digest>(SnapshotLifecycle.Inline);
            marten.Schema.For<DigestSchedule>().UseNumericRevisions(true);
        });
        builder.AddMessaging("reporting", bus =>
        {
            bus.Keep<EmployeeV1>();
            bus.Keep<TeamV1>();
            bus.Keep<ProjectV1>();
            bus.Consume<CallFacts>(InBatches);
            bus.Consume<AgentDayFacts>(InBatches);
            bus.Consume<EvaluationFacts>(InBatches);
            bus.Consume<TrainingFacts>(InBatches);
            bus.Consume<RosterFacts>(InBatches);
            bus.Consume<CoverageFacts>(InBatches);
        });

        builder.Services.AddSingleton(builder.RollUps);
        builder.Services.AddSingleton<RollUps.RollUps>();
        builder.Services.AddSingleton<QueueDays>();
        builder.Services.AddSingleton(DigestOptions.Of(builder.Configuration));
        builder.Services.AddSingleton<DigestPress>();
        builder.Services.AddSingleton<DigestDelivery>();
        builder.Services.AddSingleton<DigestDesk>();
        builder.AddJobs();

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapRollUps();
        app.MapKpis();
        app.MapCallReport();
        app.MapDigests();
        app.MapDigestSchedules();
        return app;
    }

    // One transaction per batch. A few at once keep the database busy while the next batch is being read.
    private static void InBatches<TConsumer>(IConsumerConfigurator<TConsumer> consumer) where TConsumer : class, IConsumer => consumer.Options<BatchOptions>(batch => batch
        .SetMessageLimit(250).SetTimeLimit(TimeSpan.FromMilliseconds(20)).SetConcurrencyLimit(2));
}
