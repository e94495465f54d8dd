using System.Globalization;
using System.Text;
using CallCenter.Contracts.Scheduling;
using CallCenter.Planning.Rostering;

namespace CallCenter.Scheduling.Rosters;

/// <summary>One day of a roster as two drawings over the same hours: who does what when, and is that enough.</summary>
internal sealed class RosterDayChart
{
    internal const double Left = 168;
    internal const double Width = 1200;
    internal const double Right = 122;
    internal const double Row = 24;
    internal const double Head = 24;
    private const double CoverHeight = 132;

    private readonly RosterContext context;
    private readonly IReadOnlyList<SkillCover> cover;
    private readonly List<Line> lines;
    private readonly int dayStart;
    private readonly int from;
    private readonly int to;

    private sealed record Line(string Name, RosterShift? Shift, IReadOnlyList<RosterActivity> Activities);

    public RosterDayChart(Roster roster, RosterContext context, IReadOnlyList<SkillCover> cover, int day)
    {
        var date = roster.From.AddDays(day);
        (this.context, this.cover, dayStart) = (context, cover, context.Frame.DayStarts[day]);

        var all = roster.Agents.Select(a => (a.Key, Shift: a.Value.FirstOrDefault(s => s.Date == date)))
            .Select(a => new Line(context.NameOf(a.Key), a.Shift, [.. Publishing.Activities(a.Key, date, a.Shift, context)]))
            .OrderBy(l => l.Shift is null).ThenBy(l => l.Shift?.StartsAt).ThenBy(l => l.Shift?.EndsAt)
                .ThenBy(l => l.Name, StringComparer.Ordinal).ToList();
        lines = [.. all.Where(l => l.Activities.Count > 0)];
        Off = string.Join(", ", all.Where(l => l.Activities.Count == 0).Select(l => l.Name));

        // From the first full hour anything happens or is needed to the last; a night reaches into the next day.
        var dayEnd = context.Frame.DayStarts[day + 1];
        var busy = lines.Where(l => l.Shift is not null)
            .SelectMany(l => new[] { context.Frame.Minute(l.Shift!.StartsAt), context.Frame.Minute(l.Shift.EndsAt) })
            .Concat(cover.SelectMany(c => Enumerable.Range(dayStart / 15, (dayEnd - dayStart) / 15).Where(t => c.Required[t] > 0)
                .SelectMany(t => new[] { t * 15, t * 15 + 15 })))
            .DefaultIfEmpty(dayStart + 8 * 60).ToList();
        from = dayStart + (busy.Min() - dayStart) / 60 * 60;
        to = Math.Max(from + 8 * 60, dayStart + (busy.Max() - dayStart + 59) / 60 * 60);
    }

    /// <summary>Names of those with a day off.</summary>
    public string Off { get; }

    /// <summary>Who does what when; null when nobody works.</summary>
    public TimelineDrawing? Timeline() => lines.Count == 0 ? null : new(
        Head + lines.Count * Row + 4, Hours(),
        [.. lines.Select((line, row) => Draw(line, Head + row * Row, shaded: row % 2 == 1))]);

    private TimelineRow Draw(Line line, double y, bool shaded)
    {
        var bars = new List<Bar>();
        foreach (var activity in line.Activities)
        {
            var (x, end) = (X(context.Frame.Minute(activity.From)), X(context.Frame.Minute(activity.To)));
            if (end > x)
                bars.Add(new(activity.Kind == "work" ? Kind(line.Shift!) : activity.Kind, x, y + 4, Math.Max(1, end - x - 0.8), Row - 8,
                    $"{line.Name}: {activity.Kind} {Time(activity.From)}–{Time(activity.To)}"));
        }

        return new(
            Cut(line.Name), y, shaded, bars, line.Shift is { } shift ? $"{Time(shift.StartsAt)}–{Time(shift.EndsAt)}" : "leave",
            line.Shift is { PaidHours: var hours } ? $"{RosterPageModel.Number((double)hours, "0.##")} h" : null);
    }

    /// <summary>For each skill, whether the staff is enough.</summary>
    public IReadOnlyList<CoverDrawing> Cover() => [.. cover.Select(Draw)];

    private CoverDrawing Draw(SkillCover queue)
    {
        var (first, last) = (from / 15, Math.Min(to / 15, queue.Required.Length));
        var most = Math.Max(4, Enumerable.Range(first, last - first).Select(t => Math.Max(queue.Required[t], queue.Scheduled[t]))
            .DefaultIfEmpty(0).Max());
        var step = most switch { <= 5 => 1, <= 12 => 2, <= 30 => 5, <= 60 => 10, <= 150 => 25, _ => 50 * Math.Ceiling(most / 300) };
        var top = Math.Ceiling(most / step) * step;

        var grid = new List<(double Y, string Label)>();
        for (var value = 0.0; value <= top; value += step)
            grid.Add((Y(value), RosterPageModel.Number(value, "0")));

        var (bars, line) = (new List<Bar>(), new StringBuilder());
        for (var t = first; t < last; t++)
        {
            var (x, width, required, scheduled) = (X(t * 15), X(t * 15 + 15) - X(t * 15), queue.Required[t], queue.Scheduled[t]);
            var at = Time(context.Frame.Instant(t * 15));
            if (scheduled > 0)
                bars.Add(new("staff", x, Y(scheduled), width - 0.6, Y(0) - Y(scheduled),
                    $"{at}: {Agents(required)} required, {Agents(scheduled)} scheduled"));
            if (required - scheduled > 0.01)
                bars.Add(new("gap", x, Y(required), width - 0.6, Y(scheduled) - Y(required),
                    $"{at}: {Agents(required - scheduled)} missing"));
            line.Append(CultureInfo.InvariantCulture, $"{(t == first ? "M" : "L")}{x:0.#} {Y(required):0.#}H{x + width:0.#}");
        }

        return new(queue.Skill, CoverHeight + Head + 6, Hours(), grid, bars, line.ToString());

        double Y(double agents) => Head + CoverHeight * (1 - agents / top);
        static string Agents(double agents) => RosterPageModel.Number(agents, "0.##");
    }

    // Every elapsed hour has a line; its label is what the clock on the wall says then.
    private List<(double X, string Label)> Hours()
    {
        var hours = new List<(double X, string Label)>();
        for (var minute = from; minute <= to; minute += 60)
            hours.Add((X(minute), Time(context.Frame.Instant(minute))));
        return hours;
    }

    private double X(int minute) => Left + (Width - Left - Right) * (Math.Clamp(minute, from, to) - from) / (to - from);

    private string Time(DateTimeOffset instant) => context.Frame.Calendar.TimeOf(instant).ToString("HH:mm", CultureInfo.InvariantCulture);

    internal static string Kind(RosterShift shift) => shift.Kind switch
    {
        ShiftKind.Early => "early",
        ShiftKind.Late => "late",
        ShiftKind.Night => "night",
        ShiftKind.TwoShifts => "two-shifts",
        ShiftKind.DayIntoNight => "day-into-night",
        _ => shift.Code == "training" ? "training" : "day",
    };

    private static string Cut(string name)
    {
        var graphemes = StringInfo.ParseCombiningCharacters(name);
        return graphemes.Length <= 24 ? name : name[..graphemes[23]] + "…";
    }
}

/// <param name="X">Of its left edge; all in units of the drawing, 1200 wide.</param>
/// <param name="Kind">What it stands for, as the style sheet and the legend know it.</param>
public sealed record Bar(string Kind, double X, double Y, double Width, double Height, string Title);

/// <param name="Hours">Where each elapsed hour is, and what the clock says then.</param>
public sealed record TimelineDrawing(double Height, IReadOnlyList<(double X, string Label)> Hours, IReadOnlyList<TimelineRow> Rows);

public sealed record TimelineRow(string Name, double Y, bool Shaded, IReadOnlyList<Bar> Bars, string When, string? Hours);

/// <param name="Grid">Numbers of agents, and how high they are.</param>
/// <param name="Required">The line of the required agents, as an SVG path.</param>
public sealed record CoverDrawing(
    string Skill, double Height, IReadOnlyList<(double X, string Label)> Hours, IReadOnlyList<(double Y, string Label)> Grid,
    IReadOnlyList<Bar> Bars, string Required);
