using CallCenter.Calls.Imports;
using CallCenter.Time;

namespace CallCenter.Calls.Tests.Imports;

public sealed class TimeReaderTests
{
    private static readonly TimeReader Berlin = new(LocalCalendar.Of("Europe/Berlin"));
    private const string Pattern = "yyMMdd H:mm:ss";

    [Theory]
    [InlineData("260115 9:00:00", "2026-01-15T08:00:00Z")]
    [InlineData("990715 9:00:00", "1999-07-15T07:00:00Z")]
    [InlineData("260329 2:30:00", "2026-03-29T01:30:00Z")] // skipped: as if the clocks had not been changed yet
    [InlineData("261025 2:30:00", "2026-10-25T00:30:00Z")] // shown twice: the first
    public void a_local_time_is_an_instant(string local, string instant) =>
        Berlin.Read(local, Pattern, after: null).Should().Be(Instant(instant));

    [Theory]
    [InlineData("2026-10-25T00:40:00Z", "261025 2:30:00", "2026-10-25T01:30:00Z")] // the second, for the first is already past
    [InlineData("2026-03-02T22:59:30Z", "260302 0:01:28", "2026-03-02T23:01:28Z")] // past midnight
    [InlineData("2026-03-02T22:59:30Z", "260302 23:59:29", "2026-03-02T22:59:29Z")] // clocks that differ are not a day apart
    public void a_time_of_day_follows_the_one_before_it(string after, string local, string instant) =>
        Berlin.Read(local, Pattern, Instant(after)).Should().Be(Instant(instant));

    // So that the range of all instants refuses it; read by any zone's clock it would be none at all.
    [Theory]
    [InlineData("01010001 0:00:00")]
    [InlineData("31129999 23:59:59")]
    public void a_time_at_the_ends_of_the_calendar_is_read_as_it_stands(string local) =>
        Berlin.Read(local, "ddMMyyyy H:mm:ss", after: null)!.Value.UtcDateTime.ToString("ddMMyyyy H:mm:ss", null).Should().Be(local);

    [Theory]
    [InlineData("2026-02-29T10:00:00Z")]
    [InlineData("2026-13-01T10:00:00Z")]
    [InlineData("2026-03-02T24:00:00Z")]
    [InlineData("2026-03-02T23:59:60Z")]
    [InlineData("2026-03-02T10:00:00")]
    [InlineData("2026-03-02T10:00:00+23:59")]
    [InlineData("2026-03-02T10:00:00+5:3")]
    [InlineData("2026-03-02")]
    [InlineData("02/03/2026 10:00")]
    public void what_is_not_an_instant_is_not_made_one(string text) => Berlin.Read(text, "iso", after: null).Should().BeNull();

    [Theory]
    [InlineData("2026-03-02T10:00:00+08:00", "2026-03-02T02:00:00Z")]
    [InlineData("2026-03-02T10:00:00.1234567Z", "2026-03-02T10:00:00.1234567Z")]
    [InlineData("2026-03-02 10:00:00-05:00", "2026-03-02T15:00:00Z")]
    public void an_instant_names_its_offset(string text, string instant) =>
        Berlin.Read(text, "iso", after: null).Should().Be(Instant(instant));

    [Theory]
    [InlineData("1366720340", "2013-04-23T12:32:20Z")]
    [InlineData("1366720340.5", "2013-04-23T12:32:20.5Z")]
    [InlineData("-1", null)]
    [InlineData("1e9", null)]
    [InlineData("99999999999999", null)]
    public void an_epoch_counts_seconds(string text, string? instant) =>
        Berlin.Read(text, "epoch", after: null).Should().Be(instant is null ? null : Instant(instant));

    [Theory]
    [InlineData("90", 90)]
    [InlineData("-5", -5)]
    [InlineData("0:02:23", 143)]
    [InlineData("100:00:00", 360000)]
    [InlineData("0:60:00", null)]
    [InlineData("1.5", null)]
    [InlineData("", null)]
    public void a_duration_is_seconds_or_hours_minutes_seconds(string text, int? seconds) => TimeReader.Seconds(text).Should().Be(seconds);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
