using System.Net;
using System.Text.Json;
using CallCenter.EventSourcing;
using CallCenter.Quality.Sampling;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

/// <summary>Forms that plans use, and plans whose form is gone.</summary>
public sealed class RetirementJourneys(QualityApi api)
{
    [Fact]
    public async Task a_form_in_use_is_not_retired_and_the_refusal_names_the_plans()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var (first, second) = (await world.Plan(form), await world.Plan(form));
        await world.Inspector.Send(HttpMethod.Post, $"{second}/ending", version: 1);

        var refused = await world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{form}/retirement", version: 2);

        await refused.ShouldBeProblem(HttpStatusCode.Conflict, "form-in-use");
        (await refused.Content.ReadAsStringAsync()).Should().Contain(first[^36..]).And.Contain("Weekly").And.NotContain(second[^36..]);
        refused.Headers.Location!.ToString().Should().Be(first);
        await (await world.Stranger.Send(HttpMethod.Post, $"/evaluation-forms/{form}/retirement", version: 2))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        await world.Inspector.Send(HttpMethod.Post, $"{first}/ending", version: 1);
        (await world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{form}/retirement", version: 2)).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_plan_whose_form_is_retired_says_so_the_others_go_on_and_its_weeks_are_drawn_when_it_has_another()
    {
        var world = await api.World();
        var (gone, kept) = (await world.ActiveForm(), await world.ActiveForm());
        await world.Calls(6);
        var (waiting, going) = (await PlanMadeEarly(world, gone), await PlanMadeEarly(world, kept));
        (await world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{gone}/retirement?force=true", version: 2)).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);

        await Eventually.True(async () => (await Weeks(world, going)).Any(week => week.Week == World.Week && week.Drawn > 0),
            "the other plan's week to be drawn");
        await Eventually.True(async () => (await Health()).Contains($"sampling of plan {waiting[^36..]}", StringComparison.Ordinal),
            "health to name the plan");
        var waits = (await world.Inspector.Get<JsonElement>(waiting)).GetProperty("waits");
        waits.GetProperty("cause").GetString().Should().Be("form-retired");
        waits.GetProperty("weeks").EnumerateArray().Select(week => week.GetString()).Should()
            .Contain("2026-03-02").And.HaveCountGreaterThan(30);
        (await world.Inspector.Get<JsonElement>(going)).GetProperty("waits").ValueKind.Should().Be(JsonValueKind.Null);
        (await Weeks(world, waiting)).Should().BeEmpty();

        var rules = new { name = "Weekly", formId = kept, callsPerAgent = 2 };
        (await world.Inspector.Send(HttpMethod.Put, $"{waiting}/rules", version: 1, new { rules })).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        await LookAgain(waiting);
        await Eventually.True(async () => (await Weeks(world, waiting)).Any(week => week.Week == World.Week), "its week to be drawn");
        await Eventually.True(async () => (await Weeks(world, waiting)).Any(week => week.Skipped == "no-calls"), "others to be skipped");
        (await Weeks(world, waiting)).Single(week => week.Week == World.Week).Should().BeEquivalentTo(
            new { Agents = 1, Drawn = 2, Skipped = (string?)null });
        (await world.Inspector.Get<JsonElement>(waiting)).GetProperty("waits").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task a_week_that_was_skipped_can_be_drawn_by_hand_when_its_calls_have_come()
    {
        var world = await api.World();
        var plan = await PlanMadeEarly(world, await world.ActiveForm());
        await Eventually.True(async () => (await Weeks(world, plan)).Any(week => week.Week == World.Week), "the week to be skipped");
        (await world.Inspector.GetAsync($"{plan}/draws/2026-03-02", TestContext.Current.CancellationToken)).StatusCode.Should()
            .Be(HttpStatusCode.NotFound);
        await world.Calls(3);

        (await world.Inspector.Send(HttpMethod.Post, $"{plan}/draws", body: new { week = World.Week })).StatusCode.Should()
            .Be(HttpStatusCode.Created);

        (await Weeks(world, plan)).Single(week => week.Week == World.Week).Should().BeEquivalentTo(
            new { Agents = 1, Drawn = 2, Skipped = (string?)null });
    }

    [Fact]
    public async Task a_plan_does_not_get_a_retired_form()
    {
        var world = await api.World();
        var (form, retired) = (await world.ActiveForm(), await world.ActiveForm());
        var plan = await world.Plan(form);
        await world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{retired}/retirement", version: 2);
        var rules = new { name = "Weekly", formId = retired, callsPerAgent = 2 };

        await (await world.Inspector.Send(HttpMethod.Post, "/sampling-plans", body: new { projectId = world.Project, rules }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "form-retired");
        await (await world.Inspector.Send(HttpMethod.Put, $"{plan}/rules", version: 1, new { rules }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "form-retired");
    }

    [Fact]
    public async Task a_form_is_retired_or_gets_a_plan_and_never_both()
    {
        var world = await api.World();
        for (var round = 0; round < 5; round++)
        {
            var form = await world.ActiveForm();
            var rules = new { name = "Weekly", formId = form, callsPerAgent = 2 };

            var retired = world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{form}/retirement", version: 2);
            var made = world.Inspector.Send(HttpMethod.Post, "/sampling-plans", body: new { projectId = world.Project, rules });

            new[] { (await retired).IsSuccessStatusCode, (await made).IsSuccessStatusCode }.Count(done => done).Should().Be(1);
        }
    }

    // As if it had been made in the week of the calls.
    private async Task<string> PlanMadeEarly(World world, Guid form)
    {
        var id = Guid.CreateVersion7();
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        Actor.Current = Actor.Job("test");
        session.Events.StartStream<SamplingPlan>(id, new SamplingPlanMade(
            id, world.Project, "spring", new SamplingRules("Weekly", form, 2), world.InspectorId, new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero)));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        return $"/sampling-plans/{id}";
    }

    private static async Task<IReadOnlyList<DrawnWeek>> Weeks(World world, string plan) =>
        (await world.Inspector.Get<Page<DrawnWeek>>($"{plan}/draws?limit=500")).Items;

    private async Task LookAgain(string plan)
    {
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        await admin.Send(HttpMethod.Post, $"/operations-desk/set-aside/{SetAside.IdOf("sampling", $"plan {plan[^36..]}")}/retry");
    }

    private async Task<string> Health()
    {
        using var anonymous = api.Anonymous();
        return await anonymous.GetStringAsync("/health", TestContext.Current.CancellationToken);
    }
}
