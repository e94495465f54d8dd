using System.Collections.Immutable;
using CallCenter.Attendance.Clockings;
using CallCenter.Attendance.Excuses;
using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Rosters;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Time;
using Marten;
using Marten.Linq.LastModified;

namespace CallCenter.Attendance.Floor;

/// <summary>
/// One project's floor, read again and again while somebody looks: all of it at first, then the agents of whom something was told and
/// those to whom the clock has brought something. Every row is made as the row of a shift is, from what is stored.
/// </summary>
internal sealed class FloorFeed(ProjectV1 project, IDocumentStore store)
{
    private ProjectV1 project = project;

    // Each reading takes what was committed since the last one, and what was being committed then.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    // What no reading of changes finds: names, skills, policies, the project's queues, a source that falls silent.
    private static readonly TimeSpan WholeEvery = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan QueuesEvery = TimeSpan.FromSeconds(1);

    private ImmutableSortedDictionary<string, FloorAgent> agents = ImmutableSortedDictionary<string, FloorAgent>.Empty;
    private Dictionary<Guid, long> seen = [];
    private DateTimeOffset wholeAt = DateTimeOffset.MinValue, queuesAt = DateTimeOffset.MinValue, readAt = DateTimeOffset.UnixEpoch;

    /// <summary>As it was read last; null before the first reading.</summary>
    public FloorView? Current { get; private set; }

    /// <returns>Whether there is news.</returns>
    public async Task<bool> Read(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var (before, queues) = (agents, Current?.Queues ?? []);
        var day = LocalCalendar.Of(project.Zone).DayOf(now);
        var changed = await Changed(session, day, readAt - Overlap, cancellation);
        if (now - wholeAt >= WholeEvery)
        {
            project = await session.LoadAsync<ProjectV1>(project.Id, cancellation) ?? project;
            Take(await session.AgentsNow(project, null, now, cancellation), agents.Values);
            wholeAt = now;
        }
        else if (changed.Union(agents.Values.Where(row => row.NextAt <= now).Select(row => row.AgentId)).ToArray() is { Length: > 0 } only)
        {
            Take(await session.AgentsNow(project, only, now, cancellation), agents.Values.Where(row => only.Contains(row.AgentId)));
        }

        readAt = now;
        if (now - queuesAt >= QueuesEvery || agents != before)
            (queues, queuesAt) = (await session.QueuesNow(project, [.. agents.Values], now, cancellation), now);
        var heard = await session.HeardAt(project.Id, now, cancellation);
        if (Current is { } last && agents == before && queues.SequenceEqual(last.Queues) && heard == last.HeardAt)
            return false;

        Current = new(project.Id, now, heard, [.. agents.Values], queues);
        return true;
    }

    // A row without news stays the same object, by which those who look know it.
    private void Take(IReadOnlyList<FloorAgent> read, IEnumerable<FloorAgent> instead)
    {
        agents = agents.RemoveRange(instead.ExceptBy(read.Select(row => row.AgentId), row => row.AgentId).Select(Key));
        agents = agents.SetItems(read.Where(row => agents.GetValueOrDefault(Key(row)) is not { } held
                || held.Standing != row.Standing || held.NextAt != row.NextAt).Select(row => KeyValuePair.Create(Key(row), row)));
    }

    private static string Key(FloorAgent row) => $"{row.StaffNumber}/{row.AgentId}";

    private async Task<HashSet<Guid>> Changed(
        IQuerySession session, DateOnly today, DateTimeOffset since, CancellationToken cancellation)
    {
        if (wholeAt == DateTimeOffset.MinValue)
            return [];

        var (first, last, id) = (today.AddDays(-1), today, project.Id);
        var from = new DateTimeOffset(first.AddDays(-1), default, TimeSpan.Zero);
        var to = from.AddDays(4);
        var found = new List<Told>();
        found.AddRange(await session.Query<AgentDayV1>().Where(d => d.ProjectId == id && d.Date >= first && d.Date <= last
            && d.ModifiedSince(since)).Select(d => new Told(d.Id, d.Version, d.AgentId)).ToListAsync(cancellation));
        found.AddRange(await session.Query<RosterHistory>().Where(d => d.ProjectId == id && d.Date >= first && d.Date <= last
            && d.ModifiedSince(since)).Select(d => new Told(d.Id, d.Version, d.AgentId)).ToListAsync(cancellation));
        found.AddRange(await session.Query<LeaveV1>().Where(l => l.ProjectId == id && l.FirstDay <= last && l.LastDay >= first
            && l.ModifiedSince(since)).Select(l => new Told(l.Id, l.Version, l.AgentId)).ToListAsync(cancellation));
        found.AddRange(await session.Query<Excuse>().Where(e => e.ProjectId == id && e.From < to && e.To > from
            && e.ModifiedSince(since)).Select(e => new Told(e.Id, e.Version, e.AgentId)).ToListAsync(cancellation));
        found.AddRange(await session.Query<Clocking>().Where(c => c.ProjectId == id && c.ClockedAt >= from && c.ClockedAt < to
            && c.ModifiedSince(since)).Select(c => new Told(c.Id, c.Version, c.AgentId)).ToListAsync(cancellation));

        var news = found.Where(told => seen.GetValueOrDefault(told.Id, -1) != told.Version).Select(told => told.AgentId).ToHashSet();
        seen = found.ToDictionary(told => told.Id, told => told.Version);
        return news;
    }

    private sealed record Told(Guid Id, long Version, Guid AgentId);
}

internal static class FloorHearing
{
    /// <summary>When a project's source of states was heard last; null where it was not for two days.</summary>
    public static async Task<DateTimeOffset?> HeardAt(
        this IQuerySession session, Guid projectId, DateTimeOffset now, CancellationToken cancellation)
    {
        object[] asked = [projectId, now.AddDays(-2).ToUniversalTime(), now.ToUniversalTime()];
        var last = await session.AdvancedSql.QueryAsync<DateTimeOffset>(
            "select at from floor.sign where project_id = ? and at between ? and ? order by at desc limit 1", cancellation, asked);
        return last is [var at] ? at : null;
    }
}
