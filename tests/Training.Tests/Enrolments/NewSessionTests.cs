using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Training.Enrolments;
using CallCenter.Training.Sessions;

namespace CallCenter.Training.Tests.Enrolments;

/// <summary>Who trains a session that the product plans.</summary>
public sealed class NewSessionTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly DateOnly Day = new(2026, 3, 9);
    private static readonly DateTimeOffset Nine = TrainingApi.Nine;
    private static readonly Booking Time = new(Guid.Empty, Nine, Nine.AddHours(1));
    private static readonly EmployeeV1 Ann = Employee(1), Bob = Employee(2), Cem = Employee(3);

    [Fact]
    public void the_one_with_the_fewest_sessions_comes_first_and_among_equals_always_the_same()
    {
        Ranked([], [], new() { [Ann.Id] = 3, [Bob.Id] = 1 }).Should().Equal(Cem.Id, Bob.Id, Ann.Id);
        Ranked([], [], []).Should().Equal(Ann.Id, Bob.Id, Cem.Id);
    }

    [Fact]
    public void who_has_another_session_then_has_left_has_leave_a_day_off_or_another_shift_is_not_free()
    {
        ResourceCalendar Taken(Guid id, int from) =>
            new(id, [new(Guid.CreateVersion7(), Nine.AddMinutes(from), Nine.AddMinutes(from + 60))]);
        RosterDayV1 Rostered(Guid id, params RosterActivity[] activities) =>
            new(Guid.CreateVersion7(), 1, Guid.Empty, Project, id, Day, activities);
        var (shift, late) = (new RosterActivity("work", Nine.AddHours(-1), Nine.AddHours(8), true),
            new RosterActivity("work", Nine.AddMinutes(30), Nine.AddHours(8), true));

        Ranked([Taken(Ann.Id, 30), Taken(Bob.Id, 60)], [], []).Should().Equal(Bob.Id, Cem.Id);
        Ranked([], [Rostered(Ann.Id, shift), Rostered(Bob.Id), Rostered(Cem.Id, late)], []).Should().Equal(Ann.Id);
        Ranked([], [Rostered(Ann.Id, shift, new("leave", Nine, Nine.AddHours(2), true))], []).Should().Equal(Bob.Id, Cem.Id);
        NewSession.Ranked([Ann with { LeftOn = Day.AddDays(-1) }, Bob with { HiredOn = Day.AddDays(1) }, Cem], Time, Day, [], [],
            new Dictionary<Guid, int>()).Should().Equal(Cem.Id);
    }

    [Theory]
    [InlineData("trainer", -1, null, true)]
    [InlineData("trainer", 1, null, false)]
    [InlineData("trainer", -9, -1, false)]
    [InlineData("agent", -1, null, false)]
    public void who_has_a_post_with_the_role_that_day_may_train(string role, int from, int? to, bool trains)
    {
        var employee = Ann with { Posts = [new("coach", role, Day.AddDays(from), to is { } days ? Day.AddDays(days) : null)] };

        employee.Trains(Project, Day).Should().Be(trains);
        (employee with { ProjectIds = [] }).Trains(Project, Day).Should().Be(trains, "they work for no project in particular");
        (employee with { ProjectIds = [Guid.CreateVersion7()] }).Trains(Project, Day).Should().BeFalse("they work for others");
        Ann.Trains(Project, Day).Should().BeFalse("nothing is known of their posts");
    }

    private static IReadOnlyList<Guid> Ranked(
        ResourceCalendar[] calendars, RosterDayV1[] days, Dictionary<Guid, int> sessions) =>
        NewSession.Ranked([Bob, Ann, Cem], Time, Day, calendars, days, sessions);

    private static EmployeeV1 Employee(int number) => new(new Guid(number, 0, 0, new byte[8]), 1, $"{number}", "X", new(2025, 1, 1), null, "senior", [],
        [Project], [], 40, "Asia/Shanghai");
}
