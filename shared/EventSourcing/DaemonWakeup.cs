using System.Diagnostics;
using JasperFx.Events.Daemon.HighWater;
using Marten;
using Marten.Services;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// Wakes the leader's daemon after a commit that appended events: at once in this process, and by one NOTIFY for many
/// commits in the others. Marten's own switch notifies inside every append transaction, and PostgreSQL lets such
/// transactions commit only one after another (docs/decisions/0004).
/// </summary>
public sealed class DaemonWakeup(NpgsqlDataSource database) : BackgroundService, IDaemonWakeup
{
    private const string Channel = "events_appended";

    // Without a pause every commit becomes a page of its own, with its own progress commit and broker confirm.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    // Live events wait behind an import for so long at most.
    private static readonly TimeSpan LongestBulk = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly SemaphoreSlim notify = new(0, 1);
    private long lastWake;
    private TaskCompletionSource? page;
    private Task bulk = Task.CompletedTask;

    /// <summary>
    /// While much is being written, the daemon takes up nothing new: publishing as it goes would halve the rate of an
    /// import (docs/decisions/0052).
    /// </summary>
    public Task GoFirst(Task writing)
    {
        lock (wake)
            bulk = Task.WhenAll(bulk, writing).ContinueWith(_ => { }, TaskScheduler.Default);
        return writing;
    }

    /// <summary>A page of events is being published: what is committed meanwhile waits for it and becomes the next one.</summary>
    internal void PageBegun() => page = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The page is published and its progress stored.</summary>
    internal void PageEnded() => page?.TrySetResult();

    internal void EventsCommitted()
    {
        Set(wake);
        Set(notify);
    }

    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        var woken = await wake.WaitAsync(timeout, token);
        if (bulk is { IsCompleted: false } first)
            await Task.WhenAny(first, Task.Delay(LongestBulk, token));
        if (!woken)
            return;

        var left = Pause - Stopwatch.GetElapsedTime(lastWake);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, token);

        // Not for ever: a page that fails never ends.
        if (page is { } begun)
            await Task.WhenAny(begun.Task, Task.Delay(timeout, token));

        lastWake = Stopwatch.GetTimestamp();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Repeat(Notify, stoppingToken), Repeat(Listen, stoppingToken));

    private async Task Notify(CancellationToken cancellation)
    {
        await notify.WaitAsync(cancellation);
        await using var command = database.CreateCommand($"notify {Channel}");
        await command.ExecuteNonQueryAsync(cancellation);
        await Task.Delay(Pause, cancellation);
    }

    private async Task Listen(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        connection.Notification += (_, _) => Set(wake);
        await using (var command = new NpgsqlCommand($"listen {Channel}", connection))
            await command.ExecuteNonQueryAsync(cancellation);

        while (true)
            await connection.WaitAsync(cancellation);
    }

    // A lost connection costs latency only: the daemon polls as well.
    private static async Task Repeat(Func<CancellationToken, Task> step, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await step(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Whatever it was (a password changed, a database that takes no writes): a loop that ends takes the service along.
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static void Set(SemaphoreSlim signal)
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already set: one wake serves any number of commits.
        }
    }

    public override void Dispose()
    {
        wake.Dispose();
        notify.Dispose();
        base.Dispose();
    }
}

/// <summary>Hears of the commit that stores the publisher's progress.</summary>
internal sealed class PageListener(DaemonWakeup wakeup) : IChangeListener
{
    public Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => Task.CompletedTask;

    public Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        wakeup.PageEnded();
        return Task.CompletedTask;
    }
}

/// <summary>Before a commit: remember who makes it and the trace it belongs to. After it: wake the daemon.</summary>
internal sealed class CommitListener(DaemonWakeup wakeup) : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        // Into each event: by now the session's own headers have been copied to the events.
        foreach (var e in session.PendingChanges.Streams().SelectMany(stream => stream.Events))
        {
            e.Trace = Activity.Current?.Id;
            if (e.Actor is null)
                e.Actor = Actor.Required;
        }

        return Task.CompletedTask;
    }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        if (commit.GetEvents().Any())
            wakeup.EventsCommitted();

        return Task.CompletedTask;
    }
}
