using CallCenter.Quality.Coachings;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Testing;
using static CallCenter.Quality.Coachings.CoachingDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Coachings;

public class CoachingTests
{
    private static readonly Guid Id = Guid.CreateVersion7(), Project = Guid.CreateVersion7(), Form = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7(), Coach = Guid.CreateVersion7(), Lead = Guid.CreateVersion7();
    private static readonly DateTimeOffset Talk = new(2026, 3, 9, 7, 0, 0, TimeSpan.Zero);
    private static readonly CoachingAction Listen = new("Listen to three calls", Party.Agent, new(2026, 3, 16));
    private static readonly CoachingPlan Plan = new(Coach, Talk, new(2026, 4, 10), "The greeting", null);

    private static CoachingOpened Opened => new(
        Id, Project, Agent, new(CauseKind.Complaint, null, "C-118"), "opening", Form, Plan, Coach, Talk.AddDays(-1));

    private static CoachingAgreed Agreed => new("In full.", [Listen], Coach, Talk);

    private static object[] Signed =>
        [Opened, Agreed, new CoachingSigned(Party.Agent, Agent, Talk), new CoachingSigned(Party.Coach, Coach, Talk)];

    [Fact]
    public void nobody_is_coached_by_themselves() => FluentActions
        .Invoking(() => Decide(new OpenCoaching(Id, Project, Agent, Opened.Cause, null, Form, Plan with { CoachId = Agent }, Lead, Talk),
            new()))
        .Should().Throw<CallCenter.Rules.InvalidException>().Which.Errors[0].Code.Should().Be("coaches-themselves");

    [Fact]
    public void what_was_agreed_is_said_after_the_talk_by_the_coach_or_who_leads_and_never_by_the_agent()
    {
        var agree = new AgreeCoaching("In full.", [Listen], Coach, IsLead: false, Talk);

        Given(Opened).When(state => Decide(agree, state)).Then(Agreed);
        Given(Opened).When(state => Decide(agree with { By = Lead, IsLead = true }, state)).Then(Agreed with { By = Lead });
        Given(Opened).When(state => Decide(agree with { By = Lead }, state)).ThenRefused("not-your-coaching");
        Given(Opened).When(state => Decide(agree with { By = Agent, IsLead = true }, state)).ThenRefused("not-your-coaching");
        Given(Opened).When(state => Decide(agree with { Now = Talk.AddSeconds(-1) }, state)).ThenRefused("talk-not-held");
        Given(Opened, Agreed).When(state => Decide(agree, state)).ThenNothing();
    }

    [Fact]
    public void both_sign_what_was_agreed_last_and_it_stays_open()
    {
        Given(Opened).When(state => Decide(new SignCoaching(Agent, Talk), state)).ThenRefused("nothing-agreed");
        Given(Opened, Agreed).When(state => Decide(new SignCoaching(Agent, Talk), state)).Then(new CoachingSigned(Party.Agent, Agent,
            Talk));
        Given(Opened, Agreed).When(state => Decide(new SignCoaching(Coach, Talk), state)).Then(new CoachingSigned(Party.Coach, Coach,
            Talk));
        Given(Opened, Agreed).When(state => Decide(new SignCoaching(Lead, Talk), state)).ThenRefused("not-in-coaching");
        Given(Signed).When(state => Decide(new SignCoaching(Agent, Talk), state)).ThenNothing();
        State(Signed).Should().Match<Coaching>(c => c.Status == CoachingStatus.Signed && c.ClosedAt == null);

        State([.. Signed, Agreed with { Agreement = "Twice." }]).Status.Should().Be(CoachingStatus.Open, "it is another agreement");
        Given(Signed).When(state => Decide(new ReplanCoaching(Plan with { CoachId = Lead }, Coach, false, Talk), state))
            .ThenRefused("coach-signed");
    }

    [Fact]
    public void an_action_that_is_done_stays_done_where_the_same_is_agreed_again()
    {
        var done = new CoachingActionDone(0, null, Agent, Talk.AddDays(2));
        var other = new CoachingAction("Hear two together", Party.Coach, new(2026, 3, 20));

        Given(Opened, Agreed).When(state => Decide(new CompleteAction(0, null, Agent, false, Talk.AddDays(2)), state)).Then(done);
        Given(Opened, Agreed, done).When(state => Decide(new CompleteAction(0, null, Agent, false, Talk.AddDays(3)), state)).ThenNothing();
        Given(Opened, Agreed).When(state => Decide(new CompleteAction(0, null, Lead, false, Talk), state)).ThenRefused("not-in-coaching");
        Given(Opened, Agreed, done).When(state => Decide(new AgreeCoaching("In full.", [other, Listen], Coach, false, Talk), state))
            .Then(new CoachingAgreed("In full.", [other, Listen with { DoneAt = done.At }], Coach, Talk));
    }

    [Fact]
    public void it_falls_due_by_the_first_day_that_is_missed_once_and_again_by_the_next()
    {
        var due = new CoachingFellDue(new(2026, 3, 16), Lead, Talk);

        Given(Opened, Agreed).When(state => Decide(new MarkOverdue(new(2026, 3, 16), Lead, Talk), state)).ThenNothing();
        Given(Opened, Agreed).When(state => Decide(new MarkOverdue(new(2026, 3, 17), Lead, Talk), state)).Then(due);
        Given(Opened, Agreed, due).When(state => Decide(new MarkOverdue(new(2026, 3, 18), Lead, Talk), state)).ThenNothing();
        var done = new CoachingActionDone(0, null, Agent, Talk);
        State(Opened, Agreed, due).Overdue.Should().BeTrue();
        State(Opened, Agreed, due, done).Should().Match<Coaching>(c => !c.Overdue && c.DueOn == Plan.RecheckBy);
        Given(Opened, Agreed, due, done).When(state => Decide(new MarkOverdue(new(2026, 4, 11), null, Talk), state))
            .Then(new CoachingFellDue(Plan.RecheckBy, null, Talk));
        State(Opened, due, new CoachingPassed(Id, Talk, Talk)).Should().Match<Coaching>(c => c.DueOn == null && !c.Overdue);
    }

    [Fact]
    public void a_later_evaluation_closes_it_and_what_counts_no_more_opens_it_again()
    {
        var passed = new CoachingPassed(Guid.CreateVersion7(), Talk.AddDays(3), Talk.AddDays(3));
        var recheck = new Recheck(passed.EvaluationId, passed.SubmittedAt);

        Given(Signed).When(state => Decide(new RestateCoaching(recheck, passed.At), state)).Then(passed);
        Given([.. Signed, passed]).When(state => Decide(new RestateCoaching(recheck, Talk), state)).ThenNothing();
        Given([.. Signed, passed]).When(state => Decide(new RestateCoaching(null, Talk), state))
            .Then(new CoachingReopened(passed.EvaluationId, Talk));
        Given([.. Signed, passed]).When(state => Decide(new AgreeCoaching("X", [], Coach, false, Talk), state)).ThenRefused("coaching-closed");
        State([.. Signed, passed, new CoachingReopened(passed.EvaluationId, Talk)]).Should().Match<Coaching>(c =>
            c.Status == CoachingStatus.Signed && c.ClosedAt == null && c.DueOn == Listen.DueOn);
        var withdrawn = new CoachingWithdrawn("Another agent's call.", Coach, Talk);
        Given(Opened, withdrawn).When(state => Decide(new RestateCoaching(recheck, Talk), state)).ThenNothing();
    }

    // Property: whichever way the evaluations come, the first later one that passes the section is the one.
    [Fact]
    public void the_first_later_evaluation_that_passes_the_section_counts_in_whatever_order_they_are_read()
    {
        var coaching = State(Opened);
        var earlier = Judged(Talk, Perfect);
        var failed = Judged(Talk.AddDays(1), With("greeting", Points(0)));
        var otherSection = Judged(Talk.AddDays(2), With("greeting", new(NotApplicable: true)));
        var elsewhere = Judged(Talk.AddDays(2), Perfect) is var e ? e with { Evaluation = e.Evaluation with { ProjectId = Form } } : null!;
        var first = Judged(Talk.AddDays(3), With("polite", No));
        var second = Judged(Talk.AddDays(4), Perfect);
        var random = new Random(5);

        for (var round = 0; round < 50; round++)
            Rechecks.Of(coaching, new[] { earlier, failed, otherSection, elsewhere, first, second }.OrderBy(_ => random.Next()))
                .Should().Be(new Recheck(first.Evaluation.Id, Talk.AddDays(3)), "its section passed, whatever else failed");
        Rechecks.Of(coaching with { Section = null }, [failed, first, second]).Should().Be(new Recheck(second.Evaluation.Id,
            Talk.AddDays(4)));
        Rechecks.Of(coaching with { Section = null, FormId = Project }, [second]).Should().BeNull("it is another form");
        Rechecks.Of(coaching, [earlier, failed]).Should().BeNull();
    }

    private static Dictionary<string, Answer> With(string question, Answer answer) => new(Perfect) { [question] = answer };

    private static JudgedContact Judged(DateTimeOffset at, Dictionary<string, Answer> answers) => new(
        new() { Id = Guid.CreateVersion7(), ProjectId = Project, AgentId = Agent, FormId = Form, SubmittedAt = at },
            Inbound.Score(answers));

    private static Coaching State(params object[] events) => events.Aggregate(new Coaching(), (state, e) => state.Evolve(e));

    private static Spec<Coaching> Given(params object[] events) => new(new Coaching(), (state, e) => state.Evolve(e), events);
}
