using System.Diagnostics;
using System.Globalization;
using CallCenter.Planning.Rostering;
using CallCenter.Planning.Tours;

namespace CallCenter.PlanningBench;

/// <summary>Rosters of the shift scheduling benchmarks: scored and checked by the checker, beside what others reached.</summary>
internal static class Rosters
{
    /// <summary>
    /// <c>--seconds</c> a search, <c>--only</c> these instances (Instance1,cc100), <c>--file</c> one instance by path,
    /// <c>--seed</c>, <c>--pictures</c> a folder for heat maps and cover, <c>--clock processor</c> for seconds that other work does not
    /// shorten.
    /// </summary>
    public static void Print(Options options)
    {
        var seconds = options.Number("seconds", 60);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Rosters, {seconds} s each, {Environment.ProcessorCount} cores; CP-SAT and CG: others' 60 s; 10 min: best published"));
        Console.WriteLine("instance           size            first   at s  |    cost   at s    bound     gap  violations |  CP-SAT      CG  10 min  best known");
        foreach (var path in Paths(options))
            Print(path, options, TimeSpan.FromSeconds(seconds));
        Console.WriteLine();
    }

    private static IEnumerable<string> Paths(Options options)
    {
        if (options.Text("file", "") is { Length: > 0 } file)
            return [file];

        var only = options.Text("only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return Directory.GetFiles(Path.Combine(options.Data!, "rostering"), "*.txt", SearchOption.AllDirectories)
            .Where(p => only.Length == 0 || only.Contains(Path.GetFileNameWithoutExtension(p)))
            .OrderBy(p => Path.GetFileNameWithoutExtension(p).Length).ThenBy(p => p, StringComparer.Ordinal);
    }

    private static void Print(string path, Options options, TimeSpan time)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var problem = RosterFiles.Read(path);
        var log = new Log();
        var clock = Stopwatch.StartNew();
        var limits = new SearchLimits(time,
            (int)options.Number("seed", 1)) { Clock = options.Text("clock", "wall") == "processor" ? new ProcessorTime(Environment.ProcessorCount)
            : TimeProvider.System };
        var result = TourSearch.Solve(problem, limits, log, CancellationToken.None);
        Console.Write($"{name,-18} {$"{problem.Agents.Length}x{problem.Days}x{problem.Shifts.Length}",-13}");

        if (result.WithoutTour > 0)
        {
            Console.WriteLine($" no roster yet after {time.TotalSeconds} s: {result.WithoutTour} agents without a tour");
            return;
        }

        if (result.Roster is not { } roster)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $" no roster, said after {clock.Elapsed.TotalSeconds:0.0} s: {result.Conflicts.Sum(c => c.Agents.Length)} agents have no tour"));
            foreach (var conflict in result.Conflicts)
                Console.WriteLine($"    {string.Join(' ', conflict.Agents)}: {string.Join(" + ", conflict.Rules)}; cheapest change: {string.Join(" and ", conflict.Cheapest)}");
            return;
        }

        var cost = TourChecker.Cost(problem, roster).Total;
        var violations = TourChecker.Violations(problem, roster).Length;
        var others = Published.Of(name, Path.GetDirectoryName(path)!);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $" {log.First!.Cost,7} {log.First.Found.TotalSeconds,6:0.00}  | {cost,7} {log.Last!.Found.TotalSeconds,6:0.0} {result.Bound,8:0.0} {(cost - result.Bound) / result.Bound,7:0.00%} {violations,11} | {others.Solver,7} {others.Generation,7} {others.TenMinutes,7} {others.BestKnown,11}"));

        if (options.Text("pictures", "") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{name}-roster.svg"), RosterPictures.HeatMap(problem, roster));
            File.WriteAllText(Path.Combine(folder, $"{name}-cover.svg"), RosterPictures.Cover(problem, roster));
        }
    }

    private sealed class Log : IProgress<TourProgress>
    {
        public TourProgress? First { get; private set; }

        public TourProgress? Last { get; private set; }

        public void Report(TourProgress value) => (First, Last) = (First ?? value, value);
    }
}
