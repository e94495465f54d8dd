using CallCenter.Contracts;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Attendance.Rosters;

/// <summary>
/// One agent's day in every version that was heard of, and since when each was known: what was rostered is asked as of then and as of
/// now. Versions that followed each other faster than they were told are told as one.
/// </summary>
/// <param name="Id">The roster day's.</param>
/// <param name="Version">The newest that is held.</param>
/// <param name="Date">Local day of the project on which the shift begins.</param>
/// <param name="Versions">The oldest first.</param>
public sealed record RosterHistory(
    Guid Id, long Version, Guid ProjectId, Guid AgentId, DateOnly Date, IReadOnlyList<RosterVersion> Versions)
{
    /// <summary>With one more version, in whatever order they come and however often.</summary>
    public RosterHistory With(RosterVersion version) => Versions.Any(held => held.Version == version.Version) ? this : this with
    {
        Version = Math.Max(Version, version.Version),
        Versions = [.. Versions.Append(version).OrderBy(held => held.Version)],
    };
}

/// <summary>Keeps what Scheduling tells of rosters.</summary>
internal sealed class RosterHistories(IDocumentStore store, TimeProvider clock)
{
    public string Held =>
        $"select id, (data ->> '{nameof(RosterHistory.Version)}')::bigint as version from {store.Options.Schema.For<RosterHistory>()}";

    public async Task Keep(IReadOnlyList<RosterDayV1> days)
    {
        await using var session = store.LightweightSession();
        await session.Lock(days.Select(day => day.Id), CancellationToken.None);
        var held = (await session.LoadManyAsync<RosterHistory>([.. days.Select(day => day.Id)])).ToDictionary(day => day.Id);

        // A version of before says not since when it was known: from when it is heard of.
        session.Store(days.Select(day => (held.GetValueOrDefault(day.Id) ?? new(day.Id, 0, day.ProjectId, day.AgentId, day.Date, []))
            .With(new(day.Version, day.KnownFrom ?? clock.GetUtcNow(), day.Activities, day.ShiftCode, day.ShiftKind))).ToArray());
        await session.SaveChangesAsync();
    }

    /// <summary>The owner was restored to a time before the day was published: what was shown meanwhile is shown no more.</summary>
    public async Task Forget(FactsGoneV1 gone)
    {
        await using var session = store.LightweightSession();
        await session.Lock(gone.Ids, CancellationToken.None);
        session.DeleteObjects((await session.LoadManyAsync<RosterHistory>([.. gone.Ids])).Where(day => day.Version < gone.Before));
        await session.SaveChangesAsync();
    }
}
