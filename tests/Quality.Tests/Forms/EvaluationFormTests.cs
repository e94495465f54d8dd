using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Testing;
using static CallCenter.Quality.Forms.EvaluationFormDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Forms;

public class EvaluationFormTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Inspector = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void a_form_begins_as_a_draft() =>
        Given()
            .When(state => Decide(new DraftForm(Id, Project, Inbound, Inspector, Monday), state))
            .Then(Drafted);

    [Fact]
    public void drafting_the_same_form_twice_changes_nothing() =>
        Given(Drafted)
            .When(state => Decide(new DraftForm(Id, Project, Inbound, Inspector, Monday), state))
            .ThenNothing();

    [Fact]
    public void activating_makes_the_draft_the_next_version() =>
        Given(Drafted, Activated(1), new FormRedrafted(Inbound, Inspector, Monday))
            .When(state => Decide(new ActivateForm(Inspector, Monday), state))
            .Then(Activated(2));

    [Fact]
    public void an_active_version_cannot_be_activated_again() =>
        Given(Drafted, Activated(1))
            .When(state => Decide(new ActivateForm(Inspector, Monday), state))
            .ThenRefused("no-draft");

    [Fact]
    public void a_form_has_at_most_fifty_versions() =>
        Given([Drafted, .. Enumerable.Range(1, 50).Select(Activated), new FormRedrafted(Inbound, Inspector, Monday)])
            .When(state => Decide(new ActivateForm(Inspector, Monday), state))
            .ThenRefused("too-many-versions");

    [Fact]
    public void a_code_keeps_its_kind_over_the_versions() =>
        Given(Drafted, Activated(1))
            .When(state =>
                Decide(new RedraftForm(Form(Weighting.Questions, Section("opening", null, YesNo("greeting", 100))), Inspector, Monday),
                state))
            .ThenRefused("question-changed-kind");

    [Fact]
    public void a_draft_that_was_never_active_may_change_a_kind() =>
        Given(Drafted)
            .When(state =>
                Decide(new RedraftForm(Form(Weighting.Questions, Section("opening", null, YesNo("greeting", 100))), Inspector, Monday),
                state))
            .Then(new FormRedrafted(Form(Weighting.Questions, Section("opening", null, YesNo("greeting", 100))), Inspector, Monday));

    [Fact]
    public void a_retired_form_is_not_written_on() =>
        Given(Drafted, Activated(1), new FormRetired(Inspector, Monday))
            .When(state => Decide(new RedraftForm(Inbound, Inspector, Monday), state))
            .ThenRefused("form-retired");

    [Fact]
    public void a_form_that_plans_use_is_retired_only_where_they_are_to_wait()
    {
        var plan = new PlanInUse(Guid.CreateVersion7(), "Weekly");

        Given(Drafted, Activated(1)).When(state => Decide(new RetireForm([plan], Inspector, Monday), state)).ThenRefused("form-in-use");
        Given(Drafted, Activated(1)).When(state => Decide(new RetireForm([], Inspector, Monday), state))
            .Then(new FormRetired(Inspector, Monday));
        Given(Drafted, Activated(1), new FormRetired(Inspector, Monday))
            .When(state => Decide(new RetireForm([plan], Inspector, Monday), state)).ThenNothing();
    }

    [Fact]
    public void only_an_active_form_is_in_force()
    {
        object[][] histories = [[], [Drafted], [Drafted, Activated(1), new FormRetired(Inspector, Monday)]];

        foreach (var history in histories)
            FluentActions.Invoking(() => history.Aggregate(new EvaluationForm(), (s, e) => s.Evolve(e)).InForce())
                .Should().Throw<RefusedException>().Which.Code.Should().Be("form-not-active");
    }

    private static FormDrafted Drafted => new(Id, Project, Inbound, Inspector, Monday);

    private static FormActivated Activated(int version) => new(Id, Project, version, Inbound, Inspector, Monday);

    private static Spec<FormLife> Given(params object[] events) => new(new FormLife(), (state, e) => state.Evolve(e), events);
}
