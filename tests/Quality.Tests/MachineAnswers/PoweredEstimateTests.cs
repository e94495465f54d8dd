using CallCenter.Quality.MachineAnswers;

namespace CallCenter.Quality.Tests.MachineAnswers;

public sealed class PoweredEstimateTests
{
    private const int Runs = 1000;

    /// <summary>What a judge says of a contact that people say <c>truth</c> of, 0 to 1.</summary>
    private delegate double? Judge(double truth, Random random);

    // Takes too many for good, so that its own mean is 0.89 where the truth is 0.8.
    private static readonly Judge Biased = (truth, random) => random.NextDouble() < (truth == 1 ? 0.98 : 0.45) ? 1 : 0;
    private static readonly Judge Good = (truth, random) => random.NextDouble() < (truth == 1 ? 0.95 : 0.1) ? 1 : 0;
    private static readonly Judge Useless = (_, random) => random.NextDouble() < 0.7 ? 1 : 0;
    private static readonly Judge OftenSilent = (truth, random) => random.NextDouble() < 0.4 ? null : Good(truth, random);

    [Fact]
    public void an_interval_holds_the_truth_as_often_as_it_says_whatever_the_judge_is_worth()
    {
        foreach (var (name, judge, perWeek) in new[]
        {
            ("biased", Biased, 1), ("biased", Biased, 2), ("biased", Biased, 5), ("good", Good, 2), ("useless", Useless, 2),
            ("often silent", OftenSilent, 2),
        })
        {
            var simulated = Simulate(judge, Passes, perWeek);

            simulated.Covered.Should().BeInRange(0.93, 0.97, "of a {0} judge, {1} a week", name, perWeek);
            simulated.CoveredAlone.Should().BeInRange(0.93, 0.97, "of people alone, {0} a week", perWeek);
        }
    }

    [Fact]
    public void scores_from_0_to_100_are_covered_as_shares_are()
    {
        static double? Lenient(double truth, Random random) => Math.Clamp(truth + 0.1 + 0.06 * (random.NextDouble() - 0.5), 0, 1);

        var simulated = Simulate(Lenient, random => Math.Round(Math.Pow(random.NextDouble(), 0.3), 2), perWeek: 2);

        simulated.Covered.Should().BeInRange(0.93, 0.97);
        simulated.Width.Should().BeLessThan(0.4 * simulated.WidthAlone, "what people say is nearly what it says less its leniency");
    }

    [Fact]
    public void a_good_judge_narrows_the_interval_and_a_useless_one_does_not_widen_it()
    {
        var (good, biased, useless) = (Simulate(Good, Passes, 2), Simulate(Biased, Passes, 2), Simulate(Useless, Passes, 2));

        good.Width.Should().BeLessThan(0.65 * good.WidthAlone);
        biased.Width.Should().BeLessThan(0.95 * biased.WidthAlone);
        useless.Width.Should().BeLessThan(1.03 * useless.WidthAlone);
    }

    [Fact]
    public void the_bias_of_a_judge_is_taken_out()
    {
        var simulated = Simulate(Biased, Passes, 2);

        simulated.MeanError.Should().BeLessThan(0.003, "and what it says by itself is 0.07 too high");
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void fewer_than_100_labels_say_nothing(int labels, bool says)
    {
        var strata = Enumerable.Range(0, labels).Select(i =>
            new LabelledStratum(Guid.NewGuid(), 10, [new(i % 2, i % 2)])).ToList();

        (PoweredEstimate.Of(strata, new(1000, 500)) is not null).Should().Be(says);
    }

    [Fact]
    public void contacts_that_the_question_did_not_apply_to_are_no_labels()
    {
        var strata = Enumerable.Range(0, 60).Select(i =>
            new LabelledStratum(Guid.NewGuid(), 10, [new(i % 2, 1), new(null, 1)])).ToList();

        PoweredEstimate.Of(strata, new(600, 600)).Should().BeNull("60 of 120 are labels");
    }

    [Fact]
    public void all_that_were_judged_leave_no_doubt()
    {
        var strata = Enumerable.Range(0, 40).Select(i =>
            new LabelledStratum(Guid.NewGuid(), 3, [new(1, 0), new(0, 1), new(1, 1)])).ToList();

        var alone = PoweredEstimate.Of(strata, new(120, 80))!.HumansAlone;

        alone.Mean.Should().BeApproximately(2 / 3.0, 1e-9);
        alone.Width.Should().Be(0);
    }

    [Fact]
    public void a_hundred_that_all_passed_do_not_say_that_all_do()
    {
        var strata = Enumerable.Range(0, 50).Select(i =>
            new LabelledStratum(Guid.NewGuid(), 1000, [new(1, 1), new(1, 1)])).ToList();

        var said = PoweredEstimate.Of(strata, new(50_000, 50_000))!;

        said.Estimate.Mean.Should().Be(1);
        said.Estimate.Low.Should().BeInRange(0.94, 0.975, "three in a hundred others may have failed unseen");
    }

    private static double Passes(Random random) => random.NextDouble() < 0.8 ? 1 : 0;

    private sealed record Simulated(double Covered, double CoveredAlone, double Width, double WidthAlone, double MeanError);

    // 20 agents and 5 weeks (with one label a week 100), each week of another size; agents differ, as they do.
    private static Simulated Simulate(Judge judge, Func<Random, double> says, int perWeek)
    {
        const int Agents = 20;
        var random = new Random(20260301);
        var (covered, alone, width, widthAlone, error) = (0, 0, 0.0, 0.0, 0.0);
        for (var run = 0; run < Runs; run++)
        {
            var (strata, machine, sum, contacts) = (new List<LabelledStratum>(), new MachineTotal(), 0.0, 0);
            for (var agent = 0; agent < Agents; agent++)
            {
                var (id, worse) = (new Guid(agent, 0, 0, new byte[8]), agent % 4 == 0 ? 0.15 : 0);
                for (var week = 0; week < (perWeek == 5 ? 1 : 5); week++)
                {
                    var all = Enumerable.Range(0, 10 + 7 * (week + agent % 3)).Select(_ =>
                    {
                        var truth = random.NextDouble() < worse ? 0 : says(random);
                        return new LabelledContact(truth, judge(truth, random));
                    }).ToArray();
                    sum += all.Sum(contact => contact.Human!.Value);
                    contacts += all.Length;
                    machine = all.Aggregate(machine, (total, contact) => total.Plus(contact.Machine));
                    strata.Add(new(id, all.Length, [.. Drawn(all, perWeek, random)]));
                }
            }

            var (said, truly) = (PoweredEstimate.Of(strata, machine)!, sum / contacts);
            covered += said.Estimate.Low <= truly && truly <= said.Estimate.High ? 1 : 0;
            alone += said.HumansAlone.Low <= truly && truly <= said.HumansAlone.High ? 1 : 0;
            (width, widthAlone) = (width + said.Estimate.Width, widthAlone + said.HumansAlone.Width);
            error += said.Estimate.Mean - truly;
        }

        return new((double)covered / Runs, (double)alone / Runs, width / Runs, widthAlone / Runs, Math.Abs(error / Runs));
    }

    private static IEnumerable<LabelledContact> Drawn(LabelledContact[] all, int count, Random random)
    {
        random.Shuffle(all);
        return all.Take(count);
    }
}
