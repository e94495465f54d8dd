using CallCenter.Contracts.Calls;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Calls.CallV1>;

namespace CallCenter.Reporting.Facts;

internal static class CallFacts
{
    public static readonly FactTable<CallV1> Table = new("call", "call", of: "true", ["at"],
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
        Column("acw_s", "integer", call => call.AfterContactSeconds));

    // A call counts where it was offered; until that is known, where it was first heard of.
    private static DateTimeOffset? At(CallV1 call) =>
        (call.OfferedAt ?? call.QueuedAt ?? call.AnsweredAt ?? call.EndedAt)?.ToUniversalTime();

    // From the queue (or the offer, where there was none) to the answer, or to the end for those nobody answered.
    private static long? WaitMs(CallV1 call) =>
        (call.AnsweredAt ?? call.EndedAt) - (call.QueuedAt ?? At(call)) is { } wait ? Math.Max(0, (long)wait.TotalMilliseconds) : null;
}
