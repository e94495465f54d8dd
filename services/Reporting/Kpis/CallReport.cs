using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Projects;
using CallCenter.Reporting.RollUps;
using CallCenter.Web;
using Marten;
using Npgsql;

namespace CallCenter.Reporting.Kpis;

/// <summary>A contact behind a number, as it was counted.</summary>
/// <param name="Channel">voice, chat, email, …</param>
/// <param name="Direction">inbound or outbound.</param>
/// <param name="Outcome">open, answered, abandoned or other.</param>
/// <param name="At">The instant it counts at.</param>
/// <param name="WaitSeconds">Until it was answered, or until it ended; null while neither, or where its beginning is unknown.</param>
/// <param name="WithinThreshold">Whether that is within T of its queue on its day.</param>
/// <param name="TalkSeconds">
/// Answer to end, without hold as far as that is known; null while it lasts, or where either is unknown.
/// </param>
/// <param name="HoldSeconds">Time on hold; null where its source never says.</param>
/// <param name="AfterContactSeconds">Work after the contact; null where its source never says.</param>
/// <param name="Position">When the fact reached us.</param>
public sealed record CountedCall(
    Guid Id, string Queue, Guid? AgentId, string Channel, string Direction, string Outcome, DateTimeOffset At, DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    decimal? WaitSeconds, bool? WithinThreshold, decimal? TalkSeconds, decimal? HoldSeconds, decimal? AfterContactSeconds,
    long Version, long Position);

internal static class CallReport
{
    private static string Sql(CallQuery question) => $"""
        SELECT c.id, c.queue, c.agent_id, c.channel, c.direction, c.outcome, c.at, c.answered_at, c.ended_at, c.waited,
            c.waited <= coalesce(rule.seconds, $9) * 1000, c.talked, c.held, c.worked, c.version, c.position
        FROM (
            SELECT *, {CallFacts.Waited} AS waited, {CallFacts.Talked} AS talked, {CallFacts.Held} AS held, {CallFacts.Worked} AS worked
            FROM facts.call
        ) c
        CROSS JOIN LATERAL (SELECT ($7::date[])[width_bucket(c.at, $8::timestamptz[])] AS day) AS local
        LEFT JOIN rollups.rule ON rule.project_id = $1 AND rule.day = local.day AND rule.queue = c.queue
        LEFT JOIN rollups.member ON member.project_id = $1 AND member.day = local.day AND member.agent_id = c.agent_id
        WHERE c.project_id = $1 AND c.at >= $2 AND c.at < $3 AND {question.Condition}
            AND ($4::text IS NULL OR c.queue = $4)
            AND ($5::text IS NULL OR c.agent_id IS NOT NULL AND coalesce(member.team_id::text, 'none') = $5)
            AND ($6::uuid IS NULL OR c.agent_id = $6) AND c.id > $10
        ORDER BY c.id LIMIT $11
        """;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCallReport() => routes.MapGet("/reports/calls", Get)
            .WithTag("Reports", "What the figures were counted from.").Describe(
            "The contacts behind a number, page by page in order of id; JSON or CSV", problems: ["period-backwards", "period-too-long"]);
    }

    private static async Task<Tabular<Page<CountedCall>>> Get(
        [AsParameters] CallParameters asked, PageRequest page, Caller caller, IQuerySession session, NpgsqlDataSource database,
        RollUpOptions options, CancellationToken cancellation)
    {
        var question = CallQuery.Of(asked);
        var calendar = (await ProjectScope.Load(session, caller, question.Project, cancellation)).Calendar;
        var days = new Period(calendar.DayOf(question.From), calendar.DayOf(question.To)).Each().ToArray();

        var calls = await database.Rows(Sql(question), Read, cancellation,
            question.Project, question.From, question.To, question.Queue, question.Team, question.Agent,
            days, days.Select(calendar.StartOf).ToArray(), options.ThresholdSeconds, page.After, page.Limit + 1);

        var found = page.Of(calls, call => call.Id);
        return new(found, Table, found.Next);
    }

    private static CountedCall Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6), Instant(row, 7), Instant(row, 8), Seconds(row, 9),
        row.IsDBNull(10) ? null : row.GetBoolean(10), Seconds(row, 11), Seconds(row, 12), Seconds(row, 13),
        row.GetInt64(14), row.GetInt64(15));

    private static decimal? Seconds(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetInt64(at) / 1000m;

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetFieldValue<DateTimeOffset>(at);

    private static Table Table(Page<CountedCall> page)
    {
        var table = new Table("id", "queue", "agent", "channel", "direction", "outcome", "at", "answered_at", "ended_at",
            "wait_seconds", "within_threshold", "talk_seconds", "hold_seconds", "after_contact_seconds", "version", "position");
        foreach (var call in page.Items)
            table.Add(call.Id, call.Queue, call.AgentId, call.Channel, call.Direction, call.Outcome, call.At, call.AnsweredAt, call.EndedAt,
                call.WaitSeconds, call.WithinThreshold, call.TalkSeconds, call.HoldSeconds, call.AfterContactSeconds, call.Version,
                call.Position);

        return table;
    }
}
