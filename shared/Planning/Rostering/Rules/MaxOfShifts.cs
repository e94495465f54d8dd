using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Shifts in the horizon at most, by the codes of their templates, for each agent.</summary>
    [MaxLength(40)]
    public IReadOnlyList<CodeLimit>? MaxOfShifts { get; init; }
}

public sealed record CodeLimit(
    [property: Description("Which shifts, by the codes of their templates; several are counted together.")] ImmutableArray<string> Shifts,
    [property: Description("How many of them in a roster at most.")] int Most)
{
    public bool Counts(ShiftOption shift) => Shifts.Any(shift.IsOf);

    public bool Equals(CodeLimit? other) => other is not null && Most == other.Most && Shifts.SequenceEqual(other.Shifts);

    public override int GetHashCode() => HashCode.Combine(Most, Shifts.Length);
}

public sealed class MaxOfShifts : RosterRule
{
    private const int MaxLimit = 42;

    public override string Code => "too-many-of-shifts";

    public override ImmutableArray<string> ErrorCodes => ["limit-out-of-range"];

    public override IEnumerable<RuleError> Errors(RosterRules rules)
    {
        if (rules.MaxOfShifts?.Any(l => l.Most is < 0 or > MaxLimit) == true)
            yield return new(nameof(RosterRules.MaxOfShifts), "limit-out-of-range", $"Of shifts 0 to {MaxLimit} may be allowed.");
        if (rules.MaxOfShifts?.Any(l => l.Shifts.IsDefaultOrEmpty) == true)
            yield return new(nameof(RosterRules.MaxOfShifts), "limit-out-of-range", "A limit names the shifts that it counts.");
    }

    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        foreach (var limit in days.Rules.MaxOfShifts ?? [])
        {
            var counted = days.Shifts.Where(s => limit.Counts(s.Shift)).ToList();
            foreach (var beyond in counted.Skip(limit.Most))
                yield return days.Broken(Code, beyond.Shift.Day,
                    $"{counted.Count} shifts {string.Join(", ", limit.Shifts)}; {limit.Most} are allowed.");
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        (problem.RulesOf(agent).MaxOfShifts ?? []).Where(limit => limit.Most < problem.Days).Select(limit => new Count(limit));

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) => (bound.Rules.MaxOfShifts ?? []).Distinct().Select(limit =>
        OfRules(Code, limit.Most, bound.Problem.Days, 1, (r, n) => r with
        {
            MaxOfShifts = [.. r.MaxOfShifts!.Select(l => l.Shifts.SequenceEqual(limit.Shifts) ? l with { Most = n } : l)],
        }, string.Join(", ", limit.Shifts)));

    private sealed class Count(CodeLimit limit) : RuleCount
    {
        public override int Max => limit.Most;

        public override bool MayBeLeftOut => true;

        public override int SortOf(ShiftOption shift) => limit.Counts(shift) ? 1 : 0;

        public override int Work(int count, int day, bool workedBefore, ShiftOption shift) =>
            !limit.Counts(shift) ? count : count >= limit.Most ? Refused : count + 1;
    }
}
