using CallCenter.Testing;
using CallCenter.Training.Curricula;
using CallCenter.Training.Enrolments;
using CallCenter.Training.Exams;
using CallCenter.Training.Needs;
using CallCenter.Training.Sessions;
using static CallCenter.Training.Needs.CourseNeedDecider;

namespace CallCenter.Training.Tests.Enrolments;

/// <summary>What exams, certificates and learning paths say that people are to attend.</summary>
public sealed class CourseCauseTests
{
    private static readonly Guid Project = Guid.CreateVersion7(), Ann = Guid.CreateVersion7(), Course = Guid.CreateVersion7();
    private static readonly DateOnly Today = new(2026, 3, 9);
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 3, 0, 0, TimeSpan.Zero);
    private static readonly Exam Cards = new() { Id = Guid.CreateVersion7(), ProjectId = Project, Content = new("Cards", 60, "points", 3, [], null) };

    [Theory]
    [InlineData("", 1, false)]
    [InlineData("-", 1, true)]
    [InlineData("-", 2, false)]
    [InlineData("--", 2, true)]
    [InlineData("--", 9, false)]
    [InlineData("---", 9, true)] // all attempts are used up
    [InlineData("--+", 1, false)]
    [InlineData("--+-", 2, false)]
    [InlineData("---", null, false)]
    public void an_exam_failed_so_often_in_a_row_or_as_often_as_it_may_be_is_a_cause(string attempts, int? failures, bool expected) =>
        Causes(Wants(failures: failures), Sat(attempts)).Any().Should().Be(expected);

    [Fact]
    public void a_row_of_failures_is_one_cause_that_begins_anew_with_each_and_the_next_row_another()
    {
        var first = Causes(Wants(failures: 1), Sat("-")).Single();
        var second = Causes(Wants(failures: 1), Sat("--")).Single();
        var other = Causes(Wants(failures: 1), Sat("--+-")).Single();

        second.NeedId.Should().Be(first.NeedId).And.NotBe(other.NeedId);
        (second.Since - first.Since).Should().Be(TimeSpan.FromHours(1));
        first.Should().BeEquivalentTo(
            new { EmployeeId = Ann, CourseId = Course, Cause = CourseNeedCause.ExamFailed, Title = "Cards", Day = Today });
        Causes(Wants(failures: 1), Sat("-"), Cards with { Retired = true }).Should().BeEmpty("nobody takes it any more");
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(30, true)]
    [InlineData(0, true)]
    [InlineData(-1, true)] // it lapsed, and is not renewed
    [InlineData(-30, true)]
    [InlineData(-31, false)]
    public void a_certificate_is_a_cause_so_many_days_before_its_end_and_after(int days, bool expected)
    {
        var sitting = Certified(Today.AddDays(days));

        Causes(Wants(certificateDays: 30), sitting).Any().Should().Be(expected);
        Causes(Wants(failures: 1), sitting).Should().BeEmpty("the policy does not ask for it");
        Causes(Wants(certificateDays: 30), sitting with { Certificate = sitting.Certificate! with { RevokedFor = "Not theirs." } })
            .Should().BeEmpty();
        Causes(Wants(certificateDays: 30), sitting with { Certificate = sitting.Certificate! with { Through = Today.AddDays(365) } })
            .Should().BeEmpty("it was renewed");
    }

    [Theory]
    [InlineData(7, true, true)]
    [InlineData(8, true, false)]
    [InlineData(-90, true, true)]
    [InlineData(0, false, false)]
    public void a_module_is_a_cause_so_many_days_before_its_last_while_its_course_is_missing(int due, bool missing, bool expected)
    {
        var path = new LearningPath
        {
            Id = Guid.CreateVersion7(), ProjectId = Project, EmployeeId = Ann, Modules = [new("cards", "Cards", 5, Course, null)], StartsOn = Today,
        };
        var progress = new PathProgress(path.Id, 1, Guid.Empty, Project, Ann, "Onboarding", Today, null, 0, null,
            [new("cards", "Cards", Today.AddDays(due), null, missing ? ["course"] : ["exam"], false)]);
        IReadOnlyList<CourseCause> Of(LearningPath of, int? days) =>
            CourseCauses.Of(new([], days), [], [], [(of, progress)], Today, at => DateOnly.FromDateTime(at.Date));

        Of(path, 7).Any().Should().Be(expected);
        Of(path, null).Should().BeEmpty();
        Of(path with { EndedFor = "Moved." }, 7).Should().BeEmpty();
    }

    [Fact]
    public void a_need_opens_once_is_met_when_its_cause_is_gone_and_only_dropped_when_the_policy_asks_for_it_no_more()
    {
        var cause = Causes(Wants(failures: 1), Sat("-")).Single();
        var opened = new CourseNeedOpened(Project, cause, Now);

        Given().When(need => Decide(Say(cause), need)).Then(opened);
        Given(opened).When(need => Decide(Say(cause), need)).Then();
        Given(opened).When(need => Decide(Say(null, gone: true), need)).Then(new CourseNeedMet(Now));
        Given(opened).When(need => Decide(Say(null, gone: false), need)).Then(new CourseNeedDropped(Now));
        Given(opened, new CourseNeedDropped(Now)).When(need => Decide(Say(null, gone: false), need)).Then();
        Given(opened, new CourseNeedDropped(Now)).When(need => Decide(Say(null, gone: true), need)).Then(new CourseNeedMet(Now));
        Given(opened, new CourseNeedMet(Now)).When(need => Decide(Say(null, gone: true), need)).Then();
        Given(opened, new CourseNeedDropped(Now)).When(need => Decide(Say(cause), need)).Then(opened);
        Given().When(need => Decide(Say(null, gone: true), need)).Then();
    }

    [Fact]
    public void whichever_states_were_read_before_in_whatever_order_what_is_open_in_the_end_is_what_is_the_case_in_the_end()
    {
        var random = new Random(7);
        string[] told = ["", "-", "--", "--+", "--+-", "--+---", "--+---+"];
        for (var round = 0; round < 200; round++)
        {
            var needs = new Dictionary<Guid, CourseNeed>();
            var last = told[random.Next(told.Length)];
            foreach (var attempts in Enumerable.Range(0, random.Next(6)).Select(_ => told[random.Next(told.Length)])
                .Append(last).Append(last))
            {
                var causes = Causes(Wants(failures: 2), Sat(attempts)).ToDictionary(cause => cause.NeedId);
                foreach (var id in causes.Keys.Union(needs.Keys).ToList())
                {
                    var state = needs.GetValueOrDefault(id) ?? new();
                    needs[id] = Decide(Say(causes.GetValueOrDefault(id), gone: true), state).Aggregate(state, (need, e) => need.Evolve(e));
                }
            }

            needs.Values.Where(need => need.Status is CourseNeedStatus.Open).Select(need => need.Cause).Should().BeEquivalentTo(
                Causes(Wants(failures: 2), Sat(last)), $"of {last}");
        }
    }

    [Theory]
    [InlineData(SessionStatus.Planned, -9, false, true)]
    [InlineData(SessionStatus.Cancelled, 1, true, false)]
    [InlineData(SessionStatus.Held, 1, true, true)]
    [InlineData(SessionStatus.Held, 1, false, false)]
    [InlineData(SessionStatus.Held, -1, true, false)] // before they failed
    public void a_seat_to_come_or_a_course_attended_since_answers_it(SessionStatus status, int hours, bool attended, bool answered)
    {
        var need = new CourseNeed().Evolve(new CourseNeedOpened(Project, Causes(Wants(failures: 1), Sat("-")).Single(), Now.AddDays(9)));
        var training = new TrainingSession
        {
            CourseId = Course, ProjectId = Project, Status = status, Enrolments = [new(Ann, null)],
            Plan = new(Guid.Empty, "Room", 1, Now.AddHours(hours), Now.AddHours(hours + 1)), Register = [new(Ann, attended, 0, Result.None)],
        };

        training.Answers(need).Should().Be(answered);
        (training with { CourseId = Guid.CreateVersion7() }).Answers(need).Should().BeFalse("it is another course");
        (training with { Enrolments = [], Register = [] }).Answers(need).Should().BeFalse("the seat is somebody else's");
    }

    private static RestateCourseNeed Say(CourseCause? cause, bool gone = false) => new(Project, cause, gone, Now);

    private static Spec<CourseNeed> Given(params object[] events) => new(new CourseNeed(), (need, e) => need.Evolve(e), events);

    private static IReadOnlyList<CourseCause> Causes(EnrolmentCauses wanted, ExamSitting sitting, Exam? exam = null) =>
        CourseCauses.Of(wanted, [exam ?? Cards], [sitting], [], Today, at => DateOnly.FromDateTime(at.Date));

    private static EnrolmentCauses Wants(int? failures = null, int? certificateDays = null) =>
        new([new(Cards.Id, Course, failures, certificateDays)]);

    private static ExamSitting Sat(string attempts) => new()
    {
        Id = ExamSitting.IdOf(Cards.Id, Ann), ExamId = Cards.Id, ProjectId = Project, EmployeeId = Ann, Title = "Cards",
        Attempts = [.. attempts.Select((c, i) => new ExamAttempt(i + 1, 0, 60, c == '+', null, Now.AddHours(i), Ann))],
    };

    private static ExamSitting Certified(DateOnly through) => Sat("+") with { Certificate = new("cards", through.AddDays(-364), through) };
}
