using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

// Times are whole minutes since the local midnight that begins the horizon, elapsed and not by the wall clock: a day has 1380
// of them when the clocks go forward. Whoever states the problem knows the zone; the search does not need to.

/// <summary>Who may work when, for what, and under which rules.</summary>
/// <param name="DayStarts">Minute at which each local day begins, and at last the end of the horizon: one more than there are days.</param>
/// <param name="FirstDayOfWeek">Index of the first day on which a week of contract hours begins: 0 when the horizon does.</param>
/// <param name="Shifts">Every shift that may be worked, day by day; start and end lie on the grid of intervals.</param>
/// <param name="Saturdays">Index of each Saturday; -1 when the horizon begins on a Sunday.</param>
public sealed record RosterProblem(
    ImmutableArray<int> DayStarts, int FirstDayOfWeek, int IntervalMinutes,
    ImmutableArray<RosterAgent> Agents, ImmutableArray<ShiftOption> Shifts, ImmutableArray<SkillDemand> Demand,
    RosterRules Rules, RosterWeights Weights, ImmutableArray<int>? Saturdays = null)
{
    public int Days => DayStarts.Length - 1;

    /// <summary>How many should work a shift, beside what is needed by skill and interval.</summary>
    public ImmutableArray<ShiftNeed> ShiftNeeds { get; init; } = [];

    /// <summary>Whether there is anything for the agent to do.</summary>
    public bool HasUseFor(RosterAgent agent) =>
        Demand.IsEmpty ? !ShiftNeeds.IsEmpty : Demand.Any(d => agent.Skills.Contains(d.Skill));

    /// <summary>The Saturday of the weekend that a day belongs to; null on the other days.</summary>
    public int? WeekendOf(int day) =>
        Saturdays is not { } saturdays ? null : saturdays.Contains(day) ? day : saturdays.Contains(day - 1) ? day - 1 : null;

    /// <summary>What no days of the agent may break.</summary>
    public RosterRules RulesOf(RosterAgent agent) => agent.Rules ?? Rules;

    public int WeekOf(int day) => (day - FirstDayOfWeek + 7) / 7;

    /// <summary>Whether a week ends with the day, by itself or by the horizon.</summary>
    public bool EndsWeek(int day) => day + 1 == Days || WeekOf(day + 1) != WeekOf(day);

    public int DayOf(int minute)
    {
        var day = 0;
        while (day < Days - 1 && DayStarts[day + 1] <= minute)
            day++;
        return day;
    }
}

/// <param name="WeeklyMinutes">Paid minutes a week by contract: never more, and no fewer than can be helped.</param>
/// <param name="Unavailable">When the agent cannot work, and why.</param>
/// <param name="Fixed">Activities already agreed: a shift on that day must hold them.</param>
/// <param name="Locked">Days that are decided.</param>
/// <param name="UnpopularBefore">Early, late and night shifts above the team's mean in earlier periods.</param>
/// <param name="Wishes">What the agent would like, or had in the roster before.</param>
/// <param name="MaxMinutes">Paid minutes in the horizon at most; null where only the weeks count.</param>
/// <param name="Team">Those who should work the same kind of shift on a day; null for nobody.</param>
/// <param name="Templates">Codes of the shifts that may be given to the agent; null where all may.</param>
/// <param name="Rules">What ties the agent in place of the rules for everybody; null where those do.</param>
public sealed record RosterAgent(
    Guid Id, ImmutableArray<string> Skills, int WeeklyMinutes, ImmutableArray<Unavailability> Unavailable,
    ImmutableArray<FixedActivity> Fixed,
    ImmutableArray<LockedDay> Locked, CarryOver Tail, double UnpopularBefore = 0, ImmutableArray<DayPreference>? Wishes = null,
    int? MaxMinutes = null, RestDays? RestDays = null, Guid? Team = null,
    ImmutableArray<string>? Templates = null, RosterRules? Rules = null)
{
    /// <summary>Paid minutes in the horizon at least; null where nothing is owed.</summary>
    public int? MinMinutes { get; init; }
}

/// <param name="Rule">leave, not-yet-hired, left, fixed-rest-day, outside-availability, night-exempt or stated-unavailable.</param>
/// <param name="PaidMinutes">What counts as worked towards the week in which it begins.</param>
/// <param name="Waived">The agent may work then after all; off, the time is what it was.</param>
/// <param name="Around">Hours of a day: a shift may be worked around them, with them as a break of it.</param>
public sealed record Unavailability(
    int From, int To, string Rule, int PaidMinutes = 0, bool Waived = false, bool Around = false)
{
    public const string FixedRestDay = "fixed-rest-day";

    public const string OutsideAvailability = "outside-availability";

    public const string NightExempt = "night-exempt";

    public const string Stated = "stated-unavailable";

    public const string OnCallRest = "on-call-rest";

    public bool IsIn(ShiftOption shift) => From < shift.End && shift.Start < To;

    /// <summary>
    /// Whether it keeps the agent from the whole shift. In an unpaid break whose place is decided, such as a pause, an agent need not be
    /// available.
    /// </summary>
    public bool Forbids(ShiftOption shift) =>
        !Waived && IsIn(shift) && !((Around || Rule is OutsideAvailability or NightExempt or Stated) && LiesInBreaksOf(shift));

    private bool LiesInBreaksOf(ShiftOption shift)
    {
        var (from, to) = (Math.Max(From, shift.Start) - shift.Start, Math.Min(To, shift.End) - shift.Start);
        var free = 0;
        foreach (var b in shift.Breaks)
            if (b is { IsPlaced: true, Paid: false })
                free += Math.Max(0, Math.Min(to, b.Earliest + b.Minutes) - Math.Max(from, b.Earliest));
        return free >= to - from;
    }

    public bool IsRest => Rule == FixedRestDay;

    /// <summary>Whether a day off on which it lies is a day of rest: of leave it is none.</summary>
    public bool LeavesRest => Rule is FixedRestDay or OutsideAvailability or NightExempt or Stated or OnCallRest;
}

/// <param name="Kind">training, meeting, …: paid, and no cover meanwhile.</param>
public sealed record FixedActivity(int From, int To, string Kind);

/// <param name="Shift">Code of the shift to work; null is a day off.</param>
/// <param name="Itself">The shift, where it is none of the problem's or its breaks are decided too.</param>
public sealed record LockedDay(int Day, string? Shift, ShiftOption? Itself = null);

/// <param name="Shifts">Codes of the shifts wished for, one as good as the other; null is a day off.</param>
/// <param name="Weight">Cost of anything else; where it is against them, of any of them.</param>
/// <param name="Against">They are what the agent would rather not.</param>
public sealed record DayPreference(int Day, ImmutableArray<string?> Shifts, double Weight, bool Against = false)
{
    public DayPreference(int day, string? shift, double weight) : this(day, [shift], weight)
    {
    }
}

/// <summary>How the period before ended.</summary>
/// <param name="LastEnd">End of the last shift, 0 or less; null when there was none in reach of a rule.</param>
/// <param name="DaysInRow">Days worked in a row up to the horizon.</param>
/// <param name="MinutesThisWeek">Paid in the week that the horizon cuts.</param>
/// <param name="DaysOff">Days off in a row up to the horizon; null when the last shift is out of reach.</param>
/// <param name="DaysThisWeek">Days worked in the week that the horizon cuts.</param>
public sealed record CarryOver(
    int? LastEnd = null, int DaysInRow = 0, int MinutesThisWeek = 0, int? DaysOff = null, int DaysThisWeek = 0)
{
    public static readonly CarryOver None = new();
}

/// <summary>Two shifts on a day, and one from day into night, have a pause between their parts, in which nobody is at work.</summary>
public enum ShiftKind { Day, Early, Late, Night, TwoShifts, DayIntoNight }

/// <summary>
/// A shift on one day. Its length is elapsed time, so a night over a clock change lasts an hour more or less. A split shift has a pause
/// that is no work: an unpaid break of any length whose place is fixed.
/// </summary>
/// <param name="Code">Code of the template, unique on its day.</param>
/// <param name="Breaks">In order of time.</param>
public sealed record ShiftOption(string Code, int Day, int Start, int End, ShiftKind Kind, ImmutableArray<BreakRule> Breaks)
{
    public int PaidMinutes => End - Start - Breaks.Where(b => !b.Paid).Sum(b => b.Minutes);

    /// <summary>Whether it is the one of the code, or one of several of the template of that code.</summary>
    public bool IsOf(string code) => IsOf(Code, code);

    public static bool IsOf(string shift, string code) =>
        shift == code
        || (shift.Length == code.Length + 5 && shift[code.Length] == '-' && shift.StartsWith(code, StringComparison.Ordinal));
}

/// <param name="Kind">break, meal, pause or leave.</param>
/// <param name="Earliest">Earliest start, in minutes after the shift began.</param>
/// <param name="Latest">Latest start.</param>
public sealed record BreakRule(string Kind, int Minutes, int Earliest, int Latest, bool Paid)
{
    /// <summary>Whether it has one place only.</summary>
    public bool IsPlaced => Earliest == Latest;
}

/// <param name="Required">Agents needed in each interval from the start of the horizon; what is left out is 0.</param>
/// <param name="Prices">What an agent too few or too many costs, by interval, in place of the weights; null where those hold.</param>
public sealed record SkillDemand(string Skill, ImmutableArray<double> Required, ImmutableArray<CoverPrice>? Prices = null);

/// <summary>The same for the first agent as for the last.</summary>
/// <param name="Under">Of each agent too few.</param>
/// <param name="Over">Of each agent too many.</param>
public readonly record struct CoverPrice(double Under, double Over);

/// <summary>Agents needed on a shift of a day, whatever they are there for.</summary>
/// <param name="Shift">Code of the shift, or of the template of several.</param>
public sealed record ShiftNeed(int Day, string Shift, int Required, CoverPrice Price);

/// <summary>What no roster may break: the parameters of the rules for everybody, each beside its <see cref="RosterRule"/>.</summary>
public partial record RosterRules;

/// <summary>What a roster is judged by, once no rule is broken.</summary>
/// <param name="Shortage">Per agent and hour too few; grows with the share that is missing.</param>
/// <param name="Surplus">Per agent and hour too many.</param>
/// <param name="UnusedHour">Per contract hour not rostered.</param>
/// <param name="Unfair">Per squared early, late or night shift away from the mean of the agents.</param>
/// <param name="StartChange">Per hour, beyond the first, by which a shift starts at another time than the day before's.</param>
/// <param name="SingleDayOff">Per day off between two days of work.</param>
/// <param name="TeamApart">Per agent and day with another kind of shift than most of the team.</param>
public sealed record RosterWeights(
    double Shortage = 40, double Surplus = 4, double UnusedHour = 10, double Unfair = 4, double StartChange = 2, double SingleDayOff = 6,
    double TeamApart = 0);
