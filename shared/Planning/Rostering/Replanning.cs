using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>One day of one agent that becomes another.</summary>
/// <param name="From">Code of the shift before; null was off.</param>
/// <param name="To">Code of the shift after; null is off.</param>
/// <param name="CoverGained">What is missing and in surplus costs so much less, counted in the order of the moves.</param>
public sealed record RosterMove(Guid AgentId, int Day, string? From, string? To, double CoverGained);

/// <summary>A roster after an absence, and the few days of others that make up for it.</summary>
/// <param name="Moves">As they were found: those of the agent who gains most for each first.</param>
/// <param name="OthersDays">Agents times days of those who are not absent: what the moves are a part of.</param>
/// <param name="Before">The cost without the absent agents, before any move.</param>
public sealed record Replan(
    ImmutableArray<RosterMove> Moves, int OthersDays, RosterCost Before, RosterCost After, ImmutableArray<Assignment> Assignments);

/// <param name="FromDay">Days before it stay as they are.</param>
/// <param name="MostMoved">Part of the others' days that may become another at most.</param>
/// <param name="ChangeWeight">Cost of each: a move that gains less is not made.</param>
public sealed record ReplanLimits(TimeSpan Time, int FromDay = 0, double MostMoved = 0.01, double ChangeWeight = 10)
{
    /// <summary>What the time is measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// Plans again after an absence, and moves as little as pays. The best days of each of the others, at a price for each that changes, are
/// sought by the search for rosters (<see cref="AgentPath"/>); of all of them those are taken that gain most for each day moved, until no
/// more may be moved, nothing gains any more, or the time is up. Gains mostly shrink as cover fills, so that an agent is looked at again
/// only when nobody else promises more.
/// </summary>
public static class Replanning
{
    private const double Noticeable = 1e-6;

    // Part of the time after which nobody is looked at who was not yet: what was found is made.
    private const double Looked = 0.7;

    /// <param name="assignments">The roster without the shifts of those who are absent.</param>
    /// <param name="absent">Whose other days stay as they are.</param>
    public static Replan Of(
        RosterProblem problem, IReadOnlyList<Assignment> assignments, IReadOnlySet<Guid> absent, ReplanLimits limits,
        CancellationToken cancellation)
    {
        var began = limits.Clock.GetTimestamp();
        var days = assignments.ToLookup(a => a.AgentId);
        var keeping = problem with { Agents = [.. problem.Agents.Select(agent => Keeping(problem, agent, [.. days[agent.Id]], limits))] };
        var state = RosterState.Of(keeping, assignments, cancellation);
        var others = Enumerable.Range(0, state.Agents).Where(a => !absent.Contains(problem.Agents[a].Id)).ToList();
        var before = state.Cost();
        var (left, moves) = ((int)(limits.MostMoved * others.Count * problem.Days), new List<RosterMove>());

        // Those who are off when it begins first: they gain most.
        var promising = new PriorityQueue<int, double>(others.Select(a =>
            (a, state.Plans[a]!.Days[limits.FromDay] is null ? double.NegativeInfinity : double.MinValue)));
        while (left > 0 && Used() is < 1 and var used && promising.TryDequeue(out var agent, out var promise))
        {
            cancellation.ThrowIfCancellationRequested();
            if (promise <= double.MinValue && used > Looked)
                continue;
            if (Better(problem, state, agent, left, moves) is not { } found)
                continue;
            if (promising.TryPeek(out _, out var next) && -found.Gain > next)
            {
                promising.Enqueue(agent, -found.Gain);
                continue;
            }

            var made = Make(state, agent, found.Plan);
            left -= made.Count;
            moves.AddRange(made);
            promising.Enqueue(agent, -found.Gain);
        }

        var after = state.Cost();
        return new([.. moves], others.Count * problem.Days, before,
            after with { RefusedWishes = after.RefusedWishes - limits.ChangeWeight * moves.Count }, [.. Assignments(state)]);

        double Used() => limits.Clock.GetElapsedTime(began) / limits.Time;
    }

    private static RosterAgent Keeping(RosterProblem problem, RosterAgent agent, List<Assignment> own, ReplanLimits limits)
    {
        var at = own.ToLookup(a => a.Shift.Day);
        return agent with
        {
            Locked = [.. agent.Locked.Where(l => l.Day >= limits.FromDay), .. Enumerable.Range(0, limits.FromDay)
                .Select(day => at[day].FirstOrDefault() is { } was ? new LockedDay(day, was.Shift.Code, was.AsItIs) : new(day, null))],
            Wishes = [.. agent.Wishes ?? [], .. Enumerable.Range(limits.FromDay, problem.Days - limits.FromDay)
                .Select(day => new DayPreference(day, at[day].FirstOrDefault()?.Shift.Code, limits.ChangeWeight))],
        };
    }

    // Of the best days of an agent beside all others as they are, all that move or one of them: what gains most for each, moves no more
    // than is left, and breaks nothing.
    private static (AgentPlan Plan, double Gain)? Better(
        RosterProblem problem, RosterState state, int agent, int left, List<RosterMove> moves)
    {
        var (who, now, cost, cover) = (problem.Agents[agent], state.Plans[agent]!, state.Total, state.Cover.Total);
        state.Remove(agent);
        var found = state.Insert(agent) ? state.Plans[agent]! : now;
        var best = ((AgentPlan Plan, double Gain)?)null;
        int[] changed = [.. Changed(now, found).Where(day => !moves.Exists(m => m.AgentId == who.Id && m.Day == day))];
        var alone = changed.Select(day => (int[])[day]);
        foreach (var days in changed.Length < 2 ? alone : alone.Prepend(changed))
        {
            var plan = state.Mixed(agent, now, found, days);
            state.Remove(agent);
            state.Insert(agent, plan);
            var gain = (cost - state.Total) / days.Length;
            if (days.Length <= left && gain > (best?.Gain ?? Noticeable) && state.Cover.Total <= cover + Noticeable
                && !RosterChecker.New(problem, who, [.. Days(who, now)], [.. Days(who, plan)]).Any())
                best = (plan, gain);
        }

        state.Remove(agent);
        state.Insert(agent, now);
        return best;
    }

    private static List<RosterMove> Make(RosterState state, int agent, AgentPlan plan)
    {
        var (now, moves) = (state.Plans[agent]!, new List<RosterMove>());
        var days = (ShiftCandidate?[])now.Days.Clone();
        foreach (var day in Changed(now, plan).ToList())
        {
            var cover = state.Cover.Total;
            days[day] = plan.Days[day];
            state.Remove(agent);
            state.Insert(agent, plan with { Days = [.. days] });
            moves.Add(new(state.Problem.Agents[agent].Id, day, now.Days[day]?.Shift.Code, plan.Days[day]?.Shift.Code,
                Math.Round(cover - state.Cover.Total, 2)));
        }

        return moves;
    }

    private static IEnumerable<int> Changed(AgentPlan before, AgentPlan after) =>
        Enumerable.Range(0, before.Days.Length).Where(day => before.Days[day]?.Shift.Code != after.Days[day]?.Shift.Code);

    private static IEnumerable<Assignment> Assignments(RosterState state) =>
        state.Problem.Agents.SelectMany((agent, a) => Days(agent, state.Plans[a]!));

    private static IEnumerable<Assignment> Days(RosterAgent agent, AgentPlan plan) =>
        plan.Days.OfType<ShiftCandidate>().Select(candidate => new Assignment(agent.Id, candidate.Shift, candidate.Breaks));
}
