using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Days of work in a row at least. Not asked of what leave, a day without shifts or the end of the roster cuts.</summary>
    [Range(1, 7), DefaultValue(1)]
    public int MinDaysInRow { get; init; } = 1;
}

public sealed class MinDaysInRow : RosterRule
{
    public override string Code => "too-few-days-in-row";

    public override bool IsOfMissingWork => true;

    public override bool IsBrokenByWork => true;

    public override ImmutableArray<string> ErrorCodes => ["days-in-row-reversed"];

    public override IEnumerable<RuleError> Errors(RosterRules rules) => rules.MaxDaysInRow < rules.MinDaysInRow
        ? [new(nameof(RosterRules.MinDaysInRow), "days-in-row-reversed", "There are fewer days in a row at most than at least.")]
        : [];

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var (problem, agent, min) = (days.Problem, days.Agent, days.Rules.MinDaysInRow);
        if (agent.Tail.DaysInRow is > 0 and var ended && ended < min && !days.Worked.Contains(0) && IsIdle(0))
            yield return days.Broken(Code, 0, $"{ended} days of work in a row; {min} are due.");
        for (var day = 0; min > 1 && day < problem.Days; day++)
        {
            if (!days.Worked.Contains(day))
                continue;

            var (first, before) = (day, day == 0 ? agent.Tail.DaysInRow : 0);
            while (days.Worked.Contains(day + 1))
                day++;
            var cut = (first == 0 && before == 0 && agent.Tail.DaysOff is null) || (first > 0 && !IsIdle(first - 1))
                || day + 1 == problem.Days || !IsIdle(day + 1);
            if (!cut && day + 1 - first + before is var inRow && inRow < min)
                yield return days.Broken(Code, day, $"{inRow} days of work in a row; {min} are due.");
        }

        bool IsIdle(int day) => RosterChecker.CountsAsOff(problem, agent, day);
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        problem.RulesOf(agent).MinDaysInRow is > 1 and var min ? [new Count(min, agent.Tail, options.IsIdle)] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) =>
        [OfRules(Code, bound.Rules.MinDaysInRow, 1, -1, (r, n) => r with { MinDaysInRow = n })];

    // Days in a row so far, as far as they matter; 0 while off, and one more than matters where a row may begin of which nothing is asked.
    private sealed class Count(int min, CarryOver before, ImmutableArray<bool> isIdle) : RuleCount
    {
        private int Free => min + 1;

        public override int Max => Free;

        public override int Start => before.DaysInRow > 0 ? Math.Min(min, before.DaysInRow) : before.DaysOff is null ? Free : 0;

        public override int Off(int count, int day) => !isIdle[day] ? Free : count > 0 && count < min ? Refused : 0;

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) =>
            count == Free ? min : Math.Min(min, count + 1);
    }
}
