using System.ComponentModel.DataAnnotations;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What an agent would like on a day.</summary>
/// <param name="Shift">Code of a shift of that day; a day off when left out.</param>
/// <param name="Weight">Cost of anything else, or where the wish is against the shift, of it. For comparison: a single day off between
/// days of work costs 6, an agent hour too few 40 and more.</param>
/// <param name="Against">The agent would rather not work the shift, or not be off: anything else is as good.</param>
public sealed record ShiftPreference(
    Guid AgentId, DateOnly Date, [MaxLength(30)] string? Shift = null, [Range(0.0, 1000.0)] double Weight = 6, bool Against = false);

/// <summary>How many should work a shift on a day, whichever queues they serve, beside what the requirement says.</summary>
/// <param name="Shift">Code of the shift, or of a template: then all its starts together.</param>
/// <param name="Required">Agents.</param>
/// <param name="Shortage">Cost of each agent too few: the first as much as the last.</param>
/// <param name="Surplus">Cost of each agent too many.</param>
public sealed record RequiredShift(
    DateOnly Date, [MaxLength(30)] string Shift, [Range(0, 10_000)] int Required, [Range(0.0, 10_000.0)] double Shortage = 300,
    [Range(0.0, 10_000.0)] double Surplus = 30);

/// <summary>A roster of the same project to change no more than pays.</summary>
/// <param name="ChangeWeight">Cost of each day that changes.</param>
/// <param name="LockedBefore">Days before this one stay as they are, breaks and all.</param>
public sealed record Keeping(Guid RosterId, [Range(0.0, 1000.0)] double ChangeWeight = 10, DateOnly? LockedBefore = null);

internal static class RosterWishes
{
    /// <exception cref="InvalidException"><c>agent-unknown</c>, <c>outside-roster</c> or <c>shift-unknown</c>.</exception>
    public static void Check(IReadOnlyList<ShiftPreference> wishes, RosterContext context)
    {
        var errors = wishes.SelectMany((wish, i) =>
        {
            var day = context.Frame.DayOf(wish.Date);
            return new[]
            {
                context.Agent(wish.AgentId) is null
                    ? new Error($"/wishes/{i}/agentId", "agent-unknown", "The agent is in none of the teams asked for.") : null,
                day < 0 || day >= context.Frame.Days
                    ? new($"/wishes/{i}/date", "outside-roster",
                    $"The roster is for {context.Frame.Days} days from {context.Frame.From:yyyy-MM-dd}.")
                    : wish.Shift is { } code && context.Problem.Shifts.All(s => s.Day != day || s.Code != code)
                        ? new($"/wishes/{i}/shift", "shift-unknown", $"There is no shift '{code}' on that day.")
                    : null,
            }.OfType<Error>();
        }).ToList();

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    /// <exception cref="InvalidException"><c>outside-roster</c>, <c>shift-unknown</c> or <c>need-twice</c>.</exception>
    public static void Check(IReadOnlyList<RequiredShift> needs, RosterContext context)
    {
        var errors = needs.Select((need, i) => context.Frame.DayOf(need.Date) is var day && (day < 0 || day >= context.Frame.Days)
            ? new($"/shiftNeeds/{i}/date", "outside-roster",
                $"The roster is for {context.Frame.Days} days from {context.Frame.From:yyyy-MM-dd}.")
            : needs.Take(i).Any(other => (other.Date, other.Shift) == (need.Date, need.Shift))
                ? new($"/shiftNeeds/{i}", "need-twice", "What a shift of a day needs is said once.")
            : context.Problem.Shifts.All(s => s.Day != day || !s.IsOf(need.Shift))
                ? new Error($"/shiftNeeds/{i}/shift", "shift-unknown", $"There is no shift '{need.Shift}' on that day.")
            : null).OfType<Error>().ToList();

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    /// <exception cref="InvalidException"><c>agent-unknown</c> or <c>agent-twice</c>.</exception>
    public static void Check(IReadOnlyList<AgentConstraints> terms, IReadOnlyList<Guid> agents)
    {
        var (known, seen) = (agents.ToHashSet(), new HashSet<Guid>());
        var errors = terms.Select((own, i) =>
            !known.Contains(own.AgentId) ? new Error($"/terms/{i}/agentId", "agent-unknown", "The agent is in none of the teams asked for.")
            : !seen.Add(own.AgentId) ? new Error($"/terms/{i}/agentId", "agent-twice", "The agent has terms already.")
            : null).OfType<Error>().ToList();

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    /// <exception cref="InvalidException"><c>weight-out-of-range</c>.</exception>
    public static void Check(RosterWeights? weights)
    {
        if (weights is { Shortage: var a, Surplus: var b, UnusedHour: var c, Unfair: var d, StartChange: var e, SingleDayOff: var f,
            TeamApart: var g }
            && new[] { a, b, c, d, e, f, g }.Any(w => w is not (>= 0 and <= 1000)))
            throw new InvalidException("/weights", "weight-out-of-range", "A weight is 0 to 1000.");
    }

    /// <param name="wishes">What the request for the roster said: for a day it goes before what the agent stated.</param>
    /// <param name="kept">The roster that <paramref name="keep"/> names.</param>
    public static RosterProblem With(
        this RosterProblem problem, IEnumerable<ShiftPreference> wishes, Roster? kept, Keeping? keep, RosterFrame frame)
    {
        var wished = wishes.ToLookup(w => w.AgentId, w => new DayPreference(frame.DayOf(w.Date), [w.Shift], w.Weight, w.Against));
        return problem with { Agents = [.. problem.Agents.Select(agent => Kept(Wishing(agent, [.. wished[agent.Id]])))] };

        static RosterAgent Wishing(RosterAgent agent, List<DayPreference> typed) => agent with
        {
            Wishes = [.. (agent.Wishes ?? []).Where(stated => typed.TrueForAll(wish => wish.Day != stated.Day)), .. typed],
        };

        RosterAgent Kept(RosterAgent agent)
        {
            if (kept?.Agents.ContainsKey(agent.Id) != true)
                return agent;

            var before = frame.Dates.Where(date => date >= kept.From && date <= kept.To)
                .Select(date => (Day: frame.DayOf(date), Shift: kept.ShiftOf(agent.Id, date), Locked: date < keep!.LockedBefore))
                    .ToLookup(d => d.Locked);
            return agent with
            {
                Locked = [.. before[true].Select(
                    d => new LockedDay(d.Day, d.Shift?.Code, d.Shift is { } shift ? frame.Assignment(agent.Id, shift).AsItIs : null))],
                // A shift that was made by hand is none that the search could choose.
                Wishes =
                [
                    .. agent.Wishes ?? [],
                    .. before[false].Where(d => d.Shift is null || problem.Shifts.Any(s => s.Day == d.Day && s.Code == d.Shift.Code))
                        .Select(d => new DayPreference(d.Day, d.Shift?.Code, keep!.ChangeWeight)),
                ],
            };
        }
    }
}
