using System.Security.Cryptography;
using System.Text;

namespace CallCenter.Quality.Sampling;

/// <summary>
/// The draw, which anybody can make again: each candidate has a sample key, and those with the <c>n</c> lowest keys are drawn.
/// <code>key = SHA-256 in hex of "{seed}|{plan version}|{agent id}|{first day of the week}|{call id}" in UTF-8</code>
/// Ids are written lower-case with hyphens, the day as 2026-03-02. On a command line:
/// <code>printf '%s' 'seed|1|…|2026-03-02|…' | sha256sum</code>
/// </summary>
public static class RandomSample
{
    public static string Key(string seed, int planVersion, Guid agentId, DateOnly week, Guid callId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            FormattableString.Invariant($"{seed}|{planVersion}|{agentId:D}|{week:yyyy-MM-dd}|{callId:D}"))));

    /// <summary>The candidates by rank, lowest key first. Their order in the argument does not matter.</summary>
    public static IReadOnlyList<RankedCall> Rank(
        string seed, int planVersion, Guid agentId, DateOnly week, IEnumerable<Guid> candidates) =>
    [
        .. candidates.Distinct()
            .Select(call => (Call: call, Key: Key(seed, planVersion, agentId, week, call)))
            .OrderBy(drawn => drawn.Key, StringComparer.Ordinal)
            .Select((drawn, i) => new RankedCall(i + 1, drawn.Call, drawn.Key)),
    ];

    /// <summary>With which a candidate is drawn.</summary>
    public static double Probability(int drawn, int candidates) => candidates == 0 ? 0 : Math.Min(1, (double)drawn / candidates);

    /// <summary>SHA-256, in hex, of all candidates: their ids in order, a line feed between.</summary>
    public static string Frame(IEnumerable<Guid> candidates) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', candidates.Select(call => $"{call:D}").Order(StringComparer.Ordinal)))));

    /// <summary>
    /// Hands the drawn calls out in turn, beginning with another inspector every week. Nobody gets a call of their own;
    /// a call that only its own agent could inspect is left to whoever takes it.
    /// </summary>
    public static Guid? Inspector(IReadOnlyList<Guid> inspectors, DateOnly week, int turn, Guid agentId) => Enumerable
        .Range(0, inspectors.Count)
        .Select(step => (Guid?)inspectors[(week.DayNumber / 7 + turn + step) % inspectors.Count])
        .FirstOrDefault(inspector => inspector != agentId);
}

/// <param name="Rank">From 1, lowest key first.</param>
public sealed record RankedCall(int Rank, Guid CallId, string SampleKey);
