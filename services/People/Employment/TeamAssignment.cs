using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Teams;
using CallCenter.Rules;
using Marten;
using static CallCenter.People.Teams.TeamDecider;

namespace CallCenter.People.Employment;

/// <summary>Somebody comes to a team, or leaves it.</summary>
/// <param name="From">The day of it.</param>
/// <param name="Present">Whether it is so now; else it is on record for the past or the future only.</param>
internal sealed record MembershipChange(Guid EmployeeId, Guid TeamId, bool Joins, DateOnly From, bool Present);

/// <summary>What an employee's record touches beyond the employee's own stream, in the same transaction.</summary>
internal static class TeamAssignment
{
    extension(IDocumentSession session)
    {
        /// <summary>Decides for an employee as they were read, and enters in their teams who comes and goes by it.</summary>
        /// <returns>The employee's new version.</returns>
        /// <exception cref="StaleVersionException">412: somebody else has changed the employee meanwhile.</exception>
        public async Task<long> DecideWithTeams(
            Employee employee, Func<Employee, object[]> decide, DateTimeOffset now, CancellationToken cancellation)
        {
            await session.Assign(Changes(employee, decide(employee)), now, cancellation);

            return await session.Decide(employee.Id, employee.Version, decide, cancellation);
        }

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
        /// Enters in the teams who comes and goes, so that their facts become newer too. They are locked in the order of their
        /// ids: two changes of the same teams cannot wait for each other.
        /// </summary>
        public async Task Assign(IEnumerable<MembershipChange> changes, DateTimeOffset now, CancellationToken cancellation)
        {
            foreach (var team in changes.GroupBy(c => c.TeamId).OrderBy(g => g.Key))
            {
                var stream = await session.Events.FetchForExclusiveWriting<Team>(team.Key, cancellation);
                var state = stream.Aggregate ?? throw new StreamNotFoundException(team.Key);

                foreach (var day in team.GroupBy(c => (c.From, c.Present)).OrderBy(g => g.Key.From))
                {
                    var joined = day.Where(c => c.Joins).Select(c => c.EmployeeId).ToArray();
                    var left = day.Where(c => !c.Joins).Select(c => c.EmployeeId).ToArray();
                    var events = day.Key.Present
                        ? Decide(new MoveMembers(joined, left, now, day.Key.From), state)
                        : Decide(new DateMemberships(joined, left, day.Key.From, now), state);

                    stream.AppendMany(events);
                    state = events.Aggregate(state, (team, e) => team.Evolve(e));
                }
            }
        }
    }

    /// <summary>What the events change in the teams of an employee: who is in them now, and what is on record about other days.</summary>
    public static IEnumerable<MembershipChange> Changes(Employee before, IEnumerable<object> events)
    {
        var after = events.Aggregate(before, (employee, e) => employee.Evolve(e));
        var entered = after.TeamDates.Except(before.TeamDates).ToArray();

        foreach (var team in after.TeamIds.Concat(before.TeamIds).Concat(entered.Select(h => h.Of.TeamId)).Distinct())
        {
            var present = after.TeamIds.Contains(team) == before.TeamIds.Contains(team)
                ? null : after.TeamDates.LastOrDefault(h => h.Of.TeamId == team && h.From <= after.PresentDay());
            if (present is not null)
                yield return Change(present, isPresent: true);

            foreach (var other in entered.Where(h => h.Of.TeamId == team && h != present))
                yield return Change(other, isPresent: false);
        }

        MembershipChange Change(Holding<Membership> entry, bool isPresent) =>
            new(after.Id, entry.Of.TeamId, entry.Holds, entry.From, isPresent);
    }
}
