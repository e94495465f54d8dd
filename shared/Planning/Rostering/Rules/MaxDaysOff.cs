using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>
    /// Days off in a row, of those on which the agent could have worked or always rests: leave and closed days end a row. Null: any.
    /// </summary>
    [Range(1, 42)]
    public int? MaxDaysOff { get; init; }
}

public sealed class MaxDaysOff : RosterRule
{
    public override string Code => "too-many-days-off";

    public override bool IsOfMissingWork => true;

    public override ImmutableArray<string> ErrorCodes => ["days-off-reversed"];

    public override IEnumerable<RuleError> Errors(RosterRules rules) => rules.MaxDaysOff < rules.MinDaysOff
        ? [new(nameof(RosterRules.MaxDaysOff), "days-off-reversed", "There are fewer days off at most than at least.")]
        : [];

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        if (days.Rules.MaxDaysOff is not { } max)
            yield break;

        var idle = days.Agent.Tail.DaysInRow > 0 ? 0 : days.Agent.Tail.DaysOff ?? 0;
        for (var day = 0; day < days.Problem.Days; day++)
        {
            idle = !days.Worked.Contains(day) && RosterChecker.CountsAsOff(days.Problem, days.Agent, day) ? idle + 1 : 0;
            if (idle > max)
                yield return days.Broken(Code, day, $"{idle} days off in a row; {max} are allowed.");
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        problem.RulesOf(agent).MaxDaysOff is { } max ? [new Count(max, agent.Tail.DaysOff ?? 0, options.IsIdle)] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => bound.Rules.MaxDaysOff is { } max
        ? [OfRules(Code, max, bound.Problem.Days + (bound.Agent.Tail.DaysOff ?? 0), 1, (r, n) => r with { MaxDaysOff = n })]
        : [];

    private sealed class Count(int max, int before, ImmutableArray<bool> counts) : RuleCount
    {
        public override int Max => max;

        public override int Start => Math.Min(max, before);

        public override int Off(int count, int day) => !counts[day] ? 0 : count >= max ? Refused : count + 1;

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) => 0;
    }
}
