using System.Diagnostics;
using CallCenter.Calls.Contacts;
using JasperFx;
using JasperFx.Events;
using Marten;

namespace CallCenter.Bench;

/// <summary>What Marten by itself can do on this machine with the same events: no HTTP, no rules, no publisher.</summary>
internal sealed class Raw : IDisposable
{
    private readonly DocumentStore store = DocumentStore.For(options =>
    {
        options.Connection(Site.Own);
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.Events.StreamIdentity = StreamIdentity.AsGuid;
        options.Events.MetadataConfig.HeadersEnabled = true; // as in the services
    });

    public Task Prepare() => store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

    /// <summary>Marten's bulk insert, one event a stream.</summary>
    /// <returns>Events a second.</returns>
    public async Task<double> BulkInsert(IEnumerable<CallImported> events)
    {
        var streams = events.Select(e => StreamAction.Start(store.Events, Guid.CreateVersion7(), e)).ToList();
        var start = Stopwatch.GetTimestamp();
        await store.BulkInsertEventsAsync(streams);

        return streams.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>One event a commit, in as many sessions at a time.</summary>
    /// <returns>Events a second.</returns>
    public async Task<double> OneByOne(IReadOnlyList<(Guid Call, object Event)> events, int sessions, TimeSpan length) =>
        await Rate.Of(sessions, length, async i =>
        {
            // Each in a stream of its own: two sessions that open the same one would only get in each other's way.
            await using var session = store.LightweightSession();
            session.Events.StartStream(Guid.CreateVersion7(), events[i].Event);
            await session.SaveChangesAsync();
        });

    public void Dispose() => store.Dispose();
}

internal static class Rate
{
    /// <summary>Repeats the work in as many loops at a time.</summary>
    /// <param name="work">Gets a number of its own each time.</param>
    /// <returns>Times a second.</returns>
    public static async Task<double> Of(int loops, TimeSpan length, Func<int, Task> work)
    {
        var (next, start) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, loops).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < length)
                await work(Interlocked.Increment(ref next));
        })));

        return (next + 1) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static double Median(IEnumerable<double> values) => Percentile(values, 50);

    public static double Percentile(IEnumerable<double> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
    }
}
