using System.Text.Json.Serialization;
using CallCenter.Contracts.Reporting;
using CallCenter.Reporting.RollUps;
using CallCenter.Web;

namespace CallCenter.Reporting.Kpis;

/// <summary>A figure with a name: what it means, how it is computed, in which unit, and which way is better.</summary>
/// <param name="Id">Code, also the code of targets.</param>
/// <param name="Version">Raised when a formula changes; a value names the version it was computed with.</param>
/// <param name="Name">In the caller's language.</param>
/// <param name="Unit">contacts, conversations, share (0–1), seconds, points, hours or evaluations.</param>
/// <param name="Direction">higher, lower or none: which way is better.</param>
/// <param name="By">What it can be broken down by.</param>
/// <param name="Variants">The ways to compute it; the first is the default.</param>
/// <param name="Contacts">
/// Which contacts it is counted from (the denominator's, or the counted ones), as a condition on <c>facts.call</c>; null when it
/// is not counted from contacts.
/// </param>
public sealed record Kpi(
    string Id, int Version, string Name, string Unit, string Direction, IReadOnlyList<string> By, IReadOnlyList<KpiVariant> Variants,
    [property: JsonIgnore] string? Contacts = null)
{
    /// <summary>What a value was measured by, where there is more than one way; null where there is one only.</summary>
    [JsonIgnore]
    public Func<Figures, string>? Basis { get; init; }

    /// <summary>Decimals a value of the unit is rounded to, half away from zero.</summary>
    public int Decimals => Unit switch { "share" => 4, "hours" => 2, "seconds" or "points" => 1, _ => 0 };

    /// <summary>The name in a caller's language, as <c>kpis.csv</c> has it.</summary>
    public string NameIn(Language language) => language.Choose(KnownKpi.Get(Id).Names);

    /// <summary>The value of a ratio in this KPI's unit; null when there is nothing to divide by.</summary>
    public decimal? ValueOf(Ratio ratio) => ratio.Denominator switch
    {
        0 => null,
        var denominator => Math.Round(ratio.Numerator / denominator, Decimals, MidpointRounding.AwayFromZero),
    };
}

/// <param name="Id">v1, v2, …</param>
/// <param name="Formula">In words; T is the queue's threshold.</param>
/// <param name="Of">Numerator and denominator from the sums.</param>
public sealed record KpiVariant(string Id, string Formula, [property: JsonIgnore] Func<Figures, Ratio> Of);

/// <summary>A value before the division. Counts have the denominator 1.</summary>
public readonly record struct Ratio(decimal Numerator, decimal Denominator);
