using CallCenter.Contracts.People;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.Rosters;
using CallCenter.Time;
using static CallCenter.Scheduling.Leaves.LeaveDecider;

namespace CallCenter.Scheduling.Tests.Leaves;

public sealed class LeaveRuleTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();

    private static readonly LeavePolicy Chain = new(
        15, [new(0, "supervisor", OwnTeam: true), new(1, "project-manager", Post: "director"), new(5, "operations-manager")]);

    /// <summary>1: supervisor; 2 and 5: director too; 6 and 15: company manager too; 16: refused.</summary>
    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 2)]
    [InlineData(6, 3)]
    [InlineData(15, 3)]
    public void the_length_says_who_approves(double days, int steps) => Chain.StepsFor((decimal)days).Should().HaveCount(steps);

    [Fact]
    public void leave_of_sixteen_days_is_refused()
    {
        Refusal(Case(Asked(0, 14))).Should().BeNull();
        Refusal(Case(Asked(0, 15))).Should().Be("leave-too-long");
    }

    [Fact]
    public void a_step_is_of_the_own_supervisor_or_of_who_is_in_the_post()
    {
        var state = new Leave().Evolve(Decide(Request(), new()).Single());
        var own = new Approver(Guid.CreateVersion7(), Roles("supervisor"), Roles(), IsOfTheTeam: true);
        var director = new Approver(Guid.CreateVersion7(), Roles("project-manager"), Roles("director"), IsOfTheTeam: false);

        Code(own with { IsOfTheTeam = false }).Should().Be("approval-of-another-person");
        Code(director).Should().Be("approval-of-another-role");
        Code(own with { Id = Agent }).Should().Be("own-leave");
        Decide(Approve(own), state).Should().ContainSingle().Which.Should().BeOfType<LeaveApproved>().Which.Final.Should().BeFalse();

        state = state.Evolve(Decide(Approve(own), state).Single());
        Code(own with { Roles = Roles("supervisor", "project-manager"), Posts = Roles("director") }).Should().Be("approved-already");
        Code(director with { Posts = Roles("clerk") }).Should().Be("approval-of-another-person");
        Decide(Approve(director), state).Should().ContainSingle().Which.Should().BeOfType<LeaveApproved>().Which.Final.Should().BeTrue();

        ApproveLeave Approve(Approver approver) => new(Chain.StepsFor(2), null, approver, Now);
        string Code(Approver approver) =>
            FluentActions.Invoking(() => Decide(Approve(approver), state)).Should().Throw<RefusedException>().Which.Code;
        static HashSet<string> Roles(params string[] roles) => [.. roles];
    }

    [Fact]
    public void places_go_in_the_order_of_request()
    {
        var policy = Policy(new() { Limits = [new(Most: 1)] });
        Leave[] asked =
        [
            .. Enumerable.Range(0, 3).Select(n => Asked(0, 0) with { AgentId = Guid.CreateVersion7(), RequestedAt = Now.AddHours(n) }),
        ];
        var approved = asked[2] with { Status = LeaveStatus.Approved };

        asked.Select(leave => Place(leave, asked)).Should().Equal(0, 1, 2);
        new[] { asked[0], asked[1] }.Select(leave => Place(leave, [asked[0], asked[1], approved])).Should().Equal(1, 2);
        Place(asked[1], [asked[0] with { Status = LeaveStatus.Withdrawn }, asked[1]]).Should().Be(0, "the place before is free");
        Place(asked[1] with { Kind = LeaveKind.Sick }, [approved]).Should().Be(0, "sickness waits for nobody");
        Place(asked[1], [approved with { Kind = LeaveKind.Sick }]).Should().Be(0, "and takes nobody's place");
        Place(asked[1] with { AgentId = approved.AgentId }, [approved]).Should().Be(0, "nobody takes two places");

        int Place(Leave leave, IReadOnlyList<Leave> others) =>
            LeaveRoom.Reached(LeaveRoom.Met(leave, [.. others.Where(o => o.Id != leave.Id)], policy))?.Place ?? 0;
    }

    [Fact]
    public void a_limit_of_hours_meets_leave_that_touches_them()
    {
        var policy = Policy(new()
        {
            Limits =
            [
                new(Most: 1, From: new(9, 0), To: new(11, 0)), new(Most: 0, [DayOfWeek.Friday]), new(Most: 0, FirstDay: Monday.AddDays(7)),
            ],
        });
        var away = Asked(0, 0) with { AgentId = Guid.CreateVersion7(), Status = LeaveStatus.Approved };

        Reached(Asked(0, 0) with { Part = new(new(10, 0), new(12, 0), 0.25m) }).Should().BeTrue();
        Reached(Asked(0, 0) with { Part = new(new(11, 0), new(0, 0), 0.5m) }).Should().BeFalse();
        Reached(Asked(0, 0)).Should().BeTrue();
        Reached(Asked(1, 1)).Should().BeFalse();
        Reached(Asked(1, 4)).Should().BeTrue("its last day is a Friday");
        Reached(Asked(7, 7)).Should().BeTrue("nobody is on leave from that day on");

        bool Reached(Leave leave) => LeaveRoom.Reached(LeaveRoom.Met(leave, [away], policy)) is not null;
    }

    [Fact]
    public void sickness_takes_effect_at_once_and_other_leave_where_the_project_says_so()
    {
        Case(Asked(0, 0) with { Kind = LeaveKind.Sick }).DecidedBecause.Should().Be("sickness-reported");
        Case(Asked(0, 0) with { Kind = LeaveKind.Sick }, new(SickAtOnce: false)).DecidedBecause.Should().BeNull();
        Case(Asked(0, 0)).DecidedBecause.Should().BeNull();
        var automatic = new LeavePolicy(Automatic: new([LeaveKind.Annual], 2), Limits: [new(Most: 1)]);
        Case(Asked(0, 1), automatic).DecidedBecause.Should().Be("within-limits");
        Case(Asked(0, 2), automatic).DecidedBecause.Should().BeNull();
        Case(Asked(0, 1), automatic, Asked(1, 1) with { AgentId = Guid.CreateVersion7(), Status = LeaveStatus.Approved }).DecidedBecause
            .Should().BeNull("it waits");

        var decided = Decide(Request() with { DecidedBecause = "sickness-reported" }, new());
        decided.Aggregate(new Leave(), (state, e) => state.Evolve(e)).Status.Should().Be(LeaveStatus.Approved);
    }

    // Today is the first of March, eight days before that Monday.
    [Theory]
    [InlineData(LeaveKind.Annual, -8, null)]
    [InlineData(LeaveKind.Annual, -9, "leave-over")]
    [InlineData(LeaveKind.Unpaid, -9, "leave-over")]
    [InlineData(LeaveKind.Other, -9, "leave-over")]
    [InlineData(LeaveKind.Sick, -11, null)]
    [InlineData(LeaveKind.Sick, -12, "leave-over")]
    public void agents_ask_for_no_days_that_are_over_but_report_sickness_some_days_afterwards(LeaveKind kind, int first, string? rule) =>
        Refusal(Case(Asked(first, 0) with { Kind = kind })).Should().Be(rule);

    [Theory]
    [InlineData(LeaveKind.Annual)]
    [InlineData(LeaveKind.Sick)]
    public void others_enter_days_that_are_over_whatever_the_notice_and_say_why(LeaveKind kind)
    {
        var known = Case(Asked(-60, -60) with { Kind = kind }, new(NoticeDays: 5));
        Refusal(known, by: Guid.CreateVersion7()).Should().Be("reason-missing");
        Refusal(known, by: Guid.CreateVersion7(), reason: "Told by telephone").Should().BeNull();
        Refusal(known, reason: "I forgot").Should().Be("leave-over", "nobody enters their own");
    }

    [Fact]
    public void no_policy_decides_of_days_that_are_over_but_sickness()
    {
        var policy = new LeavePolicy(Automatic: new([LeaveKind.Annual], 30));
        Case(Asked(-8, -8), policy).DecidedBecause.Should().Be("within-limits");
        Case(Asked(-9, -8), policy).DecidedBecause.Should().BeNull();
        Case(Asked(-9, -8) with { Kind = LeaveKind.Sick }, policy).DecidedBecause.Should().Be("sickness-reported");
    }

    [Fact]
    public void the_rule_in_the_way_is_named()
    {
        Refusal(Case(Asked(0, 0), new(NoticeDays: 9))).Should().Be("notice-too-short");
        Refusal(Case(Asked(0, 0), new(NoticeDays: 8))).Should().BeNull();
        Refusal(Case(Asked(0, 0) with { Kind = LeaveKind.Sick }, new(NoticeDays: 9))).Should().BeNull();
        Refusal(Case(Asked(0, 0), new(Waits: false, Limits: [new(0)]))).Should().Be("leave-limit");
        Refusal(Case(Asked(0, 0), new(Limits: [new(0)]))).Should().BeNull("it waits");
        Refusal(Case(Asked(0, 0)) with { Own = [Asked(-1, 0)] }).Should().Be("leave-overlaps");

        var half = Asked(0, 0) with { Part = new(new(0, 0), new(12, 0), 0.5m) };
        Refusal(Case(half) with { Own = [half with { Part = new(new(12, 0), new(0, 0), 0.5m) }] }).Should().BeNull("two halves make a day");
        Refusal(Case(half) with { Own = [half with { Part = new(new(11, 45), new(13, 0), 0.2m) }] }).Should().Be("leave-overlaps");

        var booked = Case(half) with
        {
            Booking = new(new([.. Enum.GetValues<DayOfWeek>()])),
            Account = new Account().Evolve(new YearEntitled(Agent, 2026, new(1), Agent, Now)),
        };
        booked.Left.Should().Be(0.5m);
        Refusal(booked).Should().BeNull();
        Refusal(booked with { Own = [Asked(3, 3)] }).Should().Be("leave-balance");
    }

    [Fact]
    public void half_days_and_hours_are_read_where_a_project_has_them()
    {
        Read(DayHalf.Morning, null, null).Should().Be(new LeavePart(new(0, 0), new(12, 0), 0.5m));
        Read(DayHalf.Afternoon, null, null, new(HalfDayAt: new(13, 30))).Should().Be(new LeavePart(new(13, 30), new(0, 0), 0.5m));
        Read(null, new(14, 0), new(16, 0)).Should().Be(new LeavePart(new(14, 0), new(16, 0), 0.25m));
        Read(null, new(6, 0), new(0, 0))!.Days.Should().Be(1, "no more than the day");
        Read(null, null, null).Should().BeNull();

        Wrong(DayHalf.Morning, new(14, 0), null).Should().Be("time-unclear");
        Wrong(null, new(14, 0), null).Should().Be("time-unclear");
        Wrong(null, new(14, 0), new(14, 0)).Should().Be("times-reversed");
        Wrong(null, new(14, 5), new(15, 0)).Should().Be("not-a-quarter");
        Wrong(null, new(14, 0), new(15, 0), new(Hours: false)).Should().Be("part-day-not-offered");
        FluentActions.Invoking(() => PartReading.Read(Monday, Monday, DayHalf.Morning, null, null, null))
            .Should().Throw<InvalidException>();
        FluentActions.Invoking(() => PartReading.Read(Monday, Monday.AddDays(1), DayHalf.Morning, null, null, new()))
            .Should().Throw<InvalidException>().Which.Errors[0].Code.Should().Be("part-of-one-day");

        static LeavePart? Read(DayHalf? half, TimeOnly? from, TimeOnly? to, PartDays? offered = null) =>
            PartReading.Read(Monday, Monday, half, from, to, offered ?? new());
        static string Wrong(DayHalf? half, TimeOnly? from, TimeOnly? to, PartDays? offered = null) =>
            FluentActions.Invoking(() => Read(half, from, to, offered)).Should().Throw<InvalidException>().Which.Errors[0].Code;
    }

    [Fact]
    public void hours_of_leave_are_a_break_of_the_shift_and_a_day_of_it_frees_it()
    {
        var calendar = LocalCalendar.Of("UTC");
        var shift = new RosterShift(Monday, "D", ShiftKind.Day, At(8), At(16),
            [new("meal", At(12), At(12.5), false), new("break", At(14.5), At(14.75), true)]);

        Left(new(new(14, 0), new(0, 0), 0.5m), paid: true)!.Breaks.Should().Equal(
            new RosterBreak("meal", At(12), At(12.5), false), new RosterBreak("leave", At(14), At(16), true));
        Left(new(new(14, 0), new(0, 0), 0.5m), paid: true)!.PaidHours.Should().Be(7.5m, "paid leave is paid");
        Left(new(new(14, 0), new(0, 0), 0.5m), paid: false)!.PaidHours.Should().Be(5.5m);
        Left(new(new(12, 15), new(14, 30), 0.25m), paid: true)!.Breaks.Should().Equal(new RosterBreak("meal", At(12), At(12.25), false),
            new RosterBreak("leave", At(12.25), At(14.5), true), new RosterBreak("break", At(14.5), At(14.75), true));
        Left(new(new(16, 0), new(0, 0), 0.25m), paid: true).Should().BeSameAs(shift);
        Left(new(new(0, 0), new(0, 0), 1), paid: true).Should().BeNull("nothing is left to work");
        Left(null, paid: true).Should().BeNull();

        RosterShift? Left(LeavePart? part, bool paid) => shift.Without(Asked(0, 0) with { Part = part, Paid = paid }, calendar);
        static DateTimeOffset At(double hour) => new DateTimeOffset(Monday, TimeOnly.MinValue, TimeSpan.Zero).AddHours(hour);
    }

    [Fact]
    public void a_policy_holds_from_its_day_and_a_mistake_is_taken_back()
    {
        var state = new LeavePolicies();
        var set = new SetLeavePolicy(Project, Monday, Chain, Agent, Now);
        state = state.Evolve(LeavePolicyDecider.Decide(set, state).Single());

        LeavePolicyDecider.Decide(set with { Policy = Chain with { Steps = [.. Chain.Steps!] } }, state).Should().BeEmpty("it says the same");
        new DatedLeavePolicy(state.Entries, new()).On(Monday.AddDays(-1)).MaxDays.Should().Be(366);
        new DatedLeavePolicy(state.Entries, new()).On(Monday).MaxDays.Should().Be(15);
        state = state.Evolve(LeavePolicyDecider.Decide(new TakeBackLeavePolicy(Monday, Agent, Now), state).Single());
        state.Entries.Should().BeEmpty();

        FluentActions.Invoking(() => LeavePolicyDecider.Decide(set with
        {
            Policy = new(Steps: [new(0, "trainer")], Limits: [new(1, From: new(9, 0)), new(1, From: new(9, 0), To: new(9, 0)), new(1, [])]),
        }, state)).Should().Throw<InvalidException>().Which.Errors.Select(e => e.Code)
            .Should().Equal("role-unknown", "time-unclear", "times-reversed", "no-day");
    }

    private static Leave Asked(int first, int last) => new()
    {
        Id = Guid.CreateVersion7(), ProjectId = Project, AgentId = Agent, FirstDay = Monday.AddDays(first), LastDay = Monday.AddDays(last),
        Kind = LeaveKind.Annual, Paid = true, Status = LeaveStatus.Requested, RequestedAt = Now,
    };

    private static RequestLeave Request() =>
        new(Guid.CreateVersion7(), Project, Agent, Monday, Monday.AddDays(1), LeaveKind.Annual, true, Agent, Now);

    private static DatedLeavePolicy Policy(LeavePolicy policy) => new([], policy);

    private static LeaveCase Case(Leave asked, LeavePolicy? policy = null, params Leave[] others) => new(
        asked, new(Agent, 1, "A1", "A", new(2020, 1, 1), null, "junior", [], [Project], [], 40, "UTC"), Policy(policy ?? Chain), [], others,
        new(), new(), new(2026, 3, 1));

    private static string? Refusal(LeaveCase known, Guid? by = null, string? reason = null)
    {
        try
        {
            known.MustBeAllowed(by ?? known.Asked.AgentId, reason, _ => null);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Code;
        }
        catch (InvalidException invalid)
        {
            return invalid.Errors[0].Code;
        }
    }
}
