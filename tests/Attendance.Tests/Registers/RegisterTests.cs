using CallCenter.Attendance.Registers;
using CallCenter.Rules;
using static CallCenter.Attendance.Registers.CorrectionDecider;
using static CallCenter.Attendance.Registers.RegisterDecider;

namespace CallCenter.Attendance.Tests.Registers;

public sealed class RegisterTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid Manager = Guid.CreateVersion7();
    private static readonly CloseRegister Command = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), new(2026, 3, 1), 1, [new(Agent, 20, 1, 600, 7200, 20, FullAttendance: false, 0)],
        Manager, Now);
    private static readonly MonthRegister Closed = new MonthRegister().Evolve(Decide(Command, new MonthRegister())[0]);

    private static CorrectRegister Correction(long seconds = 1800, decimal charged = -20, Guid? agent = null) =>
        new(Guid.CreateVersion7(), agent ?? Agent, seconds, charged, "The gate was broken.", Manager, Now);

    [Fact]
    public void a_month_is_closed_once() => Refusal(() => Decide(Command, Closed)).Should().Be("register-closed");

    [Fact]
    public void it_is_signed_once_and_by_somebody_else()
    {
        Refusal(() => Decide(new SignRegister(Manager, Now), Closed)).Should().Be("own-register");
        var signed = Closed.Evolve(Decide(new SignRegister(Guid.CreateVersion7(), Now), Closed)[0]);
        Refusal(() => Decide(new SignRegister(Guid.CreateVersion7(), Now), signed)).Should().Be("register-signed");
    }

    [Fact]
    public void corrections_add_up_beside_rows_that_never_change()
    {
        var corrections = new[] { Correction(), Correction(-600, 0) }
            .Select(c => new RegisterCorrection().Evolve(Decide(c, Closed, new RegisterCorrection())[0])).ToList();

        Closed.With(corrections).Should().Equal(Closed.Rows[0] with { PayableSeconds = 8400, Charged = 0 });
        Closed.Rows[0].PayableSeconds.Should().Be(7200);
    }

    [Fact]
    public void a_correction_is_of_a_row_and_of_something_and_made_once()
    {
        Refusal(() => Decide(Correction(agent: Guid.CreateVersion7()), Closed, new RegisterCorrection())).Should().Be("not-in-register");
        Refusal(() => Decide(Correction(0, 0), Closed, new RegisterCorrection())).Should().Be("correction-of-nothing");
        var command = Correction();
        var made = new RegisterCorrection().Evolve(Decide(command, Closed, new RegisterCorrection())[0]);
        Decide(command, Closed, made).Should().BeEmpty();
        Refusal(() => Decide(command with { Charged = 5 }, Closed, made)).Should().Be("idempotency-key-reused");
    }

    private static string Refusal(Func<object[]> decide)
    {
        try
        {
            decide();
            return "";
        }
        catch (RefusedException e)
        {
            return e.Code;
        }
        catch (InvalidException e)
        {
            return e.Errors[0].Code;
        }
    }
}
