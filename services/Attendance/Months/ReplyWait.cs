using CallCenter.Contracts.Calls;
using CallCenter.Time;
using Marten;

namespace CallCenter.Attendance.Months;

/// <summary>A time that a customer waited for an agent in a chat.</summary>
/// <param name="Chat">Id of the chat.</param>
/// <param name="AskedAt">When the customer wrote.</param>
/// <param name="Date">The local day of that.</param>
/// <param name="IsReplied">Whether the agent has written; else the chat ended, or the customer waits still.</param>
/// <param name="OnlineSeconds">How long the agent was online meanwhile; null where no state of these days is known.</param>
public sealed record ReplyWait(Guid Chat, DateTimeOffset AskedAt, DateOnly Date, bool IsReplied, int? OnlineSeconds)
{
    // Nobody waits for longer; what a chat says of that is that its end was never told.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    /// <param name="states">Of the agent, from a day before the first to some days after the last.</param>
    /// <param name="first">Local day.</param>
    /// <param name="last">Local day.</param>
    public static IReadOnlyList<ReplyWait> Of(
        Guid agent, IEnumerable<ChatV1> chats, IReadOnlyList<AgentDayV1> states, LocalCalendar calendar, DateOnly first, DateOnly last,
        DateTimeOffset now)
    {
        var segments = states.SelectMany(day => day.Segments).ToList();
        return
        [
            .. from chat in chats
               from wait in chat.Waits
               where wait.AgentId == agent && wait.AskedAt < now
               let date = calendar.DayOf(wait.AskedAt)
               where date >= first && date <= last
               orderby wait.AskedAt
               select new ReplyWait(chat.Id, wait.AskedAt, date, wait.RepliedAt is not null,
                   Online(wait.AskedAt, Earlier(wait.RepliedAt ?? wait.ClosedAt ?? now, wait.AskedAt + Longest))),
        ];

        int? Online(DateTimeOffset from, DateTimeOffset to)
        {
            var known = segments.Where(s => s.From < to && (s.To ?? now) > from).ToList();
            // Signed out is a state like the others; where there is none at all, nobody has said anything.
            if (known.Count == 0 && !segments.Exists(s => s.To <= from && from - s.To < TimeSpan.FromDays(1)))
                return null;
            return (int)known.Where(s => s.State != "offline").Sum(s => (Earlier(s.To ?? now, to) - Later(s.From, from)).TotalSeconds);
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

internal static class ReplyWaits
{
    extension(IQuerySession session)
    {
        /// <summary>How customers waited for some agents in a month of a project.</summary>
        public async Task<ILookup<Guid, ReplyWait>> WaitsOf(
            Guid projectId, IReadOnlyCollection<Guid> agents, LocalCalendar calendar, DateOnly first, DateOnly last, DateTimeOffset now,
            CancellationToken cancellation)
        {
            // A chat may go on over the end of a month.
            var (from, to, ids) = (calendar.StartOf(first), calendar.EndOf(last), agents.ToArray());
            var chats = (await session.Query<ChatV1>().Where(c => c.ProjectId == projectId && c.StartedAt < to && c.LastAt >= from)
                    .ToListAsync(cancellation))
                .SelectMany(chat => chat.Waits.Select(wait => wait.AgentId).OfType<Guid>().Distinct().Select(agent => (agent, chat)))
                .Where(own => ids.Contains(own.agent)).ToLookup(own => own.agent, own => own.chat);
            if (chats.Count == 0)
                return Enumerable.Empty<ReplyWait>().ToLookup(_ => Guid.Empty);

            var (earliest, latest) = (first.AddDays(-2), last.AddDays(4));
            var states = (await session.Query<AgentDayV1>().Where(d => d.AgentId.IsOneOf(ids) && d.Date >= earliest && d.Date <= latest)
                .ToListAsync(cancellation)).ToLookup(d => d.AgentId);

            return chats.SelectMany(own => ReplyWait.Of(own.Key, own, [.. states[own.Key]], calendar, first, last, now)
                .Select(wait => (own.Key, wait))).ToLookup(own => own.Key, own => own.wait);
        }
    }
}
