using CallCenter.Reporting.Digests;
using CallCenter.Reporting.RollUps;
using CallCenter.Testing;
using CallCenter.Time;
using static CallCenter.Reporting.Digests.DigestDecider;
using static CallCenter.Reporting.Tests.Moments;

namespace CallCenter.Reporting.Tests;

public class DigestTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Manager = Guid.CreateVersion7();
    private static readonly DateOnly Week = new(2026, 3, 2);
    private static readonly DateTimeOffset Monday = new(2026, 3, 9, 0, 0, 0, TimeSpan.Zero);
    private static readonly Cause[] LateCall = [new("call", 1, 0)];

    private static readonly ReportedFigure[] Told = [new("service-level", "week", .83m), new("offered", "week", 100), new("asa", "week", null)];

    [Fact]
    public void planning_fixes_the_message_id() =>
        Given().When(state => Decide(Plan, state)).Then(Planned);

    [Fact]
    public void planning_twice_changes_nothing() =>
        Given(Planned).When(state => Decide(Plan with { Now = Monday.AddDays(1) }, state)).ThenNothing();

    [Fact]
    public void one_manager_project_and_week_is_one_digest()
    {
        Digest.IdOf(Manager, Project, Week).Should().Be(Digest.IdOf(Manager, Project, Week));
        new[] { Digest.IdOf(Manager, Project, Week), Digest.IdOf(Manager, Project, Week.AddDays(7)),
            Digest.IdOf(Project, Manager, Week) }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void what_is_written_is_not_written_again() =>
        Given(Planned, Rendered).When(state => Decide(new RecordRendered("other", 2, [], 9, Monday), state))
            .ThenRefused("digest-already-rendered");

    [Fact]
    public void nothing_is_sent_before_it_is_written() =>
        Given(Planned).When(state => Decide(new RecordSent(1, Monday), state)).ThenRefused("digest-not-rendered");

    [Fact]
    public void being_sent_is_recorded_once() =>
        Given(Planned, Rendered, new DigestSent(Monday))
            .When(state => Decide(new RecordSent(1, Monday.AddMinutes(1)), state)).ThenNothing();

    [Fact]
    public void what_is_in_its_way_is_told_once_for_each_cause()
    {
        Given(Planned).When(state => Decide(new HoldDigestBack(MailCauses.ServerAway, Monday), state))
            .Then(new DigestHeldBack(MailCauses.ServerAway, Monday));
        Given(Planned, Rendered, new DigestHeldBack(MailCauses.ServerAway, Monday))
            .When(state => Decide(new HoldDigestBack(MailCauses.ServerAway, Monday.AddDays(1)), state)).ThenNothing();
        Given(Planned, Rendered, new DigestHeldBack(MailCauses.ServerAway, Monday))
            .When(state => Decide(new HoldDigestBack(MailCauses.LoginRefused, Monday), state))
            .Then(new DigestHeldBack(MailCauses.LoginRefused, Monday));
        Given(Planned, Rendered, new DigestSent(Monday)).When(state => Decide(new HoldDigestBack(MailCauses.Failed, Monday), state))
            .ThenNothing();
    }

    [Fact]
    public void one_whose_reader_has_left_ends_and_begins_again_where_it_was_when_they_are_back()
    {
        var ended = new DigestEnded(MailCauses.ReaderLeft, Monday);

        Given(Planned).When(state => Decide(new EndDigest(MailCauses.ReaderLeft, Monday), state)).Then(ended);
        Given(Planned, Rendered, new DigestSent(Monday)).When(state => Decide(new EndDigest(MailCauses.ReaderLeft, Monday), state))
            .ThenNothing();
        Given(Planned, Rendered, ended).When(state => Decide(Plan, state)).Then(new DigestResumed(Plan.Now));
        Given(Planned, Rendered, ended, new DigestResumed(Monday)).When(state => Decide(new RecordSent(1, Monday), state))
            .Then(new DigestSent(Monday, 1));
        Given(Planned, ended, new DigestResumed(Monday)).When(state => Decide(new RecordSent(1, Monday), state))
            .ThenRefused("digest-not-rendered");
    }

    [Fact]
    public void a_late_fact_that_changes_a_figure_makes_a_restatement() =>
        Given(Planned, Rendered, new DigestSent(Monday))
            .When(state =>
                Decide(Compare([new("service-level", "week", .82m), new("offered", "week", 101), new("asa", "week", null)]), state))
            .Then(new DigestRestated(
                [new("service-level", "week", .83m, .82m, LateCall, Monday), new("offered", "week", 100, 101, LateCall, Monday)], 8,
                Monday));

    [Fact]
    public void a_late_fact_that_changes_no_figure_of_the_mail_is_only_noted() =>
        Given(Planned, Rendered).When(state => Decide(Compare(Told), state)).Then(new DigestConfirmed(8));

    [Fact]
    public void what_the_mail_knew_already_restates_nothing() =>
        Given(Planned, Rendered).When(state => Decide(Compare([new("offered", "week", 101)]) with { ChangesSeen = 7 }, state))
            .ThenNothing();

    [Fact]
    public void a_second_correction_starts_from_the_first() =>
        Given(Planned, Rendered, new DigestRestated([new("offered", "week", 100, 101, LateCall, Monday)], 8, Monday))
            .When(state =>
                Decide(Compare([new("service-level", "week", .83m), new("offered", "week", 103),
                new("asa", "week", 4)]) with { ChangesSeen = 9 }, state))
            .Then(new DigestRestated([new("offered", "week", 101, 103, LateCall, Monday), new("asa", "week", null, 4, LateCall, Monday)], 9,
                Monday));

    [Fact]
    public void a_restatement_is_named_once()
    {
        var next = Guid.CreateVersion7();
        var restated = new DigestRestated([new("offered", "week", 100, 101, LateCall, Monday)], 8, Monday);

        Given(Planned, Rendered, restated).When(state => Decide(new NameRestatements(next), state)).Then(new RestatementsNamed(next));
        Given(Planned, Rendered, restated, new RestatementsNamed(next))
            .When(state => Decide(new NameRestatements(Guid.CreateVersion7()), state)).ThenNothing();
    }

    [Theory]
    [InlineData("Asia/Shanghai", DayOfWeek.Monday, "2026-03-02", "2026-03-09T00:00:00Z")]
    [InlineData("Asia/Jerusalem", DayOfWeek.Sunday, "2026-03-01", "2026-03-09T06:00:00Z")]      // weeks to Saturday: the Monday after
    [InlineData("America/New_York", DayOfWeek.Monday, "2026-03-02", "2026-03-09T12:00:00Z")]   // summer time began the day before
    [InlineData("Europe/London", DayOfWeek.Tuesday, "2026-03-03", "2026-03-16T08:00:00Z")]
    public void a_digest_is_due_on_the_first_monday_morning_after_its_week(string zone, DayOfWeek start, string week, string due) =>
        DigestSchedule.Due(LocalCalendar.Of(zone, start), Day(week), new TimeOnly(8, 0)).Should().Be(At(due));

    [Theory]
    [InlineData("2026-03-08T23:59:59Z", "")]                                         // a second too early
    [InlineData("2026-03-09T00:00:00Z", "2026-03-02")]
    [InlineData("2026-03-15T12:00:00Z", "2026-03-02")]
    [InlineData("2026-03-23T00:00:00Z", "2026-03-02 2026-03-09 2026-03-16")]         // three weeks without a run
    public void a_week_stays_due_until_it_was_made(string now, string weeks) =>
        string.Join(' ', DigestSchedule.DueWeeks(
            LocalCalendar.Of("Asia/Shanghai", DayOfWeek.Monday), new TimeOnly(8, 0), since: At("2026-03-04T00:00:00Z"), At(now), 8)
            .Select(week => $"{week:yyyy-MM-dd}")).Should().Be(weeks);

    private static PlanDigest Plan => new(Id, Project, Manager, Week, "en", "callcenter.example", Monday);

    private static DigestPlanned Planned => new(Id, Project, Manager, Week, "en", $"digest.{Id:N}@callcenter.example", Monday);

    private static DigestRendered Rendered => new("abc", 1000, Told, 7, Monday);

    private static CompareFigures Compare(ReportedFigure[] figures) => new(figures, LateCall, 8, Monday);

    private static Spec<Digest> Given(params object[] events) => new(new Digest(), (state, e) => state.Evolve(e), events);
}
