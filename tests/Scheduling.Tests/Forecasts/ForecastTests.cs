using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Testing;
using CallCenter.Time;
using CallCenter.Web;
using static CallCenter.Scheduling.Forecasts.ForecastDecider;

namespace CallCenter.Scheduling.Tests.Forecasts;

/// <summary>What planners make of a computed forecast.</summary>
public sealed class ForecastTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly LocalCalendar Berlin = LocalCalendar.Of("Europe/Berlin");
    private static readonly Guid Planner = Guid.CreateVersion7();

    // Two calls a quarter hour from 8 to 20 o'clock.
    private static readonly ForecastedDay Computed = new(Monday,
        [.. Enumerable.Range(0, 96).Select(i => i is >= 32 and < 80 ? 2.0 : 0)], [.. Enumerable.Repeat(240.0, 96)],
        [.. Enumerable.Range(0, 96).Select(i => i is >= 32 and < 80 ? 1.0 : 0)],
        [.. Enumerable.Range(0, 96).Select(i => i is >= 32 and < 80 ? 4.0 : 0)]);

    private static readonly Forecast Made =
        Decide(new MakeForecast(Guid.CreateVersion7(), Guid.CreateVersion7(), "Europe/Berlin", Monday, 1,
        [new("billing", "mean", 0.1, 0.1, [], Monday.AddDays(-1), [], [Computed])], Planner, DateTimeOffset.UnixEpoch), new())
            .Aggregate(new Forecast(), (f, e) => f.Evolve(e));

    [Fact]
    public void a_factor_moves_the_calls_of_its_span_and_their_interval()
    {
        var day = Day(Made.With(Override(from: 9, to: 12, factor: 1.5)));

        Hours(day, 9, 12).Should().OnlyContain(c => c == 3);
        Hours(day, 8, 9).Concat(Hours(day, 12, 20)).Should().OnlyContain(c => c == 2);
        (day.Low!.Value[40], day.High!.Value[40]).Should().Be((1.5, 6));
    }

    [Fact]
    public void a_number_of_calls_is_spread_as_computed()
    {
        Hours(Day(Made.With(Override(from: 7, to: 9, calls: 100))), 7, 9).Should().Equal(0, 0, 0, 0, 25, 25, 25, 25);
        Hours(Day(Made.With(Override(from: 21, to: 22, calls: 6))), 21, 22).Should().Equal(1.5, 1.5, 1.5, 1.5);
        Day(Made.With(Override(calls: 960))).Calls.Sum().Should().Be(960);
    }

    [Fact]
    public void of_two_overrides_the_later_holds_and_taken_back_leaves_the_earlier()
    {
        var (first, second) = (Override(from: 9, to: 12, factor: 2), Override(from: 11, to: 13, factor: 3));
        var both = Made.With(first).With(second);

        Hours(Day(both), 9, 13).Chunk(4).Select(hour => hour[0]).Should().Equal(4, 4, 6, 6);
        var one = Decide(new WithdrawOverride(second.Id, Planner, default), both).Aggregate(both, (f, e) => f.Evolve(e));
        Hours(Day(one), 9, 13).Chunk(4).Select(hour => hour[0]).Should().Equal(4, 4, 4, 2);
        one.Queues.Should().BeEquivalentTo(Made.Queues, "what was computed is kept");
        FluentActions.Invoking(() => Decide(new WithdrawOverride(second.Id, Planner, default), one)).Should()
            .Throw<CallCenter.Rules.StreamNotFoundException>();
    }

    [Fact]
    public void the_same_override_again_changes_nothing()
    {
        var made = Override(factor: 2);

        Decide(new OverrideForecast(made), Made.With(made)).Should().BeEmpty();
    }

    [Fact]
    public void bad_overrides_name_the_field_and_the_rule()
    {
        Refused(Override(factor: 2) with { Queue = "sales" }).Should().Be(("/queue", "queue-unknown"));
        Refused(Override(factor: 2) with { Date = Monday.AddDays(1) }).Should().Be(("/date", "outside-forecast"));
        Refused(Override(factor: 2) with { From = new(9, 5) }).Should().Be(("/from", "not-a-quarter"));
        Refused(Override(factor: 2) with { To = new(9, 5) }).Should().Be(("/to", "not-a-quarter"));
        Refused(Override(from: 9, to: 9, factor: 2)).Should().Be(("/to", "span-reversed"));
        Refused(Override()).Should().Be(("/factor", "factor-or-calls"));
        Refused(Override(factor: 2, calls: 2)).Should().Be(("/factor", "factor-or-calls"));
        Refused(Override(factor: -1)).Should().Be(("/factor", "override-out-of-range"));
        Refused(Override(calls: double.NaN)).Should().Be(("/calls", "override-out-of-range"));

        static (string, string) Refused(ForecastOverride made)
        {
            var error = FluentActions.Invoking(() => Decide(new OverrideForecast(made), Made)).Should()
                .Throw<InvalidException>().Which.Errors.Single();
            return (error.Pointer, error.Code);
        }
    }

    [Fact]
    public void the_hour_an_autumn_night_has_twice_is_overridden_both_times()
    {
        var sunday = new DateOnly(2026, 10, 25);
        var long25 = Computed with { Date = sunday, Calls = [.. Enumerable.Repeat(1.0, 100)], Low = null, High = null };
        var forecast = Made with { From = sunday, Queues = [Made.Queues[0] with { Days = [long25] }] };

        Day(forecast.With(Override(from: 2, to: 3, factor: 3) with { Date = sunday })).Calls.Sum().Should().Be(92 + 8 * 3);
    }

    [Fact]
    public void a_day_that_began_busier_is_expected_to_go_on_so_and_what_came_stands()
    {
        var spread = ForecastSpread.Unknown with { Rest = [.. Enumerable.Repeat(new RestOfDay(0.5, 0.01, -1.3, 1.3), 95)] };

        var day = IntradayView.Of(Made.Id, "billing", Computed, [.. Computed.Calls.Take(48).Select(c => 2 * c)], spread, Berlin);

        (day.Actual, day.Expected, day.RemainingBefore).Should().Be((64.0, 32.0, 64.0));
        day.Remaining.Should().BeInRange(64 * 1.3, 64 * 1.5, "half of the miss carries over, less some doubt");
        day.KnownUntil.Should().Be(Berlin.At(Monday, new(12, 0)));
        day.Intervals.Take(48).Should().OnlyContain(i => i.Known && i.Calls == 2 * i.Forecast && i.Low == i.Calls);
        day.Intervals.Skip(48).Take(32).Should().OnlyContain(i => !i.Known && i.Low < i.Calls && i.Calls < i.High);

        IntradayView.Of(Made.Id, "billing", Computed with { Low = null, High = null }, [2.0], spread, Berlin).Intervals.Skip(1)
            .Should().OnlyContain(i => i.Low == null && i.High == null, "nobody knows how far off calls are that were stated by hand");
    }

    private static ForecastOverride Override(int? from = null, int? to = null, double? factor = null, double? calls = null) => new(
        Guid.CreateVersion7(), "billing", Monday, from is { } f ? new(f, 0) : null, to is { } t ? new(t, 0) : null, factor, calls,
        "Price letter", Planner, default);

    private static ForecastedDay Day(Forecast forecast) => forecast.InForce(Berlin).Single().Days.Single();

    private static IEnumerable<double> Hours(ForecastedDay day, int from, int to) => day.Calls.Skip(from * 4).Take((to - from) * 4);
}

internal static class Overriding
{
    public static Forecast With(this Forecast forecast, ForecastOverride made) =>
        Decide(new OverrideForecast(made), forecast).Aggregate(forecast, (f, e) => f.Evolve(e));
}
