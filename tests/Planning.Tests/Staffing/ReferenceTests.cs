using System.Globalization;
using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Staffing;

/// <summary>Every row of a reference table that may lie beside the repository; skipped where it does not.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void our_values_are_the_reference_values()
    {
        var rows = Rows();

        rows.Should().NotBeEmpty();
        foreach (var row in rows.Values)
            OurValuesAreThoseOf(row);
    }

    private static void OurValuesAreThoseOf(Row row)
    {
        var load = new QueueLoad(row.Number("calls_per_interval"), row.Number("interval_s"), row.Number("aht_s"));
        var agents = (int)row.Number("agents");

        load.Erlangs.Should().BeApproximately(row.Number("offered_erlangs"), 1e-9 * load.Erlangs);

        if (row["model"] == "Erlang-B")
        {
            Agrees(ErlangB.Blocking(load.Erlangs, agents), "p_block");
            return;
        }

        if (row["target"].StartsWith("unstable", StringComparison.Ordinal))
        {
            FluentActions.Invoking(() => ErlangC.Of(load, agents, row.Number("threshold_s")))
                .Should().Throw<PlanningException>().Which.Code.Should().Be("unstable");
            return;
        }

        var queue = row["model"] == "Erlang-C"
            ? ErlangC.Of(load, agents, row.Number("threshold_s"))
            : ErlangA.Of(load, agents, row.Number("threshold_s"), row.Number("patience_s"));

        Agrees(queue.Wait, "p_wait");
        Agrees(queue.AnsweredOfOffered, "sl_all_served_within_T");
        Agrees(queue.AnsweredOfAnswered, "sl_answered_only");
        Agrees(queue.AnsweredOfPatient, "sl_excl_short_abandons");
        Agrees(queue.AverageWait, "asa_all_s");
        Agrees(queue.Occupancy, "occupancy");
        Agrees(queue.Abandonment, "p_abandon");

        // The table integrated this column on a grid: three of its rows are good to 2 to 5 digits only.
        Agrees(queue.AverageSpeedOfAnswer, "asa_answered_s", row["model"] == "Erlang-A" ? 2e-3 : 1e-9);

        void Agrees(double ours, string column, double relative = 1e-9)
        {
            var theirs = row.Number(column);
            ours.Should().BeApproximately(theirs, Math.Max(relative * Math.Abs(theirs), 1e-15), column);
        }
    }

    private static Dictionary<string, Row> Rows()
    {
        var lines = BenchmarkData.Lines("staffing", "reference.csv");
        var columns = lines[0].Split(',');

        // Quotes occur only in columns behind the figures.
        return lines.Skip(1).Where(l => l.Length > 0)
            .Select(l => new Row(columns.Zip(l.Split(',')).ToDictionary(p => p.First, p => p.Second)))
            .ToDictionary(r => r["id"]);
    }

    private sealed class Row(Dictionary<string, string> cells)
    {
        public string this[string column] => cells[column];

        public double Number(string column) => double.Parse(cells[column], CultureInfo.InvariantCulture);
    }
}
