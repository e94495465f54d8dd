using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Teams;
using CallCenter.Rules;
using Marten;
using static CallCenter.People.Teams.TeamDecider;

namespace CallCenter.People.Employment;

/// <summary>Somebody comes to a team, or leaves it.</summary>
internal sealed record Move(Guid EmployeeId, Guid TeamId, bool Joins);

/// <summary>What an employee's record touches beyond the employee's own stream, in the same transaction.</summary>
internal static class Placing
{
    extension(IDocumentSession session)
    {
        /// <summary>
        /// Holds the staff numbers until the transaction ends, so that of two requests with the same new number the second
        /// finds what the first one stored.
        /// </summary>
        /// <returns>Who has them, by <see cref="StaffNumber.IdOf"/>.</returns>
        public async Task<Dictionary<Guid, Guid>> HoldStaffNumbers(IEnumerable<string> staffNumbers, CancellationToken cancellation)
        {
            var ids = staffNumbers.Select(StaffNumber.IdOf).Distinct().ToArray();
            await session.Lock(ids, cancellation);

            var taken = await session.LoadManyAsync<StaffNumber>(cancellation, ids);
            return taken.ToDictionary(t => t.Id, t => t.EmployeeId);
        }

        /// <summary>The teams' projects. An unknown team is the caller's mistake, not a missing page.</summary>
        public async Task<IReadOnlyList<Membership>> Memberships(IReadOnlyList<Guid> teamIds, CancellationToken cancellation)
        {
            var teams = (await session.LoadManyAsync<Team>(cancellation, teamIds)).ToDictionary(t => t.Id);
            var unknown = teamIds.Index().Where(t => !teams.ContainsKey(t.Item))
                .Select(t => new Error($"/teamIds/{t.Index}", "unknown-team", $"There is no team {t.Item}.")).ToArray();

            return unknown.Length == 0
                ? [.. teamIds.Select(id => new Membership(id, teams[id].ProjectId))]
                : throw new InvalidException(unknown);
        }

        /// <summary>
        /// Tells the teams who comes and goes, so that their facts become newer too. They are locked in the order of their
        /// ids: two moves between the same teams cannot wait for each other.
        /// </summary>
        public async Task Tell(IEnumerable<Move> moves, DateTimeOffset now, CancellationToken cancellation)
        {
            foreach (var team in moves.GroupBy(m => m.TeamId).OrderBy(g => g.Key))
            {
                var stream = await session.Events.FetchForExclusiveWriting<Team>(team.Key, cancellation);
                var joined = team.Where(m => m.Joins).Select(m => m.EmployeeId).ToArray();
                var left = team.Where(m => !m.Joins).Select(m => m.EmployeeId).ToArray();

                stream.AppendMany(Decide(
                    new MoveMembers(joined, left, now), stream.Aggregate ?? throw new StreamNotFoundException(team.Key)));
            }
        }
    }

    public static IEnumerable<Move> Moves(Guid employeeId, IEnumerable<object> events) => events.Select(e => e switch
    {
        TeamJoined joined => new Move(employeeId, joined.TeamId, Joins: true),
        TeamLeft left => new Move(employeeId, left.TeamId, Joins: false),
        _ => null,
    }).OfType<Move>();
}
