using System.Globalization;
using System.Text;
using CallCenter.Planning.Forecasting;

namespace CallCenter.PlanningBench;

/// <summary>Forecast, interval and actual counts of some days side by side, as SVG.</summary>
internal static class ForecastChart
{
    private const double Width = 960;
    private const double Height = 340;
    private const double Left = 52;
    private const double Top = 46;
    private const double Bottom = 300;
    private static readonly int[] RoundSteps = [1, 2, 5, 10];

    public static string Draw(string title, IReadOnlyList<(ForecastDay Forecast, double[] Actual)> days)
    {
        var slots = days[0].Actual.Length;
        var most = days.Max(d => Math.Max(d.Actual.Max(), d.Forecast.High.Max()));
        var step = Step(most);
        var top = Math.Ceiling(most / step) * step;
        var svg = new StringBuilder();

        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#444\" stroke=\"none\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{title}</title>\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"18\" font-size=\"14\" fill=\"#222\">{title}</text>\n");
        Legend(svg);

        for (var level = 0.0; level <= top; level += step)
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{Left}\" x2=\"{Width - 8}\" y1=\"{Y(level)}\" y2=\"{Y(level)}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{Y(level) + 4}\" text-anchor=\"end\">{level:0}</text>\n");

        for (var day = 0; day < days.Count; day++)
        {
            var (forecast, actual) = days[day];
            var at = day;
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{X(at, 0)}\" x2=\"{X(at, 0)}\" y1=\"{Top}\" y2=\"{Bottom + 6}\" stroke=\"#bbb\"/><text x=\"{X(at, slots / 2.0)}\" y=\"{Bottom + 20}\" text-anchor=\"middle\">{forecast.Date:ddd d MMM yyyy}</text>\n");

            var edge = forecast.High.Select((c, s) => (c, s)).Concat(forecast.Low.Select((c, s) => (c, s)).Reverse());
            svg.Append(CultureInfo.InvariantCulture,
                $"<polygon fill=\"#9ecae1\" fill-opacity=\"0.6\" stroke=\"none\" points=\"{Points(edge)}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture,
                $"<polyline fill=\"none\" stroke=\"#08519c\" stroke-width=\"1.6\" points=\"{Points(forecast.Calls.Select((c, s) => (c, s)))}\"/>\n");
            for (var slot = 0; slot < slots; slot++)
                svg.Append(CultureInfo.InvariantCulture,
                    $"<circle cx=\"{X(at, slot + 0.5)}\" cy=\"{Y(actual[slot])}\" r=\"1.8\" fill=\"#d94801\" stroke=\"none\"/>");
            svg.Append('\n');

            string Points(IEnumerable<(double Calls, int Slot)> line) =>
                string.Join(' ', line.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(at, p.Slot + 0.5)},{Y(p.Calls)}")));
        }

        return svg.Append("</svg>\n").ToString();

        double X(int day, double slot) => Math.Round(Left + (Width - 8 - Left) * (day + slot / slots) / days.Count, 1);

        double Y(double calls) => Math.Round(Bottom - (Bottom - Top) * calls / top, 1);
    }

    private static void Legend(StringBuilder svg) => svg.Append(CultureInfo.InvariantCulture, $"""
        <rect x="560" y="8" width="22" height="12" fill="#9ecae1" fill-opacity="0.6"/><text x="588" y="18">80 % interval</text>
        <line x1="690" x2="712" y1="14" y2="14" stroke="#08519c" stroke-width="1.6"/><text x="718" y="18">forecast</text>
        <circle cx="800" cy="14" r="2.5" fill="#d94801"/><text x="808" y="18">calls per half hour</text>

        """);

    // About five lines.
    private static double Step(double most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(most / 5)));
        return RoundSteps.Select(f => f * power).First(s => most / s <= 6);
    }
}
