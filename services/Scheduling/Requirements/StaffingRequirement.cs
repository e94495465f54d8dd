using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Planning.Staffing;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Requirements;

// ---- Values

/// <summary>What a queue is staffed for.</summary>
/// <param name="ServiceLevel">Share of calls within the time, 0 to 1; null for no such goal.</param>
/// <param name="WithinSeconds">The T of "x % within T seconds".</param>
/// <param name="Definition">How the service level is counted.</param>
/// <param name="MaxAverageSpeedOfAnswer">Seconds; null for no such goal.</param>
/// <param name="MaxOccupancy">Share of their time that agents are busy, 0 to 1; null for no such goal.</param>
/// <param name="MaxAbandonment">Share of calls, 0 to 1; null for no such goal.</param>
/// <param name="PatienceSeconds">Mean patience of callers (Erlang A); null when nobody is taken to hang up (Erlang C).</param>
/// <param name="Shrinkage">Share of the scheduled who will be missing unplanned. Not breaks, training or leave: the roster holds
/// those.</param>
/// <param name="Minimum">Agents whenever the project is open, however few calls are expected.</param>
/// <param name="Pool">Name of the queues that are staffed with it as one, by the same agents; null where it is staffed for itself.</param>
public sealed record QueueGoals(
    double? ServiceLevel, double WithinSeconds, ServiceLevelDefinition Definition, double? MaxAverageSpeedOfAnswer,
    double? MaxOccupancy, double? MaxAbandonment, double? PatienceSeconds, double Shrinkage, int Minimum, string? Pool = null);

/// <summary>One local day of a queue: as many quarter hours as the day has.</summary>
/// <param name="Agents">Agents who must be there.</param>
/// <param name="Required">Agents to schedule, so that enough are there in spite of unplanned absence.</param>
public sealed record StaffedDay(DateOnly Date, ImmutableArray<int> Agents, ImmutableArray<int> Required);

public sealed record StaffedQueue(string Queue, QueueGoals Goals, ImmutableArray<StaffedDay> Days);

// ---- Events

/// <param name="ForecastId">Empty where the agents were stated by hand.</param>
/// <param name="Reason">Of a requirement by hand.</param>
public sealed record RequirementMade(
    Guid RequirementId, Guid ProjectId, Guid ForecastId, string Zone, DateOnly From, int Days, Guid By, DateTimeOffset At,
    string? Reason = null);

public sealed record QueueStaffed(Guid RequirementId, StaffedQueue Staffing);

// ---- Commands

public sealed record MakeRequirement(
    Guid RequirementId, Guid ProjectId, Guid ForecastId, string Zone, DateOnly From, int Days, ImmutableArray<StaffedQueue> Queues,
    Guid By, DateTimeOffset Now, string? Reason = null);

// ---- State

/// <summary>The staff needed per queue and quarter hour: for a forecast and goals, or as stated by hand.</summary>
public sealed record StaffingRequirement
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid ForecastId { get; init; }
    public string Zone { get; init; } = "";
    public DateOnly From { get; init; }
    public int Days { get; init; }
    public ImmutableArray<StaffedQueue> Queues { get; init; } = [];
    public DateTimeOffset At { get; init; }

    /// <summary>Somebody stated the agents; there is no forecast behind them.</summary>
    internal bool IsByHand => ForecastId == Guid.Empty;

    public StaffingRequirement Evolve(object @event) => @event switch
    {
        RequirementMade e => this with
        {
            ProjectId = e.ProjectId,
            ForecastId = e.ForecastId,
            Zone = e.Zone,
            From = e.From,
            Days = e.Days,
            At = e.At,
        },
        QueueStaffed e => this with { Queues = Queues.Add(e.Staffing) },
        _ => this,
    };
}

// ---- Decisions

public static class RequirementDecider
{
    public static object[] Decide(MakeRequirement command, StaffingRequirement state)
    {
        if (state.Days == 0)
            return
            [
                new RequirementMade(command.RequirementId, command.ProjectId, command.ForecastId, command.Zone, command.From, command.Days,
                    command.By, command.Now, command.Reason),
                .. command.Queues.Select(q => new QueueStaffed(command.RequirementId, q)),
            ];

        return (state.ProjectId, state.ForecastId, state.From, state.Days)
            == (command.ProjectId, command.ForecastId, command.From, command.Days)
            ? []
            : throw new RefusedException("requirement-exists", "There is another requirement under this id.");
    }
}
