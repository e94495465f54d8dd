using CallCenter.Contracts.People;
using CallCenter.People.Projects;
using CallCenter.Testing;
using static CallCenter.People.Projects.ProjectDecider;

namespace CallCenter.People.Tests.Projects;

public class ProjectTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Opening[] Hours = [new(DayOfWeek.Monday, new(8, 0), new(20, 0))];
    private static readonly Queue[] Queues = [new("billing", "Billing", "voice", 20)];
    private static readonly Target Agreed = new("service-level", 0.8m, new(2026, 1, 1));
    private static readonly Reader Manager = new(Guid.CreateVersion7(), "en");

    private static OpenProject Open => new(
        Id, "Acme care", "Acme", "Asia/Shanghai", DayOfWeek.Monday, Hours, Queues, [Agreed], [Manager], AddressesChanged: true, Now);

    private static object[] Opened =>
    [
        new ProjectOpened(Id, "Acme care", "Acme", "Asia/Shanghai", DayOfWeek.Monday, Now), new OpeningHoursSet(Hours, Now),
        new QueuesSet(Queues, Now), new TargetAgreed("service-level", 0.8m, new(2026, 1, 1), Now), new DigestReadersSet([Manager], Now),
    ];

    [Fact]
    public void opening_says_all_that_was_agreed() => Given().When(state => Decide(Open, state)).Then(Opened);

    [Fact]
    public void opening_twice_changes_nothing() =>
        Given(Opened).When(state => Decide(Open with { AddressesChanged = false }, state)).ThenNothing();

    [Fact]
    public void another_project_cannot_take_its_id() =>
        Given(Opened).When(state => Decide(Open with { Client = "Other", AddressesChanged = false }, state)).ThenRefused("project-exists");

    [Fact]
    public void a_target_changes_by_a_new_version() =>
        Given(Opened)
            .When(state => Decide(new AgreeTarget(new("service-level", 0.9m, new(2026, 4, 1)), Now), state))
            .Then(new TargetAgreed("service-level", 0.9m, new(2026, 4, 1), Now));

    [Fact]
    public void an_agreed_target_is_not_rewritten() =>
        Given(Opened)
            .When(state => Decide(new AgreeTarget(Agreed with { Value = 0.9m }, Now), state))
            .ThenRefused("target-agreed");

    [Fact]
    public void agreeing_on_the_same_again_changes_nothing() =>
        Given(Opened).When(state => Decide(new AgreeTarget(Agreed, Now), state)).ThenNothing();

    [Fact]
    public void a_new_address_alone_makes_the_project_newer() =>
        Given(Opened)
            .When(state => Decide(new SetDigestReaders([Manager], AddressesChanged: true, Now), state))
            .Then(new DigestReadersSet([Manager], Now));

    [Fact]
    public void a_months_target_counts_in_its_month_and_a_teams_beside_the_projects()
    {
        Target march = new("service-level", 0.7m, new(2026, 3, 1), Through: new(2026, 3, 31));
        Target team = new("service-level", 0.95m, new(2026, 2, 1), TargetScope.Team, "0198c0de-0000-7000-8000-000000000001");
        Target[] targets = [Agreed, march, team, Agreed with { Value = 0.9m, EffectiveFrom = new(2026, 3, 15) }];

        targets.On(new(2026, 2, 28)).Select(t => t.Value).Should().Equal(0.8m, 0.95m);
        targets.On(new(2026, 3, 31)).Select(t => t.Value).Should().Equal(0.7m, 0.95m);
        targets.On(new(2026, 4, 1)).Select(t => t.Value).Should().Equal(0.9m, 0.95m);
        targets.On(new(2026, 4, 1)).Should().Contain(team);

        // The other services count in the same way.
        KpiTarget[] told = [.. targets.Select(t => new KpiTarget(
            t.Kpi, t.Value, t.EffectiveFrom, t.Scope.ToString().ToLowerInvariant(), t.ScopeId, t.Through))];
        foreach (var day in new DateOnly[] { new(2025, 12, 31), new(2026, 2, 28), new(2026, 3, 1), new(2026, 3, 31), new(2026, 4, 1) })
        {
            told.InForce("service-level", day).Should().Be(targets.On(day).FirstOrDefault(t => t.Scope is TargetScope.Project)?.Value);
            told.InForce("service-level", day, "team", team.ScopeId).Should()
                .Be(targets.On(day).FirstOrDefault(t => t.Scope is TargetScope.Team)?.Value);
        }
    }

    [Fact]
    public void a_target_of_another_scope_is_another_target() =>
        Given(Opened)
            .When(state =>
                Decide(new AgreeTarget(Agreed with { Value = 0.5m, Scope = TargetScope.Department, ScopeId = "night" }, Now), state))
            .Then(new TargetAgreed("service-level", 0.5m, new(2026, 1, 1), Now, TargetScope.Department, "night"));

    [Theory]
    [InlineData("2025-12-31", null)]
    [InlineData("2026-01-01", "0.8")]
    [InlineData("2026-03-31", "0.8")]
    [InlineData("2026-04-01", "0.9")]
    public void the_newest_target_not_after_a_day_holds(string day, string? value)
    {
        Target[] targets = [Agreed, new("service-level", 0.9m, new(2026, 4, 1))];

        var inForce = targets.On(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).SingleOrDefault();

        inForce?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(value);
        (inForce is null).Should().Be(value is null);
    }

    [Theory]
    [InlineData("22:00", "00:00", "00:00", "06:00", false)]
    [InlineData("08:00", "12:00", "12:00", "18:00", false)]
    [InlineData("08:00", "12:00", "11:59", "18:00", true)]
    [InlineData("08:00", "00:00", "23:59", "00:00", true)]
    public void openings_may_touch_but_not_overlap(string opens, string closes, string opens2, string closes2, bool overlap)
    {
        Opening Of(string from, string to) => new(DayOfWeek.Friday, TimeOnly.ParseExact(from, "HH:mm"), TimeOnly.ParseExact(to, "HH:mm"));

        Of(opens, closes).Overlaps(Of(opens2, closes2)).Should().Be(overlap);
    }

    private static Spec<Project> Given(params object[] events) => new(new Project(), (state, e) => state.Evolve(e), events);
}
