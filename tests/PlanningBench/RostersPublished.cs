using System.Globalization;

namespace CallCenter.PlanningBench;

/// <summary>What others reached on an instance; null where no figure is known.</summary>
/// <param name="Solver">A plain model of one-day's work for CP-SAT, two workers, 60 s.</param>
/// <param name="Generation">A public column generation heuristic (Strandmark 2020), 60 s.</param>
/// <param name="TenMinutes">Best published figure of 10 minutes.</param>
internal sealed record Published(double? Solver, double? Generation, double? TenMinutes, double? BestKnown)
{
    // Both measured on two loaded cores.
    private static readonly Dictionary<string, (double? Solver, double? Generation)> Minute = new()
    {
        ["1"] = (607, null), ["2"] = (828, 838), ["3"] = (1006, 1005), ["4"] = (1719, 1728), ["5"] = (1146, 1162), ["6"] = (2165, 1970),
        ["7"] = (1185, 1070), ["8"] = (1921, 1630), ["9"] = (455, 442), ["10"] = (5263, 4638), ["11"] = (3606, 3443), ["12"] = (6466, 4113),
        ["13"] = (11352, null), ["14"] = (2344, 1911), ["15"] = (8202, 4218), ["16"] = (5369, 3477), ["17"] = (9283, 6630),
        ["18"] = (7889, 5375), ["19"] = (10388, null),
    };

    /// <param name="folder">Of the instance, with best_known.csv or bounds.csv beside it.</param>
    public static Published Of(string name, string folder)
    {
        var number = name.Replace("Instance", "", StringComparison.Ordinal);
        var (solver, generation) = Minute.GetValueOrDefault(number);
        var known = Row(Path.Combine(folder, "best_known.csv"), number) ?? Row(Path.Combine(folder, "bounds.csv"), name) ?? [];
        var tenMinutes = known.Where(f => f.Key.EndsWith("_10min", StringComparison.Ordinal)).Select(f => f.Value).Min();

        return new(solver, generation, tenMinutes, known.GetValueOrDefault("best_ub") ?? known.GetValueOrDefault("best_found"));
    }

    private static Dictionary<string, double?>? Row(string path, string name)
    {
        if (!File.Exists(path))
            return null;
        var lines = File.ReadLines(path).Where(l => !l.StartsWith('#')).Select(l => l.Split(',')).ToList();
        return lines.Skip(1).FirstOrDefault(l => l[0] == name) is { } row
            ? lines[0].Zip(row).ToDictionary(
                f => f.First, f => double.TryParse(f.Second, CultureInfo.InvariantCulture, out var value) ? value : (double?)null)
            : null;
    }
}
