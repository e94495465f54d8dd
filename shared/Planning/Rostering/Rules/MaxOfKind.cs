using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Shifts of a kind in the horizon at most, for each agent; those from day into night are nights too.</summary>
    [MaxLength(4)]
    public ImmutableArray<KindLimit>? MaxOfKind { get; init; }
}

public readonly record struct KindLimit(
    [property: Description("Which shifts.")] ShiftKind Kind, [property: Description("How many of them in a roster at most.")] int Most);

public sealed class MaxOfKind : RosterRule
{
    private const int MaxLimit = 42;

    public override string Code => "too-many-of-kind";

    public override ImmutableArray<string> ErrorCodes => ["limit-out-of-range", "kind-twice"];

    public override IEnumerable<RuleError> Errors(RosterRules rules)
    {
        if (rules.MaxOfKind?.Any(l => l.Most is < 0 or > MaxLimit) == true)
            yield return new(nameof(RosterRules.MaxOfKind), "limit-out-of-range", $"Of a kind 0 to {MaxLimit} shifts may be allowed.");
        if (rules.MaxOfKind?.DistinctBy(l => l.Kind).Count() < rules.MaxOfKind?.Length)
            yield return new(nameof(RosterRules.MaxOfKind), "kind-twice", "A kind of shift has one limit.");
    }

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        foreach (var limit in days.Rules.MaxOfKind ?? [])
        {
            var ofKind = days.Shifts.Where(s => Counts(limit, s.Shift.Kind)).ToList();
            foreach (var beyond in ofKind.Skip(limit.Most))
                yield return days.Broken(Code, beyond.Shift.Day,
                    $"{ofKind.Count} shifts of the kind {limit.Kind}; {limit.Most} are allowed.");
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        (problem.RulesOf(agent).MaxOfKind ?? []).Where(limit => limit.Most < problem.Days).Select(limit => new Count(limit));

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => (bound.Rules.MaxOfKind ?? []).Select(limit =>
        OfRules(Code, limit.Most, bound.Problem.Days, 1, (r, n) => r with
        {
            MaxOfKind = [.. r.MaxOfKind!.Value.Select(l => l.Kind == limit.Kind ? l with { Most = n } : l)],
        }, $"{limit.Kind}"));

    private static bool Counts(KindLimit limit, ShiftKind kind) =>
        kind == limit.Kind || (limit.Kind is ShiftKind.Night && kind is ShiftKind.DayIntoNight);

    private sealed class Count(KindLimit limit) : RuleCount
    {
        public override int Max => limit.Most;

        public override bool MayBeLeftOut => true;

        public override int SortOf(ShiftOption shift) => Counts(limit, shift.Kind) ? 1 : 0;

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) =>
            !Counts(limit, shift.Kind) ? count : count >= limit.Most ? Refused : count + 1;
    }
}
