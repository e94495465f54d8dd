using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Sampling;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public sealed class SamplingJourneys(QualityApi api)
{
    [Fact]
    public async Task anybody_can_make_the_draw_again_from_what_it_shows()
    {
        var world = await api.World();
        var colleague = Guid.CreateVersion7();
        var calls = await world.Calls(12);
        await world.Calls(1, colleague);
        await world.Calls(3, change: c => c with { RecordingId = null });
        await world.Calls(2, change: c => c with { AnsweredAt = c.AnsweredAt!.Value.AddDays(7) });
        var plan = await world.Plan(await world.ActiveForm());

        var offered = await world.Inspector.Get<JsonElement>($"{plan}/candidates/2026-03-02");
        var drawn = await world.Draw(plan);
        var view = await world.Supervisor.Get<JsonElement>($"{plan}/draws/2026-03-02?agentId={world.AgentId}");

        offered.GetProperty("candidates").GetInt32().Should().Be(13);
        drawn.Should().BeEquivalentTo(new { Agents = 2, Drawn = 3, World.Week });
        var agent = view.GetProperty("agents").EnumerateArray().Single();
        agent.GetProperty("excluded").GetProperty("no-recording").GetInt32().Should().Be(3);
        var candidates = agent.GetProperty("candidates").EnumerateArray().ToList();
        candidates.Select(c => c.GetProperty("callId").GetGuid()).Should().BeEquivalentTo(calls);
        candidates.Where(c => c.GetProperty("drawn").GetBoolean()).Select(c => c.GetProperty("callId").GetGuid()).Should().Equal(
            calls.OrderBy(call => RandomSample.Key("spring", 1, world.AgentId, World.Week, call), StringComparer.Ordinal).Take(2));
        candidates.Should().OnlyContain(c => c.GetProperty("sampleKey").GetString() == RandomSample.Key(
            "spring", 1, world.AgentId, World.Week, c.GetProperty("callId").GetGuid()));
        candidates.Should().OnlyContain(c => c.GetProperty("lot").GetString() == c.GetProperty("sampleKey").GetString());
    }

    [Fact]
    public async Task whoever_has_the_lot_file_draws_it_again_from_nothing_else()
    {
        var world = await api.World();
        await world.Calls(9);
        await world.Calls(2, await api.Employ(Guid.CreateVersion7(), world.Project));
        var plan = await world.Plan(await world.ActiveForm(), perAgent: 3);
        await world.Draw(plan);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{plan}/draws/2026-03-02");
        request.Headers.Accept.ParseAdd("text/csv");
        var file = await (await world.Supervisor.SendAsync(request)).Content.ReadAsStringAsync();

        // From here on nothing of the product is used.
        var rows = file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        var columns = rows[0].Index().ToDictionary(column => column.Item, column => column.Index);
        Func<string[], string, string> of = (row, column) => row[columns[column]];
        Func<string, string> sha = text => Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

        var agents = rows.Skip(1).GroupBy(row => of(row, "agentId")).ToList();
        agents.Select(agent => agent.Count()).Should().BeEquivalentTo([9, 2]);
        foreach (var agent in agents)
        {
            var wanted = int.Parse(of(agent.First(), "callsPerAgent"), System.Globalization.CultureInfo.InvariantCulture);
            var again = agent.Select(row => (Row: row, Key: sha(string.Join('|',
                of(row, "seed"), of(row, "planVersion"), of(row, "agentId"), of(row, "week"), of(row, "callId"))))).ToList();
            again.Should().OnlyContain(lot => lot.Key == of(lot.Row, "sampleKey"));
            again.OrderBy(lot => lot.Key, StringComparer.Ordinal).Take(wanted).Select(lot => of(lot.Row, "callId"))
                .Should().BeEquivalentTo(agent.Where(row => of(row, "drawn") == "true").Select(row => of(row, "callId")));
            agent.Should().OnlyContain(row => (of(row, "evaluationId") != "") == (of(row, "drawn") == "true"));
            agent.Select(row => of(row, "probability")).Distinct().Should().Equal(agent.Count() == 9 ? "0.3333333333333333" : "1");
            agent.Select(row => of(row, "frame")).Distinct().Should().Equal(sha(string.Join('\n',
                agent.Select(row => of(row, "callId")).Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public async Task what_was_drawn_says_how_all_calls_may_have_been_once_it_is_judged()
    {
        var world = await api.World();
        await world.Calls(12);
        var plan = await world.Plan(await world.ActiveForm());
        await world.Draw(plan);
        var scores = $"/quality-scores?planId={plan[^36..]}&from=2026-03-04&to=2026-03-04";
        await (await world.Agent.GetAsync(scores)).ShouldBeProblem(HttpStatusCode.Forbidden);
        (await Of(scores)).GetProperty("plan").GetProperty("score").ValueKind.Should().Be(JsonValueKind.Null, "nothing is judged");

        await world.Inspector.Send(HttpMethod.Post, "/evaluations/next");
        var taken = (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations?status=draft")).Items.Single();
        var answered = await world.Answer($"/evaluations/{taken.Id}", taken.Version, Forms.Samples.Perfect);
        await world.Inspector.Send(HttpMethod.Post, $"/evaluations/{taken.Id}/submission", answered.Version());

        var judged = (await Of(scores)).GetProperty("agents")[0];
        judged.GetProperty("agentId").GetGuid().Should().Be(world.AgentId);
        var estimate = judged.GetProperty("estimate");
        (estimate.GetProperty("evaluations").GetInt32(), estimate.GetProperty("calls").GetInt32(), estimate.GetProperty("score").GetDouble())
            .Should().Be((1, 12, 100));
        estimate.GetProperty("low").ValueKind.Should().Be(JsonValueKind.Null, "one says nothing of how sure it is");
        judged.GetProperty("bestRank").ValueKind.Should().Be(JsonValueKind.Null);
        await (await world.Supervisor.GetAsync($"/quality-scores?planId={plan[^36..]}&from=2025-01-01&to=2026-03-04"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "range-too-long");

        async Task<JsonElement> Of(string address) => (await world.Supervisor.Get<JsonElement>(address)).GetProperty("scores");
    }

    [Fact]
    public async Task drawing_twice_or_at_once_draws_once()
    {
        var world = await api.World();
        await world.Calls(6);
        var plan = await world.Plan(await world.ActiveForm());

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.Inspector.Send(
            HttpMethod.Post, $"{plan}/draws", body: new { week = World.Week })));
        var bodies = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()));

        answers.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.Created);
        bodies.Distinct().Should().ContainSingle();
        (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations?status=pending")).Items.Should().HaveCount(2);
    }

    [Fact]
    public async Task inspectors_take_what_was_drawn_and_never_the_same()
    {
        var world = await api.World();
        Guid[] agents = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];
        foreach (var agent in agents)
            await world.Calls(3, agent);
        await world.Draw(await world.Plan(await world.ActiveForm(), perAgent: 3));
        HttpClient[] inspectors = [.. Enumerable.Range(0, 20).Select(_ => api.As(Guid.CreateVersion7(), "inspector", world.Project))];

        var taken = await Task.WhenAll(inspectors.Select(i => i.Send(HttpMethod.Post, "/evaluations/next")));

        taken.Count(t => t.StatusCode == HttpStatusCode.OK).Should().Be(12);
        taken.Count(t => t.StatusCode == HttpStatusCode.NoContent).Should().Be(8);
        var ids = await Task.WhenAll(taken.Where(t => t.StatusCode == HttpStatusCode.OK).Select(async t =>
            JsonDocument.Parse(await t.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid()));
        ids.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task an_inspector_goes_on_with_the_call_in_hand_then_gets_the_next()
    {
        var world = await api.World();
        await world.Calls(4);
        await world.Draw(await world.Plan(await world.ActiveForm(), inspectors: [world.InspectorId]));

        var (first, again) = (await Next(), await Next());
        var url = $"/evaluations/{first!.Id}";
        var answered = await world.Answer(url, first.Version, Samples.Perfect);
        await world.Inspector.Send(HttpMethod.Post, $"{url}/submission", answered.Version());
        var second = await Next();
        var released = await world.Inspector.Send(
            HttpMethod.Post, $"/evaluations/{second!.Id}/release", second.Version, new { reason = "Silence." });

        again!.Id.Should().Be(first.Id);
        second.Id.Should().NotBe(first.Id);
        released.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Next()).Should().BeNull("what one gave back comes to another");
        var other = api.As(Guid.CreateVersion7(), "inspector", world.Project);
        (await other.Get<Page<EvaluationSummary>>("/evaluations/queue")).Items.Should().ContainSingle();
        (await other.Send(HttpMethod.Post, "/evaluations/next")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await api.Published<EvaluationV1>(f => f.Id == first.Id && f.Status == "submitted")).Score.Should().Be(100);

        async Task<EvaluationDetails?> Next()
        {
            var response = await world.Inspector.Send(HttpMethod.Post, "/evaluations/next");
            return response.StatusCode == HttpStatusCode.NoContent
                ? null
                : JsonSerializer.Deserialize<EvaluationDetails>(await response.Content.ReadAsStringAsync(), Http.Json);
        }
    }

    [Fact]
    public async Task what_is_assigned_waits_for_its_inspector_until_a_supervisor_says_otherwise()
    {
        var world = await api.World();
        await world.Calls(1);
        await world.Draw(await world.Plan(await world.ActiveForm(), inspectors: [await api.Employ(Guid.CreateVersion7())]));
        var waiting = (await world.Supervisor.Get<Page<EvaluationSummary>>("/evaluations?status=pending")).Items.Single();

        (await world.Inspector.Send(HttpMethod.Post, "/evaluations/next")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var own = await world.Supervisor.Send(
            HttpMethod.Put, $"/evaluations/{waiting.Id}/assignee", 1, new { inspectorId = world.AgentId });
        await world.Supervisor.Send(HttpMethod.Put, $"/evaluations/{waiting.Id}/assignee", 1, new { inspectorId = world.InspectorId });

        await own.ShouldBeProblem(HttpStatusCode.Conflict, "self-evaluation");
        (await world.Inspector.Send(HttpMethod.Post, "/evaluations/next")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task an_inspector_is_not_offered_their_own_calls()
    {
        var world = await api.World();
        await world.Calls(2, world.InspectorId);
        await world.Draw(await world.Plan(await world.ActiveForm()));

        (await world.Inspector.Send(HttpMethod.Post, "/evaluations/next")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations/queue")).Items.Should().BeEmpty();
        (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations")).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task a_week_that_is_over_is_drawn_by_itself()
    {
        var world = await api.World();
        var plan = Guid.CreateVersion7();
        var form = await world.ActiveForm();
        var lastWeek = DateTimeOffset.UtcNow.AddDays(-7.5);
        await world.Calls(3, change: c => c with { AnsweredAt = lastWeek });
        Actor.Current = Actor.Job("test");
        await using (var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream<SamplingPlan>(plan, new SamplingPlanMade(
                plan, world.Project, "seed", new("Weekly", form, CallsPerAgent: 1), world.InspectorId, lastWeek.AddDays(-7)));
            await session.SaveChangesAsync();
        }

        await Eventually.True(
            async () =>
                (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations?status=pending")).Items.Count == 1, "the drawn call");

        (await world.Inspector.Get<Page<DrawnWeek>>($"/sampling-plans/{plan}/draws")).Items.Sum(w => w.Drawn).Should().Be(1);
    }

    [Fact]
    public async Task facts_of_calls_in_any_order_and_twice_leave_the_newest()
    {
        var world = await api.World();
        var call = (await world.Calls(1, change: c => c with { Version = 5 }))[0];
        var older = new CallV1(call, 3, world.Project, "billing", "inbound", "voice",
            null, null, null, null, 0, 0, 0, "open", null, null, null, null);
        await api.Publish(older, older);
        await world.Calls(1);

        await World.Created(world.Inspector, "/evaluations", new { callId = call, formId = await world.ActiveForm() });
        (await api.ErrorCount()).Should().Be(0);
    }
}
