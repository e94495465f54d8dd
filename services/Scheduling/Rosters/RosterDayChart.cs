using System.Globalization;
using System.Text;
using CallCenter.Contracts.Scheduling;
using CallCenter.Planning.Rostering;

namespace CallCenter.Scheduling.Rosters;

/// <summary>One day of a roster as two drawings over the same hours: who does what when, and is that enough.</summary>
internal sealed class RosterDayChart
{
    private const double Left = 168;
    private const double Width = 1200;
    private const double Right = 122;
    private const double Row = 24;
    private const double Head = 24;
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
            .OrderBy(l => l.Shift is null).ThenBy(l => l.Shift?.StartsAt).ThenBy(l => l.Shift?.EndsAt).ThenBy(l => l.Name, StringComparer.Ordinal).ToList();
        lines = [.. all.Where(l => l.Activities.Count > 0)];
        Off = string.Join(", ", all.Where(l => l.Activities.Count == 0).Select(l => l.Name));

        // From the first full hour anything happens or is needed to the last; a night reaches into the next day.
        var dayEnd = context.Frame.DayStarts[day + 1];
        var busy = lines.Where(l => l.Shift is not null).SelectMany(l => new[] { context.Frame.Minute(l.Shift!.StartsAt), context.Frame.Minute(l.Shift.EndsAt) })
            .Concat(cover.SelectMany(c => Enumerable.Range(dayStart / 15, (dayEnd - dayStart) / 15).Where(t => c.Required[t] > 0).SelectMany(t => new[] { t * 15, t * 15 + 15 })))
            .DefaultIfEmpty(dayStart + 8 * 60).ToList();
        from = dayStart + (busy.Min() - dayStart) / 60 * 60;
        to = Math.Max(from + 8 * 60, dayStart + (busy.Max() - dayStart + 59) / 60 * 60);
    }

    /// <summary>Names of those with a day off.</summary>
    public string Off { get; }

    public string Timeline()
    {
        if (lines.Count == 0)
            return "<p class=\"off\">Nobody works on this day.</p>";

        var height = Head + lines.Count * Row + 4;
        var svg = Open(height, "Timeline of the agents");
        Hours(svg, height);

        for (var i = 0; i < lines.Count; i++)
            Draw(svg, lines[i], Head + i * Row, i % 2 == 1);

        return svg.Append("</svg>").ToString();
    }

    private void Draw(StringBuilder svg, Line line, double y, bool shaded)
    {
        if (shaded)
            Add(svg, $"""<rect class="zebra" x="0" y="{y:0.#}" width="{Width}" height="{Row}"/>""");
        Add(svg, $"""<text class="name" x="0" y="{y + 16:0.#}">{RosterPage.Text(Cut(line.Name))}</text>""");

        foreach (var activity in line.Activities)
        {
            var (x, end) = (X(context.Frame.Minute(activity.From)), X(context.Frame.Minute(activity.To)));
            if (end <= x)
                continue;

            var kind = activity.Kind == "work" ? Kind(line.Shift!) : activity.Kind;
            Add(svg, $"""<rect class="{kind}" x="{x:0.#}" y="{y + 4:0.#}" width="{Math.Max(1, end - x - 0.8):0.#}" height="{Row - 8}" rx="2.5"><title>{RosterPage.Text(line.Name)}: {activity.Kind} {Time(activity.From)}–{Time(activity.To)}</title></rect>""");
        }

        var note = line.Shift is { } shift ? $"{Time(shift.StartsAt)}–{Time(shift.EndsAt)}" : "leave";
        Add(svg, $"""<text class="when" x="{Width - Right + 10}" y="{y + 16:0.#}">{note}</text>""");
        if (line.Shift is { PaidHours: var hours })
            Add(svg, $"""<text class="hours" x="{Width}" y="{y + 16:0.#}">{hours:0.##} h</text>""");
    }

    public string Cover()
    {
        var svg = new StringBuilder();
        foreach (var queue in cover)
            Draw(svg, queue);
        return svg.ToString();
    }

    private void Draw(StringBuilder page, SkillCover queue)
    {
        var (first, last) = (from / 15, Math.Min(to / 15, queue.Required.Length));
        var most = Math.Max(4, Enumerable.Range(first, last - first).Select(t => Math.Max(queue.Required[t], queue.Scheduled[t])).DefaultIfEmpty(0).Max());
        var step = most switch { <= 5 => 1, <= 12 => 2, <= 30 => 5, <= 60 => 10, <= 150 => 25, _ => 50 * Math.Ceiling(most / 300) };
        var top = Math.Ceiling(most / step) * step;

        Add(page, $"""<h3>{RosterPage.Text(queue.Skill)}: required and scheduled agents per quarter hour</h3>""");
        var svg = Open(CoverHeight + Head + 6, $"Required and scheduled agents of {queue.Skill}");
        for (var value = 0.0; value <= top; value += step)
            Add(svg, $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(value):0.#}" y2="{Y(value):0.#}"/><text class="axis" x="{Left - 6}" y="{Y(value) + 3.5:0.#}">{value:0}</text>""");
        Hours(svg, Head + CoverHeight);

        var line = new StringBuilder();
        for (var t = first; t < last; t++)
        {
            var (x, width, required, scheduled) = (X(t * 15), X(t * 15 + 15) - X(t * 15), queue.Required[t], queue.Scheduled[t]);
            if (scheduled > 0)
                Add(svg, $"""<rect class="staff" x="{x:0.#}" y="{Y(scheduled):0.#}" width="{width - 0.6:0.#}" height="{Y(0) - Y(scheduled):0.#}"><title>{Time(context.Frame.Instant(t * 15))}: {required:0.##} required, {scheduled:0.##} scheduled</title></rect>""");
            if (required - scheduled > 0.01)
                Add(svg, $"""<rect class="gap" x="{x:0.#}" y="{Y(required):0.#}" width="{width - 0.6:0.#}" height="{Y(scheduled) - Y(required):0.#}"><title>{Time(context.Frame.Instant(t * 15))}: {required - scheduled:0.##} missing</title></rect>""");
            Add(line, $"{(t == first ? "M" : "L")}{x:0.#} {Y(required):0.#}H{x + width:0.#}");
        }

        page.Append(svg).Append(CultureInfo.InvariantCulture, $"<path class=\"required\" d=\"{line}\"/></svg>");

        double Y(double agents) => Head + CoverHeight * (1 - agents / top);
    }

    private static StringBuilder Open(double height, string label)
    {
        var svg = new StringBuilder();
        Add(svg, $"""<svg class="chart" viewBox="0 0 {Width} {height:0.#}" role="img" aria-label="{RosterPage.Text(label)}">""");
        return svg;
    }

    // Every elapsed hour has a line; its label is what the clock on the wall says then.
    private void Hours(StringBuilder svg, double bottom)
    {
        for (var minute = from; minute <= to; minute += 60)
            Add(svg, $"""<line class="hour" x1="{X(minute):0.#}" x2="{X(minute):0.#}" y1="{Head - 4}" y2="{bottom:0.#}"/><text class="clock" x="{X(minute):0.#}" y="{Head - 9}">{Time(context.Frame.Instant(minute))}</text>""");
    }

    private double X(int minute) => Left + (Width - Left - Right) * (Math.Clamp(minute, from, to) - from) / (to - from);

    private string Time(DateTimeOffset instant) => context.Frame.Calendar.TimeOf(instant).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Kind(RosterShift shift) => shift.Kind switch
    {
        ShiftKind.Early => "early",
        ShiftKind.Late => "late",
        ShiftKind.Night => "night",
        _ => shift.Code == "training" ? "training" : "day",
    };

    private static string Cut(string name)
    {
        var graphemes = StringInfo.ParseCombiningCharacters(name);
        return graphemes.Length <= 24 ? name : name[..graphemes[23]] + "…";
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
