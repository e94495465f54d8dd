using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Capacity;

// ---- Values

/// <summary>A month of a capacity plan: its work, as calls or as hours, and who comes and goes.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Calls">Expected; with a handle time, or else hours.</param>
/// <param name="HandleSeconds">Mean handle time of these calls.</param>
/// <param name="AgentHours">Hours of agents who must be there, as a requirement or a what-if says: no occupancy is applied to them.</param>
/// <param name="Hires">Who begin on its first day, as full-time agents.</param>
/// <param name="Moves">Who come from elsewhere in the house, less those who go there, for the whole month.</param>
/// <param name="Attrition">Share who leave in the month; the plan's when left out.</param>
/// <param name="Shrinkage">Share of paid time away; the plan's when left out.</param>
public sealed record CapacityMonth(
    DateOnly Month, [Range(0.0, 100_000_000.0)] double? Calls = null, [Range(1.0, 86_400.0)] double? HandleSeconds = null,
    [Range(0.0, 10_000_000.0)] double? AgentHours = null, [Range(0.0, 10_000.0)] double Hires = 0,
    [Range(-10_000.0, 10_000.0)] double Moves = 0,
    [Range(0.0, 1.0)] double? Attrition = null, [Range(0.0, 0.9)] double? Shrinkage = null);

/// <summary>What a capacity plan takes to be so.</summary>
/// <param name="Name">What the plan is called.</param>
/// <param name="Agents">Full-time agents before the first month.</param>
/// <param name="Months">One after the other.</param>
/// <param name="HoursAWeek">Of a full-time contract.</param>
/// <param name="Attrition">Share who leave in a month.</param>
/// <param name="Shrinkage">Share of paid time away for any reason: leave, sickness, training, breaks.</param>
/// <param name="Occupancy">Share of their time there that agents are to be busy.</param>
/// <param name="FirstMonth">What a new agent is worth in the first month, beside one who knows the work.</param>
public sealed record CapacityAssumptions(
    [Required, VisibleText, Line, MaxLength(100)] string Name, [Range(0.0, 100_000.0)] double Agents,
    [MinLength(1), MaxLength(36)] IReadOnlyList<CapacityMonth> Months, [Range(1.0, 80.0)] double HoursAWeek = 40,
    [Range(0.0, 1.0)] double Attrition = 0, [Range(0.0, 0.9)] double Shrinkage = 0.3, [Range(0.1, 1.0)] double Occupancy = 0.85,
    [Range(0.0, 1.0)] double FirstMonth = 0.5)
{
    /// <summary>Records compare their lists by reference.</summary>
    public bool IsSameAs(CapacityAssumptions other) =>
        this with { Months = other.Months } == other && Months.SequenceEqual(other.Months);
}

/// <summary>What a month comes to. Agents are full-time ones, with parts.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="WorkHours">Hours of agents who must be there.</param>
/// <param name="WithoutShrinkage">Agents who must be there, if they were there all of their paid time.</param>
/// <param name="Required">Agents who must be employed.</param>
/// <param name="Starting">Agents before the month.</param>
/// <param name="Leaving">Who leave in it, evenly over it.</param>
/// <param name="Hires">Who begin on its first day.</param>
/// <param name="Moves">Who come from elsewhere in the house, less those who go there.</param>
/// <param name="Ending">Agents after the month.</param>
/// <param name="Available">What those there are worth over the month: who leaves counts half, who is new as much as is assumed.</param>
/// <param name="Gap">Available less required: negative where agents are missing.</param>
/// <param name="GapShare">Of those required; null where none is.</param>
public sealed record CapacityLine(
    DateOnly Month, double WorkHours, double WithoutShrinkage, double Required, double Starting, double Leaving, double Hires, double Moves,
    double Ending, double Available, double Gap, double? GapShare);

// ---- Events

/// <summary>All that a plan takes to be so, the first time and each time it is changed.</summary>
public sealed record CapacityPlanStated(
    Guid PlanId, Guid ProjectId, CapacityAssumptions Assumptions, string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record StateCapacityPlan(
    Guid PlanId, Guid ProjectId, CapacityAssumptions Assumptions, string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>Agents over months: the work there is, who comes and goes, and what is missing. What it was stays in its history.</summary>
public sealed record CapacityPlan
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>What it takes to be so.</summary>
    public CapacityAssumptions Assumptions { get; init; } = new("", 0, []);

    /// <summary>Why it was stated so.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When it was stated last.</summary>
    public DateTimeOffset At { get; init; }

    public CapacityPlan Evolve(object @event) => @event switch
    {
        CapacityPlanStated e => this with
        {
            Id = e.PlanId,
            ProjectId = e.ProjectId,
            Assumptions = e.Assumptions,
            Reason = e.Reason,
            At = e.At,
        },
        _ => this,
    };
}

// ---- Decisions

public static class CapacityPlanDecider
{
    /// <param name="first">The plan is stated for the first time; later it is changed.</param>
    public static object[] Decide(StateCapacityPlan command, CapacityPlan state, bool first)
    {
        Check(command.Assumptions);
        if (first && state.Id != Guid.Empty)
            return state.ProjectId == command.ProjectId && state.Assumptions.IsSameAs(command.Assumptions) ? []
                : throw new RefusedException("plan-exists", "There is another capacity plan under this id.");

        return state.Id != Guid.Empty && state.Assumptions.IsSameAs(command.Assumptions) ? []
            : [new CapacityPlanStated(command.PlanId, command.ProjectId, command.Assumptions, command.Reason, command.By, command.Now)];
    }

    public static IReadOnlyList<CapacityLine> Lines(CapacityAssumptions assumed)
    {
        var (lines, agents) = (new List<CapacityLine>(), assumed.Agents);
        foreach (var month in assumed.Months)
        {
            var leaving = agents * (month.Attrition ?? assumed.Attrition);
            var hours = month.AgentHours ?? month.Calls!.Value * month.HandleSeconds!.Value / 3600 / assumed.Occupancy;
            var contract = assumed.HoursAWeek * DateTime.DaysInMonth(month.Month.Year, month.Month.Month) / 7;
            var there = hours / contract;
            var required = there / (1 - (month.Shrinkage ?? assumed.Shrinkage));
            var ending = Math.Max(0, agents - leaving + month.Hires + month.Moves);
            var available = Math.Max(0, agents - leaving / 2 + month.Hires * assumed.FirstMonth + month.Moves);

            lines.Add(new(month.Month, Rounded(hours), Rounded(there), Rounded(required), Rounded(agents), Rounded(leaving), month.Hires,
                month.Moves, Rounded(ending), Rounded(available), Rounded(available - required),
                Rounded(required) > 0 ? Math.Round((available - required) / required, 4) : null));
            agents = ending;
        }

        return lines;
    }

    private static void Check(CapacityAssumptions assumed)
    {
        foreach (var (i, month) in assumed.Months.Index())
        {
            if (month.Month.Day != 1 || (i > 0 && month.Month != assumed.Months[i - 1].Month.AddMonths(1)))
                throw new InvalidException($"/assumptions/months/{i}/month", "month-out-of-order",
                    "A month is named by its first day, and follows the one before.");
            if (month.AgentHours.HasValue == month.Calls.HasValue || month.Calls.HasValue != month.HandleSeconds.HasValue)
                throw new InvalidException($"/assumptions/months/{i}/calls", "work-unclear",
                    "Say either how many calls and how long they are, or how many hours of agents.");
        }
    }

    private static double Rounded(double value) => Math.Round(value, 2);
}
