using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Requirements;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>
/// The service level of a day of a roster by the formula that its requirement was made with, quarter hour by quarter hour (Erlang A, or C
/// where nobody hangs up): quick enough for each of many changes, where <see cref="PredictedDay"/> plays one day. Nobody waits from one
/// quarter hour into the next.
/// </summary>
internal sealed class ExpectedService
{
    private readonly RosterFrame frame;
    private readonly IReadOnlyList<(QueueGoals Goals, HashSet<string> Queues, Dictionary<DateOnly, ForecastedDay> Days)> staffed;

    public ExpectedService(StaffingRequirement requirement, IEnumerable<ForecastedQueue> forecast, RosterFrame frame)
    {
        this.frame = frame;
        // Whoever is there for a queue of a pool is there for all of it.
        staffed =
        [
            .. QueuePool.Of([.. requirement.Queues.Join(forecast, queue => queue.Queue, expected => expected.Queue,
                    (queue, expected) => (expected, queue.Goals, ""))])
                .Select(pool => (pool.Goals, pool.Members.Select(member => member.Queue).ToHashSet(),
                    pool.Queue.Days.ToDictionary(day => day.Date))),
        ];
    }

    /// <summary>Of all queues, each call alike; null where no calls are expected.</summary>
    public double? LevelOf(int day, IReadOnlyList<SkillCover> cover)
    {
        var (first, date) = (frame.DayStarts[day] / LocalCalendar.QuarterMinutes, frame.From.AddDays(day));
        var (calls, inTime) = (0.0, 0.0);
        foreach (var (goals, queues, days) in staffed)
        {
            if (!days.TryGetValue(date, out var expected))
                continue;
            var scheduled = cover.Where(c => queues.Contains(c.Skill)).Select(c => c.Scheduled).ToList();
            for (var quarter = 0; quarter < expected.Calls.Length; quarter++)
            {
                calls += expected.Calls[quarter];
                inTime += expected.Calls[quarter] * LevelOf(
                    expected.Calls[quarter], expected.HandleSeconds[quarter],
                    scheduled.Sum(s => s[first + quarter]) * (1 - goals.Shrinkage), goals);
            }
        }

        return calls > 0 ? inTime / calls : null;
    }

    // Part of the time there is one more than at other times.
    private static double LevelOf(double calls, double handleSeconds, double agents, QueueGoals goals)
    {
        var (whole, part) = ((int)agents, agents - (int)agents);
        return Level(whole) * (1 - part) + (part > 0 ? Level(whole + 1) * part : 0);

        double Level(int there) => QueueStaffing.Grows(calls, handleSeconds, there, goals) ? 0
            : QueueStaffing.Performance(calls, handleSeconds, there, goals).ServiceLevel(goals.Definition);
    }
}

internal static class ExpectedServices
{
    /// <returns>Null where the roster was made without a forecast.</returns>
    public static async Task<ExpectedService?> ExpectedServiceOf(
        this IQuerySession session, Roster roster, RosterFrame frame, CancellationToken cancellation)
    {
        var requirement = await session.LoadAsync<StaffingRequirement>(roster.RequirementId, cancellation)
            ?? throw new StreamNotFoundException(roster.RequirementId);
        var forecast = await session.LoadAsync<Forecast>(requirement.ForecastId, cancellation);

        return forecast is null ? null : new(requirement, forecast.InForce(frame.Calendar), frame);
    }
}
