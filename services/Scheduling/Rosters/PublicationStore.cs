using CallCenter.Contracts;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;
using Npgsql;

namespace CallCenter.Scheduling.Rosters;

/// <summary>Keeps what was published last, and tells it to the others.</summary>
internal static class PublicationStore
{
    extension(IDocumentSession session)
    {
        /// <summary>Adds the days and the coverage of a publication to the session.</summary>
        public async Task<IReadOnlyList<PublishedDay>> StorePublication(
            Roster roster, RosterContext context, long publication, DateTimeOffset now, CancellationToken cancellation)
        {
            var (from, to) = (roster.From, roster.To);
            var earlier = (await session.Query<PublishedDay>()
                .Where(d => d.ProjectId == roster.ProjectId && d.Date >= from && d.Date <= to)
                .ToListAsync(cancellation)).ToDictionary(d => d.Id);

            var days = Publishing.Days(roster, context, publication, now).Select(d => d.After(earlier.GetValueOrDefault(d.Id))).ToList();
            var rostered = days.Select(d => d.Id).ToHashSet();

            // Whoever had a day in an earlier roster and is not in this one is told that it is gone.
            var gone = earlier.Values.Where(d => !rostered.Contains(d.Id)).Select(d =>
                (d with { Publication = publication, RosterId = roster.Id, Shift = null, Activities = [], ChangedAt = now }).After(d));

            days.AddRange(gone);
            session.Store<PublishedDay>([.. days]);
            Hold(session, days);
            var basis = await session.CoverageBasisOf(roster, cancellation);
            session.Store<PublishedCoverage>([.. Publishing.Coverage(roster, context, publication, basis)]);
            return days;
        }
    }

    extension(IDocumentSession session)
    {
        /// <summary>
        /// Adds days that changed after their publication to the session, and the coverage of a roster that has no changes but these.
        /// </summary>
        /// <param name="days">As they are from now on.</param>
        public async Task<IReadOnlyList<PublishedDay>> StoreFreed(
            Roster roster, IReadOnlyList<PublishedDay> days, long publication, CancellationToken cancellation)
        {
            session.Store<PublishedDay>([.. days]);
            Hold(session, days);

            // What else was changed in it is nobody's business before it is published.
            if (roster.Status is not RosterStatus.Published)
                return days;

            var left = days.Aggregate(roster, (state, day) => state.With(day.AgentId, day.Date, day.Shift));
            var context = await RosterContext.For(left, session, cancellation);
            var dates = days.Select(day => day.Date).ToHashSet();
            var basis = await session.CoverageBasisOf(roster, cancellation);
            session.Store<PublishedCoverage>(
                [.. Publishing.Coverage(left, context, publication, basis).Where(coverage => dates.Contains(coverage.Fact.Date))]);
            return days;
        }
    }

    // In the same transaction: an agent whose shifts would overlap fails it (Migrations/0001).
    private static void Hold(IDocumentSession session, IReadOnlyList<PublishedDay> days)
    {
        var worked = days.Where(day => day.Shift is not null).ToArray();
        session.QueueSqlCommand("delete from rosters.published_shift where day = any(?)", days.Select(day => day.Id).ToArray());
        session.QueueSqlCommand(
            """
            insert into rosters.published_shift
            select day, agent, tstzrange(starts, ends) from unnest(?, ?, ?, ?) as shift(day, agent, starts, ends)
            """,
            worked.Select(day => day.Id).ToArray(), worked.Select(day => day.AgentId).ToArray(),
            worked.Select(day => day.Shift!.StartsAt.ToUniversalTime()).ToArray(),
            worked.Select(day => day.Shift!.EndsAt.ToUniversalTime()).ToArray());
    }

    /// <exception cref="RefusedException"><c>works-elsewhere</c>: somebody does at one of the hours that are saved.</exception>
    public static async Task<T> InOnePlace<T>(Func<Task<T>> save)
    {
        try
        {
            return await save();
        }
        catch (Exception e) when (IsOverlap(e))
        {
            throw new RefusedException("works-elsewhere",
                "One of the agents has a published shift of another project at one of these hours.");
        }
    }

    private static bool IsOverlap(Exception? e) => e is PostgresException { SqlState: PostgresErrorCodes.ExclusionViolation }
        || (e?.InnerException is { } inner && IsOverlap(inner));

    /// <summary>The facts of rosters that changed: their days and coverage as they stand, unless a later roster has them by now.</summary>
    public static async Task<IReadOnlyList<StreamFact>> ToFacts(
        IReadOnlyList<StreamAsOf<Roster>> rosters, IQuerySession query, CancellationToken cancellation)
    {
        var published = rosters.Where(r => r.State.Publication > 0).Select(r => r.Id).ToArray();
        if (published.Length == 0)
            return [];

        var days = await query.Query<PublishedDay>().Where(d => d.RosterId.IsOneOf(published)).ToListAsync(cancellation);
        var coverage = await query.Query<PublishedCoverage>().Where(c => c.RosterId.IsOneOf(published)).ToListAsync(cancellation);

        return
        [
            .. days.Select(d => new StreamFact(d.RosterId, d.ToFact())),
            .. coverage.Select(c => new StreamFact(c.RosterId, c.Fact)),
        ];
    }
}
