using System.Collections.Concurrent;
using CallCenter.EventSourcing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace CallCenter.Jobs;

/// <summary>How the last run of each job ended on this instance.</summary>
internal sealed class JobRuns
{
    private readonly ConcurrentDictionary<string, JobOutcome> outcomes = new();

    public IReadOnlyDictionary<string, JobOutcome> Outcomes => outcomes;

    public void Succeeded(string job, DateTimeOffset at) => outcomes[job] = new JobOutcome(at, Failures: 0);

    public void Failed(string job) =>
        outcomes.AddOrUpdate(job, new JobOutcome(LastSuccess: null, 1), (_, before) => before with { Failures = before.Failures + 1 });
}

/// <param name="LastSuccess">When it last ended well; null while it never has.</param>
/// <param name="Failures">Runs that failed since.</param>
internal sealed record JobOutcome(DateTimeOffset? LastSuccess, int Failures);

/// <summary>
/// A service's job as Quartz runs it: never beside itself, in its own name, and a failure ends this run and not those after it.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class NamedJob<TJob>(TJob job, JobRuns runs, TimeProvider clock, ILogger<TJob> log) : IJob where TJob : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var name = context.JobDetail.Key.Name;
        Actor.Current = Actor.Job(name);
        try
        {
            await job.Execute(context, cancellationToken);
            runs.Succeeded(name, clock.GetUtcNow());
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            runs.Failed(name);
            log.LogError(e, "The job {Job} failed; it runs again at its next time", name);
        }
    }
}

/// <summary>
/// Starts Quartz once the service answers: its store takes most of a second to make, and no request waits for a job. Not
/// before the database answers, either: a scheduler that could not be made cannot be made again in the same process.
/// </summary>
internal sealed class JobScheduler(
    ISchedulerFactory quartz, NpgsqlDataSource database, IHostApplicationLifetime application, ILogger<JobScheduler> log)
        : BackgroundService
{
    public const string Schema = "quartz";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private IScheduler? scheduler;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (application.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stoppingToken);

        while (!await SchemaIsThere(stoppingToken))
            await Task.Delay(Interval, stoppingToken);
        scheduler = await quartz.GetScheduler(stoppingToken);
        await scheduler.Start(stoppingToken);
    }

    // Quartz makes its tables but not the schema they are in.
    private async Task<bool> SchemaIsThere(CancellationToken cancellation)
    {
        try
        {
            await using var find = database.CreateCommand($"select to_regnamespace('{Schema}') is not null");
            if (await find.ExecuteScalarAsync(cancellation) is true)
                return true;

            await using var create = database.CreateCommand($"create schema if not exists {Schema}");
            await create.ExecuteNonQueryAsync(cancellation);
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
