using System.Globalization;
using CallCenter.Planning.Staffing;

namespace CallCenter.PlanningBench;

/// <summary>From the raw calls of a month of the Technion bank to agents per hour, and to the patience of its callers.</summary>
internal static class StaffingBankCalls
{
    private static readonly string[] Published =
        "1 1 1 0 1 1 1 4 8 9 10 9 8 16 10 10 6 7 8 8 6 6 5 4".Split(' ');

    public static void Print(string path)
    {
        var calls = File.ReadLines(path).Skip(1).Select(l => l.Split('\t')).Where(c => c.Length >= 17)
            .Where(c => c[12] != "PHANTOM" && Seconds(c[8]) >= 0 && Seconds(c[11]) >= 0).ToList();

        // Miller: Wednesdays, 15 calls an hour and agent, at most half of the callers wait.
        var wednesdays = calls.Where(c => Date(c).DayOfWeek == DayOfWeek.Wednesday).ToList();
        var days = wednesdays.Select(Date).Distinct().Count();
        var byHour = wednesdays.ToLookup(c => int.Parse(c[6].Split(':')[0], CultureInfo.InvariantCulture));
        var goals = new StaffingGoals(ServiceLevel: 0.5, WithinSeconds: 0);
        var ours = Enumerable.Range(0, 24).Select(hour => AgentsNeeded.For(new((double)byHour[hour].Count() / days, 3600, 240), goals))
            .Select(q => q.Agents.ToString(CultureInfo.InvariantCulture)).ToList();

        Console.WriteLine($"Miller, February Wednesdays from {wednesdays.Count} raw calls, agents by hour:");
        Console.WriteLine($"  published {string.Join(' ', Published)}");
        Console.WriteLine($"  ours      {string.Join(' ', ours)}");

        var queued = calls.Where(c => c[9] != "0:00:00" && Seconds(c[15]) >= 0).ToList();
        var patience = Patience.Estimate(queued.Select(c => new ObservedWait(Seconds(c[11]), c[12] == "HANG")));
        var naive = queued.Where(c => c[12] == "HANG").Average(c => Seconds(c[11]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Patience: mean {patience.MeanSeconds:0.0} s, median {patience.MedianSeconds:0} s with censoring; {naive:0.0} s if only those who hung up are asked"));
    }

    private static double Seconds(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private static DateOnly Date(string[] call) => DateOnly.ParseExact("19" + call[5], "yyyyMMdd", CultureInfo.InvariantCulture);
}
