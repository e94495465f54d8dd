using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Planning.Staffing;
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
internal sealed class ExpectedService(StaffingRequirement requirement, IEnumerable<ForecastedQueue> forecast, RosterFrame frame)
{
    private const double QuarterSeconds = LocalCalendar.QuarterMinutes * 60;

    private readonly Dictionary<(string, DateOnly), ForecastedDay> days =
        forecast.SelectMany(queue => queue.Days.Select(day => (queue.Queue, day))).ToDictionary(d => (d.Queue, d.day.Date), d => d.day);

    /// <summary>Of all queues, each call alike; null where no calls are expected.</summary>
    public double? LevelOf(int day, IReadOnlyList<SkillCover> cover)
    {
        var (first, date) = (frame.DayStarts[day] / LocalCalendar.QuarterMinutes, frame.From.AddDays(day));
        var (calls, inTime) = (0.0, 0.0);
        // Whoever is there for a queue of a pool is there for all of it.
        foreach (var pool in requirement.Queues.Where(queue => days.ContainsKey((queue.Queue, date)))
            .GroupBy(queue => queue.Goals.Pool is { } name ? (name, true) : (queue.Queue, false)))
        {
            var (goals, expected) = (pool.First().Goals, pool.Select(queue => days[(queue.Queue, date)]).ToList());
            var scheduled = cover.Where(c => pool.Any(queue => queue.Queue == c.Skill)).Select(c => c.Scheduled).ToList();
            for (var quarter = 0; quarter < expected[0].Calls.Length; quarter++)
            {
                var came = expected.Sum(day => day.Calls[quarter]);
                var load = new QueueLoad(came, QuarterSeconds,
                    Math.Max(1, came > 0 ? expected.Sum(day => day.Calls[quarter] * day.HandleSeconds[quarter]) / came : 1));
                calls += came;
                inTime += came * LevelOf(load, scheduled.Sum(s => s[first + quarter]) * (1 - goals.Shrinkage), goals);
            }
        }

        return calls > 0 ? inTime / calls : null;
    }

    // Part of the time there is one more than at other times.
    private static double LevelOf(QueueLoad load, double agents, QueueGoals goals)
    {
        var (whole, part) = ((int)agents, agents - (int)agents);
        return LevelOf(load, whole, goals) * (1 - part) + (part > 0 ? LevelOf(load, whole + 1, goals) * part : 0);
    }

    private static double LevelOf(QueueLoad load, int agents, QueueGoals goals) =>
        goals.PatienceSeconds is { } patience
            ? ErlangA.Of(load, agents, goals.WithinSeconds, patience).ServiceLevel(goals.Definition)
            : agents <= load.Erlangs ? 0 // the queue grows as long as that lasts
            : ErlangC.Of(load, agents, goals.WithinSeconds).ServiceLevel(goals.Definition);
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
