using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Training.Courses;
using CallCenter.Training.Sessions;
using static CallCenter.Training.Sessions.TrainingSessionDecider;

namespace CallCenter.Training.Tests.Sessions;

public class TrainingSessionTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Trainer = Guid.CreateVersion7();
    private static readonly Guid Ann = Guid.CreateVersion7();
    private static readonly Guid Bo = Guid.CreateVersion7();
    private static readonly Guid Need = Guid.CreateVersion7();
    private static readonly DateTimeOffset Nine = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Nine.AddDays(-7);
    private static readonly Course Course = new() { Id = Guid.CreateVersion7(), Title = "Empathy" };
    private static readonly Plan Plan = new(Trainer, "Room 3", Seats: 1, Nine, Nine.AddMinutes(90));

    private static SessionPlanned Planned => new(Id, Course.Id, Project, "Empathy", Plan, Now);

    private static EmployeeEnrolled AnnEnrolled => new(Ann, Need, Now);

    private static RegisterTaken Held => new(Id, Course.Id, Project, "Empathy", Nine, [new(Ann, true, 90, Result.Passed)], Nine);

    [Fact]
    public void planning_takes_the_title_from_the_course() =>
        Given().When(state => Decide(new PlanSession(Id, Project, Course, Plan, Now), state)).Then(Planned);

    [Fact]
    public void planning_twice_changes_nothing() =>
        Given(Planned).When(state => Decide(new PlanSession(Id, Project, Course, Plan, Now), state)).ThenNothing();

    [Fact]
    public void a_retired_course_is_not_given_again() =>
        Given().When(state => Decide(new PlanSession(Id, Project, Course with { Retired = true }, Plan, Now), state))
            .ThenRefused("course-retired");

    [Fact]
    public void a_seat_is_given_once() =>
        Given(Planned).When(state => Decide(new EnrolEmployee(Ann, Need, Now), state)).Then(AnnEnrolled);

    [Fact]
    public void enrolling_twice_changes_nothing() =>
        Given(Planned, AnnEnrolled).When(state => Decide(new EnrolEmployee(Ann, Need, Now), state)).ThenNothing();

    [Fact]
    public void there_are_no_more_seats_than_planned() =>
        Given(Planned, AnnEnrolled).When(state => Decide(new EnrolEmployee(Bo, NeedId: null, Now), state)).ThenRefused("no-seat");

    [Fact]
    public void the_trainer_is_not_a_learner() =>
        Given(Planned).When(state => Decide(new EnrolEmployee(Trainer, NeedId: null, Now), state)).ThenRefused("own-session");

    [Fact]
    public void a_seat_given_back_is_free_again() =>
        Given(Planned, AnnEnrolled, new EnrolmentWithdrawn(Ann, Now))
            .When(state => Decide(new EnrolEmployee(Bo, NeedId: null, Now), state))
            .Then(new EmployeeEnrolled(Bo, null, Now));

    [Fact]
    public void seats_do_not_shrink_below_those_taken() =>
        Given(Planned, AnnEnrolled).When(state => Decide(new ReplanSession(Plan with { Seats = 0 }, Now), state))
            .ThenRefused("seats-taken");

    [Fact]
    public void the_register_makes_a_session_held() =>
        Given(Planned, AnnEnrolled).When(state => Decide(new TakeRegister(Held.Register, Nine), state)).Then(Held);

    [Fact]
    public void the_same_register_again_changes_nothing() =>
        Given(Planned, AnnEnrolled, Held).When(state => Decide(new TakeRegister(Held.Register, Nine), state)).ThenNothing();

    [Fact]
    public void the_register_waits_for_the_session() =>
        Given(Planned, AnnEnrolled).When(state => Decide(new TakeRegister(Held.Register, Nine.AddSeconds(-1)), state))
            .ThenRefused("not-started");

    [Fact]
    public void the_register_has_a_row_for_everyone() =>
        Given(Planned, AnnEnrolled).When(state => Decide(new TakeRegister([], Nine), state)).ThenRefused("register-incomplete");

    [Fact]
    public void nobody_attends_longer_than_the_session_lasted() =>
        Given(Planned, AnnEnrolled)
            .When(state => Decide(new TakeRegister([new(Ann, true, 91, Result.None)], Nine), state))
            .ThenRefused("minutes-over-length");

    [Fact]
    public void what_was_held_is_not_cancelled() =>
        Given(Planned, AnnEnrolled, Held).When(state => Decide(new CancelSession(Now), state)).ThenRefused("session-held");

    [Fact]
    public void nobody_is_enrolled_in_a_cancelled_session() =>
        Given(Planned, new SessionCancelled(Now)).When(state => Decide(new EnrolEmployee(Ann, null, Now), state))
            .ThenRefused("session-cancelled");

    [Theory]
    [InlineData(-90, 0, false)]
    [InlineData(90, 180, false)]
    [InlineData(-90, 1, true)]
    [InlineData(89, 180, true)]
    [InlineData(30, 60, true)]
    public void one_session_may_begin_when_another_ends(int from, int to, bool overlaps)
    {
        var table = new ResourceCalendar(Ann, [new(Id, Nine, Nine.AddMinutes(90))]);
        var wanted = new Booking(Guid.CreateVersion7(), Nine.AddMinutes(from), Nine.AddMinutes(to));

        var booking = () => table.Book(wanted, "overlap");

        if (overlaps)
            booking.Should().Throw<RefusedException>().Which.Code.Should().Be("overlap");
        else
            booking().Bookings.Should().Contain(wanted);
    }

    [Fact]
    public void a_moved_session_does_not_overlap_with_itself()
    {
        var table = new ResourceCalendar(Ann, [new(Id, Nine, Nine.AddMinutes(90))]);

        table.Book(new(Id, Nine.AddMinutes(30), Nine.AddMinutes(120)), "overlap").Bookings
            .Should().Equal(new Booking(Id, Nine.AddMinutes(30), Nine.AddMinutes(120)));
    }

    private static Spec<TrainingSession> Given(params object[] events) => new(new TrainingSession(), (state, e) => state.Evolve(e), events);
}
