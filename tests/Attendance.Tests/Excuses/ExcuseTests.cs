using CallCenter.Attendance.Excuses;
using CallCenter.Rules;
using static CallCenter.Attendance.Excuses.ExcuseDecider;

namespace CallCenter.Attendance.Tests.Excuses;

public sealed class ExcuseTests
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid Supervisor = Guid.CreateVersion7();
    private static readonly AskExcuse Command = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Agent, ExcuseKind.Transport, Nine, Nine.AddMinutes(25), "Line 2 stood still.", Agent,
        Nine);
    private static readonly Excuse Asked = new Excuse().Evolve(Decide(Command, new Excuse())[0]);

    [Fact]
    public void the_same_request_again_changes_nothing_and_another_one_is_refused()
    {
        Decide(Command, Asked).Should().BeEmpty();
        Refusal(() => Decide(Command with { Evidence = "Other." }, Asked)).Should().Be("idempotency-key-reused");
    }

    [Fact]
    public void it_is_of_some_time_and_not_of_days()
    {
        Refusal(() => Decide(Command with { To = Nine }, new Excuse())).Should().Be("excuse-reversed");
        Refusal(() => Decide(Command with { To = Nine.AddHours(48).AddSeconds(1) }, new Excuse())).Should().Be("excuse-too-long");
    }

    [Fact]
    public void it_is_decided_once_and_by_somebody_else()
    {
        var granted = Asked.Evolve(Decide(new GrantExcuse(Paid: true, Supervisor, Nine), Asked)[0]);

        (granted.Status, granted.Paid, granted.DecidedBy).Should().Be((ExcuseStatus.Granted, true, Supervisor));
        Refusal(() => Decide(new RefuseExcuse("No.", Supervisor, Nine), granted)).Should().Be("excuse-closed");
        Refusal(() => Decide(new GrantExcuse(Paid: true, Agent, Nine), Asked)).Should().Be("own-excuse");
    }

    [Fact]
    public void one_that_counts_is_taken_back_and_one_that_was_refused_is_not()
    {
        var granted = Asked.Evolve(new ExcuseGranted(Paid: true, Supervisor, Nine));

        granted.Evolve(Decide(new WithdrawExcuse(Supervisor, Nine), granted)[0]).Should()
            .Match<Excuse>(e => e.Status == ExcuseStatus.Withdrawn && !e.Paid);
        Refusal(() => Decide(new WithdrawExcuse(Agent, Nine), Asked.Evolve(new ExcuseRefused("No.", Supervisor, Nine))))
            .Should().Be("excuse-closed");
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
