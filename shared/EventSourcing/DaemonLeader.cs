using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// Of all instances of a service, exactly one runs the projections and the publisher: whoever holds an advisory lock.
/// The lock lives in a session that the server ends after a time of silence, so a killed leader is replaced at once and a
/// frozen one within seconds. A leader that thaws finds its progress moved on, which Marten refuses to overwrite, and its
/// session gone, which makes it step down (docs/decisions/0003).
/// </summary>
internal sealed class DaemonLeader(
    IDocumentStore store, NpgsqlDataSource database, LockSessions locks, DaemonState state, StreamFence fence, Retelling retelling,
    Reconciler reconciler, ILogger<DaemonLeader> log)
    : BackgroundService
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan StallOfAll = TimeSpan.FromMinutes(2); // an import goes first for one (DaemonWakeup)

    // What Marten's daemon is asked for may wait for a database or a page that never answers, and the lead with it.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string newest = $"select coalesce(max(seq_id), 0) from {store.Options.Events.DatabaseSchemaName}.mt_events";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var session = await locks.Open("daemon-leader", stoppingToken);
                while (!await session.TryTake(LockKey.Leader, stoppingToken))
                    await Task.Delay(session.Heartbeat, stoppingToken);

                await Lead(session, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Leading the daemon failed; trying again in {Seconds} s", Heartbeat.TotalSeconds);
                await Task.Delay(Heartbeat, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Lead(LockSession session, CancellationToken stopping)
    {
        log.LogInformation("This instance leads: it runs the projections and publishes the facts");
        if (await Epoch.Open(database, stopping) is { } epoch and > 0)
            log.LogWarning("The database is not where it was: epoch {Epoch} begins, and all services compare what they hold", epoch);

        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var daemon = await store.BuildProjectionDaemonAsync(logger: log);
        try
        {
            await daemon.StartAllAsync().WaitAsync(Deadline, stopping);
            state.Leading = true;
            fence.Forget();
            // What may wait for the broker longer than the heartbeat can.
            var (retrying, republishing) = (Task.CompletedTask, Task.CompletedTask);
            _ = reconciler.Announce(leading.Token);
            var moved = Progress.At(daemon.HighWaterMark());

            while (true)
            {
                await Task.Delay(session.Heartbeat, stopping);

                // The heartbeat doubles as the mailbox for requests that any instance may take and only the leader can serve.
                var wanted = await session.Execute<bool>("select exists (select from republication)", stopping);
                if (wanted && republishing.IsCompleted)
                    republishing = retelling.Republish(leading.Token);
                if (retrying.IsCompleted)
                    retrying = fence.Retry(leading.Token);

                await RestartWhatStopped(daemon, stopping);
                moved = await RestartWhatStalls(session, daemon, moved, stopping);
            }
        }
        finally
        {
            state.Leading = false;
            await leading.CancelAsync();
            await daemon.StopAllAsync().WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }
    }

    private async Task RestartWhatStopped(IProjectionDaemon daemon, CancellationToken stopping)
    {
        string? failure = null;
        foreach (var agent in daemon.CurrentAgents().Where(a => a.Status is not AgentStatus.Running))
        {
            failure = $"{agent.Name.Identity} stopped at event {agent.Position}: {agent.Failure}";
            log.LogError("ALARM: {Failure}. Nothing is skipped; it is tried again", failure);
            await daemon.StartAgentAsync(agent.Name.Identity, stopping).WaitAsync(Deadline, stopping);
        }

        state.Failure = failure;
    }

    /// <param name="Position">Of the slowest shard.</param>
    /// <param name="Since">When it was first seen there.</param>
    private sealed record Progress(long Position, long Since)
    {
        public static Progress At(long position) => new(position, TimeProvider.System.GetTimestamp());
    }

    // A shard that neither fails nor moves, though there is something to do, hangs: start it afresh. What there is to do is asked of
    // the events themselves: the mark that Marten sets for its shards can hang as well, and then all of it begins afresh.
    private async Task<Progress> RestartWhatStalls(LockSession session, IProjectionDaemon daemon, Progress last, CancellationToken stopping)
    {
        if (daemon.CurrentAgents().MinBy(agent => agent.Position) is not { } slowest
            || slowest.Position != last.Position
            || slowest.Position >= await session.Execute<long>(newest, stopping))
            return Progress.At(daemon.CurrentAgents().Select(agent => agent.Position).DefaultIfEmpty().Min());

        var all = slowest.Position >= daemon.HighWaterMark();
        if (TimeProvider.System.GetElapsedTime(last.Since) < (all ? StallOfAll : Stall))
            return last;

        if (all)
        {
            log.LogError("ALARM: no shard is told of the events after {Position}, for {Seconds} s; all are started afresh",
                slowest.Position, StallOfAll.TotalSeconds);
            throw new TimeoutException("The mark up to which shards take events does not move.");
        }

        log.LogError("ALARM: {Shard} has not moved from event {Position} for {Seconds} s; restarting it",
            slowest.Name.Identity, slowest.Position, Stall.TotalSeconds);
        await daemon.StopAgentAsync(slowest.Name.Identity).WaitAsync(Deadline, stopping);
        await daemon.StartAgentAsync(slowest.Name.Identity, stopping).WaitAsync(Deadline, stopping);
        return Progress.At(slowest.Position);
    }

    /// <summary>
    /// Marten fences what a shard stores as its progress, but not the high-water mark: a leader frozen between reading and writing it
    /// would set back its successor's.
    /// </summary>
    internal static string HighWaterMarkOnlyRises(string service) => $"""
        create or replace function ignore_update() returns trigger language plpgsql as 'begin return null; end';
        do $$ begin
            if to_regclass('{service}.mt_event_progression') is not null then -- a service without events of its own has no progress
                create or replace trigger high_water_mark_only_rises before update on {service}.mt_event_progression for each row
                    when (new.name = 'HighWaterMark' and new.last_seq_id < old.last_seq_id) execute function ignore_update();
            end if;
        end $$;
        """;
}

/// <summary>What this instance's daemon is doing, for health checks.</summary>
public sealed class DaemonState
{
    /// <summary>Whether this instance holds the lead.</summary>
    public bool Leading { get; internal set; }

    /// <summary>Why a projection or the publisher stands still; null while all run.</summary>
    public string? Failure { get; internal set; }
}
