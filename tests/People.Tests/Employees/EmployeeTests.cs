using CallCenter.People.Employees;
using CallCenter.Testing;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Tests.Employees;

public class EmployeeTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
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
                new GradeChanged(Grade.Senior, Now), new SkillsChanged([new("billing", 5)], Now), new ContractChanged(30, "Europe/Berlin", Now),
                new TeamLeft(Billing.TeamId, Now), new TeamJoined(Sales.TeamId, Sales.ProjectId, Now));

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void a_leaver_is_in_no_team_from_the_day_after_the_last(int day, bool leaves)
    {
        var decision = Given(Hired, JoinedBilling, new EmploymentDated(Record.HiredOn, new(2026, 3, 1), Now))
            .When(state => Decide(new LeaveTeams(new(2026, 3, day), Now), state));

        if (leaves)
            decision.Then(new TeamLeft(Billing.TeamId, Now));
        else
            decision.ThenNothing();
    }

    [Fact]
    public void personal_data_stays_while_somebody_is_employed() =>
        Given(Hired, JoinedBilling)
            .When(state => Decide(new ErasePersonalData(new(2026, 3, 2), Now), state))
            .ThenRefused("still-employed");

    [Fact]
    public void erasing_ends_the_memberships_and_is_done_once() =>
        Given(Hired, JoinedBilling, new EmploymentDated(Record.HiredOn, new(2026, 3, 1), Now))
            .When(state => Decide(new ErasePersonalData(new(2026, 3, 2), Now), state))
            .Then(new TeamLeft(Billing.TeamId, Now), new PersonalDataErased(Now));

    [Fact]
    public void erasing_twice_changes_nothing() =>
        Given(Hired, new PersonalDataErased(Now))
            .When(state => Decide(new ErasePersonalData(new(2026, 3, 2), Now), state))
            .ThenNothing();

    [Fact]
    public void an_erased_record_is_closed() =>
        Given(Hired, new PersonalDataErased(Now))
            .When(state => Decide(new ChangeEmployee(Record, Renamed: true, Now), state))
            .ThenRefused("erased");

    private static Spec<Employee> Given(params object[] events) => new(new Employee(), (state, e) => state.Evolve(e), events);
}
