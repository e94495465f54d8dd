using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

/// <summary>Paid minutes of an agent in the whole horizon at most, paid leave included.</summary>
public sealed class MaxHours : RosterRule
{
    public override string Code => "hours-exceeded";

    internal override bool IsOfAgent => true;

    public override string Explain(Relaxation change) => InHours(change);

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var paid = days.Shifts.Sum(AgentDays.PaidMinutes) + days.Agent.Unavailable.Sum(b => b.PaidMinutes);
        return paid > days.Agent.MaxMinutes && days.Shifts is [.., var last]
            ? [days.Broken(Code, last.Shift.Day, $"{paid / 60.0:0.##} paid hours in all; {days.Agent.MaxMinutes / 60.0:0.##} are allowed.")]
            : [];
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        agent.MaxMinutes is { } max ? [new Count(max, agent.Unavailable.Sum(b => b.PaidMinutes))] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => bound.Agent.MaxMinutes is { } max
        ? [OfAgent(Code, max, bound.Problem.Days * 24 * 60, 60, (a, n) => a with { MaxMinutes = n })]
        : [];

    private sealed class Count(int max, int leave) : RuleCount
    {
        public override MinuteLimit? Minutes => new(OfWeek: false, max, leave);
    }
}
