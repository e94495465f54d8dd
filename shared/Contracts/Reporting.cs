namespace CallCenter.Contracts.Reporting;

/// <summary>A queue's local day in figures: what forecasts are made from.</summary>
/// <param name="Id">Derived from project, queue and date.</param>
/// <param name="Version">Raised each time late facts change the day.</param>
/// <param name="Intervals">Quarter hours from local midnight: 96 of them, 92 or 100 when the clocks change.</param>
public sealed record QueueDayV1(
    Guid Id, long Version, Guid ProjectId, string Queue, DateOnly Date, IReadOnlyList<QueueInterval> Intervals) : IFact;

/// <param name="HandleSeconds">Talk, hold and after-contact work of the answered, summed.</param>
/// <param name="Handled">Those of the answered that <paramref name="HandleSeconds"/> is known of; null in facts of before: all.</param>
public sealed record QueueInterval(
    DateTimeOffset StartsAt, int Offered, int Answered, int Abandoned, long HandleSeconds, int? Handled = null);

/// <summary>What may be agreed on and asked for: the codes of Reporting's catalogue, see docs/reference/kpis.md.</summary>
public static class KpiCodes
{
    public static readonly IReadOnlyList<string> All =
    [
        "offered", "answered", "abandoned", "open", "other", "outbound", "service-level", "abandonment-rate", "asa", "aht", "talk-time",
        "hold-time", "after-contact-work", "conversations", "transfers", "conversation-handle-time",
        "repeat-conversations", "occupancy", "qa-score", "qa-pass-rate", "qa-score-of-calls",
        "qa-pass-rate-of-calls", "evaluations-of-calls", "evaluations", "training-hours", "scheduled-hours",
        "coverage",
    ];

    /// <summary>Those whose value is a share, 0 to 1.</summary>
    public static readonly IReadOnlyList<string> Shares =
    [
        "service-level", "abandonment-rate", "repeat-conversations", "occupancy", "qa-pass-rate", "qa-pass-rate-of-calls", "coverage",
    ];

    /// <summary>Those whose value is points, 0 to 100.</summary>
    public static readonly IReadOnlyList<string> Points = ["qa-score", "qa-score-of-calls"];
}
