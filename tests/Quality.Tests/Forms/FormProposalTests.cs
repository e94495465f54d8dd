using System.Net;
using System.Text.Json;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Testing;
using static CallCenter.Quality.Forms.EvaluationFormDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Forms;

public sealed class FormProposalTests(QualityApi api)
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Proposal = Guid.CreateVersion7();
    private static readonly Guid Ann = Guid.CreateVersion7();
    private static readonly Guid Bob = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly FormContent Strict = Inbound with { PassMark = 90, NeedsApproval = true };

    [Fact]
    public void a_change_is_proposed_by_one_and_approved_by_another()
    {
        Given(Drafted(Inbound), Activated(1, Inbound)).When(state => Decide(Propose(Strict), state)).Then(Proposed(1));
        Given(Drafted(Inbound), Activated(1, Inbound), Proposed(1)).When(state => Decide(Propose(Strict), state)).ThenNothing();
        Given(Drafted(Inbound), Activated(1, Inbound), Proposed(1)).When(state => Decide(Approve(Ann), state)).ThenRefused("proposer-involved");
        Given(Drafted(Inbound), Activated(1, Inbound), Proposed(1)).When(state => Decide(Approve(Bob), state))
            .Then(new FormChangeApproved(Proposal, "Agreed", Bob, Monday), new FormRedrafted(Strict, Bob, Monday, Proposal));
        Given(Drafted(Inbound), Activated(1, Inbound), Proposed(1), Refused).When(state => Decide(Approve(Bob), state))
            .ThenRefused("proposal-decided");
    }

    [Fact]
    public void a_change_of_an_older_version_is_proposed_anew() =>
        Given(Drafted(Inbound), Activated(1, Inbound), Proposed(1), new FormRedrafted(Inbound, Ann, Monday), Activated(2, Inbound))
            .When(state => Decide(Approve(Bob), state)).ThenRefused("proposal-outdated");

    [Fact]
    public void a_change_is_refused_by_another()
    {
        Given(Drafted(Inbound), Proposed(0)).When(state => Decide(new RefuseChange(Proposal, "No", Ann, Monday), state))
            .ThenRefused("proposer-involved");
        Given(Drafted(Inbound), Proposed(0)).When(state => Decide(new RefuseChange(Proposal, "No", Bob, Monday), state)).Then(Refused);
    }

    [Fact]
    public void a_form_that_wants_approval_is_activated_only_with_it()
    {
        var activate = new ActivateForm(Ann, Monday);

        Given(Drafted(Strict)).When(state => Decide(activate, state)).ThenRefused("approval-missing");
        Given(Drafted(Inbound), Activated(1, Strict), new FormRedrafted(Inbound, Ann, Monday))
            .When(state => Decide(activate, state)).ThenRefused("approval-missing");
        Given(Drafted(Strict), new FormRedrafted(Strict, Bob, Monday, Proposal)).When(state => Decide(activate, state))
            .Then(new FormActivated(Id, Id, 1, Strict, Ann, Monday));
        Given(Drafted(Strict), new FormRedrafted(Strict, Bob, Monday, Proposal), new FormRedrafted(Strict, Ann, Monday))
            .When(state => Decide(activate, state)).ThenRefused("approval-missing");
    }

    [Fact]
    public void only_so_many_changes_wait_for_a_decision() => Given(
            [Drafted(Inbound), .. Enumerable.Range(0, 20).Select(_ => Proposed(0) with { ProposalId = Guid.CreateVersion7() })])
        .When(state => Decide(Propose(Strict), state)).ThenRefused("too-many-proposals");

    [Fact]
    public void what_differs_is_said_line_by_line()
    {
        var after = Inbound with
        {
            PassMark = 90,
            Sections =
            [
                Inbound.Sections[1] with
                {
                    Questions =
                    [
                        Inbound.Find("polite")! with { Weight = 25, CommentOnLoss = false }, Inbound.Find("interruptions")!,
                        new TextQuestion { Code = "order", Title = Text("Order") },
                    ],
                },
                Inbound.Sections[0],
            ],
        };

        FormDifference.Of(Inbound, after).Select(line => (line.Where, line.What)).Should().BeEquivalentTo(new[]
        {
            ("passMark", FormChange.Changed), ("sections/compliance/questions/identity", FormChange.Removed),
            ("sections/compliance/questions/polite/weight", FormChange.Changed),
            ("sections/compliance/questions/polite/commentOnLoss", FormChange.Changed),
            ("sections/compliance/questions/order", FormChange.Added), ("sections", FormChange.Reordered),
        });
        FormDifference.Of(Inbound, after).Single(line => line.Where.EndsWith("/weight", StringComparison.Ordinal))
            .Should().BeEquivalentTo(new { Before = "30", After = "25" });
        FormDifference.Of(Inbound, Inbound).Should().BeEmpty();
        FormDifference.Of(null, Inbound).Should().OnlyContain(line => line.What == FormChange.Added);
    }

    [Fact]
    public void a_section_that_is_to_be_asked_only_sometimes_is_a_line_of_its_own()
    {
        var always = Goodwill with { Sections = [.. Goodwill.Sections.Select(section => section with { AskedIf = null })] };

        FormDifference.Of(always, Goodwill).Select(line => (line.Where, line.What, line.Before)).Should().Equal(
            ("sections/goodwill/askedIf", FormChange.Added, null), ("sections/voucher/askedIf", FormChange.Added, null));
        FormDifference.Of(always, Goodwill)[0].After.Should().Contain("damaged");
        FormDifference.Of(Goodwill, always).Should().OnlyContain(line => line.What == FormChange.Removed);
    }

    [Fact]
    public async Task evaluations_of_before_are_scored_again_and_stay_as_they_are()
    {
        var world = await api.World();
        var (url, _) = await world.Submitted(new(Perfect) { ["interruptions"] = new(Number: 3), ["greeting"] = Points(1) });
        var details = await world.Inspector.Get<EvaluationDetails>(url);
        var form = $"/evaluation-forms/{details.FormId}";
        var content = Inbound.With(question => question.Code == "identity" ? null
            : question.Code == "greeting" ? question with { Weight = 60 }
            : question.Code == "interruptions" ? question with { Ranges = [new(0, 2, 10)] } : question) with
        {
            Bands = [new("low", Text("Low"), 0), new("high", Text("High"), 80)],
            Header = [new TextQuestion { Code = "order", Title = Text("Order") }],
        };
        var proposal = await World.Created(world.Inspector, $"{form}/proposals", new { content, reason = "Greetings count for more" });
        var before = await api.EventCount();

        var compared = await world.Supervisor.Send(HttpMethod.Post, $"{proposal}/comparison", body: new { last = 10 });

        using var comparison = JsonDocument.Parse(await compared.Content.ReadAsStringAsync());
        var one = comparison.RootElement.GetProperty("evaluations").EnumerateArray().Single();
        (one.GetProperty("score").GetDecimal(), one.GetProperty("newScore").GetDecimal()).Should().Be((75m, 66.7m)); // 30 + 30 of 90
        one.GetProperty("newBand").GetString().Should().Be("low");
        one.GetProperty("dropped").EnumerateArray().Select(question => question.GetString()).Should().Equal("identity", "interruptions");
        one.GetProperty("open").EnumerateArray().Select(question => question.GetString()).Should().Equal("order", "interruptions");
        (await api.EventCount()).Should().Be(before);
        (await world.Inspector.Get<EvaluationDetails>(url)).Result!.Score.Should().Be(75m);
    }

    [Fact]
    public async Task a_proposal_goes_its_way_from_difference_to_activation()
    {
        var world = await api.World();
        var form = $"/evaluation-forms/{await world.ActiveForm()}";
        var proposal = await World.Created(world.Inspector, $"{form}/proposals", new { content = Strict, reason = "Stricter" });

        var seen = await world.Supervisor.Get<JsonElement>(proposal);
        seen.GetProperty("differences").EnumerateArray().Select(line => line.GetProperty("where").GetString())
            .Should().BeEquivalentTo("passMark", "needsApproval");
        await (await world.Inspector.Send(HttpMethod.Post, $"{proposal}/approval", 3, new { }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "proposer-involved");
        (await world.Supervisor.Send(HttpMethod.Post, $"{proposal}/approval", 3, new { reason = "Agreed" })).Version().Should().Be(5);
        (await world.Inspector.Send(HttpMethod.Post, $"{form}/activation", 5)).Version().Should().Be(6);

        (await world.Inspector.Get<JsonElement>(form)).GetProperty("activeVersion").GetInt32().Should().Be(2);
        (await world.Inspector.Get<JsonElement>($"{form}/proposals"))[0].GetProperty("status").GetString().Should().Be("approved");
        await (await world.Stranger.Send(HttpMethod.Get, proposal)).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    private static ProposeChange Propose(FormContent content) => new(Proposal, content, "Stricter", Ann, Monday);

    private static ApproveChange Approve(Guid by) => new(Proposal, "Agreed", by, Monday);

    private static FormChangeProposed Proposed(int basedOn) => new(Proposal, Strict, basedOn, "Stricter", Ann, Monday);

    private static FormChangeRefused Refused => new(Proposal, "No", Bob, Monday);

    private static FormDrafted Drafted(FormContent content) => new(Id, Id, content, Ann, Monday);

    private static FormActivated Activated(int version, FormContent content) => new(Id, Id, version, content, Ann, Monday);

    private static Spec<FormLife> Given(params object[] events) => new(new FormLife(), (state, e) => state.Evolve(e), events);
}
