using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Time;
using Marten;

namespace CallCenter.Attendance.Floor;

/// <summary>How the contacts of a queue's day did so far.</summary>
/// <param name="Counted">Contacts of whom it can be told whether they were answered in time.</param>
/// <param name="InTime">Answered within the time.</param>
/// <param name="LeftInTime">Hung up within the time.</param>
/// <param name="LastCame">When the last of the day came; null while none has.</param>
internal sealed record QueueTally(
    string Queue, int Waiting, DateTimeOffset? WaitingSince, int InProgress, int Offered, int Answered, int Abandoned, int Counted,
    int InTime, int LeftInTime, DateTimeOffset? LastCame = null)
{
    // How far a day misses its forecast as a whole, while nobody has measured it: by a fifth. So many contacts weigh as much as that.
    private const double Unmeasured = 1 / (0.2 * 0.2);

    // What a morning says of a day has its limits.
    private const double Quietest = 0.5, Busiest = 2;

    public static QueueTally Empty(string queue) => new(queue, 0, null, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>
    /// By how much the day is busier than expected, as far as that is known: the mean of a factor on the whole day that has mean 1 and a
    /// deviation of a fifth before anything is known (gamma), after so many contacts (Poisson).
    /// </summary>
    /// <param name="expected">Contacts until the last that came: a source that has fallen silent is no quiet day.</param>
    public double Busyness(double expected) => Math.Clamp((Unmeasured + Offered) / (Unmeasured + expected), Quietest, Busiest);

    /// <summary>By one of the four definitions; null where there is nothing to take a share of.</summary>
    public decimal? ServiceLevel(string definition)
    {
        var (part, whole) = definition switch
        {
            "answered-of-answered" => (InTime, Answered),
            "answered-of-patient" => (InTime, Counted - LeftInTime),
            "not-waiting-of-offered" => (InTime + LeftInTime, Counted),
            _ => (InTime, Counted),
        };
        return whole <= 0 ? null : Math.Round((decimal)part / whole, 4);
    }
}

/// <summary>Makes the rows of queues.</summary>
internal static class FloorQueues
{
    private const string Usual = "answered-of-offered";

    extension(IQuerySession session)
    {
        public async Task<IReadOnlyList<FloorQueue>> QueuesNow(
            ProjectV1 project, IReadOnlyList<FloorAgent> agents, DateTimeOffset now, CancellationToken cancellation)
        {
            var calendar = LocalCalendar.Of(project.Zone);
            var today = calendar.DayOf(now);
            var coverage = (await session.Query<CoverageDayV1>().Where(c => c.ProjectId == project.Id && c.Date == today)
                .ToListAsync(cancellation)).ToDictionary(c => c.Queue);
            var tallies = await session.Tallies(project, coverage, calendar.StartOf(today), now, cancellation);
            var serving = agents.Where(agent => agent.IsServing).Select(agent => agent.AgentId).ToArray();
            var skills = (await session.LoadManyAsync<EmployeeV1>(cancellation, serving)).SelectMany(e => e.Skills)
                .ToLookup(skill => skill.Skill);

            return
            [
                .. project.Queues.Select(queue => Row(
                    queue, tallies.GetValueOrDefault(queue.Queue) ?? QueueTally.Empty(queue.Queue),
                    coverage.GetValueOrDefault(queue.Queue), skills[queue.Queue].Count(), now)),
            ];
        }

        private async Task<IReadOnlyDictionary<string, QueueTally>> Tallies(
            ProjectV1 project, Dictionary<string, CoverageDayV1> coverage, DateTimeOffset day, DateTimeOffset now,
            CancellationToken cancellation)
        {
            object[] asked =
            [
                now.ToUniversalTime(), day.ToUniversalTime(), project.Queues.Select(q => q.Queue).ToArray(),
                project.Queues.Select(q => Within(q, coverage.GetValueOrDefault(q.Queue))).ToArray(), project.Id,
            ];
            var tallies = await session.AdvancedSql.QueryAsync<QueueTally>(
                """
                with asked as (select ?::timestamptz as now, ?::timestamptz as day),
                leg as (
                    select l.*, l.came_at + q.within * interval '1 second' as due, l.came_at >= day as is_todays,
                        l.answered_at is null and l.ended_at is null as waits
                    from asked, unnest(?::text[], ?::float8[]) as q(queue, within) join floor.leg l using (queue)
                    where l.project_id = ? and l.came_at >= day - interval '1 day' and l.came_at <= now)
                select jsonb_build_object('Queue', queue,
                    'Waiting', count(*) filter (where waits), 'WaitingSince', min(came_at) filter (where waits),
                    'InProgress', count(*) filter (where answered_at is not null and ended_at is null),
                    'Offered', count(*) filter (where is_todays), 'LastCame', max(came_at) filter (where is_todays),
                    'Answered', count(*) filter (where is_todays and answered_at is not null),
                    'Abandoned', count(*) filter (where is_todays and outcome = 'abandoned'),
                    'Counted', count(*) filter (where is_todays and not (waits and due > now)),
                    'InTime', count(*) filter (where is_todays and answered_at <= due),
                    'LeftInTime', count(*) filter (where is_todays and outcome = 'abandoned' and ended_at <= due))
                from leg, asked group by queue
                """, cancellation, asked);

            return tallies.ToDictionary(tally => tally.Queue);
        }
    }

    /// <summary>The queues of a day as it was planned, for the whole of it.</summary>
    public static IReadOnlyList<RestOfQueue> Planned(
        ProjectV1 project, Dictionary<string, CoverageDayV1> coverage, DateTimeOffset start, DateTimeOffset end) =>
    [
        .. project.Queues.Where(queue => coverage.GetValueOrDefault(queue.Queue)?.Intervals.Any(i => i.Contacts is not null) == true)
            .Select(queue => RestOfQueue.Of(
                Row(queue, QueueTally.Empty(queue.Queue), coverage[queue.Queue], 0, start), coverage[queue.Queue], start,
                new RestOfDay(start, end, [], []).Steps)),
    ];

    /// <summary>As the roster was staffed for it; without one, as the project has it.</summary>
    private static double Within(ProjectQueue queue, CoverageDayV1? coverage) => coverage?.Goal?.WithinSeconds ?? queue.ServiceLevelSeconds;

    internal static FloorQueue Row(ProjectQueue queue, QueueTally tally, CoverageDayV1? coverage, int there, DateTimeOffset now)
    {
        var interval = coverage?.Intervals.FirstOrDefault(i => i.StartsAt <= now && now < i.StartsAt.AddMinutes(i.Minutes));
        var definition = coverage?.Goal?.Definition ?? Usual;

        return new(
            queue.Queue, tally.Waiting, tally.WaitingSince, tally.InProgress, tally.Offered, tally.Answered, tally.Abandoned,
            Expected(coverage, now), tally.ServiceLevel(definition), Within(queue, coverage), definition, coverage?.Goal?.ServiceLevel,
            interval?.Required, interval?.Scheduled, there,
            tally.LastCame is { } last && Expected(coverage, last) is { } until ? Math.Round(tally.Busyness(until), 3) : null);
    }

    // Of the interval that goes on, as much as has passed.
    private static double? Expected(CoverageDayV1? coverage, DateTimeOffset now) =>
        coverage?.Intervals.Any(i => i.Contacts is not null) != true ? null : Math.Round(coverage.Intervals.Sum(i =>
            (i.Contacts ?? 0) * Math.Clamp((now - i.StartsAt) / TimeSpan.FromMinutes(i.Minutes), 0, 1)), 1);
}
