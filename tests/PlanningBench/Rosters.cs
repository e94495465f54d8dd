using System.Diagnostics;
using CallCenter.Planning.Rostering.Tours;

namespace CallCenter.PlanningBench;

/// <summary>Rosters of the shift scheduling benchmarks, checked by the independent checker.</summary>
internal static class Rosters
{
    public static void Print(Options options)
    {
        var only = options.Text("only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var seconds = options.Number("seconds", 60);
        foreach (var path in Directory.GetFiles(Path.Combine(options.Data!, "rostering"), "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (only.Length > 0 && !only.Contains(name))
                continue;
            var problem = RosterFiles.Read(path);
            var log = new Log();
            var clock = Stopwatch.StartNew();
            var result = TourSearch.Solve(problem, new(TimeSpan.FromSeconds(seconds), (int)options.Number("seed", 1)), log, CancellationToken.None,
                options.Number("say", 0) > 0 ? Console.WriteLine : null);
            Console.Write(name);
            if (result.Roster is null)
            {
                Console.WriteLine($"  none in {clock.Elapsed.TotalSeconds:0.0}s: {result.Conflicts.Sum(c => c.Agents.Length)} agents");
                foreach (var conflict in result.Conflicts)
                    Console.WriteLine($"    {string.Join(' ', conflict.Agents)}: {string.Join(" + ", conflict.Rules)}; cheapest {conflict.Cheapest}");
                continue;
            }

            var violations = TourChecker.Violations(problem, result.Roster);
            Console.WriteLine($" first {log.First?.Cost}@{log.First?.Found.TotalSeconds:0.0} best {result.Cost}@{log.Last?.Found.TotalSeconds:0.0} checked {TourChecker.Cost(problem, result.Roster)} = {TourChecker.Cost(problem, result.Roster).Total} bound {result.Bound:0.0} violations {violations.Length} rounds {result.Rounds} in {clock.Elapsed.TotalSeconds:0.0}");
            foreach (var v in violations.Take(3))
                Console.WriteLine("  " + v);
        }
    }

    private sealed class Log : IProgress<TourProgress>
    {
        public TourProgress? First { get; private set; }

        public TourProgress? Last { get; private set; }

        public void Report(TourProgress value) => (First, Last) = (First ?? value, value);
    }
}
