using System.Net;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class PredictionTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task callers_wait_longer_when_a_shift_is_taken_out()
    {
        var world = await World.Create(api, Monday, peak: 6);
        using var client = world.Client;
        var url = await world.Roster();
        var full = await Predicted();

        var works = (await client.Get<JsonElement>(url)).GetProperty("agents").EnumerateArray()
            .First(a => a.GetProperty("shifts").EnumerateArray().Any(s => s.GetProperty("date").GetString() == "2026-03-09"))
                .GetProperty("agentId").GetGuid();
        var taken = await client.Send(
            HttpMethod.Delete, $"{url}/agents/{works}/days/{Monday:yyyy-MM-dd}", version: (await client.GetAsync(url)).Version());
        taken.StatusCode.Should().Be(HttpStatusCode.NoContent, await taken.Content.ReadAsStringAsync());

        ServiceLevel(await Predicted()).Should().BeLessThan(ServiceLevel(full));
        full.GetProperty("occupancy").GetProperty("value").GetDouble().Should().BeInRange(0.1, 1);
        full.GetProperty("queues")[0].GetProperty("intervals").GetArrayLength().Should().Be(48, "it is open for twelve hours");
        await (await client.GetAsync($"{url}/predicted-service?date=2026-03-16"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "outside-roster");

        Task<JsonElement> Predicted() => client.Get<JsonElement>($"{url}/predicted-service?date={Monday:yyyy-MM-dd}");

        static double ServiceLevel(JsonElement day)
        {
            var level = day.GetProperty("queues")[0].GetProperty("serviceLevel");
            level.GetProperty("low").GetDouble().Should().BePositive();
            return level.GetProperty("value").GetDouble();
        }
    }

    [Fact]
    public async Task what_nobody_calls_for_has_no_service_level()
    {
        var world = await World.Create(api, Monday, agents: 2, peak: 2);
        using var client = world.Client;
        var forecast = await world.Forecast(days: 1);
        World.Location(await client.Send(HttpMethod.Post, $"{forecast}/overrides", version: 2,
            body: new { queue = World.Queue, date = Monday, calls = 0, reason = "Closed for the works." }));
        var roster = await world.Roster(World.IdOf(World.Location(await client.Send(
            HttpMethod.Post, "/requirements", body: new { forecastId = World.IdOf(forecast) }))));

        var queue = (await client.Get<JsonElement>($"{roster}/predicted-service?date={Monday:yyyy-MM-dd}")).GetProperty("queues")[0];

        queue.GetProperty("calls").GetDouble().Should().Be(0);
        foreach (var measure in new[] { "serviceLevel", "averageSpeedOfAnswer", "abandonment" })
            queue.GetProperty(measure).ValueKind.Should().Be(JsonValueKind.Null, measure);
    }
}
