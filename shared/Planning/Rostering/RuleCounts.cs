using System.Numerics;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// What the rules remember of the days so far, each in bits of its own: small, since the search compares millions of them.
/// </summary>
internal record struct RuleCounts(ulong First, ulong Second);

/// <summary>A rule and the bits that its number takes.</summary>
internal readonly struct RuleSlot
{
    private readonly int shift;
    private readonly ulong mask;
    private readonly bool isSecond;

    private RuleSlot(RuleCount rule, int bits, int shift, bool isSecond) =>
        (Rule, mask, this.shift, this.isSecond) = (rule, (1UL << bits) - 1, shift, isSecond);

    public RuleCount Rule { get; }

    /// <exception cref="PlanningException"><c>too-many-rules</c>: what they remember together has no room.</exception>
    public static RuleSlot[] For(IReadOnlyList<RuleCount> rules)
    {
        var (slots, used, isSecond) = (new List<RuleSlot>(rules.Count), 0, false);
        foreach (var rule in rules)
        {
            var bits = 32 - BitOperations.LeadingZeroCount((uint)rule.Max);
            if (used + bits > 63 && isSecond)
                throw new PlanningException("too-many-rules", "The rules count more than the search can remember.");
            if (used + bits > 63)
                (used, isSecond) = (0, true);
            slots.Add(new(rule, bits, used, isSecond));
            used += bits;
        }

        return [.. slots];
    }

    public int Get(RuleCounts counts) => (int)(((isSecond ? counts.Second : counts.First) >> shift) & mask);

    public void Set(ref RuleCounts counts, int count)
    {
        if (isSecond)
            counts.Second = (counts.Second & ~(mask << shift)) | (((ulong)count & mask) << shift);
        else
            counts.First = (counts.First & ~(mask << shift)) | (((ulong)count & mask) << shift);
    }
}
