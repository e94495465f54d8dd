using System.Globalization;
using System.Text;

namespace CallCenter.PlanningBench;

/// <summary>A roster as pictures.</summary>
internal static class RosterPictures
{
    private const int Cell = 14;
    private const int Margin = 60;
    private const int Weeks = 7;

    /// <summary>Agents from top to bottom, days from left to right, a colour for each shift; refused requests have a frame.</summary>
    public static string HeatMap(Instance instance, InstanceRoster roster)
    {
        var (width, height) = (Margin + instance.Days * Cell + 140, Margin + instance.Agents.Length * Cell + 20);
        var svg = Begin(width, height, $"{instance.Agents.Length} agents, {instance.Days} days");
        for (var agent = 0; agent < instance.Agents.Length; agent++)
        {
            Text(svg, 4, Margin + agent * Cell + 11, instance.Agents[agent].Id);
            for (var day = 0; day < instance.Days; day++)
            {
                var shift = roster.Agents[agent][day];
                var refused = instance.Agents[agent].Requests.Any(r => r.Day == day && (shift == r.Shift) != r.Wanted);
                svg.Append(CultureInfo.InvariantCulture,
                    $"<rect x='{Margin + day * Cell}' y='{Margin + agent * Cell}' width='{Cell - 1}' height='{Cell - 1}' fill='{Colour(instance, shift)}'{(refused ? " stroke='#c00'" : "")}/>\n");
            }
        }

        for (var day = 0; day < instance.Days; day += Weeks)
            Text(svg, Margin + day * Cell, Margin - 6, $"day {day}");
        for (var shift = 0; shift < instance.Shifts.Length; shift++)
        {
            var y = Margin + shift * (Cell + 4);
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x='{width - 120}' y='{y}' width='{Cell}' height='{Cell}' fill='{Colour(instance, shift)}'/>\n");
            Text(svg, width - 100, y + 11, instance.Shifts[shift].Code);
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Agents required (line) against scheduled (bars), by period: red where too few, grey where too many.</summary>
    public static string Cover(Instance instance, InstanceRoster roster)
    {
        const int Height = 300;
        var staff = new int[instance.Days * instance.Periods + instance.Periods * 2];
        foreach (var tour in roster.Agents)
            for (var day = 0; day < tour.Length; day++)
                if (tour[day] >= 0)
                    for (var at = instance.Shifts[tour[day]].From; at < instance.Shifts[tour[day]].To; at++)
                        staff[day * instance.Periods + at]++;

        var needs = instance.Needs.OrderBy(n => n.Day).ThenBy(n => n.Period).ToList();
        var wide = Math.Max(1, 1600.0 / Math.Max(1, needs.Count));
        var scale = (double)Height / Math.Max(1, needs.Max(n => Math.Max(n.Required, staff[n.Day * instance.Periods + n.Period])));
        var svg = Begin((int)(Margin + needs.Count * wide + 20), Height + 2 * Margin, "Required (line) and scheduled (bars) by period");
        var line = new StringBuilder();
        for (var i = 0; i < needs.Count; i++)
        {
            var there = staff[needs[i].Day * instance.Periods + needs[i].Period];
            var x = Margin + i * wide;
            Bar(0, Math.Min(there, needs[i].Required), "#4a90c2");
            Bar(there, needs[i].Required, "#d9534f");
            Bar(needs[i].Required, there, "#bbbbbb");
            line.Append(CultureInfo.InvariantCulture, $"{x:0.#},{Y(needs[i].Required):0.#} {x + wide:0.#},{Y(needs[i].Required):0.#} ");

            void Bar(int from, int to, string colour)
            {
                if (to > from)
                    svg.Append(CultureInfo.InvariantCulture,
                        $"<rect x='{x:0.#}' y='{Y(to):0.#}' width='{wide:0.##}' height='{(to - from) * scale:0.#}' fill='{colour}'/>\n");
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline points='{line}' fill='none' stroke='black' stroke-width='0.8'/>\n");
        foreach (var (need, i) in needs.Select((n, i) => (n, i)).Where(p => p.n.Period == needs[0].Period && p.n.Day % Weeks == 0))
            Text(svg, (int)(Margin + i * wide), Height + Margin + 16, $"day {need.Day}");
        return svg.Append("</svg>\n").ToString();

        double Y(int agents) => Margin + Height - agents * scale;
    }

    private static StringBuilder Begin(int width, int height, string title)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' font-family='sans-serif' font-size='10'>\n");
        svg.Append("<rect width='100%' height='100%' fill='white'/>\n");
        Text(svg, 4, 16, title);
        return svg;
    }

    private static void Text(StringBuilder svg, int x, int y, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x='{x}' y='{y}'>{System.Security.SecurityElement.Escape(text)}</text>\n");

    private static string Colour(Instance instance, int shift) =>
        shift < 0 ? "#f2f2f2" : string.Create(
            CultureInfo.InvariantCulture, $"hsl({shift * 300 / Math.Max(1, instance.Shifts.Length)},55%,55%)");
}
