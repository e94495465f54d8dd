using System.Diagnostics;
using System.Globalization;
using CallCenter.Planning.Staffing;

namespace CallCenter.PlanningBench;

/// <summary>Staffing beside exact and published values, and its speed.</summary>
internal static class StaffingFigures
{
    public static void Print(Options options)
    {
        StaffingReference.Print(Path.Combine(options.Data!, "staffing", "reference.csv"));
        StaffingBankCalls.Print(Path.Combine(options.Data!, "calls", "technion-anonymous-bank", "february1999.txt"));
        Speed();
    }

    private static void Speed()
    {
        foreach (var (agents, patience) in new[] { (100, 120.0), (100, 300.0), (1000, 120.0), (20_000, 120.0) })
        {
            // 0.8 to 1.1 erlangs an agent, so that no two evaluations are the same.
            var best = 0.0;
            for (var round = 0; round < 6; round++)
            {
                var (clock, done, sum) = (Stopwatch.StartNew(), 0, 0.0);
                while (clock.ElapsedMilliseconds < 500)
                {
                    for (var i = 0; i < 1000; i++, done++)
                        sum += ErlangA.Of(new(agents * (0.8 + 0.0003 * i) * 6, 1800, 300), agents, 20, patience).AnsweredOfOffered;
                }

                best = Math.Max(best, sum > 0 ? done / clock.Elapsed.TotalSeconds : 0);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Erlang A, {agents} agents, patience {patience:0} s: {best / 1e6:0.00} million evaluations a second on one core (all measures)"));
        }
    }
}
