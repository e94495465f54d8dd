using CallCenter.Attendance.Months;
using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Shifts;

namespace CallCenter.Attendance.Tests.Months;

public sealed class MonthChargesTests
{
    private static readonly PolicyTerms Terms = PolicyTerms.Default with { ExemptShifts = ["DN"] };

    private static ShiftOfMonth Shift(int day, ShiftFigures figures, bool onLeave = false) =>
        new(Guid.CreateVersion7(), new(2026, 3, day), figures, onLeave);

    private static ShiftFigures Present(int late = 0, int offline = 0, int idle = 0, string code = "D8") =>
        new(code, null, null, ShiftPresence.Present, LateSeconds: late, OfflineSeconds: offline, IdleStretches: idle);

    private static MonthOfCharges Of(params ShiftOfMonth[] month) => MonthCharges.Of(_ => Terms, month);

    private static MonthOfCharges Late(string code, params double[] minutes) =>
        MonthCharges.Of(_ => Terms, minutes.Select((late, i) => Shift(i + 1, Present((int)(late * 60), code: code))));

    // AS-08
    [Theory]
    [InlineData(0, new[] { 9.0, 10 })]
    [InlineData(20, new[] { 9.0, 10, 1 })]
    [InlineData(20, new[] { 11.0 })]
    [InlineData(60, new[] { 5.0, 5, 5, 5, 15 })]
    [InlineData(20, new[] { 10.5, 3 })]
    [InlineData(20, new[] { 11.0, 5, 5 })] // a long one uses up none of those that are free
    public void two_short_latenesses_a_month_are_free_and_a_long_one_uses_none_of_them(int amount, double[] minutes) =>
        Late("D8", minutes).Amount.Should().Be(amount);

    // AS-08
    [Fact]
    public void a_shift_from_day_into_night_is_exempt_and_uses_nothing_up()
    {
        Late("DN", 9, 10, 11, 60).Amount.Should().Be(0);
        Of(Shift(1, Present(300, code: "DN")), Shift(2, Present(300)), Shift(3, Present(300))).Amount.Should().Be(0);
    }

    [Fact]
    public void the_first_days_of_the_month_use_up_what_is_free()
    {
        var charged = Of(Shift(9, Present(60)), Shift(2, Present(600)), Shift(5, Present(540)));

        charged.Charges.Select(c => (c.Date.Day, c.Amount)).Should().Equal((2, 0), (5, 0), (9, 20));
    }

    [Fact]
    public void what_is_let_pass_is_told_with_nothing() =>
        Late("D8", 9).Charges.Should().ContainSingle().Which.Should().Match<Charge>(c => c.Seconds == 540 && c.Amount == 0);

    // AS-11
    [Theory, InlineData(0, 0), InlineData(1, 200), InlineData(2, 400)]
    public void each_stretch_of_idle_is_charged(int stretches, int amount) =>
        Of(Shift(1, Present(idle: stretches))).Amount.Should().Be(amount);

    // AS-11
    [Fact]
    public void offline_on_shift_is_charged_once_a_shift_and_not_on_leave()
    {
        Of(Shift(1, new("D8", null, null, ShiftPresence.Absent, OfflineSeconds: 8 * 3600))).Amount.Should().Be(200);
        Of(Shift(1, new("D8", null, null, ShiftPresence.Excused), onLeave: true)).Amount.Should().Be(0);
    }

    [Fact]
    public void a_moment_without_a_connection_is_let_pass() =>
        Of(Shift(1, Present(offline: 300)), Shift(2, Present(offline: 301))).Amount.Should().Be(200);

    // P2
    [Fact]
    public void full_attendance_is_lost_by_absence_leave_and_a_lateness_that_is_charged()
    {
        Late("D8", 9, 10).FullAttendance.Should().BeTrue("both were free");
        Late("D8", 11).FullAttendance.Should().BeFalse();
        Of(Shift(1, new("D8", null, null, ShiftPresence.Absent))).FullAttendance.Should().BeFalse();
        Of(Shift(1, new("D8", null, null, ShiftPresence.Excused), onLeave: true)).FullAttendance.Should().BeFalse();
        MonthCharges.Of(_ => Terms with { FullAttendanceLostBy = [FullAttendanceLoss.AnyLateness] }, [Shift(1, Present(60))])
            .FullAttendance.Should().BeFalse("the project says so");
    }

    [Fact]
    public void nothing_is_charged_for_what_nobody_knows()
    {
        var charged = Of(Shift(1, new("D8", null, null, ShiftPresence.Unknown, OfflineSeconds: 7200, UnknownSeconds: 3600)));

        (charged.Amount, charged.FullAttendance, charged.UnknownShifts).Should().Be((0, null, 1));
    }

    [Fact]
    public void each_day_is_charged_by_what_held_on_it()
    {
        PolicyTerms On(DateOnly day) => day.Day < 3 ? Terms : Terms with { FreeLatenesses = 0, LatenessPenalty = 50 };

        var charged = MonthCharges.Of(On, [Shift(1, Present(60)), Shift(2, Present(60)), Shift(3, Present(60)), Shift(4, Present(60))]);
        charged.Charges.Select(c => c.Amount).Should().Equal(0, 0, 50, 50);
    }
}
