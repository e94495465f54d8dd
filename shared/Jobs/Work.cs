using CallCenter.EventSourcing;
using CallCenter.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Marten;
using Npgsql;
using Quartz;

namespace CallCenter.Jobs;

/// <summary>What a service does without being asked at that moment: jobs at their times, operations, what it deletes when.</summary>
public sealed class Work
{
    private readonly WebApplicationBuilder builder;
    private readonly List<Action<IQuartzBuilder>> jobs = [];
    private readonly Dictionary<string, Type> operations = [];
    private readonly Dictionary<string, TimeSpan> periods = [];

    internal Work(WebApplicationBuilder builder) => this.builder = builder;

    internal IReadOnlyList<Action<IQuartzBuilder>> Jobs => jobs;
    internal IReadOnlyDictionary<string, Type> Operations => operations;
    internal JobPeriods Periods => new(periods);

    /// <summary>Runs a job again and again on one of the service's instances.</summary>
    /// <param name="name">In lower case with hyphens; what it changes says it was done by this job.</param>
    /// <param name="setting">The setting that changes the interval.</param>
    /// <remarks>
    /// What a run finds to do is in the database, so a missed run is made up for by the next one; only a run that was cut
    /// off by a crash is asked for again at once.
    /// </remarks>
    public void Every<TJob>(string name, string setting, TimeSpan otherwise) where TJob : class, IJob
    {
        builder.Services.AddTransient<TJob>();
        var every = builder.Configuration.GetValue(setting, otherwise);
        if (every <= TimeSpan.Zero)
            throw new InvalidOperationException($"{setting} is {every}; it is longer than zero.");

        periods.Add(name, every);
        jobs.Add(quartz => quartz.ScheduleJob<NamedJob<TJob>>(
            trigger => trigger.WithIdentity(name).WithSimpleSchedule(schedule => schedule
                .WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)),
            job => job.WithIdentity(name).RequestRecovery()));
    }

    /// <summary>Does a kind of long work that requests queue.</summary>
    public void Handle<THandler>(string kind) where THandler : class, IOperationHandler
    {
        operations.Add(kind, typeof(THandler));
        builder.Services.AddScoped<THandler>();
    }

    /// <summary>Deletes something when its time is over.</summary>
    public void Retain<TRetained>() where TRetained : class, IRetained
    {
        builder.Services.AddSingleton<TRetained>();
        builder.Services.AddSingleton(RetentionRule.For<TRetained>(builder.Configuration));
    }

    /// <summary>Deletes something when the time is over for which its project keeps it.</summary>
    public void RetainByProject<TRetained>() where TRetained : class, IRetainedByProject
    {
        builder.Services.AddSingleton<TRetained>();
        builder.Services.AddSingleton(ProjectRetentionRule.For<TRetained>(builder.Configuration));
    }
}

public static class WorkSetup
{
    /// <summary>
    /// The work of a service, on Quartz's clustered store in the service's own database (schema <c>quartz</c>).
    /// </summary>
    public static void AddWork(this WebApplicationBuilder builder, string service, Action<Work>? configure)
    {
        var work = new Work(builder);
        configure?.Invoke(work);
        work.Retain<RetentionSweeps>();
        work.Every<RetentionJob>(RetentionJob.Name, "Retention:Every", TimeSpan.FromHours(1));
        work.Every<ReconciliationJob>(ReconciliationJob.Name, "Reconciliation:Every", TimeSpan.FromMinutes(10));
        work.Every<ErasureJob>(ErasureJob.Name, "Erasures:Every", TimeSpan.FromMinutes(10));

        builder.Services.AddSingleton<Fence>();
        builder.Services.AddSingleton(work.Periods);
        builder.Services.AddSubject<WorkHealth>();
        builder.Services.ConfigureMarten(options =>
        {
            options.Schema.For<SetAside>().Duplicate(s => s.Work);
            options.Schema.For<RetentionSweep>().ListedByMember(sweep => sweep.ProjectId, "retention_sweep_by_project");
            options.RegisterDocumentType<JobRecord>();
        });
        builder.Services.AddHealthChecks().AddCheck<JobHealth>("jobs", HealthStatus.Degraded);
        if (work.Operations.Count > 0)
            builder.AddOperations(work);
        builder.AddQuartz(service, work.Jobs);
    }

    private static void AddOperations(this WebApplicationBuilder builder, Work work)
    {
        work.Retain<EndedOperations>();
        builder.Services.AddSingleton<Operations>();
        builder.Services.AddSingleton(work.Operations);
        builder.Services.AddHostedService<OperationRunner>();
        builder.Services.AddSubject<OperationHealth>();
        builder.Services.ConfigureMarten(options =>
        {
            options.RegisterDocumentType<Operation>();
            options.RegisterDocumentType<OperationCancellation>();
            options.Schema.For<OperationWork>().Duplicate(w => w.Done);
        });
    }

    private static void AddQuartz(this WebApplicationBuilder builder, string service, IEnumerable<Action<IQuartzBuilder>> jobs)
    {
        var connection = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString("Database"))
        {
            SearchPath = JobScheduler.Schema,
            ApplicationName = $"{service}-jobs",
            MaxPoolSize = Connections.Jobs,
            Pooling = !builder.Migrates,
        };
        connection.Options = Connections.CutOffInTransaction(connection.Options, builder.Configuration);

        builder.AddMigration("Quartz", typeof(IScheduler).Assembly.GetName().Version!.ToString(), JobScheduler.Provide);
        builder.Services.AddSingleton<JobRuns>();
        builder.Services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = service;
                scheduler.GenerateInstanceId = true;
            });
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(connection.ConnectionString);
                store.UseSystemTextJsonSerializer();
                if (builder.Migrates)
                    store.ProvisionSchema();
                store.ConfigureStore(options =>
                {
                    options.StoreJobDataAsStrings = true;
                    options.MaxTransientRetries = 1_000_000; // a second apart: a database that is away is waited for
                });
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = TimeSpan.FromSeconds(5);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(10);
                });
            });
            if (!builder.Migrates)
                foreach (var job in jobs)
                    job(quartz);
        });
        builder.Services.AddHostedService<JobScheduler>();
    }
}
