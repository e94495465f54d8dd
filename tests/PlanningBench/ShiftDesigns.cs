using System.Globalization;
using CallCenter.Planning.ShiftDesign;

namespace CallCenter.PlanningBench;

/// <summary>The published instances of shift design, in minutes of agents too many and too few, and the price of each shift.</summary>
internal static class ShiftDesigns
{
    /// <summary>
    /// <c>--file</c> one instance or a folder of them, <c>--seconds</c> each, <c>--seed</c>, <c>--only</c> these, <c>--clock
    /// processor</c>.
    /// </summary>
    public static void Print(Options options)
    {
        var limit = TimeSpan.FromSeconds(options.Number("seconds", 10));
        var printed = false;
        foreach (var path in InstanceFiles.Of(options, "shift-design", "*.dzn"))
        {
            if (!printed)
                Console.WriteLine("instance               minutes of a slot  shifts    over   under     cost    bound  wrong  moves, million     s");
            printed = true;
            var (problem, interval) = Read(path);
            var clock = InstanceFiles.Clock(options);
            var began = clock.GetTimestamp();
            var found = ShiftDesignSearch.Solve(problem, limit, (int)options.Number("seed", 1), time: clock);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(path),-22} {interval,17} {found.Shifts.Count,7} {found.Over,7} {found.Under,7} {found.Cost,8} {found.Bound,8} {ShiftDesignChecker.Check(problem, found.Shifts).Count,6} {found.Moves / 1e6,15:F1} {clock.GetElapsedTime(began).TotalSeconds,5:F1}"));
        }

        if (printed)
            Console.WriteLine();
    }

    /// <summary>
    /// A name and a value on each line. A missing agent weighs as much as one too many, as in the published results, also where the file
    /// says 0.
    /// </summary>
    private static (ShiftDesignProblem Problem, int Interval) Read(string path)
    {
        var values = File.ReadAllText(path).Split(';').Select(part => part.Split('=')).Where(part => part.Length == 2)
            .ToDictionary(part => part[0].Trim(), part => part[1].Trim('[', ']', ' ', '\r', '\n'));
        int[] Numbers(string name) => [.. values[name].Split(',').Select(text => (int)double.Parse(text, CultureInfo.InvariantCulture))];

        var interval = Numbers("interval")[0];
        var (earliest, latest, shortest, longest) = (Numbers("minStart"), Numbers("maxStart"), Numbers("minLength"), Numbers("maxLength"));
        return (new(1440 / interval, Numbers("demand"),
            [.. earliest.Select((start, i) => new ShiftWindow(start, latest[i], shortest[i], longest[i]))],
            new(interval, interval, Numbers("weightShiftInstances")[0])), interval);
    }
}
