using CallCenter.Contracts.People;
using CallCenter.Planning;
using CallCenter.Planning.Staffing;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Projects;
using CallCenter.Time;

namespace CallCenter.Scheduling.Requirements;

/// <summary>From a queue's forecast and goals to agents per quarter hour.</summary>
public static class QueueStaffing
{
    private const double QuarterSeconds = LocalCalendar.QuarterMinutes * 60;

    /// <summary>Nobody is needed while the project is closed.</summary>
    /// <exception cref="InvalidException">With the code of the <see cref="PlanningException"/>.</exception>
    public static StaffedQueue Staff(
        string pointer, ForecastedQueue forecast, QueueGoals goals, ProjectV1 project, LocalCalendar calendar,
        CancellationToken cancellation)
    {
        try
        {
            // Asked for once up front, so that a wrong goal is named even when no call is expected.
            Needed(new QueueLoad(1, QuarterSeconds, 1), goals);

            return new(forecast.Queue, goals, [.. forecast.Days.Select(Day)]);
        }
        catch (PlanningException e)
        {
            throw new InvalidException(pointer, e.Code, $"Queue '{forecast.Queue}': {e.Message}");
        }

        StaffedDay Day(ForecastedDay day)
        {
            var agents = calendar.QuartersOf(day.Date).Select((start, i) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return project.IsOpenAt(day.Date, calendar.TimeOf(start))
                    ? Math.Max(goals.Minimum, Needed(day.Calls[i], day.HandleSeconds[i], goals))
                    : 0;
            }).ToList();

            return new(day.Date, [.. agents], [.. agents.Select(a => AgentsNeeded.Scheduled(a, goals.Shrinkage))]);
        }
    }

    /// <summary>What so many agents do for the calls of a quarter hour, by the model that they were computed with.</summary>
    public static QueuePerformance Performance(double calls, double handleSeconds, int agents, QueueGoals goals)
    {
        var load = LoadOf(calls, handleSeconds);
        return goals.PatienceSeconds is { } patience
            ? ErlangA.Of(load, agents, goals.WithinSeconds, patience)
            : ErlangC.Of(load, agents, goals.WithinSeconds);
    }

    /// <summary>Whether the queue grows as long as no more are there: nobody hangs up, and there are no more agents than erlangs.</summary>
    public static bool Grows(double calls, double handleSeconds, int agents, QueueGoals goals) =>
        goals.PatienceSeconds is null && LoadOf(calls, handleSeconds).Erlangs is > 0 and var erlangs && agents <= erlangs;

    /// <exception cref="PlanningException">A goal is none, or no number of agents reaches it.</exception>
    public static int Needed(double calls, double handleSeconds, QueueGoals goals) => Needed(LoadOf(calls, handleSeconds), goals);

    private static QueueLoad LoadOf(double calls, double handleSeconds) => new(calls, QuarterSeconds, Math.Max(1, handleSeconds));

    private static int Needed(QueueLoad load, QueueGoals goals)
    {
        var together = new StaffingGoals(goals.ServiceLevel, goals.WithinSeconds, goals.Definition,
            goals.MaxAverageSpeedOfAnswer, goals.MaxOccupancy, goals.MaxAbandonment);
        AgentsNeeded.Scheduled(0, goals.Shrinkage);

        return goals.PatienceSeconds is { } patience
            ? AgentsNeeded.For(load, together, patience).Agents
            : AgentsNeeded.For(load, together).Agents;
    }
}
