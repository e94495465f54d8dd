using CallCenter.Testing;
using CallCenter.Training.Courses;
using static CallCenter.Training.Courses.CourseDecider;

namespace CallCenter.Training.Tests.Sessions;

public class CourseTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly CourseContent Content = new("Empathy", CourseKind.QualityStandard, 90, ["empathy"]);

    private static CoursePrepared Prepared => new(Id, "Empathy", CourseKind.QualityStandard, 90, ["empathy"], Now);

    [Fact]
    public void preparing_twice_changes_nothing() =>
        Given(Prepared).When(state => Decide(new PrepareCourse(Id, Content, Now), state)).ThenNothing();

    [Fact]
    public void another_course_cannot_take_its_id() =>
        Given(Prepared).When(state => Decide(new PrepareCourse(Id, Content with { Minutes = 60 }, Now), state))
            .ThenRefused("course-exists");

    [Fact]
    public void a_revision_is_a_new_state_of_the_whole() =>
        Given(Prepared)
            .When(state => Decide(new ReviseCourse(Content with { Minutes = 60 }, Now), state))
            .Then(new CourseRevised("Empathy", CourseKind.QualityStandard, 60, ["empathy"], Now));

    [Fact]
    public void a_retired_course_is_not_revised() =>
        Given(Prepared, new CourseRetired(Now)).When(state => Decide(new ReviseCourse(Content, Now), state)).ThenRefused("course-retired");

    private static Spec<Course> Given(params object[] events) => new(new Course(), (state, e) => state.Evolve(e), events);
}
