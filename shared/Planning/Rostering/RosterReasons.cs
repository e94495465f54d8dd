using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>Why a roster looks as it does.</summary>
/// <param name="Days">One per agent and day, days off among them.</param>
/// <param name="Gaps">Every stretch of time with too few agents.</param>
public sealed record RosterReasons(ImmutableArray<DayReason> Days, ImmutableArray<Gap> Gaps);

/// <param name="Shift">Null on a day off.</param>
/// <param name="HoursFilled">Hours of the need that would be open without this shift.</param>
/// <param name="BetterHours">Hours of still open need that the best other choice for this day would fill on top.</param>
/// <param name="Binding">The rules that forbid every choice which would fill more; empty where none would.</param>
public sealed record DayReason(
    Guid AgentId, int Day, string? Shift, double HoursFilled, double BetterHours, ImmutableArray<string> Binding);

/// <param name="MissingHours">Agent hours.</param>
/// <param name="Obstacles">What stands in the way, the most frequent first.</param>
public sealed record Gap(string Skill, int From, int To, double MissingHours, ImmutableArray<Obstacle> Obstacles);

/// <param name="Rule">
/// A rule of <see cref="RosterChecker"/>, or: nobody-has-skill, serves-another-queue, on-break, in-activity, no-shift-then,
/// surplus-elsewhere (a shift is allowed, but would bring more surplus than the gap is worth).
/// </param>
public sealed record Obstacle(string Rule, ImmutableArray<Guid> Agents);

public static class Reasons
{
    private const double Noticeable = 0.2;

    public static RosterReasons Of(RosterProblem problem, IReadOnlyList<Assignment> assignments, CancellationToken cancellation)
    {
        var roster = new Explained(problem, assignments, Coverage.Of(problem, assignments), cancellation);
        var days = ImmutableArray.CreateBuilder<DayReason>();
        foreach (var agent in problem.Agents)
        {
            for (var day = 0; day < problem.Days; day++)
            {
                var present = roster.Of(agent).FirstOrDefault(a => a.Shift.Day == day);
                var possible = roster.Choices(agent, day);

                var filled = present is null ? 0 : Filled(problem, agent, present, roster.Open, without: true);
                var better = possible.Where(c => c.Hours > Noticeable && c.Shift.Code != present?.Shift.Code && c.Broken.Length > 0)
                    .ToList();
                days.Add(new(agent.Id, day, present?.Shift.Code, Math.Round(filled, 2),
                    Math.Round(better.Select(c => c.Hours).DefaultIfEmpty(0).Max(), 2),
                    [.. better.SelectMany(c => c.Broken).Distinct().Order()]));
            }
        }

        return new(days.DrainToImmutable(), [.. roster.Cover.SelectMany(c => Gaps(roster, c))]);
    }

    /// <summary>The gaps alone, in the order of queues and time: what the days are like is looked at only where a gap is.</summary>
    /// <param name="cover">Of these assignments.</param>
    public static ImmutableArray<Gap> GapsOf(
        RosterProblem problem, IReadOnlyList<Assignment> assignments, IReadOnlyList<SkillCover> cover, CancellationToken cancellation)
    {
        var roster = new Explained(problem, assignments, cover, cancellation);
        return [.. roster.Cover.SelectMany(c => Gaps(roster, c))];
    }

    private sealed record Choice(ShiftOption Shift, double Hours, ImmutableArray<string> Broken);

    private sealed class Explained(
        RosterProblem problem, IReadOnlyList<Assignment> assignments, IReadOnlyList<SkillCover> cover, CancellationToken cancellation)
    {
        private readonly ILookup<Guid, Assignment> byAgent = assignments.ToLookup(a => a.AgentId);
        private readonly ILookup<int, ShiftOption> shifts = problem.Shifts.ToLookup(s => s.Day);
        private readonly Dictionary<(Guid Agent, int Day), List<Choice>> choices = [];
        private Dictionary<string, double[]>? open;

        public RosterProblem Problem => problem;

        public IReadOnlyList<SkillCover> Cover => cover;

        /// <summary>By skill and interval: agents that are missing.</summary>
        public Dictionary<string, double[]> Open => open ??= Cover.ToDictionary(
            c => c.Skill, c => c.Required.Zip(c.Scheduled, (r, s) => r - s).ToArray());

        public IEnumerable<Assignment> Of(RosterAgent agent) => byAgent[agent.Id];

        /// <summary>What the agent might work on the day, all other days as they are.</summary>
        public List<Choice> Choices(RosterAgent agent, int day)
        {
            if (choices.TryGetValue((agent.Id, day), out var known))
                return known;

            cancellation.ThrowIfCancellationRequested();
            var others = byAgent[agent.Id].Where(a => a.Shift.Day != day).ToList();
            return choices[(agent.Id, day)] =
            [
                .. shifts[day].Select(shift => agent.Around(shift) ?? shift).Select(shift =>
                {
                    var tried = new Assignment(agent.Id, shift, []);
                    return new Choice(shift, Filled(problem, agent, tried, Open, without: false),
                        [.. RosterChecker.Check(problem, agent, [.. others, AsPlanned(tried)]).Select(v => v.Rule).Distinct()]);
                }),
            ];
        }
    }

    // Breaks count for the hours a shift is paid, not for whether it is allowed.
    private static Assignment AsPlanned(Assignment tried) => tried with
    {
        Breaks = [.. tried.Shift.Breaks.Where(b => !b.Paid).Select(b =>
            new PlacedBreak(b.Kind, tried.Shift.Start + b.Earliest, tried.Shift.Start + b.Earliest + b.Minutes, b.Paid))],
    };

    private static double Filled(
        RosterProblem problem, RosterAgent agent, Assignment assignment, Dictionary<string, double[]> open, bool without)
    {
        var hours = 0.0;
        for (var t = assignment.Shift.Start / problem.IntervalMinutes; t * problem.IntervalMinutes < assignment.Shift.End; t++)
        {
            var share = Coverage.Share(problem, agent, assignment, t);
            var most = agent.Skills.Where(open.ContainsKey)
                .Select(s => t < open[s].Length ? open[s][t] + (without ? share : 0) : 0).DefaultIfEmpty(0).Max();
            hours += Math.Clamp(most, 0, share) * problem.IntervalMinutes / 60.0;
        }

        return hours;
    }

    private static IEnumerable<Gap> Gaps(Explained roster, SkillCover cover)
    {
        var problem = roster.Problem;
        var t = 0;
        while (t < cover.Required.Length)
        {
            var from = t;
            while (t < cover.Required.Length && cover.Required[t] - cover.Scheduled[t] > Noticeable)
                t++;

            if (t == from)
            {
                t++;
                continue;
            }

            var (start, end) = (from * problem.IntervalMinutes, t * problem.IntervalMinutes);
            var hours = Enumerable.Range(from, t - from).Sum(i => cover.Required[i] - cover.Scheduled[i]) * problem.IntervalMinutes / 60;

            var able = problem.Agents.Where(a => a.Skills.Contains(cover.Skill)).ToList();
            var obstacles = able.SelectMany(
                agent => ObstaclesOf(roster, agent, start, end).Select(rule => (rule, agent.Id)))
                .GroupBy(o => o.rule, o => o.Id).Select(g => new Obstacle(g.Key, [.. g])).OrderByDescending(o => o.Agents.Length)
                    .ThenBy(o => o.Rule, StringComparer.Ordinal);

            yield return new(cover.Skill, start, end, Math.Round(hours, 2),
                able.Count == 0 ? [new("nobody-has-skill", [])] : [.. obstacles]);
        }
    }

    private static ImmutableArray<string> ObstaclesOf(Explained roster, RosterAgent agent, int from, int to)
    {
        if (roster.Of(agent).FirstOrDefault(a => a.Shift.Start < to && from < a.Shift.End) is { } there)
        {
            if (there.Breaks.Any(b => b.Start < to && from < b.End))
                return ["on-break"];
            if (agent.Fixed.Any(f => f.From < to && from < f.To))
                return ["in-activity"];
            if (there.Shift.Start <= from && to <= there.Shift.End)
                return agent.Skills.Length > 1 ? ["serves-another-queue"] : [];
        }

        // Night shifts of the day before reach into this one.
        var day = roster.Problem.DayOf(from);
        var then = new[] { day - 1, day }.Where(d => d >= 0).SelectMany(d => roster.Choices(agent, d))
            .Where(c => c.Shift.Start < to && from < c.Shift.End).ToList();

        if (then.Count == 0)
            return ["no-shift-then"];

        var least = then.MinBy(c => c.Broken.Length)!;
        return least.Broken.IsEmpty ? ["surplus-elsewhere"] : least.Broken;
    }
}
