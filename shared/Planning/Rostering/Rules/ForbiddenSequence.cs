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

    /// <summary>Shifts that must not follow each other from one day to the next, by the codes of their templates.</summary>
    [MaxLength(400)]
    public IReadOnlyList<CodeSequence>? ForbiddenShifts { get; init; }
}

public readonly record struct KindSequence(
    [property: Description("Kind of the shift on one day.")] ShiftKind Before,
    [property: Description("Kind of the shift that must not follow on the next.")] ShiftKind After);

public sealed record CodeSequence(
    [property: Description("Code of the template on one day.")] string Before,
    [property: Description("Code of the template that must not follow on the next.")] string After)
{
    public bool Is(ShiftOption before, ShiftOption after) => before.IsOf(Before) && after.IsOf(After);
}

public sealed class ForbiddenSequence : RosterRule
{
    public override string Code => Binding.Sequence;

    public override string Explain(Relaxation change) => " dropped";

    // Where there is too little rest as well, that is what is named.
    internal override IEnumerable<Violation> Broken(AgentDays days)
    {
        var (end, before) = (days.Agent.Tail.LastEnd, (ShiftOption?)null);
        foreach (var (_, shift, _) in days.Shifts)
        {
            if (before is { } yesterday && yesterday.Day == shift.Day - 1 && !(shift.Start - end < days.Rules.MinRestMinutes))
            {
                if (days.Rules.Forbidden?.Contains(new(yesterday.Kind, shift.Kind)) == true)
                    yield return days.Broken(Code, shift.Day,
                        $"A shift of the kind {shift.Kind} must not follow one of the kind {yesterday.Kind}.");
                if (days.Rules.ForbiddenShifts?.Any(sequence => sequence.Is(yesterday, shift)) == true)
                    yield return days.Broken(Code, shift.Day, $"The shift {shift.Code} must not follow {yesterday.Code}.");
            }

            (end, before) = (Math.Max(shift.End, end ?? int.MinValue), shift);
        }
    }

    internal override IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options) =>
        problem.RulesOf(agent) is { Forbidden: var kinds, ForbiddenShifts: var codes } && (kinds ?? []).Length + (codes?.Count ?? 0) > 0
            ? [new Count(kinds ?? [], codes ?? [])] : [];

    internal override IEnumerable<Binding> Bindings(BoundInRoster bound) =>
        [new(Code, b => With(b, null, null), b => Each(b).SelectMany(rule => rule.Eased(b)), Each)];

    private IEnumerable<Binding> Each(BoundInRoster bound) =>
    [
        .. (bound.Rules.Forbidden ?? []).Select(sequence => Binding.Dropped(new(Code, 0, null, $"{sequence.Before}, {sequence.After}"),
            b => With(b, b.Rules.Forbidden?.Remove(sequence), b.Rules.ForbiddenShifts))),
        .. (bound.Rules.ForbiddenShifts ?? []).Select(sequence => Binding.Dropped(
            new(Code, 0, null, $"{sequence.Before}, {sequence.After}"),
            b => With(b, b.Rules.Forbidden, [.. (b.Rules.ForbiddenShifts ?? []).Where(other => other != sequence)]))),
    ];

    private static BoundInRoster With(
        BoundInRoster bound, ImmutableArray<KindSequence>? kinds, IReadOnlyList<CodeSequence>? codes) =>
        bound.With(rules => rules with { Forbidden = kinds, ForbiddenShifts = codes });

    private sealed class Count(ImmutableArray<KindSequence> kinds, IReadOnlyList<CodeSequence> codes) : RuleCount
    {
        private readonly Dictionary<(string, string), bool> known = [];

        public override bool LooksBack => true;

        public override bool Follows(in ShiftBefore before, ShiftOption shift) =>
            before.Shift is not { } yesterday
            || (!kinds.Contains(new(yesterday.Kind, shift.Kind)) && !AreForbidden(yesterday, shift));

        private bool AreForbidden(ShiftOption before, ShiftOption after)
        {
            if (!known.TryGetValue((before.Code, after.Code), out var forbidden))
                known[(before.Code, after.Code)] = forbidden = codes.Any(sequence => sequence.Is(before, after));
            return forbidden;
        }
    }
}
