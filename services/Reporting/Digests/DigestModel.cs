using CallCenter.Contracts.Quality;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using CallCenter.Time;

namespace CallCenter.Reporting.Digests;

/// <summary>Everything a digest says, before it is said in any language or form.</summary>
/// <param name="Kpis">The week's KPIs against target and the week before.</param>
/// <param name="Worst">The quarter hours in which most customers waited too long.</param>
/// <param name="Hours">Service level by day and hour, in order of time; null where nobody called.</param>
/// <param name="Restated">What earlier digests told and is no longer so.</param>
/// <param name="Gateway">Address that links start with.</param>
/// <param name="Coaching">How coachings stood at the week's end; null where the project is not known to have had any.</param>
public sealed record DigestModel(
    Guid DigestId, Guid ProjectId, string Project, string Client, string Zone, DateOnly From, DateOnly To, Volume Volume,
    IReadOnlyList<KpiLine> Kpis,
    IReadOnlyList<DayLine> Days, IReadOnlyList<QueueLine> Queues, IReadOnlyList<IntervalLine> Best, IReadOnlyList<IntervalLine> Worst,
    IReadOnlyList<HourCell> Hours, StaffLine? Staff, IReadOnlyList<RestatedLine> Restated,
    IReadOnlyList<int> Thresholds, long Position, string Gateway, CoachingLine? Coaching = null)
{
    /// <summary>A KPI of the week by its code.</summary>
    public KpiLine Kpi(string id) => Kpis.Single(line => line.Kpi.Id == id);

    /// <summary>The figures the mail tells, to be compared with later ones.</summary>
    public IReadOnlyList<ReportedFigure> Told() =>
    [
        .. Kpis.Select(line => new ReportedFigure(line.Kpi.Id, "week", line.Value)),
        new("offered", "week", Volume.Offered), new("answered", "week", Volume.Answered), new("abandoned", "week", Volume.Abandoned),
        new("open", "week", Volume.Open), new("other", "week", Volume.Other),
        .. Days.SelectMany(day => Told($"{day.Day:yyyy-MM-dd}", day.Offered, day.Answered, day.Abandoned, day.ServiceLevel)),
        .. Queues.SelectMany(queue => Told($"queue:{queue.Queue}", queue.Offered, queue.Answered, queue.Abandoned, queue.ServiceLevel)),
    ];

    private static ReportedFigure[] Told(string scope, long offered, long answered, long abandoned, decimal? serviceLevel) =>
        [new("offered", scope, offered), new("answered", scope, answered), new("abandoned", scope, abandoned),
            new("service-level", scope, serviceLevel)];
}

public sealed record Volume(long Offered, long Answered, long Abandoned, long Open, long Other, long? OfferedBefore);

/// <param name="Before">The week before.</param>
/// <param name="Basis">What the value was measured by, where there is more than one way.</param>
public sealed record KpiLine(Kpi Kpi, decimal? Value, decimal? Target, decimal? Before, string? Basis = null)
{
    /// <summary>Whether the target is met; null without a target, a value or a better side.</summary>
    public bool? Met => (Value, Target, Kpi.Direction) switch
    {
        ({ } value, { } target, "higher") => value >= target,
        ({ } value, { } target, "lower") => value <= target,
        _ => null,
    };

    public decimal? Change => Value - Before;

    /// <summary>Whether the change is for the better; null when it is neither.</summary>
    public bool? Better =>
        Change is not { } change || Math.Abs(change) < (Kpi.Unit == "share" ? .0005m : .05m) ? null : Kpi.Direction switch
    {
        "higher" => change > 0,
        "lower" => change < 0,
        _ => null,
    };
}

public sealed record DayLine(DateOnly Day, long Offered, long Answered, long Abandoned, decimal? ServiceLevel);

public sealed record QueueLine(string Queue, string Name, long Offered, long Answered, long Abandoned, decimal? ServiceLevel, decimal? Asa);

/// <param name="Missed">Customers who were neither answered nor gone within the threshold.</param>
/// <param name="Scheduled">Agents in the roster; null when there is none.</param>
public sealed record IntervalLine(
    DateTimeOffset Start, long Offered, long Missed, decimal ServiceLevel, decimal? Required, decimal? Scheduled);

public sealed record HourCell(DateOnly Day, int Hour, decimal? ServiceLevel);

/// <param name="ShortHours">Staff-hours that were required and not scheduled.</param>
public sealed record StaffLine(decimal RequiredHours, decimal ScheduledHours, decimal ShortHours, int ShortQuarters);

/// <param name="Open">Begun by the week's end and not closed then.</param>
/// <param name="Overdue">Of those what had been due by then and still is.</param>
public sealed record CoachingLine(int Open, int Overdue)
{
    /// <param name="coachings">All that are known of the project.</param>
    /// <param name="last">The week's last day.</param>
    /// <returns>Null where none was begun by then.</returns>
    public static CoachingLine? At(IEnumerable<CoachingV1> coachings, LocalCalendar calendar, DateOnly last)
    {
        var end = calendar.StartOf(last.AddDays(1));
        var begun = coachings.Where(coaching => coaching.OpenedAt < end).ToList();
        var open = begun.Where(coaching => coaching.ClosedAt is null || coaching.ClosedAt >= end).ToList();

        return begun.Count == 0 ? null : new(open.Count, open.Count(coaching => coaching.DueOn < last.AddDays(1)));
    }
}

/// <param name="Week">The week that was told.</param>
public sealed record RestatedLine(DateOnly Week, Kpi Kpi, string Scope, decimal? Old, decimal? New, IReadOnlyList<Cause> Causes);

/// <summary>The figures a digest is made from, read in one snapshot.</summary>
/// <param name="ChangesSeen">The newest change of the week's figures in that snapshot.</param>
internal sealed record WeekFigures(
    FigureRow? Week, FigureRow? Before, IReadOnlyList<FigureRow> Days, IReadOnlyList<FigureRow> Queues, IReadOnlyList<FigureRow> Quarters,
    long ChangesSeen);
