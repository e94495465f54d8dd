using CallCenter.Reporting.Facts;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// The statements of a roll-up. Each brings a set of figures to what the facts now say and touches only rows that
/// differ, so repeating one changes nothing. A figure whose facts have gone stays, as zeros: it had been told.
/// </summary>
internal static class RollUpSql
{
    /// <summary>
    /// The edition of these formulas, which the database knows a roll-up of the version before by. Another edition takes a script that
    /// names it in the trigger <c>note_outdated_day</c> and lists the days to be counted again.
    /// </summary>
    public const string SayFormulas = "SET LOCAL reporting.formulas = '5'";

    /// <summary>
    /// $1 project, $2 first and $3 last day, $4 starts of their quarter hours and the end, $5 the day and $6 the number
    /// in it of each, $7 default threshold, $8 short abandon (s), $9 days in which a customer comes back.
    /// Answers how many figures of which day and which queues changed.
    /// </summary>
    /// <remarks>OFFSET 0 keeps what it ends from being worked out again for each of the four sets.</remarks>
    public static readonly string Quarters = $"""
        WITH RECURSIVE first AS (
            SELECT id, at, conversation_id FROM facts.call c
            WHERE project_id = $1 AND {Within("at")} AND NOT {CallFacts.Continues("c")} AND CASE
                WHEN conversation_id IS NULL THEN id IN (SELECT linked_call_id FROM facts.call WHERE project_id = $1 AND linked_call_id IS NOT NULL)
                ELSE NOT EXISTS (
                    SELECT FROM facts.call e WHERE e.project_id = $1 AND e.conversation_id = c.conversation_id AND (e.at, e.id) < (c.at, c.id)
                        AND e.at >= c.at - interval '{CallFacts.LongestDays} days' AND NOT {CallFacts.Continues("e")}) END
        ), part AS (
            SELECT id AS first, id AS leg FROM first
            UNION SELECT first.id, c.id FROM first JOIN facts.call c ON c.project_id = $1 AND c.conversation_id = first.conversation_id
                AND c.at >= first.at AND c.at < first.at + interval '{CallFacts.LongestDays} days' AND NOT {CallFacts.Continues("c")}
        ), leg AS (
            SELECT * FROM part
            UNION SELECT leg.first, c.id FROM leg JOIN facts.call c ON c.project_id = $1 AND c.linked_call_id = leg.leg
        ), conversation AS (
            SELECT first, count(*) - 1 AS transfers, max(c.position) AS conversation_position,
                (bool_or(c.outcome = 'answered') AND count(*) FILTER (WHERE c.outcome = 'answered' AND ({CallFacts.Talked}) IS NULL) = 0)::int AS conversation_handled,
                bool_or(c.outcome = 'answered' AND ({CallFacts.Held} + {CallFacts.Worked}) IS NULL)::int AS conversation_unknown,
                coalesce(sum({CallFacts.Talked} + {CallFacts.HeldAndWorked}) FILTER (WHERE c.outcome = 'answered'), 0) AS conversation_ms
            FROM leg JOIN facts.call c ON c.id = leg.leg GROUP BY first
        ), call AS (
            SELECT CASE sets WHEN 7 THEN 'project' WHEN 3 THEN 'queue' WHEN 5 THEN 'team' ELSE 'agent' END AS scope,
                CASE sets WHEN 7 THEN '' WHEN 3 THEN queue WHEN 5 THEN CASE team_id WHEN {NoTeam} THEN 'none' ELSE team_id::text END ELSE agent_id::text END AS key,
                counted.*
            FROM (
                SELECT grouping(queue, team_id, agent_id) AS sets, slot, queue, team_id, agent_id,
                    sum(1 - outbound) AS offered, sum(answered) AS answered, sum(abandoned) AS abandoned, sum(open) AS open,
                    sum(1 - outbound - answered - abandoned - open) AS other, sum(outbound) AS outbound,
                    sum(answered * in_time) AS answered_in_time, sum(abandoned * in_time) AS abandoned_in_time,
                    sum(abandoned * short) AS abandoned_short, sum(answered * waited)::bigint AS wait_ms,
                    sum(answered * talk_s) AS talk_s, sum(answered * hold_s) AS hold_s, sum(answered * acw_s) AS acw_s,
                    sum(answered * timed) AS answered_timed, sum(abandoned * timed) AS abandoned_timed, sum(answered * handled) AS handled,
                    sum(answered * talked)::bigint AS talk_ms, sum(answered * handled * held)::bigint AS hold_ms,
                    sum(answered * handled * worked)::bigint AS acw_ms,
                    sum(answered * handled * hold_unknown) AS hold_unknown, sum(answered * handled * acw_unknown) AS acw_unknown,
                    sum(begun) AS conversations, sum(begun * coalesce(transfers, 0))::bigint AS transfers,
                    sum(begun * coalesce(conversation_handled, answered * handled)) AS conversations_handled,
                    sum(begun * coalesce(conversation_handled * conversation_ms, answered * handled * (talked + held_and_worked)))::bigint
                        AS conversation_handle_ms,
                    sum(begun * coalesce(conversation_handled * conversation_unknown, answered * handled * greatest(hold_unknown, acw_unknown)))
                        AS conversations_unknown,
                    sum(begun * of_known) AS conversations_of_known, sum(begun * of_known * repeated) AS conversations_repeated,
                    max(position) AS position
                FROM (
                    SELECT slot, c.queue, c.agent_id, {Team("c")} AS team_id, greatest(position, conversation_position) AS position, waited, talked, held, worked, held_and_worked, talk_s, hold_s, acw_s,
                        (kind = 'outbound')::int AS outbound, (kind = 'answered')::int AS answered,
                        (kind = 'abandoned')::int AS abandoned, (kind = 'open')::int AS open,
                        coalesce(waited <= coalesce(rule.seconds, $7) * 1000, false)::int AS in_time,
                        coalesce(waited <= $8 * 1000, false)::int AS short,
                        (waited IS NOT NULL)::int AS timed, (talked IS NOT NULL)::int AS handled,
                        (held IS NULL)::int AS hold_unknown, (worked IS NULL)::int AS acw_unknown,
                        (begins AND kind <> 'outbound')::int AS begun, (c.customer_id IS NOT NULL)::int AS of_known, (begins AND repeats)::int AS repeated,
                        transfers, conversation_handled, conversation_unknown, conversation_ms
                    FROM (
                        SELECT *, {CallFacts.Waited} AS waited, {CallFacts.Talked} AS talked, {CallFacts.Held} AS held, {CallFacts.Worked} AS worked,
                            {CallFacts.HeldAndWorked} AS held_and_worked,
                            CASE direction WHEN 'outbound' THEN direction ELSE outcome END AS kind, width_bucket(at, $4) AS slot
                        FROM facts.call WHERE project_id = $1 AND {Within("at")} OFFSET 0
                    ) c
                    LEFT JOIN conversation ON conversation.first = c.id
                    CROSS JOIN LATERAL (SELECT
                        conversation.first IS NOT NULL OR c.conversation_id IS NULL AND NOT {CallFacts.Continues("c")} AS begins,
                        c.customer_id IS NOT NULL AND EXISTS (
                            SELECT FROM facts.call e WHERE e.project_id = $1 AND e.customer_id = c.customer_id AND e.direction <> 'outbound'
                                AND e.at < c.at AND e.at >= c.at - $9 * interval '1 day') AS repeats) AS whole
                    LEFT JOIN rollups.rule ON rule.project_id = $1 AND rule.day = $5[slot] AND rule.queue = c.queue
                    {Member("c")}
                    OFFSET 0
                ) c
                GROUP BY GROUPING SETS ((slot), (slot, queue), (slot, team_id), (slot, agent_id))
            ) counted
            WHERE sets IN (7, 3) OR sets = 5 AND team_id IS NOT NULL OR sets = 6 AND agent_id IS NOT NULL
        ), unfed AS (
            SELECT t.agent_id, t.position, s."from", s."to" FROM facts.timeline t
            CROSS JOIN LATERAL jsonb_to_recordset(t.spans) AS s(kind text, "from" timestamptz, "to" timestamptz)
            WHERE t.project_id = $1 AND t.kind = 'agent-day' AND t.day BETWEEN $2 - 1 AND $3 + 1 AND NOT t.spans @> '[{BusyState}]'
                AND s.kind = 'ready' AND s."from" < s."to" AND s."from" < $4[array_upper($4, 1)] AND s."to" > $4[1]
        ), on_calls AS (
            SELECT agent_id, greatest(ready.position, calls.position) AS position, lower(piece) AS "from", upper(piece) AS "to"
            FROM (SELECT agent_id, max(position) AS position, range_agg(tstzrange("from", "to")) AS times FROM unfed GROUP BY agent_id) ready
            JOIN (
                SELECT agent_id, max(position) AS position, range_agg(tstzrange(answered_at, {CallFacts.Done})) AS times FROM facts.call
                WHERE project_id = $1 AND outcome = 'answered' AND answered_at < ended_at AND {CallFacts.Done} <= at + interval '1 day'
                    AND at >= $4[1] - interval '1 day' AND at < $4[array_upper($4, 1)]
                GROUP BY agent_id
            ) calls USING (agent_id)
            CROSS JOIN LATERAL unnest(ready.times * calls.times) AS piece
            WHERE lower(piece) < $4[array_upper($4, 1)] AND upper(piece) > $4[1]
        ), basis AS (
            SELECT day, coalesce(bool_or(by_states) FILTER (WHERE told = day), bool_or(by_states)) AS by_states
            FROM (SELECT told.day AS told, by_states, told.day + beside AS day FROM rollups.telling_day told, generate_series(-1, 1) AS beside
                WHERE project_id = $1 AND told.day BETWEEN $2 - 1 AND $3 + 1) AS around
            GROUP BY day
        ), called AS (
            SELECT agent_id, $5[width_bucket("from", $4)] AS day FROM on_calls
            UNION SELECT agent_id, $5[width_bucket("to" - interval '1 microsecond', $4)] FROM on_calls
        ), span AS (
            SELECT scope, key, slot,
                sum(ms) FILTER (WHERE fact = 'agent-day' AND kind <> 'ready')::bigint AS contact_ms,
                sum(ms) FILTER (WHERE fact = 'agent-day' AND kind = 'ready')::bigint AS ready_ms,
                sum(ms) FILTER (WHERE fact = 'on-calls')::bigint AS on_calls_ms,
                sum(ms) FILTER (WHERE fact = 'unfed' AND by_calls)::bigint AS by_calls_ms,
                sum(ms) FILTER (WHERE fact = 'unfed' AND NOT measured)::bigint AS unmeasured_ms,
                sum(ms) FILTER (WHERE fact = 'roster')::bigint AS rostered_ms,
                sum(required * ms / 1000) FILTER (WHERE fact = 'coverage') AS required_s,
                sum(scheduled * ms / 1000) FILTER (WHERE fact = 'coverage') AS scheduled_s,
                sum(least(required, scheduled) * ms / 1000) FILTER (WHERE fact = 'coverage') AS covered_s,
                max(position) AS position
            FROM (
                SELECT c.*, {Team("c")} AS team_id, $5[slot] IN (SELECT basis.day FROM basis) AS measured,
                    $5[slot] IN (SELECT basis.day FROM basis WHERE NOT by_states)
                        OR (c.agent_id, $5[slot]) IN (SELECT called.agent_id, called.day FROM called) AS by_calls,
                    round(extract(epoch FROM least("to", $4[slot + 1]) - greatest("from", $4[slot])) * 1000)::bigint AS ms
                FROM (
                    SELECT s.*, slot
                    FROM (
                    SELECT t.kind AS fact, t.agent_id, t.queue, t.position, s.*
                    FROM facts.timeline t
                    CROSS JOIN LATERAL jsonb_to_recordset(t.spans)
                        AS s(kind text, "from" timestamptz, "to" timestamptz, required numeric, scheduled numeric)
                    WHERE t.project_id = $1 AND t.day BETWEEN $2 - 1 AND $3 + 1 AND s."from" < $4[array_upper($4, 1)] AND s."to" > $4[1]
                        AND (t.kind, s.kind) IN (('agent-day', 'busy'), ('agent-day', 'after-contact-work'), ('agent-day', 'ready'), ('roster', 'work'), ('coverage', 'staff'))
                    UNION ALL SELECT 'on-calls', agent_id, NULL, position, NULL, "from", "to", NULL, NULL FROM on_calls
                    UNION ALL SELECT 'unfed', agent_id, NULL, position, NULL, "from", "to", NULL, NULL FROM unfed
                    ) s
                    CROSS JOIN LATERAL generate_series(
                        width_bucket(greatest(s."from", $4[1]), $4),
                        width_bucket(least(s."to", $4[array_upper($4, 1)]) - interval '1 microsecond', $4)) AS slot
                ) c
                {Member("c")}
            ) s
            CROSS JOIN LATERAL {Places("queue")} GROUP BY scope, key, slot
        ), evaluation AS (
            SELECT scope, key, slot, count(*) AS evaluations, sum(score) AS score_sum,
                count(*) FILTER (WHERE passed) AS evaluations_passed, max(position) AS position
            FROM (
                SELECT c.*, {Team("c")} AS team_id FROM (
                    SELECT *, width_bucket(at, $4) AS slot FROM facts.evaluation WHERE project_id = $1 AND {Within("at")} AND score IS NOT NULL
                ) c {Member("c")}
            ) e
            CROSS JOIN LATERAL {Places("NULL")} GROUP BY scope, key, slot
        ), scored AS (
            SELECT scope, key, slot, count(*) AS call_evaluations, sum(score) AS call_score_sum,
                count(*) FILTER (WHERE passed) AS call_evaluations_passed, max(position) AS position
            FROM (
                SELECT c.*, {Team("c")} AS team_id FROM (
                    SELECT e.agent_id, e.score, e.passed, greatest(e.position, k.position) AS position, width_bucket(k.at, $4) AS slot
                    FROM facts.call k JOIN facts.evaluation e ON e.call_id = k.id
                    WHERE k.project_id = $1 AND e.project_id = $1 AND {Within("k.at")} AND e.score IS NOT NULL
                ) c {Member("c")}
            ) e
            CROSS JOIN LATERAL {Places("NULL")} GROUP BY scope, key, slot
        ), training AS (
            SELECT scope, key, slot, sum(minutes) AS training_minutes, max(position) AS position
            FROM (
                SELECT c.*, {Team("c")} AS team_id FROM (
                    SELECT *, width_bucket(at, $4) AS slot FROM facts.training_record WHERE project_id = $1 AND {Within("at")} AND attended
                ) c {Member("c")}
            ) r
            CROSS JOIN LATERAL {Places("NULL")} GROUP BY scope, key, slot
        ), chat AS (
            SELECT scope, key, slot, count(*) AS chats, count(*) FILTER (WHERE greeting_s <= {ChatFacts.GreetWithin}) AS chats_greeted_in_time,
                count(*) FILTER (WHERE asked) AS chats_asked,
                count(*) FILTER (WHERE asked AND reply_s <= {ChatFacts.ReplyWithin}) AS chats_replied_in_time, max(position) AS position
            FROM (
                SELECT c.*, {Team("c")} AS team_id FROM (
                    SELECT *, width_bucket(at, $4) AS slot FROM facts.chat WHERE project_id = $1 AND {Within("at")}
                ) c {Member("c")}
            ) r
            CROSS JOIN LATERAL {Places("NULL")} GROUP BY scope, key, slot
        ), told AS (
            SELECT scope, key, slot::int, {Each(column => $"{column} AS told_{column}")}
            FROM rollups.figure JOIN unnest($5, $6) WITH ORDINALITY AS place(day, quarter, slot) USING (day, quarter)
            WHERE project_id = $1 AND grain = 'quarter' AND scope IN ('project', 'queue', 'team', 'agent') AND day BETWEEN $2 AND $3
        ), fresh AS (
            SELECT 'quarter' AS grain, scope, $5[slot] AS day, $6[slot] AS quarter, key, {Each(column => $"coalesce({column}, 0) AS {column}")},
                coalesce(greatest(call.position, span.position, evaluation.position, scored.position, training.position, chat.position), 0) AS position
            FROM call FULL JOIN span USING (scope, key, slot) FULL JOIN evaluation USING (scope, key, slot)
                FULL JOIN scored USING (scope, key, slot) FULL JOIN training USING (scope, key, slot)
                FULL JOIN chat USING (scope, key, slot) FULL JOIN told USING (scope, key, slot)
            WHERE told_offered IS NULL OR ({Each(column => $"coalesce({column}, 0)")}) IS DISTINCT FROM ({Each(column => $"told_{column}")})
        ), kept AS ({Upsert} RETURNING day, scope, key)
        SELECT day, count(*), array_agg(DISTINCT key) FILTER (WHERE scope = 'queue') FROM kept GROUP BY day
        """;

    /// <summary>
    /// $1 project, $2 first and $3 last day, $4 starts of their quarter hours and the end, $5 the day of each, $6 why they are rolled up:
    /// which of the days say themselves who was on a call. A night shift has two days, so one that says nothing goes by those beside it,
    /// which are marked when that changes.
    /// </summary>
    public static readonly string TellingDays = $"""
        WITH telling AS (
            SELECT day, bool_or(by_states) AS by_states FROM (
                SELECT day, true AS by_states FROM facts.timeline
                WHERE project_id = $1 AND kind = 'agent-day' AND day BETWEEN $2 AND $3 AND spans @> '[{BusyState}]'
                UNION ALL SELECT $5[width_bucket(at, $4)], false FROM facts.call
                WHERE project_id = $1 AND {Within("at")} AND outcome = 'answered' AND agent_id IS NOT NULL
            ) AS said GROUP BY day
        ), silent AS (
            DELETE FROM rollups.telling_day WHERE project_id = $1 AND day BETWEEN $2 AND $3 AND day NOT IN (SELECT day FROM telling) RETURNING day
        ), told AS (
            INSERT INTO rollups.telling_day AS held (project_id, day, by_states) SELECT $1, day, by_states FROM telling
            ON CONFLICT (project_id, day) DO UPDATE SET by_states = excluded.by_states WHERE held.by_states <> excluded.by_states RETURNING day
        )
        INSERT INTO rollups.mark (project_id, day, kind)
        SELECT DISTINCT $1, changed.day + beside, cause
        FROM (SELECT day FROM silent UNION ALL SELECT day FROM told) AS changed CROSS JOIN unnest(ARRAY[-1, 1]) AS beside
            CROSS JOIN unnest($6::text[]) AS cause
        WHERE changed.day + beside NOT BETWEEN $2 AND $3 AND EXISTS (
            SELECT FROM rollups.figure WHERE project_id = $1 AND grain = 'day' AND scope = 'project' AND figure.day = changed.day + beside
                AND ready_ms > 0)
        """;

    /// <summary>$1 project, $2 first day, $3 last day.</summary>
    public static readonly string Day = $"""
        WITH fresh AS (
            SELECT 'day' AS grain, scope, day, 0 AS quarter, key, {Each(column => $"sum({column}) AS {column}")}, max(position) AS position
            FROM rollups.figure
            WHERE project_id = $1 AND grain = 'quarter' AND scope IN ('project', 'queue', 'team', 'agent') AND day BETWEEN $2 AND $3
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

    /// <summary>
    /// $1 project: the marks by day or quarter hour, with the age of the oldest and the newest; and the days counted by older formulas.
    /// </summary>
    public const string Marks = """
        SELECT day, at, clock_timestamp() - min(marked_at), clock_timestamp() - max(marked_at)
        FROM rollups.mark WHERE project_id = $1 GROUP BY day, at
        UNION ALL SELECT day, NULL, interval '1 day', interval '1 day' FROM rollups.outdated_day WHERE project_id = $1
        """;

    /// <summary>$1 project, $2 first day, $3 last day, $4 start, $5 end.</summary>
    public const string TakeMarks = """
        WITH taken AS (
            DELETE FROM rollups.mark WHERE project_id = $1 AND (day BETWEEN $2 AND $3 OR at >= $4 AND at < $5) RETURNING kind, added, changed
        ), outdated AS (
            DELETE FROM rollups.outdated_day WHERE project_id = $1 AND day BETWEEN $2 AND $3 RETURNING 'formula', 0, 0
        )
        SELECT kind, sum(added)::int, sum(changed)::int FROM (SELECT * FROM taken UNION ALL SELECT * FROM outdated) AS cause GROUP BY kind ORDER BY kind
        """;

    /// <summary>$1 project, $2 first day of the week (0 = Sunday): every day there is, under the old calendar or the new one.</summary>
    public const string MarkEverything = """
        WITH stale AS (DELETE FROM rollups.figure WHERE project_id = $1 AND grain = 'week' AND extract(dow FROM day) <> $2)
        INSERT INTO rollups.mark (project_id, at, day, kind)
        SELECT DISTINCT $1, date_bin('15 minutes', at, 'epoch'), NULL::date, 'calendar' FROM (
            SELECT at FROM facts.call WHERE project_id = $1 UNION ALL SELECT at FROM facts.evaluation WHERE project_id = $1
            UNION ALL SELECT at FROM facts.training_record WHERE project_id = $1 UNION ALL SELECT at FROM facts.chat WHERE project_id = $1
            UNION ALL SELECT at FROM facts.timeline WHERE project_id = $1
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

    public const string StoreDimensions = """
        INSERT INTO rollups.project VALUES ($1, $2, $3, $4) ON CONFLICT (project_id) DO UPDATE
        SET zone = excluded.zone, week_starts_on = excluded.week_starts_on, dimensions = excluded.dimensions
        """;

    /// <summary>$1 project, $2 days, $3 queues and $4 their thresholds.</summary>
    public const string KeepThresholds = """
        INSERT INTO rollups.rule SELECT $1, day, queue, seconds FROM unnest($2::date[]) AS day, unnest($3::text[], $4::int[]) AS rule(queue, seconds)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>$1 project, $2 days, $3 agents and $4 their teams.</summary>
    public const string KeepMembers = """
        INSERT INTO rollups.member SELECT $1, day, agent, team FROM unnest($2::date[]) AS day, unnest($3::uuid[], $4::uuid[]) AS member(agent, team)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>$1 project, $2 first day of the week.</summary>
    public const string ListCauses =
        "INSERT INTO rollups.change (project_id, week, kind, added, changed) SELECT $1, $2, * FROM unnest($3::text[], $4::int[], $5::int[])";

    /// <summary>$1 project, $2 queues and $3 their days.</summary>
    public const string RaiseQueueDays = """
        INSERT INTO rollups.queue_day AS queue_day (project_id, queue, day, version)
        SELECT $1, queue, day, 1 FROM unnest($2::text[], $3::date[]) AS changed(queue, day)
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
    private const string NoTeam = "'00000000-0000-0000-0000-000000000000'::uuid";

    private const string BusyState = """{"kind": "busy"}""";

    private static string Team(string fact) => $"CASE WHEN {fact}.agent_id IS NOT NULL THEN coalesce(member.team_id, {NoTeam}) END";

    private static string Member(string fact) =>
        $"LEFT JOIN rollups.member ON member.project_id = $1 AND member.day = $5[slot] AND member.agent_id = {fact}.agent_id";

    private static string Within(string at) => $"{at} >= $4[1] AND {at} < $4[array_upper($4, 1)]";

    // What a fact counts for: the project, and its queue or its agent and team.
    private static string Places(string queue) => $"""
        (SELECT * FROM (VALUES ('project', ''), ('queue', {queue}), ('team', CASE team_id WHEN {NoTeam} THEN 'none' ELSE team_id::text END),
            ('agent', agent_id::text)) AS place(scope, key) WHERE key IS NOT NULL) AS place
        """;

    private static string Each(Func<string, string> column) => string.Join(", ", Figures.Columns.Select(column));
}
