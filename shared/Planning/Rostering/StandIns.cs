using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>An agent who might take a shift beside their other days.</summary>
/// <param name="Rules">Those that forbid it; none where the agent can step in.</param>
/// <param name="Cost">By how much the roster would cost more; less where it is below nothing.</param>
/// <param name="CoverGained">The part of it that is cover: what is missing and in surplus costs so much less.</param>
/// <param name="PaidMinutes">Of the agent's shifts in the roster as it is.</param>
/// <param name="Unpopular">Early, late and night shifts among them.</param>
/// <param name="RefusedWish">What the agent's wishes for the day weigh against it.</param>
public sealed record StandIn(
    Guid AgentId, ImmutableArray<string> Rules, double Cost, double CoverGained, int PaidMinutes, int Unpopular, double RefusedWish);

/// <summary>Who can take a shift that somebody leaves open.</summary>
public static class StandIns
{
    /// <summary>All agents, those who can first: by cost, in which hours, fairness and wishes are weighed; then by unpopular shifts and
    /// hours.</summary>
    /// <param name="allowed">What is checked by, where that is more than a search may give: overtime.</param>
    public static IReadOnlyList<StandIn> For(
        RosterProblem problem, RosterProblem allowed, IReadOnlyList<Assignment> assignments, ShiftOption shift,
        CancellationToken cancellation)
    {
        var (state, days) = (RosterState.Of(problem, assignments, cancellation), assignments.ToLookup(a => a.AgentId));
        return [.. allowed.Agents.Select((agent, at) => Of(allowed, agent, state, at, [.. days[agent.Id]], shift))
            .OrderBy(s => s.Rules.Length).ThenBy(s => s.Cost).ThenBy(s => s.Unpopular).ThenBy(s => s.PaidMinutes)];
    }

    private static StandIn Of(
        RosterProblem allowed, RosterAgent agent, RosterState state, int at, List<Assignment> own, ShiftOption shift)
    {
        shift = agent.Around(shift) ?? shift;
        var (now, cost, cover) = (state.Plans[at]!, state.Total, state.Cover.Total);
        var with = state.With(at, shift.Day, shift);
        // Breaks that do not fit have no place: as planned, the checker says what is wrong with them.
        var tried = with?.Days[shift.Day] is { } placed ? new(agent.Id, shift, placed.Breaks) : RosterConflicts.AsPlanned(agent.Id, shift);
        var rules = RosterChecker.New(allowed, agent, own, [.. own, tried]).Select(v => v.Rule).Distinct().ToImmutableArray();
        var (more, gained) = (0.0, 0.0);
        if (with is not null)
        {
            state.Remove(at);
            state.Insert(at, with);
            (more, gained) = (state.Total - cost, cover - state.Cover.Total);
            state.Remove(at);
            state.Insert(at, now);
        }

        return new(agent.Id, rules, Math.Round(more, 2), Math.Round(gained, 2), own.Sum(AgentDays.PaidMinutes), now.Unpopular,
            state.Lattices[at].Refused(shift.Day, shift.Code));
    }
}
