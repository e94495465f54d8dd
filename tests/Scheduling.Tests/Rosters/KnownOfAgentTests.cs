using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.Terms;
using CallCenter.Scheduling.Wishes;
using CallCenter.Time;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class KnownOfAgentTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly RosterFrame Week = new(LocalCalendar.Of("Asia/Shanghai"), Monday, 7);
    private static readonly Guid Agent = Guid.CreateVersion7();

    [Fact]
    public void outside_the_windows_nobody_works_and_a_window_may_go_over_midnight()
    {
        var closed = With(new(Availability: [new(DayOfWeek.Monday, new(8, 0), new(16, 0)), new(DayOfWeek.Tuesday, new(22, 0), new(6, 0)),
            new(DayOfWeek.Wednesday, new(14, 0), new(0, 0))])).Closed(Week, null).Select(b => (b.From / 60.0, b.To / 60.0, b.Rule));

        closed.Should().Equal(
            (0, 8, "outside-availability"), (16, 46, "outside-availability"), (54, 62, "outside-availability"),
            (72, 176, "outside-availability"), (184, 192, "outside-availability"));
    }

    [Fact]
    public void terms_that_begin_within_the_roster_hold_from_their_day_on()
    {
        var known = KnownOfAgent.Of(Agent, Standing(
            (Monday.AddDays(-30), new(RestOn: [DayOfWeek.Tuesday])), (Monday.AddDays(-10), new(RestOn: [DayOfWeek.Monday])),
            (Monday.AddDays(3), new(RestOn: [DayOfWeek.Sunday])), (Monday.AddDays(7), new(NightExempt: true))), [], 0, Week);

        known.Terms.Should().HaveCount(2, "what is over and what is to come later does not concern these days");
        known.Closed(Week, null).Select(b => (b.From / 1440, b.Rule)).Should().Equal((0, "fixed-rest-day"), (6, "fixed-rest-day"));
        known.Closed(Week, [DayOfWeek.Friday]).Select(b => b.From / 1440).Should().Equal([4], "a request goes before what stands");
    }

    [Fact]
    public void who_does_no_nights_works_no_minute_between_midnight_and_five()
    {
        var known = With(new(NightExempt: true));

        var agent = new RosterAgent(Agent, ["billing"], 2400, [.. known.Closed(Week, null)], [], [], CarryOver.None);
        Breaks(22, 30).Should().Contain("night-exempt");
        Breaks(16, 24).Should().BeEmpty("it ends at midnight");
        Breaks(5, 13).Should().BeEmpty();
        Breaks(4, 12).Should().Contain("night-exempt");
        Breaks(6 * 24 + 20, 6 * 24 + 28).Should().Contain("night-exempt", "the last night ends after the roster");

        IEnumerable<string> Breaks(int from, int to) => RosterChecker.Check(
            Problem(agent), agent, [new(Agent, new("X", from / 24, from * 60, to * 60, ShiftKind.Day, []), [])]).Select(v => v.Rule);
    }

    [Fact]
    public void a_day_off_is_rest_also_where_the_agent_could_not_have_worked_all_of_it()
    {
        var known = With(new(NightExempt: true, Availability: [.. Enum.GetValues<DayOfWeek>()
            .Select(d => new AvailabilityWindow(d, new(8, 0), new(18, 0)))]));
        var agent = new RosterAgent(
            Agent, ["billing"], 2400, [.. known.Closed(Week, null)], [], [], CarryOver.None, RestDays: new RestDays(2, 2));

        RosterChecker.Check(Problem(agent), agent, [.. Enumerable.Range(0, 5).Select(Shift)]).Should().BeEmpty();
        RosterChecker.Check(Problem(agent), agent, [.. Enumerable.Range(0, 6).Select(Shift)]).Select(v => v.Rule)
            .Should().Contain("too-few-rest-days");
        RosterSearch.Solve(Problem(agent), new SearchLimits(TimeSpan.FromSeconds(20), MaxRounds: 5), null, default).Assignments
            .Should().HaveCount(5);

        static Assignment Shift(int day) => new(Agent, Nine(day), []);
    }

    [Fact]
    public void a_wish_for_a_kind_of_shift_is_met_by_each_of_them_and_what_no_choice_avoids_is_no_cost()
    {
        var shifts = new[] { Early(0, "E1"), Early(0, "E2"), Nine(0) }.ToLookup(s => s.Day);
        var wishes = new KnownOfAgent(Agent, [], [new(Monday, Kind: ShiftKind.Early, Weight: 10)], []).Likes(Week, shifts).ToList();
        var preferred = With(new(Preferred: [new(ShiftKind.Early, Weight: 3)])).Likes(Week, shifts).ToList();

        Costs(wishes).Should().Equal(("E1", 0), ("E2", 0), ("D-0900", 10), ("off", 10));
        Costs(preferred).Should().Equal([("E1", 0), ("E2", 0), ("D-0900", 3), ("off", 0)], "whom a day off suits loses nothing");

        IEnumerable<(string, double)> Costs(List<DayPreference> likes) => shifts[0].Select(s => (string?)s.Code).Append(null)
            .Select(chosen => (chosen ?? "off", likes.Where(l => !l.Shifts.Contains(chosen)).Sum(l => l.Weight)));
    }

    [Fact]
    public void wishes_for_a_template_mean_all_its_starts()
    {
        var shifts = new[] { Nine(0), Early(0, "D") , Early(0, "DX-0900") }.ToLookup(s => s.Day);

        new KnownOfAgent(Agent, [], [new(Monday, "D")], []).Likes(Week, shifts).SelectMany(l => l.Shifts).Should().Equal("D-0900", "D");
        new KnownOfAgent(Agent, [], [new(Monday, "D-0900")], []).Likes(Week, shifts).SelectMany(l => l.Shifts).Should().Equal("D-0900");
    }

    [Theory]
    [InlineData(5, 3, 9, "too-many-days-a-week")]
    [InlineData(7, 2, 9, "too-many-days-in-row")]
    [InlineData(7, 6, 2, "too-many-of-kind")]
    [InlineData(6, 6, 6, null)]
    public void limits_of_ones_own_are_named(int daysAWeek, int inRow, int nights, string? broken)
    {
        var own = new PersonalLimits(null, daysAWeek, inRow, nights).Within(new RosterRules { MaxDaysInRow = 28, MaxDaysOff = 9 })!;
        var agent = new RosterAgent(Agent, ["billing"], 9000, [], [], [], CarryOver.None, Rules: own);
        int[] days = broken == "too-many-days-a-week" ? [0, 1, 2, 4, 5, 6] : [0, 1, 2, 3, 4, 5];

        RosterChecker.Check(Problem(agent), agent,
                [.. days.Select(day => new Assignment(Agent, Nine(day) with { Kind = ShiftKind.Night }, []))])
            .Select(v => v.Rule).Distinct().Should().Equal(broken is null ? [] : [broken]);
        own.MaxDaysOff.Should().Be(9, "what is everybody's holds as well");
    }

    [Fact]
    public void a_limit_of_ones_own_counts_only_where_it_is_stricter_than_the_projects()
    {
        var project = new RosterRules
        {
            MaxDaysInRow = 4,
            MaxDaysAWeek = 5,
            MaxOfKind = [new(ShiftKind.Night, 3), new(ShiftKind.Early, 6)],
        };

        new PersonalLimits(MaxHours: 90, MaxDaysAWeek: 6, MaxDaysInRow: 5, MaxNights: 4).Within(project).Should().BeNull();
        var own = new PersonalLimits(MaxDaysInRow: 3, MaxNights: 2).Within(project)!;
        (own.MaxDaysInRow, own.MaxDaysAWeek).Should().Be((3, 5));
        own.MaxOfKind!.Value.Should().BeEquivalentTo(new KindLimit[] { new(ShiftKind.Night, 2), new(ShiftKind.Early, 6) });
    }

    private static ShiftOption Nine(int day) => new("D-0900", day, day * 1440 + 540, day * 1440 + 1020, ShiftKind.Day, []);

    private static ShiftOption Early(int day, string code) => new(code, day, day * 1440 + 360, day * 1440 + 840, ShiftKind.Early, []);

    private static RosterProblem Problem(RosterAgent agent) => new(
        Week.DayStarts, 0, 15, [agent], [.. Enumerable.Range(0, 7).Select(Nine)], [new SkillDemand("billing", [])],
        new RosterRules { MaxDaysInRow = 28 }, new RosterWeights());

    private static KnownOfAgent With(PersonalTerms terms) => new(Agent, [new(Monday, terms, default)], [], []);

    private static StandingTerms Standing(params (DateOnly From, PersonalTerms Terms)[] entries) => entries.Aggregate(
        new StandingTerms(), (state, e) => state.Evolve(new StandingTermsSet(Agent, e.From, e.Terms, Guid.Empty, default)));
}
