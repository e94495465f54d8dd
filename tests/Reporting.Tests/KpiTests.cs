using CallCenter.Contracts.Reporting;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Reporting.Tests;

public class KpiTests
{
    // Answered 1000 of which 860 within 20 s; abandoned 60: 20 within 20 s, 40 later, 10 within 5 s.
    private static readonly Figures Vector = new()
    {
        Offered = 1060, Answered = 1000, Abandoned = 60, AnsweredInTime = 860, AbandonedInTime = 20, AbandonedShort = 10,
        AnsweredTimed = 1000, AbandonedTimed = 60, Handled = 1000,
        WaitMs = 12_345_600, TalkMs = 180_000_000, HoldMs = 12_000_000, AcwMs = 45_050_000,
    };

    [Fact]
    public void every_kpi_that_others_know_is_computed_and_the_other_way_round() =>
        KnownKpi.All.Select(kpi => kpi.Code).Should().Equal(KpiCatalogue.All.Select(kpi => kpi.Id));

    [Fact]
    public void every_line_of_kpis_csv_has_a_cell_for_each_column_and_no_other()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "shared/Contracts/kpis.csv"));

        lines.Should().OnlyContain(line => line.Split(',').Length == lines[0].Split(',').Length);
        lines.Should().OnlyContain(line => line.Split(',').All(cell => cell.Length > 0 && cell == cell.Trim()));
    }

    [Fact]
    public void every_kpi_has_its_row_in_the_page_with_its_unit_and_which_way_is_better()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs/reference/kpis.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToList();

        KpiCatalogue.All.Where(kpi => !rows.Exists(row => row[1].Contains($"`{kpi.Id}`")
                && row[2] == kpi.Unit && row[3] == (kpi.Direction == "none" ? "" : kpi.Direction)))
            .Select(kpi => kpi.Id).Should().BeEmpty();
    }

    [Theory]
    [InlineData("v1", 83.0)]
    [InlineData("v2", 86.0)]
    [InlineData("v3", 81.1)]
    [InlineData("v4", 82.7)]
    [InlineData("v5", 82.1)]
    public void the_five_service_levels_differ_on_the_same_contacts(string variant, decimal percent)
    {
        var kpi = KpiCatalogue.Get("service-level");
        var value = kpi.ValueOf(kpi.Variants.Single(v => v.Id == variant).Of(Vector));

        Math.Round(value!.Value * 100, 1, MidpointRounding.AwayFromZero).Should().Be(percent);
    }

    [Theory]
    [InlineData("asa", 12.3)]
    [InlineData("aht", 237.1)] // 237.05, half away from zero
    [InlineData("talk-time", 180)]
    [InlineData("hold-time", 12)]
    [InlineData("after-contact-work", 45.1)]
    [InlineData("abandonment-rate", 0.0566)]
    public void a_ratio_is_made_from_its_sums(string id, decimal value) => Value(id, Vector).Should().Be(value);

    [Theory]
    [InlineData("service-level", 0.5)] // 1 of the 2 whose wait is known, though 4 were answered and 2 abandoned
    [InlineData("asa", 10)]
    [InlineData("aht", 29.9)]
    [InlineData("talk-time", 29.9)]
    public void what_is_not_known_is_left_out_above_and_below(string id, decimal value) => Value(id, new Figures
    {
        Offered = 6, Answered = 4, Abandoned = 2, AnsweredTimed = 1, AbandonedTimed = 1, AnsweredInTime = 1, WaitMs = 10_000,
        Handled = 3, TalkMs = 89_700,
    }).Should().Be(value);

    [Theory]
    [InlineData("service-level")]
    [InlineData("asa")]
    [InlineData("aht")]
    public void where_nothing_is_known_there_is_no_value(string id) =>
        Value(id, new Figures { Offered = 6, Answered = 4, Abandoned = 2 }).Should().BeNull();

    [Theory]
    [InlineData(3600, 3600, 0, 0, 0, 0.5, "states")]
    [InlineData(0, 7200, 1800, 7200, 0, 0.25, "calls")]
    [InlineData(3600, 3600 + 7200, 1800, 7200, 0, 0.375, "states-and-calls")]
    [InlineData(0, 3600 + 7200, 900, 3600, 7200, 0.25, "calls")] // the two hours of which nobody knows are left out
    public void occupancy_says_what_it_was_measured_by(
        int busy, int ready, int onCalls, int byCalls, int unmeasured, decimal value, string basis)
    {
        var figures = new Figures
        {
            ContactMs = busy * 1000L, ReadyMs = ready * 1000L, OnCallsMs = onCalls * 1000L, ByCallsMs = byCalls * 1000L,
            UnmeasuredMs = unmeasured * 1000L,
        };

        Value("occupancy", figures).Should().Be(value);
        KpiCatalogue.Get("occupancy").Basis!(figures).Should().Be(basis);
    }

    [Theory]
    [InlineData("hold-time")]
    [InlineData("after-contact-work")]
    public void what_no_contact_tells_has_no_value(string id) =>
        Value(id, new Figures { Handled = 3, TalkMs = 90_000, HoldUnknown = 3, AcwUnknown = 3 }).Should().BeNull();

    [Fact]
    public void an_occupancy_of_which_nothing_says_anything_has_no_value() =>
        Value("occupancy", new Figures { ReadyMs = 7_200_000, UnmeasuredMs = 7_200_000 }).Should().BeNull();

    [Theory]
    [InlineData("service-level")]
    [InlineData("asa")]
    [InlineData("aht")]
    [InlineData("occupancy")]
    [InlineData("qa-score")]
    [InlineData("coverage")]
    [InlineData("abandonment-rate")]
    public void nothing_to_divide_by_is_no_value_rather_than_zero(string id) => Value(id, new Figures()).Should().BeNull();

    [Fact]
    public void a_surplus_of_staff_hides_no_gap()
    {
        // One hour 2 of 4, one hour 6 of 4.
        var figures = new Figures { RequiredS = 8 * 3600, ScheduledS = 8 * 3600, CoveredS = 6 * 3600 };
        var coverage = KpiCatalogue.Get("coverage");

        coverage.ValueOf(coverage.Variants[0].Of(figures)).Should().Be(0.75m);
        coverage.ValueOf(coverage.Variants[1].Of(figures)).Should().Be(1m);
    }

    [Fact]
    public void every_kpi_is_named_in_each_language_and_otherwise_the_same()
    {
        var chinese = KpiCatalogue.In(Language.Chinese).ToList();

        chinese.Should().OnlyContain(kpi => kpi.Name.Any(letter => letter >= '\u4e00'));
        chinese.Select(kpi => kpi with { Name = KpiCatalogue.Get(kpi.Id).Name }).Should().Equal(KpiCatalogue.All);
        KpiCatalogue.In(Language.English).Should().Equal(KpiCatalogue.All);
    }

    [Fact]
    public void every_kpi_has_a_formula_a_direction_and_something_to_be_broken_down_by()
    {
        KpiCatalogue.All.Select(kpi => kpi.Id).Should().OnlyHaveUniqueItems();
        KpiCatalogue.All.Should().OnlyContain(kpi =>
            kpi.Variants.Count > 0 && kpi.Variants.All(v => v.Formula.Length > 0) && kpi.By.Contains("project") && kpi.Version > 0
            && (kpi.Direction == "higher" || kpi.Direction == "lower" || kpi.Direction == "none"));
    }

    private static decimal? Value(string id, Figures figures) => KpiCatalogue.Get(id).ValueOf(KpiCatalogue.Get(id).Variants[0].Of(figures));
}
