using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>The best roster found.</summary>
/// <param name="Assignments">By agent and day; a day without one is off.</param>
/// <param name="Conflicts">Why there is no roster, or none for some; empty when every rule could be kept.</param>
/// <param name="Rounds">Rounds of the search: the same seed and number give the same roster.</param>
public sealed record RosterSolution(
    ImmutableArray<Assignment> Assignments, ImmutableArray<SkillCover> Cover, RosterCost Cost,
    ImmutableArray<RosterConflict> Conflicts, int Rounds)
{
    public bool Feasible => Conflicts.IsEmpty;

    /// <summary>What no roster can cost less than, teams apart not counted; null when the limits came before it was found.</summary>
    public double? Bound { get; init; }
}

public sealed record Assignment(Guid AgentId, ShiftOption Shift, ImmutableArray<PlacedBreak> Breaks)
{
    /// <summary>The shift with its breaks where they lie: nothing of it is open.</summary>
    public ShiftOption AsItIs => Shift with
    {
        Breaks = [.. Breaks.OrderBy(b => b.Start).Select(b =>
            new BreakRule(b.Kind, b.End - b.Start, b.Start - Shift.Start, b.Start - Shift.Start, b.Paid))],
    };
}

public sealed record PlacedBreak(string Kind, int Start, int End, bool Paid);

/// <param name="Required">Agents needed per interval.</param>
/// <param name="Scheduled">Agents working on the skill per interval; breaks and fixed activities taken off.</param>
public sealed record SkillCover(string Skill, ImmutableArray<double> Required, ImmutableArray<double> Scheduled);

/// <summary>The cost of a roster by what it is for.</summary>
/// <param name="Shortage">Agents too few.</param>
/// <param name="Surplus">Agents too many.</param>
/// <param name="UnusedHours">Contract hours not rostered.</param>
/// <param name="Unfair">Early, late and night shifts shared unevenly.</param>
/// <param name="StartChanges">Shifts that start at another time than the day before's.</param>
/// <param name="SingleDaysOff">Single days off between days of work.</param>
/// <param name="RefusedWishes">What agents would have liked, or had before.</param>
/// <param name="TeamsApart">Agents with another kind of shift than most of their team.</param>
/// <param name="MissedActivities">Agreed trainings and meetings on days off.</param>
public sealed record RosterCost(
    double Shortage, double Surplus, double UnusedHours, double Unfair, double StartChanges, double SingleDaysOff, double RefusedWishes = 0,
    double TeamsApart = 0, double MissedActivities = 0)
{
    /// <summary>All of it.</summary>
    public double Total => Shortage + Surplus + UnusedHours + Unfair + StartChanges + SingleDaysOff + RefusedWishes + TeamsApart
        + MissedActivities;

    /// <summary>Of shifts that stand as they are, with their breaks where they lie.</summary>
    public static RosterCost Of(RosterProblem problem, IReadOnlyList<Assignment> assignments, CancellationToken cancellation) =>
        RosterState.Of(problem, assignments, cancellation).Cost();

    /// <summary>The part of the cost by which it lies above a bound; null where none is known.</summary>
    public double? GapTo(double? bound) => bound is not { } least ? null : Total > 0 ? Math.Max(0, Total - least) / Total : 0;
}

/// <param name="Rule">no-agents, no-shifts, no-shift-allowed or rules-in-conflict.</param>
/// <param name="Agents">Whom it concerns.</param>
/// <param name="Because">The rules that together leave no roster; of a conflict none can be left out. Empty where the time was up.</param>
/// <param name="Cheapest">
/// The least change that would leave the agents days: of one rule, or of two where one is not enough, in the fewest steps. Empty where two
/// are not
/// enough either, or the time was up.
/// </param>
public sealed record RosterConflict(
    string Rule, ImmutableArray<Guid> Agents, ImmutableArray<string> Because, ImmutableArray<Relaxation> Cheapest);

public sealed record RosterProgress(TimeSpan Elapsed, int Rounds, double Cost);

/// <param name="MaxRounds">Ends the search after that many rounds, whatever the clock says: then the seed alone decides.</param>
public sealed record SearchLimits(TimeSpan Time, int Seed = 1, int MaxRounds = int.MaxValue)
{
    /// <summary>Part of the cost that the bound may lie below it: a roster so good ends the search.</summary>
    public double Gap { get; init; } = 1e-4;

    /// <summary>What the time is measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
