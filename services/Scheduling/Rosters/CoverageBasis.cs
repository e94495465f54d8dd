using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Requirements;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What a roster's staff is for: the goals of each queue, and the calls that were expected when it was published.</summary>
public sealed class CoverageBasis(StaffingRequirement requirement, IEnumerable<ForecastedQueue> forecast)
{
    private readonly Dictionary<string, QueueGoals> goals = requirement.Queues.ToDictionary(q => q.Queue, q => q.Goals);

    private readonly Dictionary<(string, DateOnly), ForecastedDay> days =
        forecast.SelectMany(queue => queue.Days.Select(day => (queue.Queue, day))).ToDictionary(d => (d.Queue, d.day.Date), d => d.day);

    public ForecastedDay? Of(string queue, DateOnly date) => days.GetValueOrDefault((queue, date));

    public CoverageGoal? GoalOf(string queue) => goals.GetValueOrDefault(queue) is { } g
        ? new(g.ServiceLevel, g.WithinSeconds, g.Definition.Code, g.PatienceSeconds, g.Shrinkage) : null;
}

internal static class CoverageBases
{
    /// <returns>Null where the forecast is not known.</returns>
    public static async Task<CoverageBasis?> CoverageBasisOf(this IQuerySession session, Roster roster, CancellationToken cancellation)
    {
        var requirement = await session.LoadAsync<StaffingRequirement>(roster.RequirementId, cancellation)
            ?? throw new StreamNotFoundException(roster.RequirementId);
        var forecast = await session.LoadAsync<Forecast>(requirement.ForecastId, cancellation);

        return forecast is null ? null : new(requirement, forecast.InForce(LocalCalendar.Of(requirement.Zone)));
    }
}
