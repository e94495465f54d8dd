using CallCenter.Reporting.Digests;
using CallCenter.Reporting.RollUps;
using Npgsql;
using Quartz;

namespace CallCenter.Reporting;

/// <summary>The service's jobs, on Quartz's clustered store in the service's own database (schema <c>quartz</c>).</summary>
internal static class Jobs
{
    extension(WebApplicationBuilder builder)
    {
        public void AddJobs()
        {
            var connection = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString("Database"))
            {
                SearchPath = "quartz",
                ApplicationName = "reporting-jobs",
                MaxPoolSize = 6,
            };

            builder.Services.AddQuartz(quartz =>
            {
                quartz.ConfigureScheduler(scheduler =>
                {
                    scheduler.InstanceName = "reporting";
                    scheduler.GenerateInstanceId = true;
                });
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(connection.ConnectionString);
                    store.UseSystemTextJsonSerializer();
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
                quartz.Repeat<RollUpJob>("roll-up", builder.RollUps.Every);
                quartz.Repeat<DigestJob>("digests", DigestOptions.Of(builder.Configuration).Every);
            });
            builder.Services.AddHostedService<SchedulerStart>();
        }

        public RollUpOptions RollUps => builder.Configuration.GetSection("RollUps").Get<RollUpOptions>() ?? new RollUpOptions();
    }

    extension(IQuartzBuilder quartz)
    {
        // What a run finds to do is in the database, so a missed run is made up for by the next one; only a run that was
        // cut off by a crash is asked for again at once.
        private void Repeat<TJob>(string name, TimeSpan every) where TJob : IJob => quartz.ScheduleJob<TJob>(
            trigger => trigger.WithIdentity(name).WithSimpleSchedule(schedule => schedule
                .WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)),
            job => job.WithIdentity(name).RequestRecovery());
    }
}

/// <summary>
/// Starts Quartz once the service answers: its store takes most of a second to make, and no request waits for a job. Not
/// before the database answers, either: a scheduler that could not be made cannot be made again in the same process.
/// </summary>
internal sealed class SchedulerStart(
    ISchedulerFactory quartz, NpgsqlDataSource database, IHostApplicationLifetime application, ILogger<SchedulerStart> log) : BackgroundService
{
    private IScheduler? scheduler;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (application.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stoppingToken);

        while (!await DatabaseAnswers(stoppingToken))
            await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
        scheduler = await quartz.GetScheduler(stoppingToken);
        await scheduler.Start(stoppingToken);
    }

    private async Task<bool> DatabaseAnswers(CancellationToken cancellation)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellation);
            return true;
        }
        catch (NpgsqlException e)
        {
            log.LogWarning("Jobs wait for the database: {Reason}", e.Message);
            return false;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (scheduler is null)
            return;

        try
        {
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Quartz waits for a database that is away, for ever; what was running is recovered by the next start.
        }
    }
}
