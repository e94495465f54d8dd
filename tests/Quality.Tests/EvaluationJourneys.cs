using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Quality.Tests;

public sealed class EvaluationJourneys(QualityApi api)
{
    [Fact]
    public async Task a_call_is_scored_disputed_and_scored_anew()
    {
        var world = await api.World();
        var (url, version) = await world.Submitted(new(Samples.Perfect) { ["greeting"] = Samples.Points(1) });
        var id = Guid.Parse(url[^36..]);

        var scored = await api.Published<EvaluationV1>(f => f.Id == id && f.Status == "submitted");
        scored.Should().BeEquivalentTo(new
        {
            Score = 80m, Passed = true, AutoFailed = false, world.AgentId, FormVersion = 1, EvaluatorId = world.InspectorId,
        });
        scored.Sections.Should().BeEquivalentTo(
            [new SectionResult("opening", "opening", 50, false), new("compliance", "compliance", 100, true)]);

        (scored.Kind, scored.Subject).Should().Be(("standard", new EvaluationSubject("call", scored.CallId)));
        scored.Questions.Should().Equal(
            new QuestionResult("greeting", "opening", "p1", 1, 2, false, "none"),
            new QuestionResult("polite", "compliance", "yes", 1, 1, false, "none"),
            new QuestionResult("identity", "compliance", "yes", 1, 1, false, "none"),
            new QuestionResult("interruptions", "compliance", "0", 10, 10, false, "none"));

        var disputed = await world.Agent.Send(HttpMethod.Post, $"{url}/dispute", version, new { reason = "I did greet." });
        var resolved = await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", disputed.Version(), new
        {
            decision = "change", reason = "Heard it", formVersion = 1,
            answers = new[] { new { question = "greeting", answer = new { choice = "p2" } } },
        });

        resolved.StatusCode.Should().Be(HttpStatusCode.NoContent, await resolved.Content.ReadAsStringAsync());
        (await api.Published<EvaluationV1>(f => f.Id == id && f.Status == "resolved")).Score.Should().Be(100);
        var details = await world.Agent.Get<EvaluationDetails>(url);
        details.Should().BeEquivalentTo(
            new { Status = EvaluationStatus.Resolved, Formula = "quality-score/1", Result = new { Score = 100m } });
        details.Dispute.Should().BeEquivalentTo(new { ScoreBefore = 80m, Decision = DisputeDecision.Change, Reason = "I did greet." });
        (await world.Agent.Send(HttpMethod.Post, $"{url}/acknowledgement", resolved.Version(), new { comment = "Thanks" }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task an_inspector_corrects_a_score_and_a_supervisor_voids_it_and_every_figure_follows()
    {
        var world = await api.World();
        var (url, version) = await world.Submitted(new(Samples.Perfect) { ["greeting"] = Samples.Points(1) });
        var id = Guid.Parse(url[^36..]);
        var correction = new
        {
            reason = "The greeting was given.", formVersion = 1,
            answers = new[] { new { question = "greeting", answer = new { choice = "p2" } } },
        };

        await (await world.Agent.Send(HttpMethod.Post, $"{url}/corrections", version, correction))
            .ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await api.As(Guid.CreateVersion7(), "inspector", world.Project).Send(HttpMethod.Post, $"{url}/corrections", version, correction))
            .ShouldBeProblem(HttpStatusCode.Conflict, "not-your-evaluation");
        var corrected = await world.Inspector.Send(HttpMethod.Post, $"{url}/corrections", version, correction);

        corrected.StatusCode.Should().Be(HttpStatusCode.NoContent, await corrected.Content.ReadAsStringAsync());
        (await api.Published<EvaluationV1>(f => f.Id == id && f.Version == corrected.Version())).Score.Should().Be(100);
        (await world.Agent.Get<EvaluationDetails>(url)).Corrections.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Reason = "The greeting was given.", ScoreBefore = 80m, ScoreAfter = 100m, CorrectedBy = world.InspectorId });
        (await Scores()).Should().Equal(100m);

        var voided = await world.Supervisor.Send(HttpMethod.Post, $"{url}/voiding", corrected.Version(), new { reason = "Of another call." });

        voided.StatusCode.Should().Be(HttpStatusCode.NoContent, await voided.Content.ReadAsStringAsync());
        (await api.Published<EvaluationV1>(f => f.Id == id && f.Status == "voided")).Score.Should().BeNull();
        (await Scores()).Should().BeEmpty("it counts no more");
        (await world.Agent.Get<EvaluationDetails>(url)).Voiding.Should().BeEquivalentTo(
            new { Reason = "Of another call.", ScoreBefore = 100m });
        (await world.Supervisor.Get<Page<HistoryEntry>>($"{url}/history")).Items.TakeLast(2).Select(e => (e.What, e.Why)).Should().Equal(
            ("evaluation-corrected", "The greeting was given."), ("evaluation-voided", "Of another call."));
        var details = await world.Inspector.Get<EvaluationDetails>(url);
        (await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = details.CallId, formId = details.FormId }))
            .StatusCode.Should().Be(HttpStatusCode.Created, "the call can be judged again");

        async Task<List<decimal?>> Scores() =>
            [.. (await world.Supervisor.Get<List<AgentQuality>>("/agent-quality?from=2026-01-01&to=2026-12-31")).Select(q => q.AverageScore)];
    }

    [Fact]
    public async Task others_are_told_what_was_answered_once_it_is_submitted()
    {
        var world = await api.World();
        var (url, _) = await world.Submitted(new(Samples.Perfect) { ["greeting"] = Answer.OutOfScope, ["polite"] = Samples.No });
        var id = Guid.Parse(url[^36..]);

        (await api.Published<EvaluationV1>(f => f.Id == id && f.Status == "submitted")).Questions.Should().StartWith(
        [
            new QuestionResult("greeting", "opening", null, null, 2, true, "none"),
            new QuestionResult("polite", "compliance", "no", 0, 1, false, "form"),
        ]);
        api.AllPublished<EvaluationV1>().Should().NotContain(f => f.Id == id && f.Status == "draft" && f.Questions != null);
    }

    [Fact]
    public async Task an_agent_sees_their_own_from_submission_on_without_the_private_note()
    {
        var world = await api.World();
        var url = await world.Draft();
        await world.Inspector.Send(
            HttpMethod.Put, $"{url}/remarks", 1, new { feedback = "Well done.", privateNote = "Check the next one too." });
        var answered = await world.Answer(url, 2, Samples.Perfect);

        await (await world.Agent.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await world.Agent.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().BeEmpty();
        await world.Inspector.Send(HttpMethod.Post, $"{url}/submission", answered.Version());

        (await world.Agent.Get<EvaluationDetails>(url)).Should().BeEquivalentTo(
            new { Feedback = "Well done.", PrivateNote = (string?)null });
        (await world.Inspector.Get<EvaluationDetails>(url)).PrivateNote.Should().Be("Check the next one too.");
        (await world.Agent.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().ContainSingle();
        foreach (var roles in new[] { "agent", "agent,offline_access", "agent,scheduler", "agent,integrator" })
        {
            var colleague = api.As(Guid.CreateVersion7(), roles, world.Project);
            await (await colleague.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
            (await colleague.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().BeEmpty(roles);
            (await colleague.Get<JsonElement>("/agent-quality?from=2026-01-01&to=2026-12-31")).EnumerateArray().Should().BeEmpty(roles);
        }
    }

    [Fact]
    public async Task everything_done_to_an_evaluation_is_on_record()
    {
        var world = await api.World();
        var (url, _) = await world.Disputed();

        var history = (await world.Supervisor.Get<Page<HistoryEntry>>($"{url}/history")).Items;

        history.Select(d => d.What).Should().Equal(
            "evaluation-started", "question-answered", "question-answered", "question-answered", "question-answered",
            "evaluation-submitted", "evaluation-disputed");
        history.Select(d => d.By.Id).Should().Equal([.. Enumerable.Repeat<Guid?>(world.InspectorId, 6), world.AgentId]);
        history.Should().OnlyContain(d => d.By.Kind == ActorKind.Person);
        history[^1].Why.Should().NotBeNullOrEmpty("a dispute says why");
    }

    [Fact]
    public async Task an_evaluation_keeps_the_version_of_the_form_it_was_made_with()
    {
        var world = await api.World();
        var url = await world.Draft();
        var form = (await world.Inspector.Get<EvaluationDetails>(url)).FormId;
        var next = Samples.Form(Weighting.Questions, Samples.Section("opening", null, Samples.Scale("greeting", 2, 100)));
        await world.Inspector.Send(HttpMethod.Put, $"/evaluation-forms/{form}/draft", 2, new { content = next });
        await world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{form}/activation", 3);

        var foreign = await world.Inspector.Send(
            HttpMethod.Put, $"{url}/answers", 1,
            new { formVersion = 2, answers = new[] { new GivenAnswer("greeting", Samples.Points(2)) } });
        var own = await world.Answer(url, 1, Samples.Perfect);

        await foreign.ShouldBeProblem(HttpStatusCode.Conflict, "other-form-version");
        own.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await world.Inspector.Get<EvaluationDetails>(url)).Form!.Questions.Should().HaveCount(4);
        (await world.Inspector.Get<JsonElement>($"/evaluation-forms/{form}/versions/1"))
            .GetProperty("content").GetProperty("sections").GetArrayLength().Should().Be(2);
        (await world.Inspector.Get<JsonElement>($"/evaluation-forms/{form}")).GetProperty("activeVersion").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task of_many_resolutions_at_once_one_wins()
    {
        var world = await api.World();
        var (url, version) = await world.Disputed();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => api
            .As(Guid.CreateVersion7(), "supervisor", world.Project).Send(HttpMethod.Post, $"{url}/resolution", version, i % 2 == 0
                ? new { decision = "uphold", reason = "As it was", formVersion = 1, answers = Array.Empty<object>() }
                : new
                {
                    decision = "change", reason = "Better", formVersion = 1,
                    answers = new object[] { new { question = "greeting", answer = new { choice = "p1" } } },
                })));

        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).Should().Be(1);
        answers.Where(a => a.StatusCode != HttpStatusCode.NoContent).Should().OnlyContain(a =>
            a.StatusCode == HttpStatusCode.Conflict || a.StatusCode == HttpStatusCode.PreconditionFailed);
        (await world.Supervisor.Get<Page<HistoryEntry>>($"{url}/history")).Items.Count(d => d.What == "dispute-resolved").Should().Be(1);
    }

    [Fact]
    public async Task the_weeks_of_an_agent_count_scores_as_they_are_now()
    {
        var world = await api.World();
        await world.Submitted();
        await world.Submitted(new(Samples.Perfect) { ["greeting"] = Samples.Points(0) });
        await world.Submitted(Samples.Inbound.Questions.ToDictionary(q => q.Code, _ => Answer.OutOfScope));
        var (url, version) = await world.Disputed(new(Samples.Perfect) { ["polite"] = Samples.No });

        var range = $"?from=2020-01-01&to=2021-01-01&agentId={world.AgentId}";
        (await world.Agent.Get<List<AgentQuality>>("/agent-quality" + range)).Should().BeEmpty();
        (await Now()).Should().BeEquivalentTo(new { Evaluations = 4, Scored = 3, AverageScore = 53.3m, Passed = 1, AutoFailed = 1 });

        await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version, new
        {
            decision = "change", reason = "It was a quotation.", formVersion = 1,
            answers = new[] { new { question = "polite", answer = new { yes = true } } },
        });
        (await Now()).Should().BeEquivalentTo(new { Evaluations = 4, Scored = 3, AverageScore = 86.7m, Passed = 2, AutoFailed = 0 });

        async Task<AgentQuality> Now()
        {
            var today = DateOnly.FromDateTime(DateTime.UtcNow);
            return (await world.Agent.Get<List<AgentQuality>>(
                $"/agent-quality?from={today.AddDays(-8):O}&to={today.AddDays(1):O}")).Single();
        }
    }

    [Fact]
    public async Task lists_are_filtered_and_walked_page_by_page()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        foreach (var call in await world.Calls(5))
            await World.Created(world.Inspector, "/evaluations", new { callId = call, formId = form });
        await world.Submitted();

        var drafts = $"/evaluations?formId={form}&status=draft&agentId={world.AgentId}&limit=2";
        var seen = new List<Guid>();
        for (string? next = ""; next is not null;)
        {
            var page = await world.Supervisor.Get<Page<EvaluationSummary>>(drafts + (next == "" ? "" : $"&cursor={next}"));
            seen.AddRange(page.Items.Select(e => e.Id));
            next = page.Next;
        }

        seen.Should().HaveCount(5).And.OnlyHaveUniqueItems();
        (await world.Supervisor.Get<Page<EvaluationSummary>>("/evaluations?status=submitted")).Items.Should().ContainSingle();
        (await world.Stranger.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().BeEmpty();
    }
}
