namespace CallCenter.Planning.Rostering;

/// <summary>A rule that gives way, so that an agent has days at all.</summary>
/// <param name="Rule">Code as the checker's.</param>
/// <param name="From">The rule's number; of what is decided about a day (leave, a locked day), that day; of a forbidden sequence 0, as it
/// is never allowed.</param>
/// <param name="To">What it would have to be; null when the rule has to be dropped.</param>
/// <param name="Shifts">The shifts, or kinds of shift, that a limit counts or that a forbidden sequence keeps apart, in their order;
/// otherwise empty.</param>
public sealed record Relaxation(string Rule, int From, int? To, string Shifts = "");

/// <summary>A rule that ties an agent, and how it gives way.</summary>
/// <param name="Eased">Step by step, each with the change that it is.</param>
/// <param name="Each">The rules that can be eased one by one, where this one stands for several.</param>
internal sealed record BindingRule<TBound>(
    string Name, Func<TBound, TBound> Without, Func<TBound, IEnumerable<(TBound Bound, Relaxation Change)>> Eased,
    Func<TBound, IEnumerable<BindingRule<TBound>>>? Each = null)
{
    public const string Sequence = "forbidden-sequence";

    public IEnumerable<BindingRule<TBound>> Parts(TBound bound) => Each?.Invoke(bound) ?? [this];

    /// <summary>One that can only be dropped.</summary>
    public static BindingRule<TBound> Dropped(Relaxation change, Func<TBound, TBound> without) =>
        new(change.Rule, without, b => [(without(b), change)]);

    /// <param name="none">The number at which the rule binds nobody.</param>
    /// <param name="by">One step: up or down.</param>
    public static BindingRule<TBound> Number(string name, int now, int none, int by, Func<TBound, int, TBound> set, string shifts = "") =>
        new(
        name, b => set(b, none),
        b => Enumerable.Range(1, Math.Max(0, (none - now + by - Math.Sign(by)) / by))
            .Select(i => by > 0 ? Math.Min(none, now + i * by) : Math.Max(none, now + i * by))
            .Select(to => (set(b, to), new Relaxation(name, now, to, shifts))));
}
