using CallCenter.Planning.Rostering.Tours;

namespace CallCenter.PlanningBench;

/// <summary>Rosters of the shift scheduling benchmarks, checked by the independent checker.</summary>
internal static class Rosters
{
    public static void Print(Options options)
    {
        foreach (var path in Directory.GetFiles(Path.Combine(options.Data!, "rostering"), "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var problem = RosterFiles.Read(path);
            Console.WriteLine($"{Path.GetFileNameWithoutExtension(path),-20} {problem.Agents.Length,5} agents {problem.Days,4} days {problem.Shifts.Length,3} shifts");
        }
    }
}
