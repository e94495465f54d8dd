using CallCenter.Contracts;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>Keeps what was published last, and tells it to the others.</summary>
internal static class PublicationStore
{
    extension(IDocumentSession session)
    {
        /// <summary>Adds the days and the coverage of a publication to the session.</summary>
        public async Task StorePublication(
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

            session.Store<PublishedDay>([.. days, .. gone]);
            session.Store<PublishedCoverage>([.. Publishing.Coverage(roster, context, publication)]);
        }
    }

    /// <summary>The facts of rosters that changed: their days and coverage as they stand, unless a later roster has them by now.</summary>
    public static async Task<IFact[]> ToFacts(
        IReadOnlyList<StreamAsOf<Roster>> rosters, IQuerySession query, CancellationToken cancellation)
    {
        var published = rosters.Where(r => r.State.Publication > 0).Select(r => r.Id).ToArray();
        if (published.Length == 0)
            return [];

        var days = await query.Query<PublishedDay>().Where(d => d.RosterId.IsOneOf(published)).ToListAsync(cancellation);
        var coverage = await query.Query<PublishedCoverage>().Where(c => c.RosterId.IsOneOf(published)).ToListAsync(cancellation);

        return [.. days.Select(d => d.ToFact()), .. coverage.Select(c => c.Fact)];
    }
}
