using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Days off in a row between two spells of work.</summary>
    [Range(1, 7), DefaultValue(1)]
    public int MinDaysOff { get; init; } = 1;
}

public sealed class MinDaysOff : RosterRule
{
    public override string Code => "too-few-days-off";

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var since = days.Agent.Tail.DaysInRow > 0 ? 0 : days.Agent.Tail.DaysOff;
        for (var day = 0; day < days.Problem.Days; day++)
        {
            if (!days.Worked.Contains(day))
            {
                since++;
                continue;
            }

            if (since > 0 && since < days.Rules.MinDaysOff)
                yield return days.Broken(Code, day, $"{since} days off between days of work; {days.Rules.MinDaysOff} are due.");
            since = 0;
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        problem.RulesOf(agent).MinDaysOff > 1 ? [new Count(problem.RulesOf(agent).MinDaysOff, agent.Tail)] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) =>
        [OfRules(Code, bound.Rules.MinDaysOff, 1, -1, (r, n) => r with { MinDaysOff = n })];

    // Days off so far, as far as they matter; 0 while at work.
    private sealed class Count(int min, CarryOver before) : RuleCount
    {
        public override int Max => min;

        public override int Start => before.DaysInRow > 0 ? 0 : Math.Min(min, before.DaysOff ?? min);

        public override int Off(int count, int day) => Math.Min(min, count + 1);

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) =>
             count > 0 && count < min ? Refused : 0;
    }
}
