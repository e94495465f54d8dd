using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// The pictures of a digest: PNGs twice as wide as shown, transparent, in mid-tones that can be read on white and on
/// near-black. Only numerals and signs: words are in the HTML, where every language has its fonts.
/// </summary>
internal static class DigestCharts
{
    private const int Width = 1072;

    private static readonly Color Ink = Color.FromHex("#7b8794");
    private static readonly Color Grid = Color.FromHex("#8a96a3").WithAlpha(.25);
    private static readonly Color Offered = Color.FromHex("#a9bdd3");
    private static readonly Color Answered = Color.FromHex("#3d7fc4");
    private static readonly Color Level = Color.FromHex("#d98324");

    // The first of these that the machine has; without any font at all the pictures still show the shapes.
    private static readonly string Font =
        new[] { "Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", "DejaVu Sans", "Arial" }
        .FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? SKTypeface.Default.FamilyName;

    /// <summary>Offered and answered contacts as bars, service level as a line above them with its percentage.</summary>
    public static byte[] Days(DigestModel model)
    {
        using var plot = Blank();
        var most = Math.Max(1, model.Days.Max(day => day.Offered));

        for (var nth = 0; nth < model.Days.Count; nth++)
        {
            Bar(plot, nth - .19, model.Days[nth].Offered, Offered);
            Bar(plot, nth + .19, model.Days[nth].Answered, Answered);
        }

        // The line has the upper third to itself: from a little under the lowest value, just above the tallest bar, to 100 %.
        var target = model.Kpi("service-level").Target;
        var floor = Math.Floor(10 * (double)(model.Days.Select(day => day.ServiceLevel).Append(target).Min() ?? 0) - .5) / 10;
        double Height(decimal level) => most * (1.15 + .36 * ((double)level - floor) / (1 - floor));
        if (target is { } aim)
        {
            plot.Add.HorizontalLine(Height(aim), 3, Ink.WithAlpha(.8), LinePattern.Dashed);
            Label(plot, Percent(aim), model.Days.Count - .42, Height(aim) - most * .01, Ink, 30, Alignment.UpperRight);
        }

        var points = model.Days.Select((day, nth) => (X: nth, Level: day.ServiceLevel)).Where(day => day.Level is not null)
            .Select(day => (day.X, Y: Height(day.Level!.Value), Text: Percent(day.Level.Value))).ToArray();
        var line = plot.Add.Scatter(points.Select(p => (double)p.X).ToArray(), points.Select(p => p.Y).ToArray(), Level);
        line.LineWidth = 5;
        line.MarkerSize = 16;
        foreach (var point in points)
            Label(plot, point.Text, point.X, point.Y + most * .035, Level, 34, Alignment.LowerCenter);

        plot.Axes.SetLimits(-.6, model.Days.Count - .4, 0, most * 1.68);
        plot.Axes.Left.SetTicks([0, most], ["0", most.ToString("#,0", CultureInfo.InvariantCulture)]);
        plot.Axes.Bottom.SetTicks(
            [.. Enumerable.Range(0, model.Days.Count).Select(nth => (double)nth)],
            [.. model.Days.Select(day => $"{day.Day.Month}/{day.Day.Day}")]);

        return Png(plot, 580);
    }

    /// <summary>Service level in percent, days across and hours down; red where customers waited.</summary>
    public static byte[] Hours(DigestModel model)
    {
        using var plot = Blank();
        var days = model.Days.Select(day => day.Day).ToList();
        var hours = model.Hours.Select(cell => cell.Hour).Distinct().Order().ToList();

        foreach (var cell in model.Hours)
        {
            var (x, y) = (days.IndexOf(cell.Day), -hours.IndexOf(cell.Hour));
            var box = plot.Add.Rectangle(x - .475, x + .475, y - .46, y + .46);
            box.LineWidth = 0;
            box.FillColor = cell.ServiceLevel is { } level ? Shade(level - (model.Kpi("service-level").Target ?? .8m))
                : Grid.WithAlpha(.12);
            if (cell.ServiceLevel is { } shown)
                Label(plot, Percent(shown), x, y, Colors.White, 32, Alignment.MiddleCenter);
        }

        plot.Axes.SetLimits(-.6, days.Count - .4, -hours.Count + .4, .6);
        plot.Axes.Left.SetTicks([.. hours.Select((_, nth) => (double)-nth)], [.. hours.Select(hour => $"{hour:00}")]);
        plot.Axes.Bottom.SetTicks([.. days.Select((_, nth) => (double)nth)], [.. days.Select(day => $"{day.Month}/{day.Day}")]);
        plot.HideGrid();

        return Png(plot, 80 + 56 * Math.Max(1, hours.Count));
    }

    private static Plot Blank()
    {
        var plot = new Plot { ScaleFactor = 1 };
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Color(Ink);
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Left.FrameLineStyle.IsVisible = false;
        plot.Axes.Bottom.FrameLineStyle.Color = Grid;
        plot.Grid.MajorLineColor = Grid;
        plot.Grid.XAxisStyle.IsVisible = false;
        foreach (var axis in new IAxis[] { plot.Axes.Left, plot.Axes.Bottom })
        {
            axis.TickLabelStyle.FontName = Font;
            axis.TickLabelStyle.FontSize = 32;
            axis.TickLabelStyle.ForeColor = Ink;
            axis.MajorTickStyle.Length = 0;
            axis.MinorTickStyle.Length = 0;
        }

        return plot;
    }

    private static void Bar(Plot plot, double x, double height, Color color) =>
        plot.Add.Bars(new[] { new Bar { Position = x, Value = height, FillColor = color, LineWidth = 0, Size = .36 } });

    private static void Label(Plot plot, string text, double x, double y, Color color, float size, Alignment alignment)
    {
        var label = plot.Add.Text(text, x, y);
        label.LabelFontName = Font;
        label.LabelFontColor = color;
        label.LabelFontSize = size;
        label.LabelBold = true;
        label.LabelAlignment = alignment;
    }

    // Green from the target up, amber just below it, red well below; all dark enough for white numerals.
    private static Color Shade(decimal fromTarget)
    {
        (decimal At, byte R, byte G, byte B)[] stops =
            [(-1, 150, 30, 40), (-.25m, 178, 44, 46), (-.1m, 200, 92, 38), (-.02m, 176, 124, 40), (0, 74, 138, 88), (.06m, 36, 128, 94),
                (.2m, 18, 108, 96), (1, 18, 108, 96)];
        var upper = Array.FindIndex(stops, stop => fromTarget <= stop.At);
        var (from, to) = (stops[Math.Max(0, upper - 1)], stops[upper]);
        var part = to.At == from.At ? 0 : (fromTarget - from.At) / (to.At - from.At);

        return new Color(Mix(from.R, to.R), Mix(from.G, to.G), Mix(from.B, to.B));

        byte Mix(byte a, byte b) => (byte)(a + (b - a) * part);
    }

    private static string Percent(decimal level) =>
        Math.Round(level * 100, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture);

    private static byte[] Png(Plot plot, int height) => plot.GetImage(Width, height).GetImageBytes(ImageFormat.Png);
}
