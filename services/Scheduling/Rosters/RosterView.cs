using CallCenter.Contracts.Scheduling;
using CallCenter.Planning.Rostering;

namespace CallCenter.Scheduling.Rosters;

/// <summary>A roster as its scheduler sees it.</summary>
/// <param name="Publication">Number of its last publication in the project; 0 before the first.</param>
/// <param name="Cost">What the search could not avoid, by what it is for; as generated.</param>
/// <param name="Bound">What no roster could have cost less than, by a linear programme over all days that agents might have had; null
/// where the search ended before it was found, and once a shift was changed by hand or taken away by a leave.</param>
/// <param name="Gap">The part of the cost by which it lies above the bound: so much better a roster could have been at most.</param>
/// <param name="Agents">With their shifts, in order of their names.</param>
/// <param name="Cover">Queue by queue.</param>
/// <param name="Terms">What ties agents in these days beside contract and leave.</param>
public sealed record RosterView(
    Guid Id, Guid ProjectId, Guid RequirementId, string Zone, DateOnly From, int Days, RosterStatus Status, long Publication,
    RosterCost? Cost, IReadOnlyList<AgentRow> Agents, IReadOnlyList<CoverSummary> Cover, IReadOnlyList<AgentConstraints> Terms,
    double? Bound = null, double? Gap = null)
{
    public static RosterView Of(Roster roster, RosterContext context) => new(
        roster.Id, roster.ProjectId, roster.RequirementId, roster.Zone, roster.From, roster.Days, roster.Status, roster.Publication,
        roster.Cost,
        [.. roster.Agents.Select(a => AgentRow.Of(a.Key, context.NameOf(a.Key), a.Value)).OrderBy(a => a.Name, StringComparer.Ordinal)],
        CoverSummary.Of(context.Problem, context.Frame.Assignments(roster)), roster.Terms ?? [],
        roster.Bound is { } bound ? Math.Round(bound, 2) : null, roster.Cost?.GapTo(roster.Bound) is { } gap ? Math.Round(gap, 4) : null);
}

/// <param name="Name">The agent's name.</param>
/// <param name="Hours">Paid hours of all shifts.</param>
/// <param name="Shifts">In order of time.</param>
public sealed record AgentRow(Guid AgentId, string Name, decimal Hours, IReadOnlyList<ShiftView> Shifts)
{
    public static AgentRow Of(Guid agentId, string name, IReadOnlyList<RosterShift> shifts) =>
        new(agentId, name, shifts.Sum(s => s.PaidHours), [.. shifts.Select(ShiftView.Of)]);
}

/// <param name="Code">Code of the project's shift; of one that was written in, its times.</param>
/// <param name="Kind">early, late, night or day by the project's rules; two-shifts or day-into-night where it has a pause.</param>
/// <param name="PaidHours">Elapsed time without unpaid breaks.</param>
/// <param name="Breaks">In order of time.</param>
public sealed record ShiftView(
    DateOnly Date, string Code, ShiftKind Kind, DateTimeOffset StartsAt, DateTimeOffset EndsAt, decimal PaidHours,
    IReadOnlyList<RosterBreak> Breaks)
{
    public static ShiftView Of(RosterShift shift) =>
        new(shift.Date, shift.Code, shift.Kind, shift.StartsAt, shift.EndsAt, Math.Round(shift.PaidHours, 2), shift.Breaks);
}

/// <summary>Of the days of the roster, as <c>/coverage</c> has them quarter hour by quarter hour.</summary>
/// <param name="RequiredHours">Agent hours needed.</param>
/// <param name="ScheduledHours">Agent hours of the shifts, breaks taken off; without what a night is longer than the last day.</param>
/// <param name="MissingHours">Those of them that nobody fills.</param>
/// <param name="Met">Share filled; 1 when nothing is needed.</param>
public sealed record CoverSummary(string Queue, double RequiredHours, double ScheduledHours, double MissingHours, double Met)
{
    public static IReadOnlyList<CoverSummary> Of(RosterProblem problem, IEnumerable<Assignment> assignments)
    {
        var ofTheDays = problem.DayStarts[^1] / problem.IntervalMinutes;
        return [.. Coverage.Of(problem, assignments).Select(cover => Of(cover, ofTheDays, 60.0 / problem.IntervalMinutes))];
    }

    private static CoverSummary Of(SkillCover cover, int intervals, double anHour)
    {
        var (needed, there) = (cover.Required.Take(intervals).ToList(), cover.Scheduled.Take(intervals).ToList());
        var required = needed.Sum() / anHour;
        var missing = needed.Zip(there, (r, s) => Math.Max(0, r - s)).Sum() / anHour;

        return new(cover.Skill, Math.Round(required, 2), Math.Round(there.Sum() / anHour, 2), Math.Round(missing, 2),
            required > 0 ? Math.Round(1 - missing / required, 4) : 1);
    }
}

/// <param name="Days">Day by day.</param>
public sealed record QueueCoverageView(string Queue, IReadOnlyList<DayCoverageView> Days);

/// <param name="Intervals">Quarter hour by quarter hour.</param>
public sealed record DayCoverageView(DateOnly Date, IReadOnlyList<CoverageInterval> Intervals);

/// <summary>Why the roster looks as it does.</summary>
/// <param name="Days">Each agent and day.</param>
/// <param name="Gaps">Need that nobody fills.</param>
public sealed record ReasonsView(IReadOnlyList<DayReasonView> Days, IReadOnlyList<GapView> Gaps)
{
    public static ReasonsView Of(Roster roster, RosterContext context, RosterReasons reasons) => new(
        [.. reasons.Days.Select(d =>
            new DayReasonView(d.AgentId, context.NameOf(d.AgentId), roster.From.AddDays(d.Day), d.Shift, d.HoursFilled, d.BetterHours,
            d.Binding))],
        [
            .. reasons.Gaps.Select(g => new GapView(g.Skill, context.Frame.Instant(g.From), context.Frame.Instant(g.To), g.MissingHours,
                [.. g.Obstacles.Select(o => new ObstacleView(o.Rule, o.Agents.Length, o.Agents))])),
        ]);
}

/// <param name="Name">The agent's name.</param>
/// <param name="Shift">Code of the shift; null on a day off.</param>
/// <param name="HoursFilled">Hours of the need that would be open without this shift.</param>
/// <param name="BetterHours">Hours of open need that the best forbidden choice for this day would fill.</param>
/// <param name="Binding">The rules that forbid it; empty where no other choice would fill more.</param>
public sealed record DayReasonView(
    Guid AgentId, string Name, DateOnly Date, string? Shift, double HoursFilled, double BetterHours, IReadOnlyList<string> Binding);

/// <param name="MissingHours">Agent hours that nobody fills.</param>
/// <param name="Obstacles">Why those who have the skill do not fill it, the most frequent reason first.</param>
public sealed record GapView(string Queue, DateTimeOffset From, DateTimeOffset To, double MissingHours,
    IReadOnlyList<ObstacleView> Obstacles);

/// <param name="Rule">Code of the rule or reason.</param>
/// <param name="Count">For how many agents it holds.</param>
/// <param name="AgentIds">Which agents.</param>
public sealed record ObstacleView(string Rule, int Count, IReadOnlyList<Guid> AgentIds);
