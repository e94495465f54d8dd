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

/// <summary>
/// What everybody knows of a KPI: a line of <c>kpis.csv</c>. How it is computed only Reporting knows; see docs/reference/kpis.md.
/// </summary>
/// <param name="Code">Also the code of its targets.</param>
/// <param name="Unit">contacts, conversations, share (0 to 1), seconds, points (0 to 100), hours or evaluations.</param>
/// <param name="Better">higher, lower or none.</param>
/// <param name="Names">By language tag.</param>
public sealed record KnownKpi(string Code, string Unit, string Better, IReadOnlyDictionary<string, string> Names)
{
    /// <summary>In the order of the catalogue.</summary>
    public static readonly IReadOnlyList<KnownKpi> All = [.. Read()];

    private static readonly Dictionary<string, KnownKpi> ByCode = All.ToDictionary(kpi => kpi.Code);

    public static KnownKpi? Find(string code) => ByCode.GetValueOrDefault(code);

    public static KnownKpi Get(string code) => ByCode[code];

    private static IEnumerable<KnownKpi> Read()
    {
        using var file = new StreamReader(typeof(KnownKpi).Assembly.GetManifestResourceStream("kpis.csv")!);
        var lines = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        foreach (var cells in lines.Skip(1))
            yield return new(cells[0], cells[1], cells[2], lines[0].Zip(cells).Skip(3).ToDictionary());
    }
}
