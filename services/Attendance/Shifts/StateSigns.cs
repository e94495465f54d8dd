using CallCenter.Contracts.Calls;
using Marten;

namespace CallCenter.Attendance.Shifts;

/// <summary>
/// In which minutes anything was told of a project's agents: whose source of states was silent is unknown, and that is asked for every
/// shift and every row of the floor. That a minute was told of stays true when it is corrected.
/// </summary>
internal static class StateSigns
{
    /// <summary>Keeps the minutes that some days tell of.</summary>
    public static void Keep(IDocumentSession session, IReadOnlyList<AgentDayV1> days)
    {
        var signs = days.SelectMany(day => day.Segments.SelectMany(s => new[] { s.From, s.To ?? s.From })
            .Select(at => (day.ProjectId, At: Minute(at)))).Distinct().Order().ToList();
        session.QueueSqlCommand(
            "insert into floor.sign select project_id, at from unnest(?, ?) as heard(project_id, at) on conflict do nothing",
            signs.Select(sign => sign.ProjectId).ToArray(), signs.Select(sign => sign.At).ToArray());
    }

    private static DateTimeOffset Minute(DateTimeOffset at) =>
        new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

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
