using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

/// <summary>Paid minutes of an agent in the whole horizon at least, paid leave included.</summary>
public sealed class MinHours : RosterRule
{
    public override string Code => "hours-missing";

    public override bool IsOfMissingWork => true;

    internal override bool IsOfAgent => true;

    public override string Explain(Relaxation change) => InHours(change);

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var paid = days.Shifts.Sum(AgentDays.PaidMinutes) + days.Agent.Unavailable.Sum(b => b.PaidMinutes);
        return paid < days.Agent.MinMinutes
            ? [days.Broken(Code, days.Problem.Days - 1,
                $"{paid / 60.0:0.##} paid hours in all; {days.Agent.MinMinutes / 60.0:0.##} are due.")]
            : [];
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        agent.MinMinutes is > 0 and var min ? [new Count(min, agent.Unavailable.Sum(b => b.PaidMinutes))] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => bound.Agent.MinMinutes is { } min
        ? [OfAgent(Code, min, 0, -60, (a, n) => a with { MinMinutes = n })]
        : [];

    private sealed class Count(int min, int leave) : RuleCount
    {
        public override MinuteLimit? Minutes => new(OfWeek: false, int.MaxValue, leave, min);
    }
}
