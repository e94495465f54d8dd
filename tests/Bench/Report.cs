using System.Globalization;

namespace CallCenter.Bench;

/// <summary>The figures as a Markdown table: each beside its limit, measured in the same run, and its goal.</summary>
internal sealed class Report
{
    private readonly List<string[]> rows = [];

    /// <summary>A rate that is to reach a share of what the engine below can do.</summary>
    public void AtLeast(double share, string what, double rate, string limit, double limitRate, string unit) => Add(
        what, $"{rate:N0} {unit}", $"{limit}: {limitRate:N0} {unit}", $"{rate / limitRate:P0}", $"at least {share:P0}",
        rate >= share * limitRate);

    /// <summary>A time that is to stay within a multiple of another.</summary>
    public void Within(double times, string what, double took, string limit, double limitTook) => Add(
        what, $"{took:N0} ms", $"{limit}: {limitTook:N0} ms", $"{took / limitTook:0.00}×", $"within {times:0.#}×",
        took <= times * limitTook);

    public void AtLeast(string what, double figure, double goal, string unit) =>
        Add(what, $"{figure:N0} {unit}", "", "", $"at least {goal:N0} {unit}", figure >= goal);

    public void Below(string what, double figure, double goal, string unit, string format = "N0") => Add(
        what, $"{figure.ToString(format, CultureInfo.InvariantCulture)} {unit}", "", "",
        $"below {goal.ToString(format, CultureInfo.InvariantCulture)} {unit}", figure < goal);

    public void Holds(string what, string figure, string goal, bool met) => Add(what, figure, "", "", goal, met);

    private void Add(string what, string figure, string limit, string ratio, string goal, bool met)
    {
        string[] row = [what, figure, limit, ratio, goal, met ? "met" : "**missed**"];
        rows.Add(row);
        Console.WriteLine($"  {string.Join(" | ", row.Where(cell => cell.Length > 0))}");
    }

    public void Print(TextWriter output, Options options)
    {
        output.WriteLine();
        output.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load {Load()}, {options.Rows:N0} rows, {options.Seconds} s a round");
        output.WriteLine();
        output.WriteLine("| What | Measured | Limit in the same run | Ratio | Goal | |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var row in rows)
            output.WriteLine($"| {string.Join(" | ", row)} |");
    }

    // What else kept the machine busy: figures of a run beside others say less.
    private static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));
}
