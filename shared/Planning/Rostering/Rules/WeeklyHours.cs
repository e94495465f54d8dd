using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

/// <summary>Paid minutes of an agent in a week at most, paid leave included: what the contract says.</summary>
public sealed class WeeklyHours : RosterRule
{
    public override string Code => "weekly-hours-exceeded";

    internal override bool IsOfAgent => true;

    public override string Explain(Relaxation change) => InHours(change);

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var (problem, agent) = (days.Problem, days.Agent);
        var leave = agent.Unavailable.ToLookup(b => problem.WeekOf(problem.DayOf(b.From)), b => b.PaidMinutes);

        foreach (var week in days.Shifts.GroupBy(s => problem.WeekOf(s.Shift.Day)))
        {
            var paid = week.Sum(AgentDays.PaidMinutes) + leave[week.Key]
                .Sum() + (week.Key == problem.WeekOf(0) ? agent.Tail.MinutesThisWeek : 0);
            if (paid > agent.WeeklyMinutes)
                yield return days.Broken(Code, week.Max(s => s.Shift.Day),
                    $"{paid / 60.0:0.##} paid hours in a week; the contract has {agent.WeeklyMinutes / 60.0:0.##}.");
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        [new Count(agent.WeeklyMinutes)];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) =>
        [OfAgent(Code, bound.Agent.WeeklyMinutes, 7 * 24 * 60, 60, (a, n) => a with { WeeklyMinutes = n })];

    private sealed class Count(int max) : RuleCount
    {
        public override MinuteLimit? Minutes => new(OfWeek: true, max, 0);
    }
}
