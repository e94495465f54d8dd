using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Time;

namespace CallCenter.Scheduling.Tests.Projects;

public sealed class WrittenTimesTests
{
    private static readonly LocalCalendar NewYork = LocalCalendar.Of("America/New_York");

    [Theory]
    [InlineData("2026-11-01T01:30", "time-occurs-twice")]
    [InlineData("2026-03-08T02:30", "time-skipped")]
    [InlineData("2026-02-29T10:00", "not-a-time")]
    [InlineData("2026-02-20T24:00", "not-a-time")]
    [InlineData("2026-02-20T10:00:60", "not-a-time")]
    [InlineData("2026-02-20T10:00+5:3", "not-a-time")]
    [InlineData("20/02/2026 10:00", "not-a-time")]
    [InlineData("0001-01-01T00:00", "date-out-of-range")]
    [InlineData("9999-12-31T23:59", "date-out-of-range")]
    [InlineData("0001-01-01T00:00Z", "date-out-of-range")]
    public void what_names_no_instant_is_refused(string text, string code) =>
        FluentActions.Invoking(() => NewYork.Read("/endsAt", text)).Should().Throw<InvalidException>()
            .Which.Errors.Should().ContainSingle(e => e.Code == code && e.Pointer == "/endsAt");

    [Theory]
    [InlineData("2026-11-01T01:30-04:00", "2026-11-01T05:30:00Z")]
    [InlineData("2026-11-01T01:30-05:00", "2026-11-01T06:30:00Z")]
    [InlineData("2026-11-01T06:30Z", "2026-11-01T06:30:00Z")]
    [InlineData("2026-11-01T00:30", "2026-11-01T04:30:00Z")]
    [InlineData("2026-07-01T09:00:00", "2026-07-01T13:00:00Z")]
    public void what_names_one_is_read(string text, string instant) =>
        NewYork.Read("/endsAt", text).Should().Be(DateTimeOffset.Parse(instant, null));
}
