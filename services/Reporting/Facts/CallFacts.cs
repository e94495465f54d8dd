using CallCenter.Contracts.Calls;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Calls.CallV1>;

namespace CallCenter.Reporting.Facts;

internal static class CallFacts
{
    public static readonly FactTable<CallV1> Table = new("call", "call", of: "true", ["at", "done_at"],
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
        Column("acw_ms", "bigint", AfterContactMs));

    // What a row says; one that the version before has kept lacks some columns and takes unknown for zero.

    /// <summary>How long it waited, in SQL; null where nobody knows.</summary>
    public const string Waited = """
        CASE WHEN outcome = 'answered' AND answered_at IS NULL OR offered_at IS NULL AND queued_at IS NULL AND wait_ms = 0 THEN NULL ELSE wait_ms END
        """;

    public const string Held = "coalesce(hold_ms, hold_s * 1000::bigint)";

    public const string Worked = "coalesce(acw_ms, acw_s * 1000::bigint)";

    /// <summary>How long they talked, in SQL; null where nobody knows.</summary>
    public const string Talked = $"""
        CASE WHEN answered_at < ended_at THEN greatest(0, round(extract(epoch FROM ended_at - answered_at) * 1000)::bigint - {Held})
            WHEN answered_at IS NOT NULL AND ended_at IS NOT NULL THEN 0 END
        """;

    /// <summary>When its agent had done with it, in SQL.</summary>
    public const string Done = $"coalesce(done_at, ended_at + {Worked} * interval '1 millisecond')";

    // A call counts where it was offered; until that is known, where it was first heard of.
    private static DateTimeOffset? At(CallV1 call) =>
        (call.OfferedAt ?? call.QueuedAt ?? call.AnsweredAt ?? call.EndedAt)?.ToUniversalTime();

    // From the queue (or the offer, where there was none) to the answer, or to the end for those nobody answered.
    private static long? WaitMs(CallV1 call) =>
        (call.Outcome is "answered" ? call.AnsweredAt : call.AnsweredAt ?? call.EndedAt) - (call.QueuedAt ?? call.OfferedAt) is { } wait
            ? Math.Max(0, (long)wait.TotalMilliseconds) : null;

    private static long AfterContactMs(CallV1 call) => call.AfterContactMs ?? call.AfterContactSeconds * 1000L;
}
