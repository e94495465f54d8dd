using CallCenter.Rules;

namespace CallCenter.People.Employees;

/// <summary>That something is held from a day on, or no longer: a team, a post.</summary>
/// <param name="From">Local day.</param>
/// <param name="KnownSince">When it was entered.</param>
public sealed record Holding<T>(T Of, DateOnly From, bool Holds, DateTimeOffset KnownSince);

/// <param name="To">Last day; null while it lasts.</param>
public sealed record Period<T>(T Of, DateOnly From, DateOnly? To);

/// <summary>As of what is <see cref="Dated{T}"/>: one entry a day and thing, and the one entered last counts.</summary>
public static class HoldingExtensions
{
    extension<T>(IReadOnlyList<Holding<T>> entries) where T : notnull
    {
        public IReadOnlyList<Holding<T>> With(Holding<T> entry) =>
            [.. entries.Where(e => e.From != entry.From || !e.Of.Equals(entry.Of)).Append(entry).OrderBy(e => e.From)];

        /// <summary>What is held on the day, in the order in which it came.</summary>
        public IReadOnlyList<T> On(DateOnly day) =>
        [
            .. entries.Where(e => e.From <= day).GroupBy(e => e.Of).Select(g => g.Last()).Where(e => e.Holds)
                .OrderBy(e => e.From).Select(e => e.Of),
        ];

        /// <summary>From when until when each was held; what begins again is a period of its own.</summary>
        public IReadOnlyList<Period<T>> Periods() =>
            [.. entries.GroupBy(e => e.Of).SelectMany(g => Periods(g.Key, [.. g])).OrderBy(p => p.From)];

        public IReadOnlyList<Holding<T>> BegunEarlier(DateOnly day, DateOnly earlier) =>
            [.. entries.Select(e => e.From == day && earlier < day ? e with { From = earlier } : e)];
    }

    private static IEnumerable<Period<T>> Periods<T>(T of, Holding<T>[] entries)
    {
        DateOnly? began = null;

        foreach (var entry in entries)
            if (entry.Holds)
                began ??= entry.From;
            else if (began is { } from)
            {
                yield return new(of, from, entry.From.AddDays(-1));
                began = null;
            }

        if (began is { } last)
            yield return new(of, last, null);
    }
}
