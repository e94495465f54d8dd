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
    [InlineData("2026-03-02T10:00:00+0060")]
    [InlineData("2026-03-02T10:00:00.Z")]
    [InlineData("0000-03-02T10:00:00Z")]
    [InlineData("2026-03-02")]
    [InlineData("02/03/2026 10:00")]
    public void what_is_not_an_instant_is_not_made_one(string text) => Berlin.Read(text, "iso", after: null).Should().BeNull();

    [Theory]
    [InlineData("2026-03-02T10:00:00+08:00", "2026-03-02T02:00:00Z")]
    [InlineData("2026-03-02T10:00:00.1234567Z", "2026-03-02T10:00:00.1234567Z")]
    [InlineData("2026-03-02 10:00:00-05:00", "2026-03-02T15:00:00Z")]
    [InlineData("2026-03-02T10:00:00.250+0530", "2026-03-02T04:30:00.250Z")]
    [InlineData("2026-03-02T10:00:00-03", "2026-03-02T13:00:00Z")]
    [InlineData("2026-03-02T10:00:00.123456789Z", "2026-03-02T10:00:00.1234567Z")]
    [InlineData("2026-03-02T10:00:00,5Z", "2026-03-02T10:00:00.5Z")]
    [InlineData("2026-03-02T10:00:00 z", "2026-03-02T10:00:00Z")]
    [InlineData("2026-03-02T10:00Z", "2026-03-02T10:00:00Z")]
    public void an_instant_names_its_offset(string text, string instant) =>
        Berlin.Read(text, "iso", after: null).Should().Be(Instant(instant));

    [Theory]
    [InlineData("1366720340", "2013-04-23T12:32:20Z")]
    [InlineData("1366720340.5", "2013-04-23T12:32:20.5Z")]
    [InlineData("1.36672034e9", "2013-04-23T12:32:20Z")]
    [InlineData("1366720340250", "2013-04-23T12:32:20.25Z")]
    [InlineData("1366720340250.5", "2013-04-23T12:32:20.2505Z")]
    [InlineData("1366720340250125", "2013-04-23T12:32:20.250125Z")]
    [InlineData("1366720340250125700", "2013-04-23T12:32:20.2501257Z")]
    [InlineData("-1", null)]
    [InlineData("99999999999999999999999", null)]
    [InlineData("1e99", null)]
    [InlineData("1,366,720,340", null)]
    public void an_epoch_counts_seconds_or_what_its_size_says(string text, string? instant) =>
        Berlin.Read(text, "epoch", after: null).Should().Be(instant is null ? null : Instant(instant));

    [Theory]
    [InlineData("Mon, 02 Mar 2026 10:00:00 +0100", "2026-03-02T09:00:00Z")]
    [InlineData("2 Mar 2026 10:00 -0500", "2026-03-02T15:00:00Z")]
    [InlineData("Mon,  2 Mar 2026 10:00:00 GMT", "2026-03-02T10:00:00Z")]
    [InlineData("Mon, 02 Mar 2026 10:00:00 EST", null)]
    [InlineData("Mon, 02 Mar 2026 10:00:00", null)]
    public void a_time_of_mail_names_its_offset_too(string text, string? instant) =>
        Berlin.Read(text, "rfc2822", after: null).Should().Be(instant is null ? null : Instant(instant));

    [Theory]
    [InlineData("2026-03-02 10:00:00 +0100", "yyyy-MM-dd HH:mm:ss zzz", "2026-03-02T09:00:00Z")]
    [InlineData("2026-03-02 10:00:00 -05:00", "yyyy-MM-dd HH:mm:ss zzz", "2026-03-02T15:00:00Z")]
    [InlineData("2026-03-02 10:00:00+3", "yyyy-MM-dd HH:mm:ssz", "2026-03-02T07:00:00Z")]
    [InlineData("2026-03-02 10:00:00Z", "yyyy-MM-dd HH:mm:ssK", "2026-03-02T10:00:00Z")]
    [InlineData("2026-03-02 10:00:00", "yyyy-MM-dd HH:mm:ssK", "2026-03-02T09:00:00Z")] // none: local
    [InlineData("2026-03-02 10:00:00", "yyyy-MM-dd HH:mm:ss zzz", null)]
    [InlineData("0001-01-01 00:00:00 +0100", "yyyy-MM-dd HH:mm:ss zzz", null)]
    public void a_pattern_may_name_the_offset(string text, string pattern, string? instant) =>
        Berlin.Read(text, pattern, after: null).Should().Be(instant is null ? null : Instant(instant));

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss zzz")]
    [InlineData("yyyy-MM-ddTHH:mm:ssK")]
    [InlineData("MM/dd/yyyy h:mm:ss tt")]
    [InlineData("ddMMyy HHmm")]
    [InlineData("'zone' yyyy-MM-dd HH:mm")]
    [InlineData("rfc2822")]
    public void a_format_that_can_be_used(string format) => TimeReader.Fault(format).Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("%")]
    [InlineData("HH:mm:ss")]
    [InlineData("yyyy-MM-dd")]
    [InlineData("dd HH:mm")]
    [InlineData("yyyy-MM-dd hh:mm:ss")]
    [InlineData("yyyy-MM-dd HH:mm 'open")]
    [InlineData("nonsense")]
    public void a_format_that_can_not(string format) => TimeReader.Fault(format).Should().NotBeNull();

    [Theory]
    [InlineData("90", 90.0)]
    [InlineData("-5", -5.0)]
    [InlineData("9.4", 9.4)]
    [InlineData("20.00", 20.0)]
    [InlineData("0:02:23", 143.0)]
    [InlineData("2:23", 143.0)]
    [InlineData("125:30", 7530.0)]
    [InlineData("00:00:09.400", 9.4)]
    [InlineData("100:00:00", 360000.0)]
    [InlineData("PT9S", 9.0)]
    [InlineData("PT3M25.6S", 205.6)]
    [InlineData("P1DT1H", 90000.0)]
    [InlineData("0:60:00", null)]
    [InlineData("3:5", null)]
    [InlineData("1,205", null)]
    [InlineData("1e3", null)]
    [InlineData("P", null)]
    [InlineData("PT", null)]
    [InlineData("99999999999", null)]
    [InlineData("", null)]
    public void a_duration_is_a_number_a_clock_or_iso_8601(string text, double? seconds) =>
        (Durations.Read(text)?.TotalSeconds).Should().Be(seconds);

    [Theory]
    [InlineData("12345", DurationUnit.Milliseconds, 12.345)]
    [InlineData("1.5", DurationUnit.Minutes, 90)]
    [InlineData("0:10", DurationUnit.Milliseconds, 10)]
    public void a_plain_number_counts_the_unit(string text, DurationUnit unit, double seconds) =>
        Durations.Read(text, unit)!.Value.TotalSeconds.Should().Be(seconds);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
