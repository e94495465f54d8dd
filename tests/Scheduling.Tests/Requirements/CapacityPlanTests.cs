using System.Net;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Scheduling.Capacity;
using CallCenter.Testing;
using static CallCenter.Scheduling.Capacity.CapacityPlanDecider;

namespace CallCenter.Scheduling.Tests.Requirements;

public sealed class CapacityPlanTests(SchedulingApi api)
{
    private static readonly CapacityAssumptions Assumed = new("Spring", 10,
        [new(new(2026, 2, 1), AgentHours: 1120, Hires: 4), new(new(2026, 3, 1), Calls: 1000, HandleSeconds: 360, Moves: -1)],
        HoursAWeek: 40, Attrition: 0.1, Shrinkage: 0.3, Occupancy: 0.8, FirstMonth: 0.5);

    [Fact]
    public void months_follow_from_each_other()
    {
        var lines = Lines(Assumed);

        // 28 days of 40 hours a week are 160 hours; 1120 hours are seven agents there, ten employed.
        lines[0].Should().Be(new CapacityLine(new(2026, 2, 1), 1120, 7, 10, Starting: 10, Leaving: 1, 4, 0, Ending: 13,
            Available: 11.5, Gap: 1.5, GapShare: 0.15));
        // A hundred hours of calls at 0.8 are 125 hours of agents.
        lines[1].WorkHours.Should().Be(125);
        (lines[1].Starting, lines[1].Leaving, lines[1].Ending).Should().Be((13, 1.3, 10.7));
    }

    [Fact]
    public void a_month_out_of_order_or_without_clear_work_is_named()
    {
        Code(Assumed with { Months = [new(new(2026, 2, 2), AgentHours: 1)] }).Should().Be("month-out-of-order");
        Code(Assumed with { Months = [new(new(2026, 2, 1), AgentHours: 1), new(new(2026, 4, 1), AgentHours: 1)] })
            .Should().Be("month-out-of-order");
        Code(Assumed with { Months = [new(new(2026, 2, 1))] }).Should().Be("work-unclear");
        Code(Assumed with { Months = [new(new(2026, 2, 1), Calls: 3)] }).Should().Be("work-unclear");
        Code(Assumed with { Months = [new(new(2026, 2, 1), 3, 200, AgentHours: 1)] }).Should().Be("work-unclear");

        static string Code(CapacityAssumptions assumed) => Assert.Throws<InvalidException>(
            () => Decide(new(Guid.NewGuid(), Guid.NewGuid(), assumed, "x", Guid.NewGuid(), default), new(), first: true)).Errors[0].Code;
    }

    [Fact]
    public async Task a_plan_is_changed_with_a_reason_and_keeps_what_it_was()
    {
        var world = await World.Create(api, new(2026, 3, 9), agents: 2);
        using var client = world.Client;
        var url = World.Location(await client.Send(HttpMethod.Post, "/capacity-plans", body: new
        {
            projectId = world.Project, reason = "For the budget", assumptions = Assumed,
        }));
        (await client.Get<JsonElement>(url)).GetProperty("lines")[0].GetProperty("gap").GetDouble().Should().Be(1.5);

        var changed = new { reason = "Fewer are hired", assumptions = Assumed with { Months = [Assumed.Months[0] with { Hires = 0 }] } };
        (await client.Send(HttpMethod.Put, url, version: 1, body: changed)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await client.Send(HttpMethod.Put, url, version: 2, body: changed)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await client.Send(HttpMethod.Put, url, version: 1, body: changed)).ShouldBeProblem(HttpStatusCode.PreconditionFailed);

        var now = await client.Get<JsonElement>(url);
        now.GetProperty("version").GetInt64().Should().Be(2, "the same again is no change");
        now.GetProperty("lines")[0].GetProperty("gap").GetDouble().Should().Be(-0.5);
        (await client.Get<JsonElement>($"{url}/history")).GetRawText().Should().Contain("For the budget").And.Contain("Fewer are hired");
        (await client.Get<JsonElement>($"/capacity-plans?projectId={world.Project}")).GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task an_outlook_sums_whole_months_and_quarters()
    {
        var world = await World.Create(api, new(2026, 3, 9), agents: 2);
        using var client = world.Client;

        var outlook = await client.Get<JsonElement>(
            $"/forecasts/outlook?projectId={world.Project}&queue={World.Queue}&from=2026-04-01&months=4");
        var months = outlook.GetProperty("months").EnumerateArray().ToList();
        var quarter = outlook.GetProperty("quarters").EnumerateArray().Single();

        months.Should().HaveCount(4);
        outlook.GetProperty("years").GetArrayLength().Should().Be(0);
        outlook.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).Should().Contain("season-unknown");
        quarter.GetProperty("calls").GetDouble().Should().BeApproximately(months.Take(3).Sum(m => m.GetProperty("calls").GetDouble()), 2);
        months.Should().OnlyContain(m => m.GetProperty("low").GetDouble() < m.GetProperty("calls").GetDouble());
        await (await client.GetAsync($"/forecasts/outlook?projectId={world.Project}&queue={World.Queue}&from=2026-04-02"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-a-month");
    }
}
