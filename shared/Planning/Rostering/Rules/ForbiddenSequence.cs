using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

public partial record RosterRules
{
    /// <summary>Kinds of shift that must not follow each other from one day to the next.</summary>
    [MaxLength(16)]
    public ImmutableArray<KindSequence>? Forbidden { get; init; }
}

public readonly record struct KindSequence(
    [property: Description("Kind of the shift on one day.")] ShiftKind Before,
    [property: Description("Kind of the shift that must not follow on the next.")] ShiftKind After);

public sealed class ForbiddenSequence : RosterRule
{
    public override string Code => Binding.Sequence;

    public override string Explain(Relaxation change) => " dropped";

    // Where there is too little rest as well, that is what is named.
    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var (end, day, kind) = (days.Agent.Tail.LastEnd, -1, (ShiftKind?)null);
        foreach (var (_, shift, _) in days.Shifts)
        {
            if (day == shift.Day - 1 && !(shift.Start - end < days.Rules.MinRestMinutes) && kind is { } yesterday
                && days.Rules.Forbidden?.Contains(new(yesterday, shift.Kind)) == true)
                yield return days.Broken(Code, shift.Day, $"A shift of the kind {shift.Kind} must not follow one of the kind {yesterday}.");
            (end, day, kind) = (Math.Max(shift.End, end ?? int.MinValue), shift.Day, shift.Kind);
        }
    }

    internal override RuleCount? CountFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        problem.RulesOf(agent).Forbidden is { Length: > 0 } forbidden ? new Count(forbidden) : null;

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) =>
        [new(Code, b => With(b, null), b => Each(b).SelectMany(rule => rule.Eased(b)), Each)];

    private IEnumerable<Binding> Each(BoundInRoster bound) => (bound.Rules.Forbidden ?? []).Select(sequence =>
        Binding.Dropped(new(Code, 0, null, $"{sequence.Before}, {sequence.After}"), b =>
            With(b, b.Rules.Forbidden?.Remove(sequence))));

    private static BoundInRoster With(BoundInRoster bound, ImmutableArray<KindSequence>? forbidden) =>
        bound.With(rules => rules with { Forbidden = forbidden });

    private sealed class Count(ImmutableArray<KindSequence> forbidden) : RuleCount
    {
        public override bool LooksBack => true;

        public override bool Follows(in ShiftBefore before, ShiftOption shift) =>
            before.Shift is not { } yesterday || !forbidden.Contains(new(yesterday.Kind, shift.Kind));
    }
}
