using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Testing;

/// <summary>What is kept for 30 days is swept as if it were another day.</summary>
public static class Sweeping
{
    public static async Task<Swept> Of<TRetained>(ServiceFixture api, Guid project, DateTimeOffset now, params LegalHold[] holds)
        where TRetained : IRetainedByProject
    {
        var swept = new Swept();
        await foreach (var part in Of(
            api, TRetained.Kind, project, now, api.App.Services.GetRequiredService<TRetained>().Sweep, holds))
            swept += part;
        return swept;
    }

    /// <summary>The parts of what is swept turn by turn.</summary>
    public static async IAsyncEnumerable<Swept> Of(
        ServiceFixture api, string kind, Guid project, DateTimeOffset now, Func<Sweep, CancellationToken, Task<SweptPart>> turn,
        params LegalHold[] holds)
    {
        var store = api.App.Services.GetRequiredService<IDocumentStore>();
        var said = new RetentionV1(project, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), [], holds);
        await api.Publish(said);
        await Eventually.True(async () =>
        {
            await using var query = store.QuerySession();
            return (await query.LoadAsync<RetentionV1>(project))?.Version == said.Version;
        }, "the service to hear of it");

        var heard = api.App.Services.GetRequiredService<HeardRetention>();
        await heard.Ask(CancellationToken.None);
        Actor.Current = Actor.Job("retention");
        var projects = new RetainedProjects(store, heard, kind, days: 30, new StoppedClock(now));
        await foreach (var part in projects.Sweep(project, turn, CancellationToken.None))
            yield return part;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
