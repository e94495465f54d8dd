using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.OnCall;

/// <summary>A published turn: who is on call from when to when.</summary>
/// <param name="Id">Derived from roster and number.</param>
/// <param name="RestFrom">From here on they work no shift; null where nothing is asked.</param>
/// <param name="RestTo">Until here; null where nothing is asked.</param>
/// <param name="IsSpecial">Begins at a weekend or on a holiday.</param>
/// <param name="OverMidnight">Somebody's night.</param>
/// <param name="Changes">How often it changed after it was first shown.</param>
public sealed record OnCallDuty(
    Guid Id, Guid ProjectId, string Role, Guid RosterId, int Number, Guid AgentId, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    DateTimeOffset? RestFrom, DateTimeOffset? RestTo, bool IsSpecial, bool OverMidnight, int Changes, DateTimeOffset ChangedAt)
{
    public static Guid IdOf(Guid rosterId, int number) => NameId.Of("on-call-duty", rosterId, number);

    public static OnCallDuty Of(OnCallRoster roster, OnCallTurn turn, Func<DateOnly, bool> isHoliday, DateTimeOffset now)
    {
        var calendar = roster.Calendar();
        var rest = turn.Rest(roster.HandOver, calendar);

        return new(IdOf(roster.Id, turn.Number), roster.ProjectId, roster.Role, roster.Id, turn.Number, turn.AgentId!.Value,
            turn.From, turn.To, rest?.From, rest?.To, OnCallRotation.IsSpecial(turn, calendar, isHoliday),
            turn.Midnight(calendar) is not null, Changes: 0, now);
    }
}

internal static class OnCallReading
{
    extension(IQuerySession session)
    {
        /// <summary>Published turns of some people that touch a time, in whatever project, with the rest after them.</summary>
        public async Task<ILookup<Guid, OnCallDuty>> DutiesOf(
            IReadOnlyCollection<Guid> agents, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
        {
            var ids = agents.ToArray();
            var earliest = from.AddDays(-2); // what is longest of a rest
            return (await session.Query<OnCallDuty>()
                .Where(duty => duty.AgentId.IsOneOf(ids) && duty.StartsAt < to && duty.EndsAt > earliest)
                .ToListAsync(cancellation)).ToLookup(duty => duty.AgentId);
        }
    }
}
