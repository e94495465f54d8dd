using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Weekends with work in the horizon at most. Null: all.</summary>
    [Range(0, 7)]
    public int? MaxWeekends { get; init; }
}

public sealed class MaxWeekends : RosterRule
{
    public override string Code => "too-many-weekends";

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        if (days.Rules.MaxWeekends is not { } max)
            return [];

        var weekends = days.Worked.Order().Where(day => days.Problem.WeekendOf(day) is not null).GroupBy(day => days.Problem.WeekendOf(day))
            .ToList();
        return weekends.Skip(max).Select(w => days.Broken(Code, w.First(), $"{weekends.Count} weekends with work; {max} are allowed."));
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        problem.RulesOf(agent).MaxWeekends is { } max
            && max < Enumerable.Range(0, problem.Days).Select(problem.WeekendOf).OfType<int>().Distinct().Count()
            ? [new Count(problem, max)] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => bound.Rules.MaxWeekends is { } max
        ? [OfRules(Code, max, bound.Problem.Days, 1, (r, n) => r with { MaxWeekends = n })]
        : [];

    private sealed class Count(RosterProblem problem, int max) : RuleCount
    {
        private readonly int?[] weekendOf = [.. Enumerable.Range(0, problem.Days).Select(problem.WeekendOf)];

        public override int Max => max;

        public override bool MayBeLeftOut => true;

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) =>
            weekendOf[day] is not { } weekend || (workedBefore && weekendOf[day - 1] == weekend) ? count
            : count >= max ? Refused : count + 1;
    }
}
