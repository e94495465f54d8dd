using CallCenter.Contracts.People;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using CallCenter.Time;

namespace CallCenter.Reporting.Digests;

/// <summary>From the figures of a week to what a digest says about them. Pure.</summary>
internal static class DigestModelBuilder
{
    private const int WorstShown = 5;
    private const int BestShown = 3;

    private static readonly Kpi ServiceLevel = KpiCatalogue.Get("service-level");

    public static DigestModel Write(
        Guid digestId, ProjectV1 project, LocalCalendar calendar, DateOnly week, WeekFigures figures, IReadOnlyList<RestatedLine> restated,
        string gateway)
    {
        var sums = figures.Week?.Figures ?? new Figures();
        Quarter[] quarters = [.. figures.Quarters.Where(row => row.Quarter < calendar.QuartersOf(row.Day).Count).Select(row => new Quarter(
            calendar.Local(calendar.StartOf(row.Day) + row.Quarter * LocalCalendar.Quarter), row.Day, row.Figures))];

        return new DigestModel(
            digestId, project.Id, project.Name, project.Client, project.Zone, week, week.AddDays(6),
            new Volume(sums.Offered, sums.Answered, sums.Abandoned, sums.Open, sums.Other, figures.Before?.Figures.Offered),
            [.. DigestFormatter.Kpis.Select(id => Line(KpiCatalogue.Get(id), project, week, sums, figures.Before?.Figures))],
            [.. Enumerable.Range(0, 7).Select(week.AddDays)
                .Select(day => Day(day, figures.Days.FirstOrDefault(row => row.Day == day)?.Figures ?? new Figures()))],
            [.. figures.Queues.Where(row => row.Figures.Offered > 0).OrderByDescending(row => row.Figures.Offered)
                .ThenBy(row => row.Key, StringComparer.Ordinal).Select(row => Queue(project, row))],
            Best(quarters), Worst(quarters), Hours(week, quarters), Staff(quarters), restated,
            [.. project.Queues.Select(queue => queue.ServiceLevelSeconds).Distinct().Order()], figures.Week?.Position ?? 0,
            gateway.TrimEnd('/'));
    }

    private static KpiLine Line(Kpi kpi, ProjectV1 project, DateOnly week, Figures now, Figures? before) => new(
        kpi, Value(kpi, now),
        project.Targets.InForce(kpi.Id, week.AddDays(6)),
        before is null ? null : Value(kpi, before), kpi.Basis?.Invoke(now));

    private static DayLine Day(DateOnly day, Figures f) => new(day, f.Offered, f.Answered, f.Abandoned, Value(ServiceLevel, f));

    private static QueueLine Queue(ProjectV1 project, FigureRow row) => new(
        row.Key, project.Queues.FirstOrDefault(queue => queue.Queue == row.Key)?.Name ?? row.Key,
        row.Figures.Offered, row.Figures.Answered, row.Figures.Abandoned, Value(ServiceLevel, row.Figures),
        Value(KpiCatalogue.Get("asa"), row.Figures));

    // What few customers saw says little: only quarter hours at least half as busy as the mean one are compared.
    private static IEnumerable<IntervalLine> Busy(Quarter[] quarters)
    {
        var called = quarters.Where(quarter => quarter.Level.Denominator > 0).ToArray();
        var enough = called.Length == 0 ? 0 : called.Average(quarter => quarter.Level.Denominator) / 2;

        return called.Where(quarter => quarter.Level.Denominator >= enough).Select(quarter => new IntervalLine(
            quarter.Start, quarter.Figures.Offered, (long)(quarter.Level.Denominator - quarter.Level.Numerator),
            Value(ServiceLevel, quarter.Figures) ?? 0,
            quarter.Figures.RequiredS > 0 ? Staff(quarter.Figures.RequiredS) : null,
            quarter.Figures.RequiredS > 0 ? Staff(quarter.Figures.ScheduledS) : null));
    }

    private static IntervalLine[] Worst(Quarter[] quarters) => [.. Busy(quarters).Where(line => line.Missed > 0)
        .OrderByDescending(line => line.Missed).ThenBy(line => line.ServiceLevel).ThenBy(line => line.Start).Take(WorstShown)];

    private static IntervalLine[] Best(Quarter[] quarters) => [.. Busy(quarters)
        .OrderByDescending(line => line.ServiceLevel).ThenByDescending(line => line.Offered).ThenBy(line => line.Start).Take(BestShown)];

    private static HourCell[] Hours(DateOnly week, Quarter[] quarters)
    {
        var called = quarters.Where(quarter => quarter.Level.Denominator > 0).ToLookup(quarter => (quarter.Day, quarter.Start.Hour));
        if (called.Count == 0)
            return [];

        var (first, last) = (called.Min(cell => cell.Key.Hour), called.Max(cell => cell.Key.Hour));

        return [.. Enumerable.Range(0, 7).Select(week.AddDays)
            .SelectMany(day => Enumerable.Range(first, last - first + 1).Select(hour => new HourCell(
            day, hour, ServiceLevel.ValueOf(new Ratio(
                called[(day, hour)].Sum(quarter => quarter.Level.Numerator), called[(day, hour)]
                    .Sum(quarter => quarter.Level.Denominator))))))];
    }

    private static StaffLine? Staff(Quarter[] quarters) => quarters.Sum(quarter => quarter.Figures.RequiredS) is > 0 and var required
        ? new StaffLine(
            StaffHours(required), StaffHours(quarters.Sum(quarter => quarter.Figures.ScheduledS)),
            StaffHours(quarters.Sum(quarter => quarter.Figures.RequiredS - quarter.Figures.CoveredS)),
            quarters.Count(quarter => quarter.Figures.CoveredS < quarter.Figures.RequiredS))
        : null;

    private static decimal Staff(decimal staffSeconds) =>
        Math.Round(staffSeconds / (decimal)LocalCalendar.Quarter.TotalSeconds, 1, MidpointRounding.AwayFromZero);

    private static decimal StaffHours(decimal staffSeconds) => Math.Round(staffSeconds / 3600, 1, MidpointRounding.AwayFromZero);

    private static decimal? Value(Kpi kpi, Figures figures) => kpi.ValueOf(kpi.Variants[0].Of(figures));

    private sealed record Quarter(DateTimeOffset Start, DateOnly Day, Figures Figures)
    {
        public Ratio Level => ServiceLevel.Variants[0].Of(Figures);
    }
}
