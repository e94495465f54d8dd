using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Days of work in a week at most. Null: all.</summary>
    [Range(1, 7)]
    public int? MaxDaysAWeek { get; init; }
}

public sealed class MaxDaysAWeek : RosterRule
{
    public override string Code => "too-many-days-a-week";

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        if (days.Rules.MaxDaysAWeek is not { } max)
            yield break;

        foreach (var week in days.Worked.Order().GroupBy(days.Problem.WeekOf))
        {
            var before = week.Key == days.Problem.WeekOf(0) ? days.Agent.Tail.DaysThisWeek : 0;
            foreach (var beyond in week.Skip(max - before))
                yield return days.Broken(Code, beyond, $"{before + week.Count()} days of work in a week; {max} are allowed.");
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        problem.RulesOf(agent).MaxDaysAWeek is { } max ? [new Count(problem, max, agent.Tail.DaysThisWeek)] : [];

    // Days of the week before the horizon count too.
    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => bound.Rules.MaxDaysAWeek is { } max
        ? [OfRules(Code, max, 7 + bound.Agent.Tail.DaysThisWeek, 1, (r, n) => r with { MaxDaysAWeek = n })]
        : [];

    private sealed class Count(RosterProblem problem, int max, int before) : RuleCount
    {
        public override int Max => Math.Max(max, before);

        public override int Start => before;

        public override int Off(int count, int day) => problem.EndsWeek(day) ? 0 : count;

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) =>
            count >= max ? Refused : problem.EndsWeek(day) ? 0 : count + 1;
    }
}
