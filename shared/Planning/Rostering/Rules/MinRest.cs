using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Rest between two shifts at least.</summary>
    [Range(0, 24 * 60), DefaultValue(11 * 60)]
    public int MinRestMinutes { get; init; } = 11 * 60;
}

public sealed class MinRest : RosterRule
{
    public override string Code => "rest-too-short";

    public override string Explain(Relaxation change) => InHours(change);

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var (end, day) = (days.Agent.Tail.LastEnd, -1);
        foreach (var (_, shift, _) in days.Shifts)
        {
            if (shift.Day != day && shift.Start - end < days.Rules.MinRestMinutes)
                yield return days.Broken(Code, shift.Day,
                    $"Between two shifts lie {(shift.Start - end) / 60.0:0.##} h of rest, {days.Rules.MinRestMinutes / 60.0:0.##} are due.");
            (end, day) = (Math.Max(shift.End, end ?? int.MinValue), shift.Day);
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        [new Count(problem.RulesOf(agent).MinRestMinutes)];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) =>
        [OfRules(Code, bound.Rules.MinRestMinutes, 0, -60, (r, n) => r with { MinRestMinutes = n })];

    private sealed class Count(int min) : RuleCount
    {
        public override bool LooksBack => true;

        public override bool Follows(in ShiftBefore before, ShiftOption shift) => shift.Start - before.End >= min;
    }
}
