namespace CallCenter.Rules;

/// <summary>What holds from a day on, until something else does.</summary>
/// <param name="From">Local day.</param>
/// <param name="Value">What holds.</param>
/// <param name="KnownSince">When it was entered.</param>
public sealed record Dated<T>(DateOnly From, T Value, DateTimeOffset KnownSince);

/// <summary>
/// Lists in the order of days, one entry a day and thing: what is entered last about a day is what holds from it. So a late correction
/// takes its place between what was entered before, and the order in which days become known does not matter.
/// </summary>
public static class DatedExtensions
{
    extension<T>(IReadOnlyList<Dated<T>> entries)
    {
        public IReadOnlyList<Dated<T>> With(Dated<T> entry) =>
            [.. entries.Without(entry.From).Append(entry).OrderBy(e => e.From)];

        /// <summary>Without what was entered from a day on: what held before goes on.</summary>
        public IReadOnlyList<Dated<T>> Without(DateOnly from) => [.. entries.Where(e => e.From != from)];

        /// <summary>What was entered from that very day on; null where nothing was.</summary>
        public Dated<T>? EnteredFrom(DateOnly day) => entries.FirstOrDefault(e => e.From == day);

        /// <summary>The newest entry that is not after the day; null before the first.</summary>
        public Dated<T>? EntryOn(DateOnly day) => entries.LastOrDefault(e => e.From <= day);

        /// <returns>The default before the first entry.</returns>
        public T? On(DateOnly day) => entries.EntryOn(day) is { } entry ? entry.Value : default;

        /// <summary>What began on the first of the days begins on an earlier one.</summary>
        public IReadOnlyList<Dated<T>> BegunEarlier(DateOnly day, DateOnly earlier) =>
            [.. entries.Select(e => e.From == day && earlier < day ? e with { From = earlier } : e)];
    }
}
