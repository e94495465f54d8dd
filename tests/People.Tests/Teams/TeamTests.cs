using CallCenter.People.Employees;
using CallCenter.People.Teams;
using CallCenter.Testing;
using static CallCenter.People.Teams.TeamDecider;
using Span = CallCenter.People.Teams.Span;

namespace CallCenter.People.Tests.Teams;

public class TeamTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Ann = Guid.CreateVersion7();
    private static readonly Guid Bo = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly DateOnly Today = new(2026, 3, 2);

    private static TeamFormed Formed => new(Id, Project, "Billing 1", SupervisorId: null, Now);

    [Fact]
    public void forming_twice_changes_nothing() =>
        Given(Formed)
            .When(state => Decide(new FormTeam(Id, Project, "Billing 1", SupervisorId: null, Now), state))
            .ThenNothing();

    [Fact]
    public void another_team_cannot_take_its_id() =>
        Given(Formed)
            .When(state => Decide(new FormTeam(Id, Project, "Billing 2", SupervisorId: null, Now), state))
            .ThenRefused("team-exists");

    [Fact]
    public void only_real_moves_are_written_down() =>
        Given(Formed, new MembersMoved([Ann], [], Now))
            .When(state => Decide(new MoveMembers([Ann, Bo], [Guid.Empty], Now), state))
            .Then(new MembersMoved([Bo], [], Now));

    [Fact]
    public void a_move_that_has_been_made_changes_nothing() =>
        Given(Formed, new MembersMoved([Ann], [], Now))
            .When(state => Decide(new MoveMembers([Ann], [Bo], Now), state))
            .ThenNothing();

    [Fact]
    public void a_team_with_members_is_not_dissolved() =>
        Given(Formed, new MembersMoved([Ann], [], Now))
            .When(state => Decide(new DissolveTeam(Now), state))
            .ThenRefused("team-has-members");

    [Fact]
    public void nobody_joins_a_dissolved_team() =>
        Given(Formed, new TeamDissolved(Now))
            .When(state => Decide(new MoveMembers([Ann], [], Now), state))
            .ThenRefused("team-dissolved");

    [Fact]
    public void a_supervisor_takes_over_today_unless_another_day_is_said() =>
        Given(Formed)
            .When(state => Decide(new ChangeTeam("Billing 1", Ann, From: null, Today, Now), state))
            .Then(new SupervisorAppointed(Ann, Now, Today));

    [Fact]
    public void a_supervisor_to_come_is_on_record_and_takes_over_on_the_day()
    {
        object[] events = [Formed, new SupervisorAppointed(Bo, Now), new SupervisorDated(Ann, new(2026, 4, 1), Now)];

        Given(events[..2]).When(state => Decide(new ChangeTeam("Billing 1", Ann, new(2026, 4, 1), Today, Now), state)).Then(events[2]);
        Given(events).When(state => Decide(new BringTeamUpToDate(new(2026, 3, 31), Now), state)).ThenNothing();
        Given(events).When(state => Decide(new BringTeamUpToDate(new(2026, 4, 2), Now), state))
            .Then(new SupervisorAppointed(Ann, Now, new(2026, 4, 1)));
        events.Aggregate(new Team(), (state, e) => state.Evolve(e)).SupervisorId.Should().Be(Bo);
    }

    [Fact]
    public void a_supervisor_of_the_past_leaves_the_present_one() =>
        Given(Formed, new SupervisorAppointed(Bo, Now))
            .When(state => Decide(new ChangeTeam("Billing 1", Ann, new(2026, 2, 1), Today, Now), state))
            .Then(new SupervisorDated(Ann, new(2026, 2, 1), Now));

    [Fact]
    public void members_of_other_days_are_on_record_only()
    {
        var team = new object[] { Formed, new MembersMoved([Ann], [], Now, Today), new MembershipsDated([Bo], [], new(2026, 1, 1), Now),
            new MembershipsDated([], [Bo], new(2026, 2, 1), Now) }.Aggregate(new Team(), (state, e) => state.Evolve(e));

        team.Members.Should().Equal(Ann);
        team.MemberDates.Periods().Should()
            .Equal(new Period<Guid>(Bo, new(2026, 1, 1), new(2026, 1, 31)), new Period<Guid>(Ann, Today, null));
    }

    [Fact]
    public void nobody_is_dated_into_a_dissolved_team() =>
        Given(Formed, new TeamDissolved(Now))
            .When(state => Decide(new DateMemberships([Ann], [], Today, Now), state))
            .ThenRefused("team-dissolved");

    // Requirement AS-17.
    [Theory]
    [InlineData(11, "under")]
    [InlineData(12, "ok")]
    [InlineData(14, "ok")]
    [InlineData(15, "over")]
    public void a_supervisor_leads_12_to_14(int members, string span) => Span.Of(members).Should().Be(span);

    [Theory]
    [InlineData(12, new[] { 12 })]
    [InlineData(23, new int[0])]
    [InlineData(24, new[] { 12, 12 })]
    [InlineData(85, new[] { 13, 12, 12, 12, 12, 12, 12 })]
    [InlineData(100, new[] { 13, 13, 13, 13, 12, 12, 12, 12 })]
    public void agents_are_split_as_evenly_as_can_be(int agents, int[] teams) => Span.Split(agents).Should().Equal(teams);

    [Fact]
    public void the_sizes_that_cannot_be_split_are_known()
    {
        var impossible = Enumerable.Range(1, 200).Where(n => Span.Split(n).Count == 0);

        impossible.Should().Equal([
            .. Enumerable.Range(1, 11), .. Enumerable.Range(15, 9), .. Enumerable.Range(29, 7), .. Enumerable.Range(43, 5), 57, 58, 59,
                71]);
    }

    [Fact]
    public void every_split_holds_all_agents_within_the_span() =>
        Enumerable.Range(72, 500).Select(n => (Agents: n, Teams: Span.Split(n)))
            .Should().OnlyContain(s => s.Teams.Sum() == s.Agents && s.Teams.All(size => size >= 12 && size <= 14));

    private static Spec<Team> Given(params object[] events) => new(new Team(), (state, e) => state.Evolve(e), events);
}
