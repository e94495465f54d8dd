using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Attendance.Floor;

/// <summary>What has changed on a floor since it was told last.</summary>
/// <param name="AsOf">When this was read. It comes every some seconds without news too: what is shown is then still so.</param>
/// <param name="HeardAt">When the source of states was heard last.</param>
/// <param name="Agents">Those of whom there is news.</param>
/// <param name="Gone">Agents who are on the floor no more.</param>
/// <param name="Queues">Those of which there is news.</param>
public sealed record FloorChange(
    DateTimeOffset AsOf, DateTimeOffset? HeardAt, IReadOnlyList<FloorAgent> Agents, IReadOnlyList<Guid> Gone,
    IReadOnlyList<FloorQueue> Queues)
{
    internal static FloorChange Between(FloorView? before, FloorView now)
    {
        var known = (before?.Agents ?? []).ToDictionary(row => row.AgentId);
        var still = now.Agents.Select(row => row.AgentId).ToHashSet();

        return new(
            now.AsOf, now.HeardAt, [.. now.Agents.Where(row => !ReferenceEquals(known.GetValueOrDefault(row.AgentId), row))],
            [.. known.Keys.Where(agent => !still.Contains(agent))], [.. now.Queues.Except(before?.Queues ?? [])]);
    }
}

/// <summary>A floor is read once for all who look at it, and not at all while nobody does.</summary>
internal sealed class FloorFeeds(IDocumentStore store, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<FloorFeeds> log)
{
    // Half of the two seconds in which a change is to be seen are the way here.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan StillSo = TimeSpan.FromSeconds(10);

    // Who looks for longer asks again, as every client of such streams does by itself.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Watched> watched = [];

    /// <summary>The whole floor as one change, and every change after it.</summary>
    public async IAsyncEnumerable<SseItem<FloorChange>> Follow(
        ProjectV1 project, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        var floor = Enter(project);
        try
        {
            var (end, told) = (clock.GetUtcNow() + Longest, default(FloorView));
            while (!ending.IsCancellationRequested && clock.GetUtcNow() < end)
            {
                var news = floor.News;
                if (floor.Feed.Current is { } now && !ReferenceEquals(now, told))
                {
                    yield return new(FloorChange.Between(told, now), told is null ? "floor" : "change");
                    told = now;
                }
                else if (!await Arrives(news, ending.Token) && told is not null && !ending.IsCancellationRequested)
                {
                    yield return new(new(clock.GetUtcNow(), told.HeardAt, [], [], []), "change");
                }
            }
        }
        finally
        {
            Leave(project.Id, floor);
        }
    }

    private async Task<bool> Arrives(Task news, CancellationToken cancellation)
    {
        try
        {
            await news.WaitAsync(StillSo, clock, cancellation);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private Watched Enter(ProjectV1 project)
    {
        lock (gate)
        {
            if (!watched.TryGetValue(project.Id, out var floor))
            {
                watched[project.Id] = floor = new(new(project, store));
                _ = Read(project.Id, floor);
            }

            floor.Viewers++;
            return floor;
        }
    }

    private void Leave(Guid projectId, Watched floor)
    {
        lock (gate)
            if (--floor.Viewers == 0 && watched.GetValueOrDefault(projectId) == floor)
            {
                watched.Remove(projectId);
                floor.Nobody.Cancel();
            }
    }

    // It ends with the last who looks. What fails is tried again: the database may be away for a while.
    private async Task Read(Guid projectId, Watched floor)
    {
        var nobody = floor.Nobody.Token;
        while (!nobody.IsCancellationRequested)
        {
            try
            {
                if (await floor.Feed.Read(clock.GetUtcNow(), nobody))
                    floor.Tell();
                await Task.Delay(Every, clock, nobody);
            }
            catch (OperationCanceledException) when (nobody.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "The floor of project {Project} could not be read", projectId);
                await Task.Delay(StillSo, clock, nobody).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private sealed class Watched(FloorFeed feed)
    {
        private TaskCompletionSource news = New();

        public FloorFeed Feed => feed;

        public int Viewers { get; set; }

        public CancellationTokenSource Nobody { get; } = new();

        /// <summary>Ends when there is something new.</summary>
        public Task News => news.Task;

        public void Tell() => Interlocked.Exchange(ref news, New()).SetResult();

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
