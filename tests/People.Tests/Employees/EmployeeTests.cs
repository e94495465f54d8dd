using CallCenter.People.Employees;
using CallCenter.Rules;
using CallCenter.Testing;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Tests.Employees;

public class EmployeeTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Admin = Guid.CreateVersion7();
    private static readonly Membership Billing = new(Guid.CreateVersion7(), Guid.CreateVersion7());
    private static readonly Membership Sales = new(Guid.CreateVersion7(), Billing.ProjectId);
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly EmployeeRecord Record = new(
        "A-1", new(2025, 3, 3), LeftOn: null, Grade.Junior, [new("billing", 3)], 40, "Asia/Shanghai", [Billing]);

    private static EmployeeHired Hired => new(
        Id, "A-1", Record.HiredOn, LeftOn: null, Grade.Junior, Record.Skills, 40, "Asia/Shanghai", Now);

    private static TeamJoined JoinedBilling => new(Billing.TeamId, Billing.ProjectId, Now);

    [Fact]
    public void hiring_puts_the_record_on_file_and_the_employee_into_the_teams() =>
        Given()
            .When(state => Decide(new HireEmployee(Id, Record, Renamed: true, Now), state))
            .Then(Hired, JoinedBilling);

    [Fact]
    public void hiring_the_same_person_twice_changes_nothing() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new HireEmployee(Id, Record, Renamed: false, Now), state))
            .ThenNothing();

    [Fact]
    public void a_staff_number_belongs_to_one_person() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new HireEmployee(Id, Record, Renamed: true, Now), state))
            .ThenRefused("staff-number-taken");

    [Fact]
    public void a_staff_number_is_not_given_out_again_with_another_record() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new HireEmployee(Id, Record with { WeeklyHours = 20 }, Renamed: false, Now), state))
            .ThenRefused("staff-number-taken");

    [Fact]
    public void what_did_not_change_is_not_an_event() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new ChangeEmployee(Record, Renamed: false, Now), state))
            .ThenNothing();

    [Fact]
    public void a_rename_is_an_event_without_the_name() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new ChangeEmployee(Record, Renamed: true, Now), state))
            .Then(new EmployeeRenamed(Now));

    [Fact]
    public void every_difference_is_an_event_of_its_own() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new ChangeEmployee(
                new("A-2", Record.HiredOn, new(2026, 5, 1), Grade.Senior, [new("billing", 5)], 30, "Europe/Berlin", [Sales]),
                Renamed: false, Now), state))
            .Then(
                new StaffNumberCorrected("A-2", Now), new EmploymentDated(Record.HiredOn, new(2026, 5, 1), Now),
                new GradeChanged(Grade.Senior, Now), new SkillsChanged([new("billing", 5)], Now),
                new ContractChanged(30, "Europe/Berlin", Now),
                new TeamLeft(Billing.TeamId, Now), new TeamJoined(Sales.TeamId, Sales.ProjectId, Now));

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void a_leaver_is_in_no_team_from_the_day_after_the_last(int day, bool leaves)
    {
        var decision = Given(Hired, JoinedBilling, new EmploymentDated(Record.HiredOn, new(2026, 3, 1), Now))
            .When(state => Decide(new LeaveTeams(new(2026, 3, day), Now), state));

        if (leaves)
            decision.Then(new TeamLeft(Billing.TeamId, Now, new(2026, 3, 2)));
        else
            decision.ThenNothing();
    }

    [Fact]
    public void personal_data_stays_while_somebody_is_employed() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new ErasePersonalData(new(2026, 3, 2), Admin, Now), state))
            .ThenRefused("still-employed");

    [Fact]
    public void erasing_ends_the_memberships_and_is_done_once() =>
        Given(Hired, JoinedBilling, new EmploymentDated(Record.HiredOn, new(2026, 3, 1), Now))
            .When(state => Decide(new ErasePersonalData(new(2026, 3, 2), Admin, Now), state))
            .Then(new TeamLeft(Billing.TeamId, Now, new(2026, 3, 2)), new PersonalDataErased(Now, Admin));

    [Fact]
    public void erasing_twice_changes_nothing() =>
        Given(Hired, new PersonalDataErased(Now))
            .When(state => Decide(new ErasePersonalData(new(2026, 3, 2), Admin, Now), state))
            .ThenNothing();

    [Fact]
    public void an_erased_record_is_closed() =>
        Given(Hired, new PersonalDataErased(Now))
            .When(state => Decide(new ChangeEmployee(Record, Renamed: true, Now), state))
            .ThenRefused("erased");

    // ---- Position

    [Fact]
    public void a_position_is_an_event_for_each_thing_that_differs_on_the_day()
    {
        var (boss, mentor) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        Given(Hired, new PostTaken("designer", Now), new PostTaken("copywriter", Now))
            .When(state => Decide(new SetPosition(new(["copywriter", "store-manager"], "售后", boss, mentor), new(2026, 4, 1), Now), state))
            .Then(
                new PostGivenUp("designer", Now, new(2026, 4, 1)), new PostTaken("store-manager", Now, new(2026, 4, 1)),
                new DepartmentAssigned("售后", Now, new(2026, 4, 1)), new ManagerAssigned(boss, Now, new(2026, 4, 1)),
                new MentorAssigned(mentor, Now, new(2026, 4, 1)));
    }

    [Fact]
    public void the_same_position_again_changes_nothing() =>
        Given(Hired, new PostTaken("designer", Now), new DepartmentAssigned("售后", Now))
            .When(state => Decide(new SetPosition(new(["designer"], "售后", null, null), new(2026, 3, 2), Now), state))
            .ThenNothing();

    [Fact]
    public void a_post_to_come_is_held_when_its_day_has_come()
    {
        object[] events = [Hired, new PostTaken("designer", Now), new PostTaken("operations-director", Now, new(2026, 4, 1)),
            new PostGivenUp("designer", Now, new(2026, 4, 1))];

        After(events).Posts.Should().Equal("designer");
        After([.. events, new ChangesTookEffect(new(2026, 4, 1), Now.AddDays(30))]).Posts.Should().Equal("operations-director");
    }

    [Fact]
    public void the_position_of_an_erased_record_is_closed() =>
        Given(Hired, new PersonalDataErased(Now))
            .When(state => Decide(new SetPosition(new([], null, null, null), new(2026, 3, 2), Now), state))
            .ThenRefused("erased");

    [Theory, InlineData(true), InlineData(false)]
    public void qualifications_are_an_event_without_what_they_are(bool changed)
    {
        var decision = Given(Hired).When(state => Decide(new RecordQualifications(changed, Now), state));

        if (changed)
            decision.Then(new QualificationsRecorded(Now));
        else
            decision.ThenNothing();
    }

    // ---- From when

    [Fact]
    public void a_promotion_entered_late_is_dated_back_and_holds_now() =>
        Given(Hired)
            .When(state => Decide(new SetTerms(new(Grade.Senior, null, null), new(2026, 2, 1), Now), state))
            .Then(new GradeChanged(Grade.Senior, Now, new(2026, 2, 1)));

    [Fact]
    public void a_record_sent_with_a_day_dates_what_differs_from_what_is_on_file() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new ChangeEmployee(
                Record with { WeeklyHours = 30, Teams = [Sales] }, Renamed: false, Now, new(2026, 4, 1)), state))
            .Then(
                new ContractChanged(30, "Asia/Shanghai", Now, new(2026, 4, 1)), new TeamLeft(Billing.TeamId, Now, new(2026, 4, 1)),
                new TeamJoined(Sales.TeamId, Sales.ProjectId, Now, new(2026, 4, 1)));

    [Fact]
    public void what_is_entered_for_a_day_already_is_not_entered_again() =>
        Given(Hired, JoinedBilling, new GradeChanged(Grade.Senior, Now, new(2026, 4, 1)),
            new TeamLeft(Billing.TeamId, Now, new(2026, 4, 1)))
            .When(state =>
                Decide(new ChangeEmployee(Record with { Grade = Grade.Senior, Teams = [] }, Renamed: false, Now, new(2026, 4, 1)), state))
            .ThenNothing();

    [Fact]
    public void terms_hold_from_the_first_day_of_work_at_the_earliest()
    {
        var early = () => Decide(new SetTerms(new(Grade.Senior, null, null), new(2025, 3, 2), Now), After(Hired));

        early.Should().Throw<InvalidException>().Which.Errors.Should()
            .ContainSingle(e => e.Pointer == "/from" && e.Code == "from-before-hire");
    }

    [Fact]
    public void a_correction_takes_its_place_between_what_was_known()
    {
        var employee = After(
            Hired, new GradeChanged(Grade.Senior, Now), new GradeChanged(Grade.Intermediate, Now.AddDays(1), new(2025, 9, 1)));

        employee.Grade.Should().Be(Grade.Senior);
        employee.Grades.Select(g => (g.From, g.Value)).Should().Equal(
            (new(2025, 3, 3), Grade.Junior), (new(2025, 9, 1), Grade.Intermediate), (new(2026, 3, 2), Grade.Senior));
    }

    [Fact]
    public void what_is_to_come_holds_when_its_day_has_come()
    {
        object[] events =
        [
            Hired, JoinedBilling, new GradeChanged(Grade.Senior, Now, new(2026, 4, 1)),
                new ContractChanged(30, "Asia/Shanghai", Now, new(2026, 5, 1)),
            new TeamJoined(Sales.TeamId, Sales.ProjectId, Now, new(2026, 4, 1)),
        ];

        After(events).Should().BeEquivalentTo(new
        {
            Grade = Grade.Junior, WeeklyHours = 40m, TeamIds = new[] { Billing.TeamId }, NextChangeOn = new DateOnly(2026, 4, 1),
        });
        Given(events).When(state => Decide(new BringUpToDate(new(2026, 3, 31), Now), state)).ThenNothing();
        Given(events).When(state => Decide(new BringUpToDate(new(2026, 4, 2), Now), state))
            .Then(new ChangesTookEffect(new(2026, 4, 2), Now));
        After([.. events, new ChangesTookEffect(new(2026, 4, 2), Now.AddDays(31))]).Should().BeEquivalentTo(new
        {
            Grade = Grade.Senior, WeeklyHours = 40m, TeamIds = new[] { Billing.TeamId, Sales.TeamId },
                NextChangeOn = new DateOnly(2026, 5, 1),
        });
    }

    [Fact]
    public void another_change_on_the_day_leaves_the_teams_of_that_day_to_its_own_event()
    {
        var employee = After(
            Hired, new TeamJoined(Sales.TeamId, Sales.ProjectId, Now, new(2026, 4, 1)), new GradeChanged(Grade.Senior, Now.AddDays(40)));

        employee.TeamIds.Should().BeEmpty();
        Decide(new BringUpToDate(new(2026, 4, 11), Now), employee).Should().ContainSingle();
    }

    [Fact]
    public void who_leaves_before_they_came_was_never_there()
    {
        var employee = After(Hired, JoinedBilling);
        var left = Decide(new ChangeEmployee(Record with { Teams = [] }, Renamed: false, Now, new(2026, 2, 1)), employee);

        left.Should().Equal(new TeamLeft(Billing.TeamId, Now, new(2026, 3, 2)));
        After(Hired, JoinedBilling, left[0]).TeamDates.Periods().Should().BeEmpty();
    }

    [Fact]
    public void a_stay_that_is_over_can_be_shortened()
    {
        object[] events =
        [
            Hired, new TeamJoined(Billing.TeamId, Billing.ProjectId, Now, new(2025, 6, 1)),
                new TeamLeft(Billing.TeamId, Now, new(2025, 9, 1)),
            new TeamJoined(Billing.TeamId, Billing.ProjectId, Now, new(2026, 1, 1)),
        ];
        var shortened = Decide(new SetTerms(new(null, null, []), new(2025, 8, 1), Now), After(events));

        After([.. events, .. shortened]).TeamDates.Periods().Should().Equal(
            new Period<Membership>(Billing, new(2025, 6, 1), new(2025, 7, 31)), new Period<Membership>(Billing, new(2026, 1, 1), null));
    }

    [Fact]
    public void who_is_to_begin_is_in_their_teams_already()
    {
        var employee = After(Hired with { HiredOn = new(2026, 6, 1) }, JoinedBilling);

        employee.TeamIds.Should().Equal(Billing.TeamId);
        employee.TeamDates.Periods().Should().Equal(new Period<Membership>(Billing, new(2026, 6, 1), null));
    }

    [Fact]
    public void the_day_of_an_event_without_one_is_the_employees_own() =>
        After(Hired with { Zone = "Pacific/Honolulu" }, new GradeChanged(Grade.Senior, Now)).Grades[^1].From.Should().Be(new(2026, 3, 1));

    [Fact]
    public void days_do_not_go_back_when_somebody_moves_west()
    {
        var employee = After(Hired, new GradeChanged(Grade.Senior, Now), new ContractChanged(40, "Pacific/Honolulu", Now),
            new GradeChanged(Grade.Junior, Now));

        (employee.Grade, employee.Grades[^1].From).Should().Be((Grade.Junior, new DateOnly(2026, 3, 2)));
    }

    [Fact]
    public void the_terms_of_the_first_day_begin_earlier_with_it() =>
        After(Hired, new EmploymentDated(new(2025, 1, 1), null, Now)).Grades[0].From.Should().Be(new(2025, 1, 1));

    private static Employee After(params object[] events) => events.Aggregate(new Employee(), (state, e) => state.Evolve(e));

    private static Spec<Employee> Given(params object[] events) => new(new Employee(), (state, e) => state.Evolve(e), events);
}
