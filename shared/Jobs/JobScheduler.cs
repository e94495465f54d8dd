using System.Collections.Concurrent;
using CallCenter.EventSourcing;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace CallCenter.Jobs;

/// <summary>How the last run of each job ended: on this instance, and stored for all of them.</summary>
internal sealed class JobRuns(IDocumentStore store, TimeProvider clock)
{
    // A job that runs every few seconds need not be written down each time.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, JobOutcome> outcomes = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> stored = new();

    public IReadOnlyDictionary<string, JobOutcome> Outcomes => outcomes;

    public async Task Succeeded(string job)
    {
        var (now, before) = (clock.GetUtcNow(), outcomes.GetValueOrDefault(job));
        outcomes[job] = new JobOutcome(now, Failures: 0);
        if (before is not { Failures: 0 } || now - stored.GetValueOrDefault(job) >= Rest)
            await Store(job, _ => new JobRecord(job, now, Failures: 0));
    }

    public async Task Failed(string job)
    {
        outcomes.AddOrUpdate(
            job, new JobOutcome(LastSuccess: null, 1), (_, before) => before with { Failures = before.Failures + 1 });
        await Store(job, before => new JobRecord(job, before?.LastSuccess, (before?.Failures ?? 0) + 1));
    }

    // Without a database nothing is written down; that a job has not ended well for long is then seen by the last time it did.
    private async Task Store(string job, Func<JobRecord?, JobRecord> after)
    {
        try
        {
            await using var session = store.LightweightSession();
            session.Store(after(await session.LoadAsync<JobRecord>(job)));
            await session.SaveChangesAsync();
            stored[job] = clock.GetUtcNow();
        }
        catch (Exception e) when (Transient.Is(e))
        {
            stored.TryRemove(job, out _);
        }
    }
}

/// <summary>How a job's last run ended, wherever it ran.</summary>
/// <param name="Id">Its name.</param>
/// <param name="LastSuccess">When it last ended well, within half a minute; null where it never has.</param>
/// <param name="Failures">Runs that failed since.</param>
public sealed record JobRecord(string Id, DateTimeOffset? LastSuccess, int Failures);

/// <param name="LastSuccess">When it last ended well; null while it never has.</param>
/// <param name="Failures">Runs that failed since.</param>
internal sealed record JobOutcome(DateTimeOffset? LastSuccess, int Failures);

/// <summary>
/// A service's job as Quartz runs it: never beside itself, in its own name, and a failure ends this run and not those after it.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class NamedJob<TJob>(TJob job, JobRuns runs, NpgsqlDataSource database, TimeProvider clock, ILogger<TJob> log) : IJob
    where TJob : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var name = context.JobDetail.Key.Name;
        Actor.Current = Actor.Job(name);
        try
        {
            if ((await ClockOffset.Ask(database, clock, cancellationToken)) is { IsOff: true } off)
                throw new InvalidOperationException($"This node's clock is {off.Offset.TotalSeconds:0.0} s ahead of the database's.");

            await job.Execute(context, cancellationToken);
            await runs.Succeeded(name);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogError(e, "The job {Job} failed; it runs again at its next time", name);
            await runs.Failed(name);
        }
    }
}

/// <summary>
/// Starts Quartz once the service answers: its store takes most of a second to make, and no request waits for a job. Not
/// before the database answers, either: a scheduler that could not be made cannot be made again in the same process.
/// </summary>
internal sealed class JobScheduler(
    ISchedulerFactory quartz, NpgsqlDataSource database, TimeProvider clock, JobPeriods periods, IConfiguration configuration,
    IHostApplicationLifetime application, ILogger<JobScheduler> log) : BackgroundService
{
    public const string Schema = "quartz";

    private const int LongestDelay = 2; // checks; longer, and nobody will begin what is due

    private readonly TimeSpan check = configuration.GetValue("Jobs:Check", TimeSpan.FromMinutes(1));
    private readonly TriggerKey[] triggers = [.. periods.Of.Keys.Select(job => new TriggerKey(job))];
    private IScheduler? scheduler;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (application.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stoppingToken);

        await database.Answering(log, stoppingToken);
        scheduler = await quartz.GetScheduler(stoppingToken);

        // A node whose clock is off would tell all others when jobs are due next: it stands by until its clock is right.
        for (var running = false; ; await Task.Delay(check, stoppingToken))
        {
            var off = await ClockIsOff(stoppingToken);
            if (running == off)
            {
                await (off ? scheduler.Standby(stoppingToken) : scheduler.Start(stoppingToken));
                running = !off;
            }

            if (running)
                await SetRight(scheduler, stoppingToken);
        }
    }

    // A version that does not know a job yet stops it for all, and an instance whose clock was ahead has put it off.
    private async Task SetRight(IScheduler scheduler, CancellationToken cancellation)
    {
        try
        {
            foreach (var key in await scheduler.ResetTriggersFromErrorState(triggers, cancellation))
                log.LogWarning("Another instance could not run the job {Job} and stopped it; it goes on", key.Name);

            foreach (var trigger in await scheduler.GetTriggers(triggers, cancellation))
            {
                var late = clock.GetUtcNow() - trigger.NextFireTimeUtc;
                var putOff = late < -(periods.Of[trigger.Key.Name] + check);
                if (putOff || (late > LongestDelay * check && await Waits(scheduler, trigger.Key, cancellation)))
                {
                    await scheduler.RescheduleJob(trigger.Key, trigger.GetTriggerBuilder().StartNow().Build(), cancellation);
                    log.LogWarning("The job {Job} was due at {Next} and nobody began it; it runs now", trigger.Key.Name,
                        trigger.NextFireTimeUtc);
                }
            }
        }
        catch (Exception e) when (Transient.Is(e) || e is SchedulerException)
        {
            log.LogWarning(e, "It could not be looked whether each job has its next time");
        }
    }

    // And is not at work, or stopped by somebody: one that was taken up and never begun counts as waiting.
    private static async Task<bool> Waits(IScheduler scheduler, TriggerKey trigger, CancellationToken cancellation) =>
        await scheduler.GetTriggerState(trigger, cancellation) is TriggerState.Normal;

    private async Task<bool> ClockIsOff(CancellationToken cancellation)
    {
        try
        {
            var offset = await ClockOffset.Ask(database, clock, cancellation);
            if (offset.IsOff)
                log.LogError("ALARM: this node's clock is {Seconds} s ahead of the database's; no job runs here",
                    offset.Offset.TotalSeconds);
            return offset.IsOff;
        }
        catch (NpgsqlException)
        {
            return false; // jobs wait for the database anyway
        }
    }

    /// <summary>Quartz makes its tables but not the schema they are in.</summary>
    internal static async Task Provide(IServiceProvider services, NpgsqlConnectionStringBuilder database, CancellationToken cancellation)
    {
        await using (var source = NpgsqlDataSource.Create(database.ConnectionString))
        await using (var create = source.CreateCommand($"create schema if not exists {Schema}"))
            await create.ExecuteNonQueryAsync(cancellation);

        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellation);
        await scheduler.Shutdown(waitForJobsToComplete: false, cancellation);
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
