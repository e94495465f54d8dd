using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Days of work in a row at most.</summary>
    [Range(1, 28), DefaultValue(6)]
    public int MaxDaysInRow { get; init; } = 6;
}

public sealed class MaxDaysInRow : RosterRule
{
    public override string Code => "too-many-days-in-row";

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var inRow = days.Agent.Tail.DaysInRow;
        for (var day = 0; day < days.Problem.Days; day++)
        {
            inRow = days.Worked.Contains(day) ? inRow + 1 : 0;
            if (inRow > days.Rules.MaxDaysInRow)
                yield return days.Broken(Code, day, $"{inRow} days in a row; {days.Rules.MaxDaysInRow} are allowed.");
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        [new Count(problem.RulesOf(agent).MaxDaysInRow, agent.Tail.DaysInRow)];

    // Days before the horizon count too.
    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) =>
    [
        OfRules(Code, bound.Rules.MaxDaysInRow, bound.Problem.Days + bound.Agent.Tail.DaysInRow, 1, (r, n) =>
            r with { MaxDaysInRow = n }),
    ];

    private sealed class Count(int max, int before) : RuleCount
    {
        public override int Max => Math.Max(max, before);

        public override int Start => before;

        public override int Off(int count, int day) => 0;

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) =>
             count >= max ? Refused : count + 1;
    }
}
