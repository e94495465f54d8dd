using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>Why there can be no roster: found before the search, so that an impossible question is answered at once.</summary>
internal static class RosterConflicts
{
    public static ImmutableArray<RosterConflict> Before(RosterProblem problem)
    {
        if (problem.Agents.IsEmpty)
            return [new("no-agents", [], [])];

        if (problem.Shifts.IsEmpty)
            return [new("no-shifts", [], [])];

        // Each shift is asked for by itself: what remains forbidden then, no arrangement of days can mend.
        // Agents bound alike have the same answer: ten thousand of them are asked about once.
        var because = ImmutableArray.CreateBuilder<string>();
        foreach (var agent in problem.Agents.DistinctBy(Binding))
        {
            if (!agent.Locked.IsEmpty || AllowsAny(problem, agent, because))
                return [];
        }

        return [new("no-shift-allowed", [.. problem.Agents.Select(a => a.Id)], [.. because.Distinct().Order()])];
    }

    public static ImmutableArray<RosterConflict> Locked(RosterProblem problem, IReadOnlyList<RosterAgent> stuck) =>
    [
        .. stuck.Select(agent => new RosterConflict("locked-days", [agent.Id],
            [.. RosterChecker.Check(problem, agent, LockedShifts(problem, agent)).Select(v => v.Rule).Distinct().Order()])),
    ];

    private static bool AllowsAny(RosterProblem problem, RosterAgent agent, ImmutableArray<string>.Builder because)
    {
        foreach (var shift in problem.Shifts)
        {
            var broken = RosterChecker.Check(problem, agent, [AsPlanned(agent.Id, shift)]).Select(v => v.Rule).ToList();
            if (broken.Count == 0)
                return true;
            because.AddRange(broken);
        }

        return false;
    }

    private static string Binding(RosterAgent agent) => string.Join('|',
        agent.WeeklyMinutes, agent.Tail, string.Join(',', agent.Skills.Order()), string.Join(',', agent.Blocked), string.Join(',', agent.Fixed), agent.Locked.IsEmpty);

    private static List<Assignment> LockedShifts(RosterProblem problem, RosterAgent agent) =>
    [
        .. agent.Locked.Select(l => problem.Shifts.FirstOrDefault(s => s.Day == l.Day && s.Code == l.Shift))
            .OfType<ShiftOption>().Select(shift => AsPlanned(agent.Id, shift)),
    ];

    private static Assignment AsPlanned(Guid agent, ShiftOption shift) =>
        new(agent, shift, [.. shift.Breaks.Select(b => new PlacedBreak(b.Kind, shift.Start + b.Earliest, shift.Start + b.Earliest + b.Minutes, b.Paid))]);
}
