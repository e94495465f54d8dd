using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Attendance.Shifts;

/// <summary>
/// Keeps what Calls tells of agents' days, and in which minutes anything was told of a project: whose source of states was silent is
/// unknown, and that is asked for every shift and every row of the floor. That a minute was told of stays true when it is corrected.
/// </summary>
internal sealed class HeardStates(IDocumentStore store)
{
    public string Held => $"select id, mt_version as version from {store.Options.Schema.For<AgentDayV1>()}";

    public async Task Keep(IReadOnlyList<AgentDayV1> days)
    {
        var signs = days.SelectMany(day => day.Segments.SelectMany(s => new[] { s.From, s.To ?? s.From })
            .Select(at => (day.ProjectId, At: Minute(at)))).Distinct().Order().ToList();
        await using var session = store.LightweightSession();
        foreach (var day in days)
            session.TryUpdateRevision(day, day.Version); // unless a newer one is held
        session.QueueSqlCommand(
            "insert into floor.sign select project_id, at from unnest(?, ?) as heard(project_id, at) on conflict do nothing",
            signs.Select(sign => sign.ProjectId).ToArray(), signs.Select(sign => sign.At).ToArray());
        await session.SaveChangesAsync();
    }

    /// <summary>The owner was restored to a time before the day was told.</summary>
    public async Task Forget(FactsGoneV1 gone)
    {
        await using var session = store.LightweightSession();
        session.QueueSqlCommand(
            $"delete from {store.Options.Schema.For<AgentDayV1>()} where id = any(?) and mt_version < ?", gone.Ids.ToArray(), gone.Before);
        await session.SaveChangesAsync();
    }

    private static DateTimeOffset Minute(DateTimeOffset at) =>
        new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
}

internal static class StateSigns
{
    /// <summary>When the sources of some projects were heard, in order, to the minute.</summary>
    public static async Task<ILookup<Guid, DateTimeOffset>> SignsOf(
        this IQuerySession query, Guid[] projects, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        object[] asked = [projects, from.ToUniversalTime(), to.ToUniversalTime()];
        var heard = await query.AdvancedSql.QueryAsync<Heard>("""
            select jsonb_build_object('ProjectId', project_id, 'At', jsonb_agg(at order by at)) from floor.sign
            where project_id = any(?) and at >= ? and at < ? group by project_id
            """, cancellation, asked);

        return heard.SelectMany(h => h.At.Select(at => (h.ProjectId, at))).ToLookup(sign => sign.ProjectId, sign => sign.at);
    }

    private sealed record Heard(Guid ProjectId, IReadOnlyList<DateTimeOffset> At);
}
