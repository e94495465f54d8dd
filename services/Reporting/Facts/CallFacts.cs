using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Calls.CallV1>;

namespace CallCenter.Reporting.Facts;

internal static class CallFacts
{
    public static readonly FactTable<CallV1> Table = new("call", "call", of: "true", ["at", "done_at"], Related,
        Column("project_id", "uuid", call => call.ProjectId),
        Column("at", "timestamptz", At),
        Column("queue", "text", call => call.Queue),
        Column("direction", "text", call => call.Direction),
        Column("channel", "text", call => call.Channel),
        Column("outcome", "text", call => call.Outcome),
        Column("agent_id", "uuid", call => call.AgentId),
        Column("offered_at", "timestamptz", call => call.OfferedAt?.ToUniversalTime()),
        Column("answered_at", "timestamptz", call => call.AnsweredAt?.ToUniversalTime()),
        Column("ended_at", "timestamptz", call => call.EndedAt?.ToUniversalTime()),
        Column("wait_ms", "bigint", WaitMs),
        Column("talk_s", "integer", call => call.TalkSeconds),
        Column("hold_s", "integer", call => call.HoldSeconds),
        Column("acw_s", "integer", call => call.AfterContactSeconds),
        Column("queued_at", "timestamptz", call => call.QueuedAt?.ToUniversalTime()),
        Column("done_at", "timestamptz", call => call.EndedAt?.ToUniversalTime().AddMilliseconds(AfterContactMs(call))),
        Column("hold_ms", "bigint", call => call.HoldMs ?? call.HoldSeconds * 1000L),
        Column("acw_ms", "bigint", AfterContactMs),
        Column("hold_unknown", "boolean", call => call.HoldUnknown),
        Column("acw_unknown", "boolean", call => call.AfterContactUnknown),
        Column("linked_call_id", "uuid", call => call.LinkedCallId),
        Column("conversation_id", "uuid", call => Named("conversation", call, call.ConversationId)),
        Column("customer_id", "uuid", call => Named("customer", call, call.CustomerId)),
        Column(FactTable<CallV1>.KeptVersion, "bigint", call => call.Version),
        Column(FactTable<CallV1>.KeptAll, "boolean", _ => true));

    /// <summary>The longest time in which a conversation goes on, and in which a customer comes back.</summary>
    public const int LongestDays = 31;

    /// <summary>Whether a leg continues one that is known, in SQL. Of legs linked in a circle the earliest continues none.</summary>
    public static string Continues(string leg) => $"""
        ({leg}.linked_call_id IS NOT NULL AND EXISTS (
            SELECT FROM facts.call before WHERE before.id = {leg}.linked_call_id AND before.id <> {leg}.id
                AND NOT (coalesce(before.at > {leg}.at OR before.at = {leg}.at AND before.id > {leg}.id, true) AND (
                    WITH RECURSIVE up AS (
                        SELECT before.id, before.at, before.linked_call_id, 1 AS steps
                        UNION ALL SELECT c.id, c.at, c.linked_call_id, steps + 1 FROM up JOIN facts.call c ON c.id = up.linked_call_id
                        WHERE up.id <> {leg}.id AND steps < {LongestCircle}
                    )
                    SELECT bool_or(up.id = {leg}.id) AND coalesce(bool_and((up.at, up.id) >= ({leg}.at, {leg}.id)), true) FROM up))))
        """;

    private const int LongestCircle = 50;

    // Which other quarter hours a leg touches: that of the first leg of its conversation, before and after; those of the legs that
    // continue it; that of the customer's next one.
    private static RelatedFacts Related => new(["linked_call_id", "conversation_id", "customer_id"], $"""
        above AS (
            SELECT id AS leg, id, project_id, at, linked_call_id, conversation_id, 0 AS steps FROM moved
            UNION ALL
            SELECT leg, c.id, c.project_id, c.at, c.linked_call_id, c.conversation_id, steps + 1
            FROM above JOIN facts.call c ON c.id = above.linked_call_id AND c.project_id = above.project_id WHERE steps < {LongestCircle}
        ), below AS (
            SELECT c.id, c.project_id, c.at, c.linked_call_id, c.conversation_id
            FROM moved JOIN facts.call c ON c.linked_call_id = moved.id AND c.project_id = moved.project_id
        ), related AS (
            SELECT project_id, at FROM above WHERE steps > 0 UNION ALL SELECT project_id, at FROM below
            UNION ALL
            SELECT c.project_id, c.at
            FROM (SELECT * FROM below UNION ALL SELECT id, project_id, at, linked_call_id, conversation_id FROM above) leg
            CROSS JOIN LATERAL (
                SELECT project_id, at FROM facts.call other
                WHERE other.project_id = leg.project_id AND other.conversation_id = leg.conversation_id AND other.id NOT IN (SELECT id FROM moved)
                    AND other.at BETWEEN leg.at - interval '{LongestDays} days' AND leg.at + interval '{LongestDays} days'
                ORDER BY at, id LIMIT 1
            ) c
            WHERE leg.conversation_id IS NOT NULL
            UNION ALL
            SELECT c.project_id, c.at FROM moved CROSS JOIN LATERAL (
                SELECT project_id, at FROM facts.call other
                WHERE other.project_id = moved.project_id AND other.customer_id = moved.customer_id AND other.direction <> 'outbound'
                    AND other.id NOT IN (SELECT id FROM moved) AND other.at > moved.at AND other.at <= moved.at + interval '{LongestDays} days'
                ORDER BY at LIMIT 1
            ) c
            WHERE moved.customer_id IS NOT NULL
        )
        """);

    /// <summary>By them, what belongs together is found among all calls.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Indexes =
    [
        Index("call_linked", "linked_call_id"), Index("call_conversation", "conversation_id", ", at"),
        Index("call_customer", "customer_id", ", at"),
    ];

    private static (string, string) Index(string name, string column, string order = "") =>
        (name, $"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON facts.call ({column}{order}) WHERE {column} IS NOT NULL");

    // A source's own name of something.
    private static Guid? Named(string what, CallV1 call, string? name) =>
        name is null ? null : NameId.Of(what, call.ProjectId, call.Source ?? "", name);

    // What a row says; one that the version before has kept lacks some columns and takes unknown for zero.

    /// <summary>How long it waited, in SQL; null where nobody knows.</summary>
    public const string Waited = """
        CASE WHEN outcome = 'answered' AND answered_at IS NULL OR offered_at IS NULL AND queued_at IS NULL AND wait_ms = 0 THEN NULL ELSE wait_ms END
        """;

    /// <summary>How long it was on hold, in SQL; null where its source never says.</summary>
    public const string Held = $"CASE WHEN NOT hold_unknown THEN {HeldOrNone} END";

    /// <summary>How long there was work after it, in SQL; null where its source never says.</summary>
    public const string Worked = $"CASE WHEN NOT acw_unknown THEN {WorkedOrNone} END";

    /// <summary>Hold time and work after the contact as far as they are known, in SQL.</summary>
    public const string HeldAndWorked = $"{HeldOrNone} + {WorkedOrNone}";

    private const string HeldOrNone = "coalesce(hold_ms, hold_s * 1000::bigint)";
    private const string WorkedOrNone = "coalesce(acw_ms, acw_s * 1000::bigint)";

    /// <summary>How long they talked, in SQL, with the hold where nobody knows how long that was; null where nobody knows.</summary>
    public const string Talked = $"""
        CASE WHEN answered_at < ended_at THEN greatest(0, round(extract(epoch FROM ended_at - answered_at) * 1000)::bigint - {HeldOrNone})
            WHEN answered_at IS NOT NULL AND ended_at IS NOT NULL THEN 0 END
        """;

    /// <summary>When its agent had done with it, in SQL.</summary>
    public const string Done = $"coalesce(done_at, ended_at + {WorkedOrNone} * interval '1 millisecond')";

    // A call counts where it was offered; until that is known, where it was first heard of.
    private static DateTimeOffset? At(CallV1 call) =>
        (call.OfferedAt ?? call.QueuedAt ?? call.AnsweredAt ?? call.EndedAt)?.ToUniversalTime();

    // From the queue (or the offer, where there was none) to the answer, or to the end for those nobody answered.
    private static long? WaitMs(CallV1 call) =>
        (call.Outcome is "answered" ? call.AnsweredAt : call.AnsweredAt ?? call.EndedAt) - (call.QueuedAt ?? call.OfferedAt) is { } wait
            ? Math.Max(0, (long)wait.TotalMilliseconds) : null;

    private static long AfterContactMs(CallV1 call) => call.AfterContactMs ?? call.AfterContactSeconds * 1000L;
}
