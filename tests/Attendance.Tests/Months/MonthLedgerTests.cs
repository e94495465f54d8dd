using CallCenter.Attendance.Months;
using CallCenter.Attendance.Shifts;

namespace CallCenter.Attendance.Tests.Months;

public sealed class MonthLedgerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 17, 0, 0, TimeSpan.Zero);

    private static ShiftFigures Shift(ShiftPresence presence = ShiftPresence.Present, int hours = 8) =>
        new("D8", Now.AddHours(-hours), Now, presence, LateSeconds: 0, EarlySeconds: 0);

    private static MonthLedger Of(params ShiftFigures[] shifts) => MonthLedger.Of(shifts, Now);

    [Fact]
    public void a_month_has_the_sums_of_its_shifts()
    {
        var month = Of(
            Shift() with
            {
                LateSeconds = 60, EarlySeconds = 1, OfflineSeconds = 2, IdleSeconds = 7200, UnknownSeconds = 3, PayableSeconds = 10,
            },
            Shift() with
            {
                LateSeconds = 30, EarlySeconds = 5, OfflineSeconds = 6, IdleSeconds = 7300, UnknownSeconds = 7, PayableSeconds = 20,
            });

        month.Should().Be(new MonthLedger(2, 0, 2, 90, 6, 8, 14_500, 10, 30, 0, null, null));
    }

    [Fact]
    public void ratios_are_of_sums_so_that_a_short_shift_weighs_little()
    {
        var month = Of(
            Shift() with { DueSeconds = 300, AdherentSeconds = 300, WorkSeconds = 100, ProductiveSeconds = 100 },
            Shift() with { DueSeconds = 100, AdherentSeconds = 0, WorkSeconds = 300, ProductiveSeconds = 0 });

        (month.Adherence, month.Conformance).Should().Be((0.75m, 0.25m));
    }

    [Fact]
    public void what_nobody_knows_is_counted_beside_the_sums_and_is_nobodys_absence()
    {
        var month = Of(Shift(ShiftPresence.Absent), Shift(ShiftPresence.Unknown) with { UnknownSeconds = 5, PayableSeconds = null },
            Shift() with { LateSeconds = null, PayableSeconds = null });

        (month.AbsentShifts, month.UnknownShifts, month.UnpaidKnown, month.UnknownSeconds).Should().Be((1, 2, 2, 5));
    }

    [Fact]
    public void time_to_pay_of_a_shift_that_goes_on_is_not_said_to_be_unknown() =>
        Of(Shift() with { EndsAt = Now.AddHours(1), PayableSeconds = null }).UnpaidKnown.Should().Be(0);

    [Fact]
    public void days_off_and_shifts_to_come_are_in_no_month_so_far() =>
        Of(Shift(ShiftPresence.Off), Shift(ShiftPresence.Upcoming)).Shifts.Should().Be(0);
}
