using System.Collections.Immutable;

namespace CallCenter.Planning.Tours;

// The tour scheduling problem: each agent's days over the horizon (a tour) under rules of the agent's own, so that all tours
// together meet a need per period of the day. A benchmark that asks for so many agents on each shift is the case where
// every shift has a period to itself.

/// <summary>Who may work which shifts, under which rules, against which need.</summary>
/// <param name="FirstWeekday">Day of the week on which the horizon begins; 0 is Monday.</param>
/// <param name="Periods">Periods a day; the need is stated for each.</param>
public sealed record TourProblem(
    int Days, int FirstWeekday, int Periods, ImmutableArray<TourShift> Shifts, ImmutableArray<TourAgent> Agents,
    ImmutableArray<CoverNeed> Needs)
{
    /// <summary>Whose agents should work together.</summary>
    public ImmutableArray<TourTeam> Teams { get; init; } = [];

    /// <summary>0 is Monday.</summary>
    public int WeekdayOf(int day) => (FirstWeekday + day) % 7;
}

/// <summary>A shift that may be worked on any day.</summary>
/// <param name="Minutes">What it counts towards the contract.</param>
/// <param name="Work">Periods at work, counted from the start of its day: several for a split shift or around breaks; beyond the day's last
/// lies the next day.</param>
/// <param name="NotBefore">Shifts, by index, that the same agent may not work on the day after: too little rest, or a forbidden
/// sequence.</param>
public sealed record TourShift(string Code, int Minutes, ImmutableArray<PeriodSpan> Work, ImmutableArray<int> NotBefore);

/// <param name="To">First period after.</param>
public readonly record struct PeriodSpan(int From, int To);

/// <param name="Under">Cost of each agent too few.</param>
/// <param name="Over">Cost of each agent too many.</param>
public readonly record struct CoverNeed(int Day, int Period, int Required, int Under, int Over);

/// <param name="DaysOff">Days on which the agent does not work: leave, fixed rest days.</param>
/// <param name="Locked">Days that are decided.</param>
/// <param name="Tail">How the period before ended; null when nothing is known of it, and then no minimum holds across the start.</param>
public sealed record TourAgent(
    string Id, TourRules Rules, ImmutableArray<int> DaysOff, ImmutableArray<TourRequest> Requests,
    ImmutableArray<LockedTourDay> Locked, TourTail? Tail = null);

/// <summary>What no tour of the agent may break.</summary>
/// <param name="MinDaysInRow">Of work; not asked of what the end of the horizon cuts.</param>
/// <param name="MinDaysOffInRow">Not asked of what the end of the horizon cuts.</param>
/// <param name="MaxWeekends">Weekends with work on Saturday, Sunday or both.</param>
public sealed record TourRules(
    int MinMinutes, int MaxMinutes, int MinDaysInRow, int MaxDaysInRow, int MinDaysOffInRow, int MaxWeekends,
    ImmutableArray<ShiftLimit> Limits);

/// <summary>At most so many of these shifts, taken together, in the horizon.</summary>
public sealed record ShiftLimit(ImmutableArray<int> Shifts, int Most);

/// <param name="Wanted">Costs its weight when the shift is not worked that day; otherwise when it is.</param>
public readonly record struct TourRequest(int Day, int Shift, bool Wanted, int Weight);

/// <param name="Shift">Null is a day off.</param>
public readonly record struct LockedTourDay(int Day, int? Shift);

/// <param name="LastShift">Worked on the day before the horizon; null when that was a day off.</param>
/// <param name="DaysInRow">Days of work, or else days off, up to the horizon.</param>
public sealed record TourTail(int? LastShift, int DaysInRow);

/// <summary>Agents who should work the same kind of shift on a day, or be off.</summary>
/// <param name="Kinds">Shifts that count as worked together, such as all early ones; a shift that is in none is a kind of its own.</param>
/// <param name="Weight">Cost, each day, of each agent who works another kind than most of the team at work.</param>
public sealed record TourTeam(ImmutableArray<string> Agents, ImmutableArray<ImmutableArray<int>> Kinds, int Weight)
{
    /// <summary>Null when the shift is a kind of its own.</summary>
    internal int? KindOf(int shift)
    {
        for (var kind = 0; kind < Kinds.Length; kind++)
            if (Kinds[kind].Contains(shift))
                return kind;
        return null;
    }
}

/// <summary>Shifts by agent and day, in the problem's order of agents; <see cref="Off"/> is a day off.</summary>
public sealed record TourRoster(ImmutableArray<ImmutableArray<int>> Tours)
{
    public const int Off = -1;
}
