using CallCenter.Reporting.Kpis;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// The statements of a roll-up. Each brings a set of figures to what the facts now say and touches only rows that
/// differ, so repeating one changes nothing. A figure whose facts have gone stays, as zeros: it had been told.
/// </summary>
internal static class RollUpSql
{
    /// <summary>$1 project, $2 day, $3 starts of the quarter hours and the end of the day, $4 default threshold, $5 short abandon (s).</summary>
    public static readonly string Quarters = $"""
        WITH call AS (
            SELECT scope, key, width_bucket(c.at, $3) - 1 AS quarter,
                count(*) FILTER (WHERE inbound) AS offered,
                count(*) FILTER (WHERE answered) AS answered,
                count(*) FILTER (WHERE abandoned) AS abandoned,
                count(*) FILTER (WHERE inbound AND outcome = 'open') AS open,
                count(*) FILTER (WHERE inbound AND outcome NOT IN ('answered', 'abandoned', 'open')) AS other,
                count(*) FILTER (WHERE NOT inbound) AS outbound,
                count(*) FILTER (WHERE answered AND wait_ms <= threshold_ms) AS answered_in_time,
                count(*) FILTER (WHERE abandoned AND wait_ms <= threshold_ms) AS abandoned_in_time,
                count(*) FILTER (WHERE abandoned AND wait_ms <= $5 * 1000) AS abandoned_short,
                sum(wait_ms) FILTER (WHERE answered)::bigint AS wait_ms,
                sum(talk_s) FILTER (WHERE answered) AS talk_s,
                sum(hold_s) FILTER (WHERE answered) AS hold_s,
                sum(acw_s) FILTER (WHERE answered) AS acw_s,
                max(position) AS position
            FROM (
                SELECT c.*, direction <> 'outbound' AS inbound,
                    direction <> 'outbound' AND outcome = 'answered' AS answered,
                    direction <> 'outbound' AND outcome = 'abandoned' AS abandoned,
                    coalesce(rule.seconds, $4) * 1000 AS threshold_ms, {Team("c")} AS team
                FROM facts.call c
                LEFT JOIN rollups.rule ON rule.project_id = $1 AND rule.day = $2 AND rule.queue = c.queue
                LEFT JOIN rollups.member ON member.project_id = $1 AND member.day = $2 AND member.agent_id = c.agent_id
                WHERE c.project_id = $1 AND {Within("c.at")}
            ) c
            CROSS JOIN LATERAL (VALUES ('project', ''), ('queue', queue), ('team', team), ('agent', agent_id::text)) AS place(scope, key)
            WHERE key IS NOT NULL
            GROUP BY scope, key, quarter
        ), span AS (
            SELECT scope, key, quarter,
                sum(ms) FILTER (WHERE fact = 'agent-day' AND kind <> 'ready')::bigint AS contact_ms,
                sum(ms) FILTER (WHERE fact = 'agent-day' AND kind = 'ready')::bigint AS ready_ms,
                sum(ms) FILTER (WHERE fact = 'roster')::bigint AS rostered_ms,
                sum(required * ms / 1000) FILTER (WHERE fact = 'coverage') AS required_s,
                sum(scheduled * ms / 1000) FILTER (WHERE fact = 'coverage') AS scheduled_s,
                sum(least(required, scheduled) * ms / 1000) FILTER (WHERE fact = 'coverage') AS covered_s,
                max(position) AS position
            FROM (
                SELECT t.kind AS fact, t.agent_id, t.queue, t.position, s.kind, s.required, s.scheduled, bucket - 1 AS quarter, {Team("t")} AS team,
                    round(extract(epoch FROM least(s."to", $3[bucket + 1]) - greatest(s."from", $3[bucket])) * 1000)::bigint AS ms
                FROM facts.timeline t
                CROSS JOIN LATERAL jsonb_to_recordset(t.spans)
                    AS s(kind text, "from" timestamptz, "to" timestamptz, required numeric, scheduled numeric)
                CROSS JOIN LATERAL generate_series(
                    width_bucket(greatest(s."from", $3[1]), $3),
                    width_bucket(least(s."to", $3[array_upper($3, 1)]) - interval '1 microsecond', $3)) AS bucket
                LEFT JOIN rollups.member ON member.project_id = $1 AND member.day = $2 AND member.agent_id = t.agent_id
                WHERE t.project_id = $1 AND t.day BETWEEN $2 - 1 AND $2 + 1
                    AND s."from" < $3[array_upper($3, 1)] AND s."to" > $3[1]
                    AND (t.kind, s.kind) IN (('agent-day', 'busy'), ('agent-day', 'after-contact-work'), ('agent-day', 'ready'), ('roster', 'work'), ('coverage', 'staff'))
            ) s
            CROSS JOIN LATERAL (VALUES ('project', ''), ('queue', queue), ('team', team), ('agent', agent_id::text)) AS place(scope, key)
            WHERE key IS NOT NULL
            GROUP BY scope, key, quarter
        ), evaluation AS (
            SELECT scope, key, width_bucket(e.at, $3) - 1 AS quarter, count(*) AS evaluations, sum(score) AS score_sum,
                count(*) FILTER (WHERE passed) AS evaluations_passed, max(position) AS position
            FROM facts.evaluation e
            LEFT JOIN rollups.member ON member.project_id = $1 AND member.day = $2 AND member.agent_id = e.agent_id
            CROSS JOIN LATERAL (VALUES ('project', ''), ('team', {Team("e")}), ('agent', e.agent_id::text)) AS place(scope, key)
            WHERE e.project_id = $1 AND {Within("e.at")} AND score IS NOT NULL
            GROUP BY scope, key, quarter
        ), training AS (
            SELECT scope, key, width_bucket(r.at, $3) - 1 AS quarter, sum(minutes) AS training_minutes, max(position) AS position
            FROM facts.training_record r
            LEFT JOIN rollups.member ON member.project_id = $1 AND member.day = $2 AND member.agent_id = r.agent_id
            CROSS JOIN LATERAL (VALUES ('project', ''), ('team', {Team("r")}), ('agent', r.agent_id::text)) AS place(scope, key)
            WHERE r.project_id = $1 AND {Within("r.at")} AND attended
            GROUP BY scope, key, quarter
        ), told AS (
            SELECT scope, key, quarter::int FROM rollups.figure
            WHERE project_id = $1 AND grain = 'quarter' AND scope IN ('project', 'queue', 'team', 'agent') AND day = $2
        ), fresh AS (
            SELECT 'quarter' AS grain, scope, $2 AS day, quarter, key, {Each(column => $"coalesce({column}, 0) AS {column}")},
                coalesce(greatest(call.position, span.position, evaluation.position, training.position), 0) AS position
            FROM call FULL JOIN span USING (scope, key, quarter) FULL JOIN evaluation USING (scope, key, quarter)
                FULL JOIN training USING (scope, key, quarter) FULL JOIN told USING (scope, key, quarter)
        ), kept AS ({Upsert} RETURNING scope, key)
        SELECT count(*), array_agg(DISTINCT key) FILTER (WHERE scope = 'queue') FROM kept
        """;

    /// <summary>$1 project, $2 day.</summary>
    public static readonly string Day = $"""
        WITH fresh AS (
            SELECT 'day' AS grain, scope, day, 0 AS quarter, key, {Each(column => $"sum({column}) AS {column}")}, max(position) AS position
            FROM rollups.figure
            WHERE project_id = $1 AND grain = 'quarter' AND scope IN ('project', 'queue', 'team', 'agent') AND day = $2
            GROUP BY scope, day, key
        )
        {Upsert}
        """;

    /// <summary>$1 project, $2 first day of the week.</summary>
    public static readonly string Week = $"""
        WITH fresh AS (
            SELECT 'week' AS grain, scope, $2 AS day, 0 AS quarter, key, {Each(column => $"sum({column}) AS {column}")}, max(position) AS position
            FROM rollups.figure
            WHERE project_id = $1 AND grain = 'day' AND scope IN ('project', 'queue', 'team', 'agent') AND day BETWEEN $2 AND $2 + 6
            GROUP BY scope, key
        )
        {Upsert}
        """;

    /// <summary>$1 project: the marks by day or quarter hour, with the age of the oldest and the newest.</summary>
    public const string Marks = """
        SELECT day, at, clock_timestamp() - min(marked_at), clock_timestamp() - max(marked_at)
        FROM rollups.mark WHERE project_id = $1 GROUP BY day, at
        """;

    /// <summary>$1 project, $2 day, $3 its start, $4 its end.</summary>
    public const string TakeMarks = """
        WITH taken AS (
            DELETE FROM rollups.mark WHERE project_id = $1 AND (day = $2 OR at >= $3 AND at < $4) RETURNING kind, added, changed
        )
        SELECT kind, sum(added)::int, sum(changed)::int FROM taken GROUP BY kind ORDER BY kind
        """;

    /// <summary>$1 project, $2 first day of the week (0 = Sunday): every day there is, under the old calendar or the new one.</summary>
    public const string MarkEverything = """
        WITH stale AS (DELETE FROM rollups.figure WHERE project_id = $1 AND grain = 'week' AND extract(dow FROM day) <> $2)
        INSERT INTO rollups.mark (project_id, at, day, kind)
        SELECT DISTINCT $1, date_bin('15 minutes', at, 'epoch'), NULL::date, 'calendar' FROM (
            SELECT at FROM facts.call WHERE project_id = $1 UNION ALL SELECT at FROM facts.evaluation WHERE project_id = $1
            UNION ALL SELECT at FROM facts.training_record WHERE project_id = $1 UNION ALL SELECT at FROM facts.timeline WHERE project_id = $1
        ) fact WHERE at IS NOT NULL
        UNION ALL SELECT DISTINCT $1, NULL::timestamptz, day, 'calendar' FROM rollups.figure WHERE project_id = $1 AND grain = 'day'
        """;

    /// <summary>$1 project, $2 queues, $3 agents: days rolled up before their queue's threshold or agent's team was known.</summary>
    public const string MarkNewlyKnown = """
        INSERT INTO rollups.mark (project_id, day, kind)
        SELECT DISTINCT $1, day, 'dimension' FROM rollups.figure
        WHERE project_id = $1 AND grain = 'day' AND (
            scope = 'queue' AND key = ANY($2) AND NOT EXISTS (
                SELECT FROM rollups.rule WHERE rule.project_id = $1 AND rule.day = figure.day AND rule.queue = key)
            OR scope = 'agent' AND key = ANY($3) AND NOT EXISTS (
                SELECT FROM rollups.member WHERE member.project_id = $1 AND member.day = figure.day AND member.agent_id::text = key))
        """;

    public const string Remember = """
        INSERT INTO rollups.project VALUES ($1, $2, $3, $4) ON CONFLICT (project_id) DO UPDATE
        SET zone = excluded.zone, week_starts_on = excluded.week_starts_on, dimensions = excluded.dimensions
        """;

    public const string KeepThresholds =
        "INSERT INTO rollups.rule SELECT $1, $2, * FROM unnest($3::text[], $4::int[]) ON CONFLICT DO NOTHING";

    public const string KeepMembers =
        "INSERT INTO rollups.member SELECT $1, $2, * FROM unnest($3::uuid[], $4::uuid[]) ON CONFLICT DO NOTHING";

    public const string TellCauses =
        "INSERT INTO rollups.change (project_id, day, kind, added, changed) SELECT $1, $2, * FROM unnest($3::text[], $4::int[], $5::int[])";

    public const string RaiseQueueDays = """
        INSERT INTO rollups.queue_day AS queue_day (project_id, queue, day, version) SELECT $1, queue, $2, 1 FROM unnest($3::text[]) AS queue
        ON CONFLICT (project_id, queue, day) DO UPDATE SET version = queue_day.version + 1
        """;

    private static string Upsert => $"""
        INSERT INTO rollups.figure AS figure (project_id, grain, scope, day, quarter, key, {Each(column => column)}, position)
            SELECT $1, grain, scope, day, quarter, key, {Each(column => column)}, position FROM fresh
            ON CONFLICT (project_id, grain, scope, day, quarter, key) DO UPDATE SET {Each(column => $"{column} = excluded.{column}")},
                position = greatest(figure.position, excluded.position), revision = figure.revision + 1
            WHERE ({Each(column => $"figure.{column}")}) IS DISTINCT FROM ({Each(column => $"excluded.{column}")})
        """;

    // Whoever is in no team yet counts as a team of that name, so that the teams' sums are the agents' sums.
    private static string Team(string fact) => $"CASE WHEN {fact}.agent_id IS NOT NULL THEN coalesce(member.team_id::text, 'none') END";

    private static string Within(string at) => $"{at} >= $3[1] AND {at} < $3[array_upper($3, 1)]";

    private static string Each(Func<string, string> column) => string.Join(", ", Figures.Columns.Select(column));
}
