using CallCenter.Attendance.Months;
using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Time;

namespace CallCenter.Attendance.Tests.Months;

/// <summary>What customers who wait in chats cost an agent's month: policies P3 to P5.</summary>
public sealed class ReplyTests
{
    private static readonly Guid Agent = Guid.CreateVersion7(), Chat = Guid.CreateVersion7();
    private static readonly LocalCalendar Shanghai = LocalCalendar.Of("Asia/Shanghai");
    private static readonly DateTimeOffset Nine = new(2026, 3, 9, 9, 0, 0, TimeSpan.FromHours(8));

    // P3
    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 50)]
    [InlineData(9, 50)]
    public void the_fourth_slow_reply_of_a_month_is_charged_and_the_month_once(int slow, int amount) =>
        Of([.. Enumerable.Range(1, slow).Select(day => Wait(day, 121))]).Amount.Should().Be(amount);

    [Fact]
    public void two_minutes_are_not_slow_and_what_nobody_replied_to_is_no_slow_reply()
    {
        Of(Enumerable.Range(1, 9).Select(day => Wait(day, 120))).Charges.Should().BeEmpty();
        Of(Enumerable.Range(1, 9).Select(day => Wait(day, 121, replied: false))).Charges.Should().BeEmpty();
    }

    // P4
    [Theory]
    [InlineData(1800, 0, 0)]
    [InlineData(1801, 100, 100)]
    [InlineData(7199, 100, 100)]
    [InlineData(7200, 200, 300)]
    [InlineData(14399, 200, 300)]
    [InlineData(14400, 400, 500)]
    public void no_reply_is_charged_by_whole_blocks_in_place_of_the_penalty_or_on_top(int seconds, int amount, int onTop)
    {
        Of([Wait(1, seconds, replied: false)]).Amount.Should().Be(amount);
        Of([Wait(1, seconds, replied: false)], new() { OnTop = true }).Amount.Should().Be(onTop);
    }

    // P5
    [Fact]
    public void idle_and_no_reply_in_one_shift_are_both_charged_and_to_be_reviewed()
    {
        ShiftOfMonth[] shifts = [Idle(9), Idle(10)];

        var charged = MonthCharges.Of(_ => PolicyTerms.Default, shifts, [Wait(9, 3600, replied: false)]);

        charged.Amount.Should().Be(500);
        charged.Charges.Where(c => c.Review).Select(c => (c.Date.Day, c.Kind)).Should()
            .Equal((9, ChargeKind.Idle), (9, ChargeKind.NoReply));
    }

    [Fact]
    public void a_wait_counts_while_the_agent_is_online_on_shift_or_not_and_is_unknown_without_states()
    {
        ChatV1 chat = new(Chat, 1, Guid.CreateVersion7(), Guid.CreateVersion7(), Nine, Nine, null, null,
            [
                new(Nine, Nine.AddHours(1), null, Agent), new(Nine.AddHours(2), null, Nine.AddHours(3), Agent),
                new(Nine, null, null, Guid.CreateVersion7()),
            ]);
        AgentDayV1 day = new(Guid.CreateVersion7(), 1, Agent, chat.ProjectId, new(2026, 3, 9),
        [
            new("ready", Nine.AddHours(-1), Nine.AddMinutes(10)), new("offline", Nine.AddMinutes(10), Nine.AddMinutes(40)),
            new("busy", Nine.AddMinutes(40), Nine.AddMinutes(90)),
        ]);

        Waits(day).Select(w => (w.IsReplied, w.OnlineSeconds)).Should().Equal((true, 1800), (false, 0));
        Waits().Should().HaveCount(2).And.OnlyContain(w => w.OnlineSeconds == null);
        Of(Waits()).Should().Match<MonthOfCharges>(month => month.Amount == 0 && month.UnknownWaits == 2);

        IReadOnlyList<ReplyWait> Waits(params AgentDayV1[] states) =>
            ReplyWait.Of(Agent, [chat], states, Shanghai, new(2026, 3, 1), new(2026, 3, 31), Nine.AddDays(1));
    }

    private static ShiftOfMonth Idle(int day) =>
        new(Guid.CreateVersion7(), new(2026, 3, day), new("D", null, null, ShiftPresence.Present, LateSeconds: 0, IdleStretches: 1), false);

    private static ReplyWait Wait(int day, int seconds, bool replied = true) =>
        new(Chat, Nine.AddDays(day - 9), new(2026, 3, day), replied, seconds);

    private static MonthOfCharges Of(IEnumerable<ReplyWait> waits, ReplyTerms? replies = null) =>
        MonthCharges.Of(_ => PolicyTerms.Default with { Replies = replies }, [], [.. waits]);
}
