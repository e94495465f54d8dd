using CallCenter.Planning.Rostering;
using FsCheck.Xunit;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class WeekMinutesTests
{
    [Fact]
    public void what_fits_into_a_contract_are_few_sums_where_the_unit_is_small()
    {
        var week = Week(2400, 477, 450, 240);

        week.Sums.Should().HaveCountLessThan(90, "in units of 3 minutes they would be 801").And.StartWith([0, 240, 450, 477, 480]);
        Week(2400, 480).Runs(480, 2400).Should().Equal(new PlaceRun(0, 1, 5));
        week.Runs(450, 900).Sum(run => run.Count).Should().Be(3, "after nothing, 240 or 450 minutes");
    }

    [Property(MaxTest = 60)]
    public void shifts_lead_to_the_sum_of_their_minutes_and_to_all_sums_of_seven_that_fit(int seed)
    {
        var random = new Random(seed);
        int[] lengths = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 601)).Distinct()];
        var most = random.Next(0, 2401);
        var week = Week(most, lengths);

        week.Sums.Should().Equal(Multisets(lengths, 7).Where(sum => sum <= most).Distinct().Order());
        foreach (var length in lengths)
            Arrivals(week, length, most).Should().Equal(week.Sums.Where(sum => sum + length <= most && week.Sums.Contains(sum + length))
                .Select(sum => (sum, sum + length)));
    }

    [Property(MaxTest = 20)]
    public void where_there_are_too_many_sums_minutes_are_rounded_up_so_that_the_contract_holds(int seed)
    {
        var random = new Random(seed);
        int[] lengths = [.. Enumerable.Range(0, 40).Select(_ => random.Next(60, 601))];
        var week = Week(3000, lengths);

        week.Sums.Should().HaveCountLessThanOrEqualTo(601);
        foreach (var length in lengths)
            Arrivals(week, length, 3000).Should().NotBeEmpty().And
                .OnlyContain(move => move.To - move.From >= length && move.To - move.From < length + 5 && move.To <= 3000);
    }

    private static WeekMinutes Week(int most, params int[] lengths) => new([(most, [.. Enumerable.Repeat(lengths, 7)])]);

    private static IEnumerable<int> Multisets(int[] lengths, int most) => lengths.Length == 0 ? [0]
        : Enumerable.Range(0, most + 1).SelectMany(n => Multisets(lengths[1..], most - n).Select(sum => sum + n * lengths[0]));

    private static IEnumerable<(int From, int To)> Arrivals(WeekMinutes week, int minutes, int most) =>
        from run in week.Runs(minutes, most)
        from i in Enumerable.Range(0, run.Count)
        select (week.Sums[run.From + i], week.Sums[run.To + i]);
}
