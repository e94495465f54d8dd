using CallCenter.Contracts.Calls;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Calls.ChatV1>;

namespace CallCenter.Reporting.Facts;

internal static class ChatFacts
{
    /// <summary>Who greets later is late; at the limit is in time. So is who replies later than <see cref="ReplyWithin"/>.</summary>
    public const string GreetWithin = "5.0", ReplyWithin = "60.0";

    public static readonly FactTable<ChatV1> Table = new("chat", "chat", of: "true", ["at"],
        Column("project_id", "uuid", chat => chat.ProjectId),
        Column("at", "timestamptz", chat => chat.StartedAt.ToUniversalTime()),
        Column("agent_id", "uuid", chat => chat.Waits is [var first, ..] ? first.AgentId : null),
        Column("greeting_s", "numeric", chat => chat.GreetingSeconds),
        Column("reply_s", "numeric", chat => chat.FirstReplySeconds),
        // Whether anybody waits for the first reply, or has in vain, is known once it came or the chat ended.
        Column("asked", "boolean", chat => chat.Waits is [{ RepliedAt: not null } or { ClosedAt: not null }, ..]));
}
