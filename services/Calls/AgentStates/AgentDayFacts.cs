using System.Globalization;
using CallCenter.Calls.Intake;
using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Time;
using Marten;
using Npgsql;

namespace CallCenter.Calls.AgentStates;

/// <summary>A person's time cut into local days of projects, as pages and other services ask for it.</summary>
internal static class AgentDayFacts
{
    /// <summary>
    /// Of the rules by which days are made of changes: raised where the same changes come to other days, so that days told by the rules
    /// before are told anew (<see cref="OutdatedAgentDays"/>), and taken for newer.
    /// </summary>
    private const long Edition = 1;

    // A person has far fewer changes in a week; 31 editions fit into a version that is told.
    private const int BitsOfChanges = 17;

    /// <summary>The version of a day that is made of so many changes: one of a later edition is newer than all of an earlier.</summary>
    public static long VersionOf(long changes) => (Edition << BitsOfChanges) + changes;

    // A day is made of what was reported from twice the longest state before it to once after it, and zones are a day apart.
    private const int Around = 3;

    // A change reaches no further than into the days beside its own, by the calendar of any project.
    private const int Touched = 2;

    // From a change to the farthest one that has a part in a day it reaches into: a change reaches as far as the longest state
    // before it and twice that after it, into a day of 25 hours, of which the first states are known from twice the longest before.
    private static readonly TimeSpan Reach = 4 * AgentTime.Longest + TimeSpan.FromHours(25);

    /// <summary>The days that the changes of some days have a part in, wherever they were reported.</summary>
    public static async Task<IReadOnlyList<StreamFact>> Of(
        IReadOnlyList<StreamAsOf<AgentDay>> days, IQuerySession query, CancellationToken cancellation)
    {
        var agents = days.Select(day => day.State).Where(day => day.Changes.Count > 0).ToLookup(day => day.AgentId);
        var people = await query.People(
        [
            .. agents.Select(agent => new Stretch(
                agent.Key, agent.Min(day => day.Date).AddDays(-Around - Touched), agent.Max(day => day.Date).AddDays(Around + Touched),
                agent.SelectMany(day => day.Changes.Keys).Min(change => change.At) - Reach,
                agent.SelectMany(day => day.Changes.Keys).Max(change => change.At) + Reach)),
        ], cancellation);

        return
        [
            .. agents.SelectMany(agent => agent
                .SelectMany(day => people[agent.Key].DaysOf(day).Select(touched => (Touched: touched, By: day)))
                .DistinctBy(day => day.Touched)
                .Select(day => new StreamFact(
                    AgentDay.IdOf(day.By.ProjectId, day.By.AgentId, day.By.Date),
                    people[agent.Key].Day(day.Touched.Project, day.Touched.Date)))),
        ];
    }

    extension(IQuerySession query)
    {
        /// <summary>One local day of a person in a project.</summary>
        public async Task<AgentDayV1> Day(AgentDay day, CancellationToken cancellation)
        {
            var stretch = new Stretch(
                day.AgentId, day.Date.AddDays(-Around), day.Date.AddDays(Around), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

            return (await query.People([stretch], cancellation))[day.AgentId].Day(day.ProjectId, day.Date);
        }

        // Of all projects, and of the time before channels and queues were named.
        private async Task<Dictionary<Guid, Person>> People(IReadOnlyList<Stretch> stretches, CancellationToken cancellation)
        {
            object[] wanted =
            [
                stretches.Select(s => s.AgentId.ToString()).ToArray(), stretches.Select(s => Text(s.First)).ToArray(),
                stretches.Select(s => Text(s.Last)).ToArray(), stretches.Select(s => s.Earliest.ToUniversalTime()).ToArray(),
                stretches.Select(s => s.Latest.ToUniversalTime()).ToArray(),
            ];
            var pages = (await query.AdvancedSql.QueryAsync<Reported>(OfStretches, cancellation, wanted)).ToLookup(page => page.AgentId);
            var projects = await query.LoadManyAsync<ProjectV1>(cancellation,
                pages.SelectMany(agent => agent).SelectMany(page => page.Changes).Select(change => change.ProjectId).Distinct().ToArray());
            var calendars = projects.ToDictionary(project => project.Id, project => LocalCalendar.Of(project.Zone));

            return stretches.ToDictionary(s => s.AgentId, s => new Person(s.AgentId, [.. pages[s.AgentId]], calendars));
        }
    }

    // By the index of agent and date. One statement, one snapshot: the count is a version, and must not know more than the changes.
    private const string OfStretches = $"""
        select jsonb_build_object('AgentId', agent, 'Date', event.data ->> 'Date', 'Count', count(*), 'Changes', coalesce(
            jsonb_agg(event.data) filter (where (event.data ->> 'At')::timestamptz between earliest and latest), '[]'))
        from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[]) as stretch(agent, first, last, earliest, latest)
        join calls.mt_events event on event.type = '{AgentStateIndex.EventType}' and event.data ->> 'AgentId' = agent
            and event.data ->> 'Date' between first and last
        group by agent, event.data ->> 'Date'
        """;

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Which of a person's changes are asked for.</summary>
    /// <param name="First">First date that is counted, <paramref name="Last"/> the last.</param>
    /// <param name="Earliest">The first instant of which the changes themselves are needed, <paramref name="Latest"/> the last.</param>
    private sealed record Stretch(Guid AgentId, DateOnly First, DateOnly Last, DateTimeOffset Earliest, DateTimeOffset Latest);

    /// <summary>What was reported of a person on a date.</summary>
    /// <param name="Count">All of it.</param>
    /// <param name="Changes">Those between the instants that were asked for.</param>
    private sealed record Reported(Guid AgentId, DateOnly Date, int Count, IReadOnlyList<AgentStateChanged> Changes);

    private sealed class Person(Guid agentId, IReadOnlyList<Reported> reported, Dictionary<Guid, LocalCalendar> calendars)
    {
        private readonly List<AgentStateChanged> changes = [.. reported.SelectMany(page => page.Changes)];
        private readonly IReadOnlyList<AgentPiece> pieces = AgentTime.OfPerson(reported.SelectMany(page => page.Changes));
        private readonly IReadOnlyList<AgentPiece> byChannel = AgentTime.ByChannel(reported.SelectMany(page => page.Changes));

        // All that can have a part in it has been counted: whatever is added raises the version.
        public AgentDayV1 Day(Guid project, DateOnly date) => new(
            AgentDay.IdOf(project, agentId, date),
            VersionOf(reported.Where(page => page.Date >= date.AddDays(-Around) && page.Date <= date.AddDays(Around))
                .Sum(page => page.Count)),
            agentId, project, date, pieces.In(project, calendars[project], date),
            byChannel.In(project, calendars[project], date) is { Count: > 0 } lanes ? lanes : null);

        /// <summary>
        /// The day itself, and the days into which its changes reach: from the change before them, which they may have ended, to the
        /// longest state after.
        /// </summary>
        public IEnumerable<(Guid Project, DateOnly Date)> DaysOf(AgentDay day)
        {
            var first = day.Changes.Keys.Min(change => change.At);
            var until = day.Changes.Keys.Max(change => change.At) + AgentTime.Longest;
            var from = changes.Select(change => change.At).Where(at => at < first && first - at <= AgentTime.Longest)
                .DefaultIfEmpty(first).Max();

            return changes.Where(change => change.At >= first && change.At <= until).Select(change => (change.ProjectId, change.Date))
                .Concat(pieces.Concat(byChannel)
                    .Where(piece => piece.State is not AgentState.Logout && piece.From <= until
                        && (piece.To ?? piece.From.AddTicks(1)) > from)
                    .SelectMany(piece => Days(piece, from, until + AgentTime.Longest)))
                .Append((day.ProjectId, day.Date)).Where(touched => calendars.ContainsKey(touched.Item1)).Distinct();
        }

        // A state that was said again and again can have begun long before.
        private IEnumerable<(Guid, DateOnly)> Days(AgentPiece piece, DateTimeOffset from, DateTimeOffset to)
        {
            if (!calendars.TryGetValue(piece.ProjectId, out var calendar))
                yield break;

            var begins = piece.From > from ? piece.From : from;
            var last = calendar.DayOf(piece.To is { } end ? (end < to ? end : to).AddTicks(-1) : begins);
            for (var day = calendar.DayOf(begins); day <= last; day = day.AddDays(1))
                yield return (piece.ProjectId, day);
        }
    }
}

/// <summary>The index by which a person's changes are found among the events, whatever project and day they are filed under.</summary>
internal static class AgentStateIndex
{
    public const string EventType = "agent_state_changed";

    public static readonly EventIndex Index = new("agent_state_changed_by_agent", EventType, "AgentId", "Date");
}
