using CallCenter.Time;

namespace CallCenter.Shared.Tests;

public sealed class HoursOfDayTests
{
    private static readonly TimeOnly Nine = new(9, 0), Ten = new(10, 0), Midnight = new(0, 0);

    [Fact]
    public void midnight_and_nothing_are_the_end_of_the_day()
    {
        foreach (var end in new TimeOnly?[] { Midnight, null })
        {
            var span = new HoursOfDay(Nine, end);
            (span.IsReversed, span.Length, span.Holds(new(23, 59)), span.Holds(Nine), span.Holds(new(8, 59)))
                .Should().Be((false, TimeSpan.FromHours(15), true, true, false));
        }

        new HoursOfDay(null, Midnight).Length.Should().Be(TimeSpan.FromDays(1));
        new HoursOfDay(Midnight, Midnight).Length.Should().Be(TimeSpan.FromDays(1));
    }

    [Fact]
    public void the_end_is_the_first_time_after_it()
    {
        new HoursOfDay(Nine, Ten).Holds(Ten).Should().BeFalse();
        new HoursOfDay(Nine, Nine).IsReversed.Should().BeTrue();
        new HoursOfDay(Ten, Nine).IsReversed.Should().BeTrue();
        new HoursOfDay(Nine, Ten).Touches(new(Ten, null)).Should().BeFalse();
        new HoursOfDay(Nine, Midnight).Touches(new(Ten, null)).Should().BeTrue();
    }
}
