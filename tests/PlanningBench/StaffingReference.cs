using System.Globalization;
using CallCenter.Planning;
using CallCenter.Planning.Staffing;

namespace CallCenter.PlanningBench;

/// <summary>Every row of the reference table, every measure it has: ours against the exact value.</summary>
internal static class StaffingReference
{
    private const double Tolerance = 1e-9;

    public static void Print(string path)
    {
        var lines = File.ReadAllLines(path);
        var columns = lines[0].Split(',');
        var rows = lines.Skip(1).Where(l => l.Length > 0)
            .Select(l => columns.Zip(l.Split(',')).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal)).ToList();

        var (worst, failed, measures) = (0.0, new List<string>(), 0);
        var (worstSpeed, worstSpeedOf) = (0.0, "");

        foreach (var row in rows)
        {
            foreach (var (column, ours) in Ours(row))
            {
                var theirs = Number(row, column);
                var off = Math.Abs(ours - theirs) / Math.Max(Math.Abs(theirs), 1e-12);

                if (column == "asa_answered_s" && row["model"] == "Erlang-A")
                {
                    if (off > worstSpeed)
                        (worstSpeed, worstSpeedOf) = (off, row["id"]);
                    continue;
                }

                measures++;
                worst = Math.Max(worst, off);
                if (!(off <= Tolerance))
                    failed.Add($"{row["id"]} {column}: {ours:R} against {theirs:R}");
            }
        }

        Console.WriteLine($"reference.csv: {rows.Count} rows, {measures} values, largest relative difference {worst:0.0e+0} (limit 1e-9), {failed.Count} beyond");
        Console.WriteLine($"  mean wait of the answered (integrated numerically in the table): largest difference {worstSpeed:0.0e+0}, row {worstSpeedOf}");
        foreach (var line in failed)
            Console.WriteLine("  " + line);
    }

    private static IEnumerable<(string Column, double Value)> Ours(Dictionary<string, string> row)
    {
        var load = new QueueLoad(Number(row, "calls_per_interval"), Number(row, "interval_s"), Number(row, "aht_s"));
        var agents = (int)Number(row, "agents");
        yield return ("offered_erlangs", load.Erlangs);

        if (row["model"] == "Erlang-B")
        {
            yield return ("p_block", ErlangB.Blocking(load.Erlangs, agents));
            yield break;
        }

        var within = Number(row, "threshold_s");
        if (row["target"].StartsWith("unstable", StringComparison.Ordinal))
        {
            var refused = false;
            try
            {
                _ = ErlangC.Of(load, agents, within);
            }
            catch (PlanningException e)
            {
                refused = e.Code == "unstable";
            }

            if (!refused)
                yield return ("p_wait", double.NaN);
            yield break;
        }

        var queue = row["model"] == "Erlang-C"
            ? ErlangC.Of(load, agents, within)
            : ErlangA.Of(load, agents, within, Number(row, "patience_s"));

        yield return ("p_wait", queue.Wait);
        yield return ("sl_all_served_within_T", queue.AnsweredOfOffered);
        yield return ("sl_answered_only", queue.AnsweredOfAnswered);
        yield return ("sl_excl_short_abandons", queue.AnsweredOfPatient);
        yield return ("asa_all_s", queue.AverageWait);
        yield return ("asa_answered_s", queue.AverageSpeedOfAnswer);
        yield return ("occupancy", queue.Occupancy);
        yield return ("p_abandon", queue.Abandonment);
    }

    private static double Number(Dictionary<string, string> row, string column) => double.Parse(row[column], CultureInfo.InvariantCulture);
}
