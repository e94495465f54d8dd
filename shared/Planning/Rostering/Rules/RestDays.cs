using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

/// <summary>How many days of rest an agent must take in the horizon, and may. Leave is no rest.</summary>
public sealed record RestDays(int Least, int Most)
{
    /// <summary>Days of rest as an account: what is not taken is saved up, to a limit.</summary>
    /// <param name="due">Earned in the horizon.</param>
    /// <param name="saved">Brought along.</param>
    /// <param name="mostSaved">Taken along at most.</param>
    public static RestDays OfAccount(int due, int saved, int mostSaved) => new(due + saved - mostSaved, due + saved);

    internal static int Taken(AgentDays days) => Enumerable.Range(0, days.Problem.Days).Count(day => !days.Worked.Contains(day)
        && days.Agent.Unavailable.All(b =>
            b.LeavesRest || b.To <= days.Problem.DayStarts[day] || days.Problem.DayStarts[day + 1] <= b.From));
}

public sealed class MinRestDays : RosterRule
{
    public override string Code => "too-few-rest-days";

    internal override bool IsOfAgent => true;

    internal override IEnumerable<Violation> Broken(AgentDays days) =>
        days.Agent.RestDays is { } rest && RestDays.Taken(days) is var taken && taken < rest.Least
            ? [days.Broken(Code, days.Problem.Days - 1, $"{taken} days of rest; {rest.Least} have to be taken.")]
            : [];

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        agent.RestDays is { Least: > 0 } rest ? [new Count(rest.Least, options)] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => bound.Agent.RestDays is { } rest
        ? [OfAgent(Code, rest.Least, 0, -1, (a, n) => a with { RestDays = a.RestDays! with { Least = n } })]
        : [];

    private sealed class Count(int min, AgentOptions options) : RuleCount
    {
        public override int Max => min;

        public override int Off(int count, int day) => options.IsRest[day] ? Math.Min(min, count + 1) : count;

        public override bool MayEnd(int count) => count >= min;
    }
}

public sealed class MaxRestDays : RosterRule
{
    public override string Code => "too-many-rest-days";

    public override bool IsOfMissingWork => true;

    internal override bool IsOfAgent => true;

    internal override IEnumerable<Violation> Broken(AgentDays days) =>
        days.Agent.RestDays is { } rest && RestDays.Taken(days) is var taken && taken > rest.Most
            ? [days.Broken(Code, days.Problem.Days - 1, $"{taken} days of rest; {rest.Most} may be taken.")]
            : [];

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        agent.RestDays is { } rest ? [new Count(rest.Most, options)] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => bound.Agent.RestDays is { } rest
        ? [OfAgent(Code, rest.Most, bound.Problem.Days, 1, (a, n) => a with { RestDays = a.RestDays! with { Most = n } })]
        : [];

    private sealed class Count(int max, AgentOptions options) : RuleCount
    {
        public override int Max => Math.Max(0, max);

        public override int Off(int count, int day) => !options.IsRest[day] ? count : count >= max ? Refused : count + 1;
    }
}
