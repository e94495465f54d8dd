using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CallCenter.Quality.Sampling;

/// <summary>
/// The draw of a part of a design, which anybody can make again from the lot file.
/// <code>
/// key   = SHA-256 in hex of "{seed}|{design version}|{part}|{unit id}|{first day}|{call id}"
/// start = the first 8 hex digits of SHA-256 of "{seed}|{design version}|{part}|{unit id}|{first day}|{group}|start", over 2^32
/// </code>
/// Each group gets its part of the draw (<see cref="Allocate"/>). Of a group of N contacts the n lowest keys are drawn; spread over days, day
/// d gets ⌊C(d) · n/N + start⌋ − ⌊C(d−1) · n/N + start⌋ of them, where C(d) counts the group's contacts up to and with the day (systematic
/// sampling of days, Cochran 1977, chapter 8). Either way each contact's chance is n/N.
/// </summary>
/// <param name="Seed">The design's.</param>
/// <param name="Part"><c>random</c>, or a kind of risk.</param>
/// <param name="First">First day of the period.</param>
public sealed record StratifiedSample(string Seed, int DesignVersion, string Part, Guid UnitId, DateOnly First)
{
    public const string RandomPart = "random";

    public string Key(Guid callId) => Hash($"{callId:D}");

    /// <summary>Where the systematic draw over days starts: of 2^32.</summary>
    public uint Start(string group) => uint.Parse(Hash($"{group}|start").AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>By key, lowest first. Their order in the argument does not matter.</summary>
    public IReadOnlyList<T> Ranked<T>(IEnumerable<T> contacts, Func<T, Guid> id) =>
    [
        .. contacts.Select(contact => (Contact: contact, Key: Key(id(contact)))).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => c.Contact),
    ];

    private string Hash(string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        FormattableString.Invariant($"{Seed}|{DesignVersion}|{Part}|{UnitId:D}|{First:yyyy-MM-dd}|{what}"))));

    /// <summary>
    /// How many of a draw each group gets. Each that has contacts gets one, even where that makes the draw larger; each further one goes to
    /// the group that is furthest below its share and has contacts left, to the first of equals.
    /// </summary>
    /// <param name="groups">How many contacts each has, and its percent; without percents a share is by contacts.</param>
    public static IReadOnlyList<int> Allocate(int size, IReadOnlyList<(int Contacts, int? Percent)> groups)
    {
        var wanted = Math.Min(groups.Sum(group => group.Contacts), Math.Max(size, groups.Count(group => group.Contacts > 0)));
        long[] weights = [.. groups.Select(group => group.Contacts == 0 ? 0L : group.Percent ?? group.Contacts)];
        var (given, sum) = (groups.Select(group => Math.Min(group.Contacts, 1)).ToArray(), weights.Sum());
        for (var left = wanted - given.Sum(); left > 0; left--)
            given[Enumerable.Range(0, given.Length).Where(i => given[i] < groups[i].Contacts)
                .MaxBy(i => wanted * weights[i] - given[i] * sum)]++;

        return given;
    }

    /// <summary>How many of a group's draw each of its days gets.</summary>
    /// <param name="wanted">Of the group.</param>
    /// <param name="days">How many contacts each day has, in order of the calendar.</param>
    /// <param name="start">See <see cref="Start"/>.</param>
    public static IReadOnlyList<int> Spread(int wanted, IReadOnlyList<int> days, uint start)
    {
        var (all, upTo, given) = ((Int128)days.Sum(), (Int128)0, new List<int>());
        foreach (var day in days)
        {
            given.Add((int)(At(upTo + day) - At(upTo)));
            upTo += day;
        }

        return given;

        Int128 At(Int128 contacts) => (contacts * wanted * ((Int128)1 << 32) + start * all) / (all << 32);
    }
}
