using System.Collections.Immutable;
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
    /// <c>--seed</c>, <c>--engine rosters</c> for the search behind <c>POST /rosters</c>,
    /// <c>--pictures</c> a folder for heat maps and cover, <c>--clock processor</c> for seconds that other work does not
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
        var limits = new SearchLimits(time,
            (int)options.Number("seed", 1)) { Clock = options.Text("clock", "wall") == "processor" ? new ProcessorTime(Environment.ProcessorCount)
            : TimeProvider.System };
        Console.Write($"{name,-18} {$"{problem.Agents.Length}x{problem.Days}x{problem.Shifts.Length}",-13}");
        var found = options.Text("engine", "tours") == "tours" ? Tours(problem, limits) : Rostered(path, problem, limits);
        if (found is not { Roster: { } roster })
            return;

        var cost = TourChecker.Cost(problem, roster).Total;
        var violations = found.Violations + TourChecker.Violations(problem, roster).Length;
        var others = Published.Of(name, Path.GetDirectoryName(path)!);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $" {found.First.Cost,7:0} {found.First.At.TotalSeconds,6:0.00}  | {cost,7} {found.Last.TotalSeconds,6:0.0} {found.Bound,8:0.0} {(cost - found.Bound) / found.Bound,7:0.00%} {violations,11} | {others.Solver,7} {others.Generation,7} {others.TenMinutes,7} {others.BestKnown,11}"));

        if (options.Text("pictures", "") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{name}-roster.svg"), RosterPictures.HeatMap(problem, roster));
            File.WriteAllText(Path.Combine(folder, $"{name}-cover.svg"), RosterPictures.Cover(problem, roster));
        }
    }

    /// <param name="Last">When the best was found.</param>
    /// <param name="Violations">By the engine's own checker, beside that of tours.</param>
    private sealed record Found(TourRoster Roster, (double Cost, TimeSpan At) First, TimeSpan Last, double? Bound, int Violations);

    private static Found? Tours(TourProblem problem, SearchLimits limits)
    {
        var log = new Log();
        var clock = Stopwatch.StartNew();
        var result = TourSearch.Solve(problem, limits, log, CancellationToken.None);
        if (result.Roster is { } roster)
            return new(roster, (log.First!.Cost, log.First.Found), log.Last!.Found, result.Bound, 0);

        if (result.WithoutTour > 0)
        {
            Console.WriteLine($" no roster yet after {limits.Time.TotalSeconds} s: {result.WithoutTour} agents without a tour");
            return null;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $" no roster, said after {clock.Elapsed.TotalSeconds:0.0} s: {result.Conflicts.Sum(c => c.Agents.Length)} agents have no tour"));
        foreach (var conflict in result.Conflicts)
            Console.WriteLine($"    {string.Join(' ', conflict.Agents)}: {string.Join(" + ", conflict.Rules)}; cheapest change: {string.Join(" and ", conflict.Cheapest)}");
        return null;
    }

    // The search behind POST /rosters, on the same instance.
    private static Found? Rostered(string path, TourProblem tours, SearchLimits limits)
    {
        var problem = RosterFiles.ReadRoster(path);
        var log = new RosterLog();
        var clock = Stopwatch.StartNew();
        var found = RosterSearch.Solve(problem, limits, log, CancellationToken.None);
        if (!found.Feasible)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $" no roster, said after {clock.Elapsed.TotalSeconds:0.0} s: {found.Conflicts.Sum(c => c.Agents.Length)} agents have no days"));
            foreach (var conflict in found.Conflicts)
                Console.WriteLine($"    {string.Join(' ', conflict.Agents.Select(id => tours.Agents[problem.Agents.IndexOf(problem.Agents.Single(a => a.Id == id))].Id))}: {string.Join(" + ", conflict.Because)}; cheapest change: {string.Join(" and ", conflict.Cheapest)}");
            return null;
        }

        var shiftOf = tours.Shifts.Select((s, i) => (s.Code, i)).ToDictionary(s => s.Code, s => s.i);
        var days = found.Assignments.ToLookup(a => a.AgentId);
        TourRoster roster = new([.. problem.Agents.Select(agent => Enumerable.Range(0, tours.Days).Select(day =>
            days[agent.Id].FirstOrDefault(a => a.Shift.Day == day) is { } worked ? shiftOf[worked.Shift.Code] : TourRoster.Off)
                .ToImmutableArray())]);
        return new(roster, (log.First!.Cost, log.First.Elapsed), log.Last!.Elapsed, found.Bound,
            RosterChecker.Check(problem, found.Assignments).Length);
    }

    private sealed class RosterLog : IProgress<RosterProgress>
    {
        public RosterProgress? First { get; private set; }

        public RosterProgress? Last { get; private set; }

        public void Report(RosterProgress value) => (First, Last) = (First ?? value, value);
    }

    private sealed class Log : IProgress<TourProgress>
    {
        public TourProgress? First { get; private set; }

        public TourProgress? Last { get; private set; }

        public void Report(TourProgress value) => (First, Last) = (First ?? value, value);
    }
}
