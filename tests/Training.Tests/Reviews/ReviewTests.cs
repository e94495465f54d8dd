using CallCenter.Testing;
using CallCenter.Time;
using CallCenter.Training.Reviews;
using CallCenter.Training.Sessions;
using static CallCenter.Training.Reviews.SessionReviewDecider;

namespace CallCenter.Training.Tests.Reviews;

public class ReviewTests
{
    private static readonly Guid Ann = Guid.CreateVersion7(), Bob = Guid.CreateVersion7(), Trainer = Guid.CreateVersion7();
    private static readonly DateTimeOffset Nine = new(2026, 3, 9, 1, 0, 0, TimeSpan.Zero);

    private static readonly TrainingSession Planned = new()
    {
        Id = Guid.CreateVersion7(), ProjectId = Guid.CreateVersion7(), Plan = new(Trainer, "Room 3", 5, Nine, Nine.AddHours(1)),
    };

    private static readonly TrainingSession Held = Planned with
    {
        Status = SessionStatus.Held, Register = [new(Ann, true, 60, Result.None), new(Bob, false, 0, Result.None)],
    };

    [Fact]
    public void a_lesson_is_planned_before_it_and_fits_into_it()
    {
        var plan = new LessonPlan("Greeting", [new("Hear", 20), new("Practise", 40)], ["Projector"], true);

        Given().When(state => Decide(new PlanLesson(Planned, plan, Trainer, Nine), state))
            .Then(new LessonPlanned(SessionReview.IdOf(Planned.Id), Planned.Id, Planned.ProjectId, plan, Trainer, Nine));
        Given().When(state => Decide(new PlanLesson(Held, plan, Trainer, Nine), state)).ThenRefused("session-held");
        var longer = plan with { Steps = [.. plan.Steps, new("More", 1)] };
        FluentActions.Invoking(() => Decide(new PlanLesson(Planned, longer, Trainer, Nine), new()))
            .Should().Throw<CallCenter.Rules.InvalidException>().Which.Errors[0].Code.Should().Be("lesson-too-long");
    }

    [Fact]
    public void who_attended_says_how_good_it_was_and_what_they_say_last_counts()
    {
        var four = new FeedbackGiven(SessionReview.IdOf(Held.Id), Held.Id, Held.ProjectId, 4, "More practice.", Ann, Nine);

        Given().When(state => Decide(new GiveFeedback(Held, 4, "More practice.", Ann, Nine), state)).Then(four);
        Given(four).When(state => Decide(new GiveFeedback(Held, 4, "More practice.", Ann, Nine), state)).ThenNothing();
        Given().When(state => Decide(new GiveFeedback(Held, 4, null, Bob, Nine), state)).ThenRefused("not-attended");
        Given().When(state => Decide(new GiveFeedback(Planned, 4, null, Ann, Nine), state)).ThenRefused("session-not-held");
        Given().When(state => Decide(new ConcludeSession(Planned, "All greet.", null, Trainer, Nine), state)).ThenRefused("session-not-held");
        new[] { four, four with { Points = 2 } }.Aggregate(new SessionReview(), (state, e) => state.Evolve(e)).Feedback
            .Should().ContainSingle().Which.Points.Should().Be(2);
    }

    // March 2026 begins on a Sunday; today is Wednesday the 18th.
    [Fact]
    public void weeks_and_months_without_a_team_session_are_named_once_they_are_over()
    {
        var calendar = LocalCalendar.Of("Asia/Shanghai", DayOfWeek.Monday);
        var now = calendar.StartOf(new(2026, 3, 18));
        TeamSession Session(DateOnly day, bool held, bool reviewed = true) =>
            new(Guid.CreateVersion7(), "Greeting", calendar.StartOf(day), held, reviewed);
        var unreviewed = Session(new(2026, 3, 15), held: true, reviewed: false);

        var cadence = Cadence.Of([Session(new(2026, 2, 24), held: true), unreviewed, Session(new(2026, 3, 4), held: false)],
            calendar, new(2026, 1, 26), new(2026, 3, 31), now);

        cadence.LateWeeks.Should().Equal(
            new(2026, 1, 26), new(2026, 2, 2), new(2026, 2, 9), new(2026, 2, 16), new DateOnly(2026, 3, 2));
        cadence.LateMonths.Should().Equal(new DateOnly(2026, 1, 1));
        cadence.MonthsWithoutPlan.Should().Equal(new DateOnly(2026, 1, 1));
        cadence.WithoutReview.Should().Equal(unreviewed.SessionId);
        cadence.Weeks.Single(week => week.From == new DateOnly(2026, 3, 16)).Kept.Should().BeNull("it goes on");
        cadence.Weeks.Single(week => week.From == new DateOnly(2026, 3, 2)).Should().Be(new CadencePeriod(new(2026, 3, 2), 0, 1, false));
    }

    private static Spec<SessionReview> Given(params object[] events) => new(new SessionReview(), (state, e) => state.Evolve(e), events);
}
