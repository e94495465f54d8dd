using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public sealed class DisputeJourneys(QualityApi api)
{
    private static readonly object Uphold = new { decision = "uphold", reason = "Heard it again.", formVersion = 1 };

    [Fact]
    public async Task a_score_is_shown_and_counts_from_its_release_on()
    {
        var world = await api.World();
        var (url, version) = await Answered(world);
        await (await Submit(world, url, version, DateTimeOffset.UtcNow.AddDays(46)))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "release-out-of-range");

        var held = await Submit(world, url, version, DateTimeOffset.UtcNow.AddSeconds(3));
        held.StatusCode.Should().Be(HttpStatusCode.NoContent, await held.Content.ReadAsStringAsync());

        await (await world.Answer(url, held.Version(), Samples.Perfect)).ShouldBeProblem(HttpStatusCode.Conflict, "evaluation-held");
        (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations/queue")).Items.Should().BeEmpty("its evaluator is done with it");
        (await world.Inspector.Get<EvaluationDetails>(url)).Held!.Result.Score.Should().Be(100);
        (await world.Agent.Get<JsonElement>("/evaluation-notices")).GetProperty("items").GetArrayLength().Should().Be(0);
        (await world.Agent.Get<List<AgentQuality>>("/agent-quality?from=2026-01-01&to=2026-12-31")).Should().BeEmpty();

        var told = await api.Published<EvaluationV1>(f => f.Id == Guid.Parse(url[^36..]) && f.Status == "submitted");
        told.SubmittedAt.Should().BeAfter(told.StartedAt.AddSeconds(2));
        api.AllPublished<EvaluationV1>().Where(f => f.Id == told.Id && f.Version < told.Version)
            .Should().OnlyContain(f => f.Status == "draft" && f.Score == null);
        (await world.Agent.Get<EvaluationDetails>(url)).Should().BeEquivalentTo(
            new { Status = EvaluationStatus.Submitted, Held = (HeldView?)null });
        var notice = (await Notices(world.Agent)).Single();
        (notice.Kind, notice.About).Should().Be((NoticeKind.EvaluationScored, url));

        (await world.Agent.Send(HttpMethod.Post, $"/evaluation-notices/{notice.Id}/receipt"))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await world.Supervisor.Get<Page<Notice>>($"/evaluation-notices/receipts?projectId={world.Project}&about={url}")).Items.Single()
            .ReadBy.Should().Be(world.AgentId);
        await (await api.As(Guid.CreateVersion7(), "agent", world.Project)
                .Send(HttpMethod.Post, $"/evaluation-notices/{notice.Id}/receipt"))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task where_scores_are_reviewed_the_agent_hears_of_what_was_reviewed()
    {
        var world = await api.World();
        await Policy(world, new EvaluationPolicy(Release.AfterReview));
        var (url, version) = await Answered(world);
        var held = await Submit(world, url, version);
        (await Notices(world.Supervisor)).Select(n => n.Kind).Should().Equal(NoticeKind.ReviewWanted);

        await (await world.Inspector.Send(HttpMethod.Post, $"{url}/review", held.Version(), new { decision = "submit", reason = "Fine." }))
            .ShouldBeProblem(HttpStatusCode.Forbidden);
        var returned = await world.Supervisor.Send(
            HttpMethod.Post, $"{url}/review", held.Version(), new { decision = "return", reason = "Listen to the end." });
        returned.StatusCode.Should().Be(HttpStatusCode.NoContent, await returned.Content.ReadAsStringAsync());
        (await world.Inspector.Get<EvaluationDetails>(url)).Review.Should().BeEquivalentTo(new { Reason = "Listen to the end." });
        var again = await Submit(world, url, returned.Version());
        await (await world.Agent.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        var submitted = await world.Supervisor.Send(
            HttpMethod.Post, $"{url}/review", again.Version(), new { decision = "submit", reason = "As heard." });

        submitted.StatusCode.Should().Be(HttpStatusCode.NoContent, await submitted.Content.ReadAsStringAsync());
        (await world.Agent.Get<EvaluationDetails>(url)).Should().BeEquivalentTo(
            new { Status = EvaluationStatus.Submitted, Review = (ScoreReviewView?)null });
        (await Notices(world.Agent)).Select(n => n.Kind).Should().Equal(NoticeKind.EvaluationScored);
    }

    [Fact]
    public async Task what_was_decided_is_decided_again_by_somebody_else_when_the_agent_asks()
    {
        var world = await api.World();
        var (url, version) = await world.Disputed(new(Samples.Perfect) { ["greeting"] = Samples.Points(1) });
        var first = await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version, Uphold);
        first.StatusCode.Should().Be(HttpStatusCode.NoContent, await first.Content.ReadAsStringAsync());

        var appealed = await world.Agent.Send(HttpMethod.Post, $"{url}/appeal", first.Version(), new { reason = "Nobody listened." });
        appealed.StatusCode.Should().Be(HttpStatusCode.NoContent, await appealed.Content.ReadAsStringAsync());
        await (await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", appealed.Version(), Uphold))
            .ShouldBeProblem(HttpStatusCode.Conflict, "resolver-involved");
        var second = api.As(Guid.CreateVersion7(), "project-manager", world.Project);
        var changed = await second.Send(HttpMethod.Post, $"{url}/resolution", appealed.Version(), new
        {
            decision = "change", reason = "It was given.", formVersion = 1,
            answers = new[] { new { question = "greeting", answer = new { choice = "p2" } } },
        });

        changed.StatusCode.Should().Be(HttpStatusCode.NoContent, await changed.Content.ReadAsStringAsync());
        await (await world.Agent.Send(HttpMethod.Post, $"{url}/appeal", changed.Version(), new { reason = "Once more." }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "already-appealed");
        var details = await world.Agent.Get<EvaluationDetails>(url);
        details.Dispute.Should().BeEquivalentTo(new { Reason = "I was told to.", Decision = DisputeDecision.Uphold, ScoreBefore = 80m });
        details.Appeal.Should().BeEquivalentTo(new { Reason = "Nobody listened.", Decision = DisputeDecision.Change, ScoreBefore = 80m });
        (await Notices(world.Agent)).Select(n => n.Kind).Should().Equal(
            NoticeKind.EvaluationScored, NoticeKind.DisputeDecided, NoticeKind.DisputeDecided);
        (await Notices(world.Supervisor)).Select(n => n.Kind).Should().Equal(NoticeKind.DisputeOpened, NoticeKind.DisputeOpened);
        (await Notices(world.Inspector)).Should().HaveCount(2, "whoever made the score hears what became of it");
    }

    [Theory]
    [InlineData(WithoutDecision.Uphold)]
    [InlineData(WithoutDecision.Void)]
    public async Task nobody_waits_for_ever(WithoutDecision policy)
    {
        var world = await api.World();
        await Policy(world, new EvaluationPolicy(DecideDays: 2, EscalatedDays: 3, WithoutDecision: policy));
        var (url, version) = await world.Disputed();
        var manager = api.As(Guid.CreateVersion7(), "operations-manager", world.Project);

        await Pass(url, days: 2);
        (await Notices(manager)).Should().BeEmpty("it has until the end of that day");
        await Pass(url, days: 3);
        await Pass(url, days: 3);

        (await Notices(manager)).Select(n => (n.Kind, n.About)).Should().Equal((NoticeKind.DisputeEscalated, url));
        (await world.Agent.Get<EvaluationDetails>(url)).Dispute!.EscalatedAt.Should().NotBeNull();
        await (await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version + 1, Uphold))
            .ShouldBeProblem(HttpStatusCode.Conflict, "dispute-escalated");
        await Pass(url, days: 6);
        (await world.Agent.Get<EvaluationDetails>(url)).Status.Should().Be(EvaluationStatus.Disputed);
        await Pass(url, days: 7);

        var details = await world.Agent.Get<EvaluationDetails>(url);
        details.Status.Should().Be(policy is WithoutDecision.Void ? EvaluationStatus.Voided : EvaluationStatus.Resolved);
        (details.Voiding?.Reason ?? details.Dispute!.DecisionReason).Should().Be("Nobody has decided: it is as the project's policy says.");
        (await world.Supervisor.Get<Page<HistoryEntry>>($"{url}/history")).Items.TakeLast(2).Select(e => e.What).Should().Equal(
            "dispute-escalated", policy is WithoutDecision.Void ? "evaluation-voided" : "dispute-resolved");
    }

    [Fact]
    public async Task who_has_not_acknowledged_is_listed()
    {
        var world = await api.World();
        var (first, version) = await world.Submitted();
        var (second, _) = await world.Submitted();

        (await Unacknowledged(days: 0)).Should().BeEquivalentTo([first, second]);
        (await Unacknowledged(days: 1)).Should().BeEmpty();
        await world.Agent.Send(HttpMethod.Post, $"{first}/acknowledgement", version, new { comment = "Thanks" });
        (await Unacknowledged(days: 0)).Should().Equal(second);

        async Task<List<string>> Unacknowledged(int days) => [.. (await world.Supervisor.Get<Page<EvaluationSummary>>(
            $"/evaluations/unacknowledged?days={days}")).Items.Select(e => $"/evaluations/{e.Id}")];
    }

    [Fact]
    public async Task every_score_is_read_as_it_was_told_then_and_as_it_is_known_now()
    {
        var world = await api.World();
        var (url, version) = await world.Disputed(new(Samples.Perfect) { ["greeting"] = Samples.Points(1) });
        var resolved = await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version, new
        {
            decision = "change", reason = "It was given.", formVersion = 1,
            answers = new[] { new { question = "greeting", answer = new { choice = "p2" } } },
        });
        await world.Supervisor.Send(HttpMethod.Post, $"{url}/voiding", resolved.Version(), new { reason = "Of another call." });

        var scores = await world.Agent.Get<ToldScores>($"{url}/scores");

        (scores.Status, scores.Score).Should().Be((EvaluationStatus.Voided, null));
        scores.Told.Select(told => (told.What, told.Score, told.Why)).Should().Equal(
            ("evaluation-submitted", 80m, null), ("dispute-resolved", 100m, "It was given."),
            ("evaluation-voided", null, "Of another call."));
        var then = await world.Agent.Get<EvaluationDetails>($"{url}/versions/{scores.Told[0].Version}");
        (then.Status, then.Result!.Score, then.Dispute).Should().Be((EvaluationStatus.Submitted, 80m, null));
        await (await world.Agent.GetAsync($"{url}/versions/1")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await world.Agent.GetAsync($"{url}/versions/99")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await world.Stranger.GetAsync($"{url}/scores")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    private static async Task<IReadOnlyList<Notice>> Notices(HttpClient who) => (await who.Get<Page<Notice>>("/evaluation-notices")).Items;

    private async Task Policy(World world, EvaluationPolicy policy)
    {
        var set = await api.As(Guid.CreateVersion7(), "project-manager", world.Project)
            .Send(HttpMethod.Put, $"/evaluation-policies/{world.Project}", 0, policy);
        set.StatusCode.Should().Be(HttpStatusCode.NoContent, await set.Content.ReadAsStringAsync());
    }

    private async Task Pass(string url, int days)
    {
        Actor.Current = Actor.Job(DeadlineJob.Name);
        await using var scope = api.App.Services.CreateAsyncScope();
        await using var query = scope.ServiceProvider.GetRequiredService<Marten.IDocumentStore>().QuerySession();
        var evaluation = (await query.LoadAsync<EvaluationSummary>(Guid.Parse(url[^36..])))!;
        await scope.ServiceProvider.GetRequiredService<DeadlineJob>()
            .Pass(evaluation, DateTimeOffset.UtcNow.AddDays(days), CancellationToken.None);
    }

    private static async Task<(string Url, long Version)> Answered(World world)
    {
        var url = await world.Draft();
        return (url, (await world.Answer(url, 1, Samples.Perfect)).Version());
    }

    private static Task<HttpResponseMessage> Submit(World world, string url, long version, DateTimeOffset? releaseAt = null) =>
        world.Inspector.Send(HttpMethod.Post,
            $"{url}/submission{(releaseAt is { } at ? $"?releaseAt={at.UtcDateTime:O}" : "")}", version);
}
