using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Wishes;

// ---- Values

/// <summary>How much each agent may state for a period.</summary>
/// <param name="MostWishes">Wishes.</param>
/// <param name="MostWeight">Weight of a wish.</param>
/// <param name="MostUnavailable">Dates on which they cannot work.</param>
public sealed record StatementLimits(
    [Range(0, 100)] int MostWishes = 10, [Range(0.0, 1000.0)] double MostWeight = 20, [Range(0, 42)] int MostUnavailable = 3);

// ---- Events

/// <param name="Zone">The project's: days and the closing are by its wall clock.</param>
public sealed record PlanningPeriodOpened(
    Guid PeriodId, Guid ProjectId, string Zone, DateOnly From, int Days, DateTimeOffset ClosesAt, StatementLimits Limits, Guid By,
    DateTimeOffset At);

public sealed record PlanningPeriodChanged(DateTimeOffset ClosesAt, StatementLimits Limits, Guid By, DateTimeOffset At);

/// <summary>It was a mistake: what was stated for it counts for nothing.</summary>
public sealed record PlanningPeriodCancelled(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record OpenPlanningPeriod(
    Guid PeriodId, Guid ProjectId, string Zone, DateOnly From, int Days, DateTimeOffset ClosesAt, StatementLimits Limits, Guid By,
    DateTimeOffset Now);

public sealed record ChangePlanningPeriod(DateTimeOffset ClosesAt, StatementLimits Limits, Guid By, DateTimeOffset Now);

public sealed record CancelPlanningPeriod(Guid By, DateTimeOffset Now);

// ---- State

/// <summary>Days to be rostered for which agents state what they would like and when they cannot work, until it closes.</summary>
public sealed record PlanningPeriod
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>Zone of the project.</summary>
    public string Zone { get; init; } = "";

    /// <summary>First day.</summary>
    public DateOnly From { get; init; }

    /// <summary>How many days there are.</summary>
    public int Days { get; init; }

    /// <summary>The first instant at which agents state nothing more.</summary>
    public DateTimeOffset ClosesAt { get; init; }

    /// <summary>How much each agent may state.</summary>
    public StatementLimits Limits { get; init; } = new();

    /// <summary>It was a mistake: what was stated for it counts for nothing.</summary>
    public bool Cancelled { get; init; }

    /// <summary>Last day.</summary>
    public DateOnly To => From.AddDays(Days - 1);

    public bool Has(DateOnly date) => From <= date && date <= To;

    public PlanningPeriod Evolve(object @event) => @event switch
    {
        PlanningPeriodOpened e => this with
        {
            Id = e.PeriodId,
            ProjectId = e.ProjectId,
            Zone = e.Zone,
            From = e.From,
            Days = e.Days,
            ClosesAt = e.ClosesAt,
            Limits = e.Limits,
        },
        PlanningPeriodChanged e => this with { ClosesAt = e.ClosesAt, Limits = e.Limits },
        PlanningPeriodCancelled _ => this with { Cancelled = true },
        _ => this,
    };
}

// ---- Decisions

public static class PlanningPeriodDecider
{
    public static object[] Decide(OpenPlanningPeriod command, PlanningPeriod state)
    {
        if (state.Id == Guid.Empty && command.ClosesAt <= command.Now)
            throw new InvalidException("/closesAt", "closing-out-of-range", "A planning period closes later than now.");
        if (state.Id == Guid.Empty)
            return
            [
                new PlanningPeriodOpened(command.PeriodId, command.ProjectId, command.Zone, command.From, command.Days, command.ClosesAt,
                    command.Limits, command.By, command.Now),
            ];

        return (state.ProjectId, state.From, state.Days) == (command.ProjectId, command.From, command.Days)
            ? []
            : throw new RefusedException("period-exists", "There is another planning period under this id.");
    }

    public static object[] Decide(ChangePlanningPeriod command, PlanningPeriod state)
    {
        MustStand(state);
        return (state.ClosesAt, state.Limits) == (command.ClosesAt, command.Limits)
            ? []
            : [new PlanningPeriodChanged(command.ClosesAt, command.Limits, command.By, command.Now)];
    }

    public static object[] Decide(CancelPlanningPeriod command, PlanningPeriod state) =>
        state.Cancelled ? [] : [new PlanningPeriodCancelled(command.By, command.Now)];

    /// <exception cref="RefusedException"><c>period-cancelled</c></exception>
    public static void MustStand(PlanningPeriod period)
    {
        if (period.Cancelled)
            throw new RefusedException("period-cancelled", "The planning period was cancelled.");
    }
}
