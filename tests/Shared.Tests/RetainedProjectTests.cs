using CallCenter.Contracts.People;
using CallCenter.Jobs;

namespace CallCenter.Shared.Tests;

public class RetainedProjectTests
{
    // Shortly after midnight of 3 March in Shanghai, while it is 2 March in UTC.
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 16, 30, 0, TimeSpan.Zero);

    [Fact]
    public void days_are_counted_where_the_project_is()
    {
        Of(days: 1).Before.Should().Be(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8)));
        Of(days: 30).FirstKept.Should().Be(new DateOnly(2026, 2, 1));
    }

    [Fact]
    public void without_a_period_nothing_is_due() =>
        (Of(days: null).FirstKept, Of(days: null).Before).Should().Be(((DateOnly?)null, DateTimeOffset.MinValue));

    [Theory]
    [InlineData("2026-01-09", "2026-01-09", false)]
    [InlineData("2026-01-09", "2026-01-10", true)]
    [InlineData("2026-01-12", "2026-01-12", true)]
    [InlineData("2026-01-12", "2026-01-20", true)]
    [InlineData("2026-01-13", "2026-01-20", false)]
    [InlineData("2026-01-01", "2026-01-31", true)]
    public void a_hold_covers_from_its_first_day_through_its_last(string first, string last, bool held) =>
        Of(1, new LegalHold(Guid.Empty, new(2026, 1, 10), new(2026, 1, 12))).Held.Include(Day(first), Day(last)).Should().Be(held);

    [Fact]
    public void a_hold_without_days_covers_all() => Of(1, new LegalHold(Guid.Empty, null, null)).Held.Include(Now).Should().BeTrue();

    [Fact]
    public void of_what_has_no_known_time_any_hold_could_be() =>
        (Of(1, new LegalHold(Guid.Empty, new(2026, 1, 1), new(2026, 1, 1))).Held.Include(null), Of(1).Held.Include(null))
            .Should().Be((true, false));

    [Fact]
    public void an_instant_is_held_by_its_local_day() =>
        Of(1, new LegalHold(Guid.Empty, new(2026, 3, 3), new(2026, 3, 3))).Held.Include(Now).Should().BeTrue();

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd");

    private static RetainedProject Of(int? days, params LegalHold[] holds)
    {
        var project = new ProjectV1(Guid.CreateVersion7(), 1, "Care", "Acme", "Asia/Shanghai", DayOfWeek.Monday, [], [], [], []);
        return new RetainedProject(project, new RetentionV1(project.Id, 1, [], holds), days, Now);
    }
}
