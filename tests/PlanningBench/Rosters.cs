using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CallCenter.Planning.Rostering;

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
        var instance = RosterFiles.Read(path);
        var limits = new SearchLimits(time,
            (int)options.Number("seed", 1)) { Clock = options.Text("clock", "wall") == "processor" ? new ProcessorTime(Environment.ProcessorCount)
            : TimeProvider.System };
        Console.Write($"{name,-18} {$"{instance.Agents.Length}x{instance.Days}x{instance.Shifts.Length}",-13}");
        if (Find(instance, RosterFiles.ReadRoster(path), limits) is not { } found)
            return;

        var cost = InstanceChecker.Cost(instance, found.Roster).Total;
        var violations = found.Violations + InstanceChecker.Violations(instance, found.Roster).Count();
        var others = Published.Of(name, Path.GetDirectoryName(path)!);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $" {found.First.Cost,7:0} {found.First.At.TotalSeconds,6:0.00}  | {cost,7} {found.Last.TotalSeconds,6:0.0} {found.Bound,8:0.0} {(cost - found.Bound) / found.Bound,7:0.00%} {violations,11} | {others.Solver,7} {others.Generation,7} {others.TenMinutes,7} {others.BestKnown,11}"));

        if (options.Text("pictures", "") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{name}-roster.svg"), RosterPictures.HeatMap(instance, found.Roster));
            File.WriteAllText(Path.Combine(folder, $"{name}-cover.svg"), RosterPictures.Cover(instance, found.Roster));
        }
    }

    /// <param name="Last">When the best was found.</param>
    /// <param name="Violations">By the product's checker.</param>
    private sealed record Found(InstanceRoster Roster, (double Cost, TimeSpan At) First, TimeSpan Last, double? Bound, int Violations);

    private static Found? Find(Instance instance, RosterProblem problem, SearchLimits limits)
    {
        var log = new Log();
        var clock = Stopwatch.StartNew();
        var found = RosterSearch.Solve(problem, limits, log, CancellationToken.None);
        if (!found.Feasible)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $" no roster, said after {clock.Elapsed.TotalSeconds:0.0} s: {found.Conflicts.Sum(c => c.Agents.Length)} agents have no days"));
            foreach (var conflict in found.Conflicts)
                Console.WriteLine($"    {string.Join(' ', conflict.Agents.Select(id => instance.Agents[problem.Agents.IndexOf(problem.Agents.Single(a => a.Id == id))].Id))}: {string.Join(" + ", conflict.Because)}; cheapest change: {string.Join(" and ", conflict.Cheapest)}");
            return null;
        }

        var shiftOf = instance.Shifts.Select((s, i) => (s.Code, i)).ToDictionary(s => s.Code, s => s.i);
        var worked = found.Assignments.ToDictionary(a => (a.AgentId, a.Shift.Day), a => shiftOf[a.Shift.Code]);
        InstanceRoster roster = new([.. problem.Agents.Select(agent => Enumerable.Range(0, instance.Days)
            .Select(day => worked.GetValueOrDefault((agent.Id, day), InstanceRoster.Off)).ToImmutableArray())]);
        return new(roster, (log.First!.Cost, log.First.Elapsed), log.Last!.Elapsed, found.Bound,
            RosterChecker.Check(problem, found.Assignments).Length);
    }

    private sealed class Log : IProgress<RosterProgress>
    {
        public RosterProgress? First { get; private set; }

        public RosterProgress? Last { get; private set; }

        public void Report(RosterProgress value) => (First, Last) = (First ?? value, value);
    }
}
