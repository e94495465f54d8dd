using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>Changes of published days between publications: a swap, an offer.</summary>
public static class DayChanges
{
    /// <summary>What the days of those concerned would break with the changes and do not break without them.</summary>
    public static IReadOnlyList<Violation> Broken(
        Roster roster, IReadOnlyList<ShiftChange> changes, RosterFrame frame, RosterProblem known) =>
    [
        .. changes.GroupBy(change => change.AgentId)
            .SelectMany(own => RosterDecider.NewViolations(frame, known, own.Key, [.. own], roster)),
    ];

    extension(IQuerySession session)
    {
        /// <summary>Somebody's day as it is published; null where nothing is.</summary>
        internal Task<PublishedDay?> Published(Guid projectId, Guid agentId, DateOnly date, CancellationToken cancellation) =>
            session.LoadAsync<PublishedDay>(PublishedDay.IdOf(projectId, agentId, date), cancellation);
    }

    extension(IDocumentSession session)
    {
        /// <summary>Whoever changes published days waits for the others of the project and for what is decided of the people.</summary>
        internal Task LockDays(Guid projectId, IEnumerable<Guid> agents, CancellationToken cancellation) =>
            session.Lock([Publications.IdOf(projectId), .. agents], cancellation);

        /// <summary>
        /// Adds the changes to the session as a publication of these days would: checked by the roster's rules, told to the others,
        /// booked. Whoever calls it holds the lock.
        /// </summary>
        /// <param name="causeId">The swap or offer.</param>
        /// <param name="overtime">Hours over the contract are allowed as far as the project allows them at all.</param>
        /// <exception cref="RefusedException">With the code of the rule that would be broken; <c>day-changed</c> or <c>other-roster</c>.</exception>
        internal async Task ChangePublished(
            Guid rosterId, Func<RosterContext, Roster, IReadOnlyList<ShiftChange>> changesOf, IReadOnlyList<Guid> agents, Guid causeId,
            bool overtime, Guid by, DateTimeOffset now, CancellationToken cancellation)
        {
            var stream = await session.Events.FetchForWriting<Roster>(rosterId, cancellation);
            var roster = agents.Aggregate(stream.Aggregate ?? throw new StreamNotFoundException(rosterId), (state, id) => state.With(id));
            var (context, changes) = await session.MustHold(roster, changesOf, causeId, overtime, cancellation);

            var numbers = await session.Events.FetchForWriting<Publications>(Publications.IdOf(roster.ProjectId), cancellation);
            var number = (numbers.Aggregate?.Last ?? 0) + 1;
            var days = new List<PublishedDay>();
            foreach (var (agent, date, shift) in changes)
                days.Add(new PublishedDay(
                    PublishedDay.IdOf(roster.ProjectId, agent, date), number, rosterId, roster.ProjectId, agent, date, shift,
                    [.. Publishing.Activities(agent, date, shift, context)], Cancelled: null, Changes: 0, now)
                    .After(await session.Published(roster.ProjectId, agent, date, cancellation)));

            stream.AppendMany(changes.Select(change => (object)new DayExchanged(
                rosterId, change.AgentId, change.Date, change.Shift, causeId, number, by, now)));
            numbers.AppendOne(new PublicationNumbered(roster.ProjectId, rosterId, number, now));
            await session.StoreFreed(roster, days, number, cancellation);
            await session.BookDays(days, roster.ProjectId, by, now, cancellation);
        }
    }

    extension(IQuerySession session)
    {
        /// <summary>What the changes come to, if the roster's rules let them be made.</summary>
        /// <exception cref="RefusedException">As above.</exception>
        internal async Task<(RosterContext Context, IReadOnlyList<ShiftChange> Changes)> MustHold(
            Roster roster, Func<RosterContext, Roster, IReadOnlyList<ShiftChange>> changesOf, Guid causeId, bool overtime,
            CancellationToken cancellation)
        {
            var context = await RosterContext.ForChange(roster, causeId, session, cancellation);
            context = overtime ? context.WithOvertime() : context;
            var changes = changesOf(context, roster);
            foreach (var change in changes)
                MustBePublishedAsIs(roster, change, await session.Published(roster.ProjectId, change.AgentId, change.Date, cancellation));
            if (Broken(roster, changes, context.Frame, context.Problem) is [var broken, ..])
                throw new RefusedException(broken.Rule,
                    $"{roster.From.AddDays(broken.Day):yyyy-MM-dd}, {context.NameOf(broken.AgentId)}: {broken.Message}");

            return (context, changes);
        }
    }

    // What a scheduler is about to publish, or another roster says, is not to be overwritten.
    private static void MustBePublishedAsIs(Roster roster, ShiftChange change, PublishedDay? published)
    {
        if (published is not null && published.RosterId != roster.Id)
            throw new RefusedException("other-roster", $"{change.Date:yyyy-MM-dd} is of another roster.");
        var known = roster.ShiftOf(change.AgentId, change.Date);
        if (roster.Publication == 0 || !(published?.Shift is { } shift ? shift.IsSameAs(known) : known is null))
            throw new RefusedException("day-changed", $"{change.Date:yyyy-MM-dd} is being changed; it can be exchanged once it is published.");
    }
}
