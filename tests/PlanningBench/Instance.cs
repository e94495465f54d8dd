using System.Collections.Immutable;

namespace CallCenter.PlanningBench;

// An instance as its file states it, so that rosters are scored by what was published and not by what the search was told.

/// <summary>Who may work which shifts, under which rules, against which need. The horizon begins on a Monday.</summary>
/// <param name="Periods">Periods a day; the need is stated for each. Where so many are asked for on each shift, every shift has a period to
/// itself.</param>
internal sealed record Instance(
    int Days, int Periods, ImmutableArray<InstanceShift> Shifts, ImmutableArray<InstanceAgent> Agents, ImmutableArray<CoverNeed> Needs)
{
    /// <summary>0 is Monday.</summary>
    public static int WeekdayOf(int day) => day % 7;
}

/// <summary>A shift that may be worked on any day.</summary>
/// <param name="From">First period at work, counted from the start of its day.</param>
/// <param name="To">First period after; beyond the day's last lies the next day.</param>
/// <param name="NotBefore">Shifts, by index, that the same agent may not work on the day after.</param>
internal sealed record InstanceShift(string Code, int Minutes, int From, int To, ImmutableArray<int> NotBefore);

/// <param name="Under">Cost of each agent too few.</param>
/// <param name="Over">Cost of each agent too many.</param>
internal readonly record struct CoverNeed(int Day, int Period, int Required, int Under, int Over);

/// <param name="DaysOff">Days on which the agent does not work.</param>
internal sealed record InstanceAgent(
    string Id, InstanceRules Rules, ImmutableArray<int> DaysOff, ImmutableArray<ShiftRequest> Requests);

/// <summary>What no days of the agent may break.</summary>
/// <param name="MinDaysInRow">Of work; not asked of what an end of the horizon cuts.</param>
/// <param name="MinDaysOffInRow">Not asked of what an end of the horizon cuts.</param>
/// <param name="MaxWeekends">Weekends with work on Saturday, Sunday or both.</param>
/// <param name="Limits">At most so many of a shift in the horizon.</param>
internal sealed record InstanceRules(
    int MinMinutes, int MaxMinutes, int MinDaysInRow, int MaxDaysInRow, int MinDaysOffInRow, int MaxWeekends,
    ImmutableArray<(int Shift, int Most)> Limits);

/// <param name="Wanted">Costs its weight when the shift is not worked that day; otherwise when it is.</param>
internal readonly record struct ShiftRequest(int Day, int Shift, bool Wanted, int Weight);

/// <summary>Shifts by agent and day, in the instance's order of agents; <see cref="Off"/> is a day off.</summary>
internal sealed record InstanceRoster(ImmutableArray<ImmutableArray<int>> Agents)
{
    public const int Off = -1;
}
