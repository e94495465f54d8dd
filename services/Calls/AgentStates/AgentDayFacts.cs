using System.Globalization;
using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Time;
using Marten;
using Marten.Linq.MatchesSql;
using Npgsql;

namespace CallCenter.Calls.AgentStates;

/// <summary>A person's time cut into local days of projects, as pages and other services ask for it.</summary>
internal static class AgentDayFacts
{
    // A day is made of what was reported from twice the longest state before it to once after it, and zones are a day apart.
    private const int Around = 3;

    // A change reaches no further than into the days beside its own, by the calendar of any project.
    private const int Touched = 2;

    /// <summary>The days that the changes of some days have a part in, wherever they were reported.</summary>
    public static async Task<IFact[]> Of(
        IReadOnlyList<StreamAsOf<AgentDay>> days, IQuerySession query, CancellationToken cancellation)
    {
        var facts = new List<IFact>();
        foreach (var agent in days.Where(day => day.State.Changes.Count > 0).GroupBy(day => day.State.AgentId))
        {
            var (first, last) = (agent.Min(day => day.State.Date), agent.Max(day => day.State.Date));
            var person = await query.PersonOf(agent.Key, first.AddDays(-Around - Touched), last.AddDays(Around + Touched), cancellation);
            facts.AddRange(agent.SelectMany(day => person.DaysOf(day.State)).Distinct().Select(day => person.Day(day.Project, day.Date)));
        }

        return [.. facts];
    }

    extension(IQuerySession query)
    {
        /// <summary>One local day of a person in a project.</summary>
        public async Task<AgentDayV1> Day(AgentDay day, CancellationToken cancellation) =>
            (await query.PersonOf(day.AgentId, day.Date.AddDays(-Around), day.Date.AddDays(Around), cancellation))
                .Day(day.ProjectId, day.Date);

        // By agent and date from the events of all projects, those of before channels and queues were named among them.
        private async Task<Person> PersonOf(Guid agentId, DateOnly first, DateOnly last, CancellationToken cancellation)
        {
            var found = await query.Events.QueryAllRawEvents()
                .Where(e => e.MatchesSql(
                    $"d.type = '{AgentStateIndex.EventType}' and d.data ->> 'AgentId' = ? and d.data ->> 'Date' between ? and ?",
                    agentId.ToString(), Text(first), Text(last)))
                .ToListAsync(cancellation);
            var changes = found.Select(e => (AgentStateChanged)e.Data).ToList();
            var projects = await query.LoadManyAsync<ProjectV1>(cancellation, changes.Select(c => c.ProjectId).Distinct().ToArray());

            return new Person(agentId, changes, projects.ToDictionary(p => p.Id, p => LocalCalendar.Of(p.Zone)));
        }
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed class Person(Guid agentId, List<AgentStateChanged> changes, Dictionary<Guid, LocalCalendar> calendars)
    {
        private readonly IReadOnlyList<AgentPiece> pieces = AgentTime.OfPerson(changes);
        private readonly IReadOnlyList<AgentPiece> byChannel = AgentTime.ByChannel(changes);

        // All that can have a part in it has been counted: whatever is added raises the version.
        public AgentDayV1 Day(Guid project, DateOnly date) => new(
            AgentDay.IdOf(project, agentId, date),
            changes.Count(c => c.Date >= date.AddDays(-Around) && c.Date <= date.AddDays(Around)),
            agentId, project, date, pieces.In(project, calendars[project], date),
            byChannel.In(project, calendars[project], date) is { Count: > 0 } lanes ? lanes : null);

        /// <summary>
        /// The day itself, and the days into which its changes reach: from the change before them to the longest state after.
        /// </summary>
        public IEnumerable<(Guid Project, DateOnly Date)> DaysOf(AgentDay day)
        {
            var first = day.Changes.Keys.Min(change => change.At);
            var until = day.Changes.Keys.Max(change => change.At) + AgentTime.Longest;
            var from = changes.Where(change => change.At < first).Select(change => change.At).DefaultIfEmpty(first).Max();

            return changes.Where(change => change.At >= first && change.At <= until).Select(change => (change.ProjectId, change.Date))
                .Concat(pieces.Concat(byChannel)
                    .Where(piece => piece.State is not AgentState.Logout && piece.From <= until
                        && (piece.To ?? piece.From.AddTicks(1)) > from)
                    .SelectMany(Days))
                .Append((day.ProjectId, day.Date)).Where(touched => calendars.ContainsKey(touched.Item1)).Distinct();
        }

        private IEnumerable<(Guid, DateOnly)> Days(AgentPiece piece)
        {
            if (!calendars.TryGetValue(piece.ProjectId, out var calendar))
                yield break;

            var last = calendar.DayOf(piece.To?.AddTicks(-1) ?? piece.From);
            for (var day = calendar.DayOf(piece.From); day <= last; day = day.AddDays(1))
                yield return (piece.ProjectId, day);
        }
    }
}

/// <summary>The index by which a person's changes are found among the events, whatever project and day they are filed under.</summary>
internal sealed class AgentStateIndex(NpgsqlDataSource database) : IHostedService
{
    public const string Name = "agent_state_changed_by_agent";
    public const string EventType = "agent_state_changed";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Two instances that start together would both make it.
        await using var command = database.CreateCommand($"""
            select pg_advisory_xact_lock({LockKey.Of("schema", Name)});
            create index if not exists {Name} on calls.mt_events ((data ->> 'AgentId'), (data ->> 'Date'))
                where type = '{EventType}';
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
