using CallCenter.EventSourcing;
using CallCenter.Quality.Sampling;

namespace CallCenter.Quality.Tests.Sampling;

public class StratifiedSampleTests
{
    [Theory]
    [InlineData(3, 10, null, 3)]
    [InlineData(3, 2, null, 2)]
    [InlineData(null, 10, 25.0, 3)] // rounded up
    [InlineData(null, 0, 25.0, 0)]
    [InlineData(null, 1, 0.5, 1)]
    public void a_size_is_a_number_or_a_percentage_rounded_up(int? number, int candidates, double? percent, int drawn) =>
        new SampleSize(number, (decimal?)percent).Of(candidates).Should().Be(drawn);

    [Theory]
    [InlineData(5, 2, 2)]
    [InlineData(100, 2, 10)]
    [InlineData(1, 5, 1)]
    public void a_percentage_may_have_a_least(int candidates, int least, int drawn) =>
        new SampleSize(Percent: 10, AtLeast: least).Of(candidates).Should().Be(drawn);

    [Fact]
    public void without_shares_each_group_gets_one_and_the_rest_goes_by_its_contacts()
    {
        StratifiedSample.Allocate(3, [(90, null), (10, null)]).Should().Equal(2, 1);
        StratifiedSample.Allocate(10, [(90, null), (10, null)]).Should().Equal(9, 1);
        StratifiedSample.Allocate(1, [(90, null), (10, null)]).Should().Equal([1, 1], "at least one each was asked for");
        StratifiedSample.Allocate(5, [(0, null), (10, null)]).Should().Equal(0, 5);
        StratifiedSample.Allocate(5, [(0, null), (0, null)]).Should().Equal(0, 0);
    }

    [Fact]
    public void shares_hold_as_far_as_there_are_contacts()
    {
        StratifiedSample.Allocate(10, [(500, 70), (500, 30)]).Should().Equal(7, 3);
        StratifiedSample.Allocate(10, [(500, 70), (2, 30)]).Should().Equal(8, 2);
        StratifiedSample.Allocate(3, [(500, 95), (500, 5)]).Should().Equal(2, 1);
        StratifiedSample.Allocate(10, [(500, 60), (0, 30), (500, 10)]).Should().Equal(9, 0, 1);
    }

    [Fact]
    public void days_get_their_share_of_the_draw_rounded_by_lot()
    {
        StratifiedSample.Spread(5, [20, 20, 20, 20, 20], 0).Should().Equal(1, 1, 1, 1, 1);
        StratifiedSample.Spread(5, [20, 20, 20, 20, 20], uint.MaxValue).Should().Equal(1, 1, 1, 1, 1);
        StratifiedSample.Spread(2, [50, 0, 50], 0).Should().Equal(1, 0, 1);
        StratifiedSample.Spread(7, [7], 99).Should().Equal(7);
    }

    // Whatever the days and the start: all of the draw, never more than a day has, never a whole one off its share.
    [Fact]
    public void a_spread_is_whole_and_even()
    {
        var random = new Random(20260301);
        for (var round = 0; round < 2000; round++)
        {
            var days = Enumerable.Range(0, random.Next(1, 31)).Select(_ => random.Next(0, 400)).ToArray();
            var (all, start) = (days.Sum(), (uint)random.NextInt64(1L << 32));
            var wanted = random.Next(0, all + 1);

            var given = StratifiedSample.Spread(wanted, days, start);

            given.Sum().Should().Be(wanted);
            given.Zip(days).Should().OnlyContain(day => day.First <= day.Second
                && Math.Abs(day.First - (all == 0 ? 0 : (double)wanted * day.Second / all)) < 1);
        }
    }

    // 4,000 draws of 3 of 40 contacts on uneven days: each is expected 300 times, with a standard deviation of 16.7.
    [Fact]
    public void every_contact_has_the_same_chance_though_the_draw_is_spread()
    {
        var (unit, week) = (NameId.Of("unit"), new DateOnly(2026, 3, 2));
        var days = new[] { 2, 25, 1, 12 }
            .Select((size, day) => Enumerable.Range(0, size).Select(i => NameId.Of("call", day, i)).ToList()).ToList();
        var drawn = Enumerable.Range(0, 4000).SelectMany(seed =>
        {
            var sample = new StratifiedSample($"{seed}", 1, "random", unit, week);
            var share = StratifiedSample.Spread(3, [.. days.Select(day => day.Count)], sample.Start("voice"));
            return days.SelectMany((day, i) => sample.Ranked(day, call => call).Take(share[i]));
        }).CountBy(call => call).ToDictionary();

        days.SelectMany(day => day).Select(call => drawn.GetValueOrDefault(call)).Should().OnlyContain(n => n > 300 - 83 && n < 300 + 83);
    }
}
