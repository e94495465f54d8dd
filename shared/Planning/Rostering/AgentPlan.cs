using System.Runtime.InteropServices;

namespace CallCenter.Planning.Rostering;

/// <summary>The days of one agent.</summary>
/// <param name="Days">By day; null is off.</param>
/// <param name="Unpopular">Early, late and night shifts among them.</param>
internal sealed record AgentPlan(
    ShiftCandidate?[] Days, int Unpopular, double UnusedHours, double StartChanges, double SingleDaysOff, double RefusedWishes);

/// <summary>
/// Finds the best days of one agent while all others stay as they are: the cheapest path through the days, where two ways to
/// arrive are compared only if everything that a rule can still look at is equal. So every hard rule holds exactly.
/// </summary>
internal sealed class AgentPlanner(RosterProblem problem)
{
    private const double MissedActivity = 1000;
    private const int Off = -1;

    private readonly List<Label> labels = [];
    private Dictionary<Key, int> reached = [];
    private Dictionary<Key, int> next = [];

    private RuleSlot[] rules = [];
    private RuleSlot[] ofDay = [];
    private RuleSlot[] ofShift = [];

    // Counts: what the rules remember. DaysOff: in a row, 0 after work, as far as a cost can tell them apart.
    private readonly record struct Key(int Last, int DaysOff, int WeekMinutes, int Unpopular, RuleCounts Counts);

    private readonly record struct Label(Key Key, double Cost, int Before, int Candidate);

    /// <param name="candidates">What may be worked on each day, with its worth.</param>
    /// <param name="fairShare">Unpopular shifts of the other agents, on average.</param>
    /// <returns>Null when the rules and the locked days leave no way.</returns>
    public AgentPlan? Best(RosterAgent agent, AgentOptions options, ShiftCandidate[][] candidates, double fairShare)
    {
        labels.Clear();
        reached.Clear();
        Bind(agent, options);
        var counts = new RuleCounts();
        foreach (var slot in rules)
            slot.Set(ref counts, slot.Rule.Start);
        Reach(reached, new Key(Off, agent.Tail.DaysInRow > 0 ? 0 : Math.Min(2, agent.Tail.DaysOff ?? 2),
            WeekStart(agent, 0) + agent.Tail.MinutesThisWeek, 0, counts), 0, -1, Off);

        for (var day = 0; day < problem.Days; day++)
        {
            next.Clear();
            foreach (var label in reached.Values)
                Step(agent, options, candidates, day, label);
            (reached, next) = (next, reached);
        }

        var best = -1;
        var least = double.MaxValue;
        foreach (var label in reached.Values)
        {
            if (!MayEnd(labels[label].Key.Counts))
                continue;
            var share = labels[label].Key.Unpopular + agent.UnpopularBefore - fairShare;
            var cost = labels[label].Cost + problem.Weights.Unfair * share * share;
            if (cost < least)
                (best, least) = (label, cost);
        }

        return best < 0 ? null : Trace(agent, options, candidates, best);
    }

    // Of those that look at shifts the ones that remember nothing come first: a shift refused by them costs no more.
    private void Bind(RosterAgent agent, AgentOptions options)
    {
        rules = RuleSlot.For([.. RosterRule.All.Select(r => r.CountFor(problem, agent, options)).OfType<RuleCount>().OrderBy(r => r.Max)]);
        ofDay = [.. rules.Where(r => !r.Rule.LooksAtShift)];
        ofShift = [.. rules.Where(r => r.Rule.LooksAtShift)];
    }

    private void Step(RosterAgent agent, AgentOptions options, ShiftCandidate[][] candidates, int day, int from)
    {
        var label = labels[from];
        var (key, today) = (label.Key, candidates[day]);

        var rested = key.Counts;
        if (!options.MustWork[day] && Rest(day, ref rested))
            Arrive(key with { Last = Off, DaysOff = Math.Min(2, key.DaysOff + 1), Counts = rested },
                label.Cost + (options.HasActivity[day] ? MissedActivity : 0) + Refused(options, day, null), Off);

        var before = key.Last >= 0 ? candidates[day - 1][key.Last].Shift : null;
        var at = new DayReached(day, before, before?.End ?? (day == 0 ? agent.Tail.LastEnd : null) ?? int.MinValue / 2, key.WeekMinutes);
        var working = key.Counts;
        if (!Work(at, ref working))
            return;

        for (var i = 0; i < today.Length; i++)
        {
            var shift = today[i].Shift;
            var worked = working;
            if (!Work(at, shift, ref worked))
                continue;

            var to = new Key(i, 0, key.WeekMinutes + shift.PaidMinutes, key.Unpopular + (shift.Kind is ShiftKind.Day ? 0 : 1), worked);
            Arrive(to, label.Cost - today[i].Gain + Tie(candidates, day, key, today[i]) + Refused(options, day, shift.Code), i);
        }

        void Arrive(Key to, double cost, int candidate)
        {
            if (day + 1 == problem.Days || problem.WeekOf(day + 1) != problem.WeekOf(day))
            {
                cost += Unused(agent, day, to.WeekMinutes);
                to = to with { WeekMinutes = day + 1 == problem.Days ? 0 : WeekStart(agent, day + 1) };
            }

            Reach(next, to, cost, from, candidate);
        }
    }

    private bool Rest(int day, ref RuleCounts counts)
    {
        foreach (var slot in rules)
        {
            var count = slot.Rule.Off(slot.Get(counts), day);
            if (count == RuleCount.Refused)
                return false;
            slot.Set(ref counts, count);
        }

        return true;
    }

    private bool Work(in DayReached at, ref RuleCounts counts)
    {
        foreach (var slot in ofDay)
        {
            var count = slot.Rule.Work(slot.Get(counts), at);
            if (count == RuleCount.Refused)
                return false;
            slot.Set(ref counts, count);
        }

        return true;
    }

    private bool Work(in DayReached at, ShiftOption shift, ref RuleCounts counts)
    {
        foreach (var slot in ofShift)
        {
            var count = slot.Rule.Work(slot.Get(counts), at, shift);
            if (count == RuleCount.Refused)
                return false;
            slot.Set(ref counts, count);
        }

        return true;
    }

    private bool MayEnd(RuleCounts counts) => rules.All(slot => slot.Rule.MayEnd(slot.Get(counts)));

    private void Reach(Dictionary<Key, int> into, Key key, double cost, int before, int candidate)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(into, key, out var exists);
        if (exists && labels[known].Cost <= cost)
            return;

        known = labels.Count;
        labels.Add(new(key, cost, before, candidate));
    }

    private double Tie(ShiftCandidate[][] candidates, int day, Key before, ShiftCandidate candidate) => before switch
    {
        { Last: >= 0 } => StartChange(candidates[day - 1][before.Last].Shift, candidate.Shift),
        { DaysOff: 1 } => problem.Weights.SingleDayOff,
        _ => 0,
    };

    private double StartChange(ShiftOption yesterday, ShiftOption today)
    {
        var by = Math.Abs(today.Start - problem.DayStarts[today.Day] - (yesterday.Start - problem.DayStarts[yesterday.Day]));
        return problem.Weights.StartChange * Math.Max(0, by - 60) / 60.0;
    }

    private static double Refused(AgentOptions options, int day, string? shift)
    {
        var weight = 0.0;
        foreach (var wish in options.Wishes[day])
            weight += wish.Shift == shift ? 0 : wish.Weight;
        return weight;
    }

    // Paid leave of the week counts from its first day on, so that work and leave together stay within the contract.
    private int WeekStart(RosterAgent agent, int day) =>
        agent.Unavailable.Where(b => problem.WeekOf(problem.DayOf(b.From)) == problem.WeekOf(day)).Sum(b => b.PaidMinutes);

    private double Unused(RosterAgent agent, int lastDay, int weekMinutes)
    {
        // A week that the horizon cuts owes its share of days only.
        var week = problem.WeekOf(lastDay);
        var days = Enumerable.Range(0, problem.Days).Count(d => problem.WeekOf(d) == week);
        var before = week == problem.WeekOf(0) ? agent.Tail.MinutesThisWeek : 0;

        return problem.Weights.UnusedHour * Math.Max(0, agent.WeeklyMinutes * days / 7.0 - (weekMinutes - before)) / 60;
    }

    private AgentPlan Trace(RosterAgent agent, AgentOptions options, ShiftCandidate[][] candidates, int last)
    {
        var days = new ShiftCandidate?[problem.Days];
        var unpopular = labels[last].Key.Unpopular;
        for (var (day, at) = (problem.Days - 1, last); day >= 0; day--, at = labels[at].Before)
            days[day] = labels[at].Candidate == Off ? null : candidates[day][labels[at].Candidate];

        var (changes, single, unused, minutes) = (0.0, 0.0, 0.0, WeekStart(agent, 0) + agent.Tail.MinutesThisWeek);
        for (var day = 0; day < problem.Days; day++)
        {
            if (day > 0 && days[day] is { } today && days[day - 1] is { } yesterday)
                changes += StartChange(yesterday.Shift, today.Shift);
            if (day > 1 && days[day] is not null && days[day - 1] is null && days[day - 2] is not null)
                single += problem.Weights.SingleDayOff;

            minutes += days[day]?.Shift.PaidMinutes ?? 0;
            if (day + 1 == problem.Days || problem.WeekOf(day + 1) != problem.WeekOf(day))
            {
                unused += Unused(agent, day, minutes);
                minutes = day + 1 == problem.Days ? 0 : WeekStart(agent, day + 1);
            }
        }

        return new(days, unpopular, unused, changes, single, days.Select((candidate, day) => Refused(options, day, candidate?.Shift.Code))
            .Sum());
    }
}
