using System.Net;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Forecasts;

public sealed class ForecastJourneyTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task what_planners_know_and_what_the_day_brings_move_a_forecast()
    {
        var world = await World.Create(api, Monday, agents: 2, peak: 40);
        using var client = world.Client;
        var url = await world.Forecast();
        var computed = Noon(await client.Get<JsonElement>(url));
        var staffed = await Staffed(url);

        var made = await client.Send(HttpMethod.Post, $"{url}/overrides", version: (await client.GetAsync(url)).Version(),
            body: new { queue = World.Queue, date = Monday, from = "09:00:00", to = "15:00:00", factor = 2, reason = "Price letter" });
        made.StatusCode.Should().Be(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var overridden = await client.Get<JsonElement>(url);
        Noon(overridden).Should().BeApproximately(2 * computed, 0.01);
        overridden.GetProperty("queues")[0].GetProperty("days")[0].GetProperty("intervals")[48].GetProperty("computed").GetDouble().Should()
            .Be(computed);
        overridden.GetProperty("overrides")[0].GetProperty("reason").GetString().Should().Be("Price letter");
        (await Staffed(url)).Should().BeGreaterThan(staffed + 4, "agents for the calls in force");

        await api.Publish(world.QueueDay(Monday, peak: 120));
        var intraday = $"{url}/intraday?queue={World.Queue}&date={Monday:yyyy-MM-dd}";
        await Eventually.True(async () =>
            (await client.Get<JsonElement>(intraday)).GetProperty("actual").GetDouble() > 0, "the calls of the day to be known");
        var morning = await client.Get<JsonElement>($"{intraday}&until=12:00:00");
        morning.GetProperty("actual").GetDouble().Should().BeGreaterThan(morning.GetProperty("expected").GetDouble());
        foreach (var (before, now) in new[] { ("came", "actual"), ("rest", "remaining"), ("restBefore", "remainingBefore") })
            morning.GetProperty(before).GetDouble().Should().Be(morning.GetProperty(now).GetDouble());
        morning.GetProperty("intervals").EnumerateArray().Count(i => i.GetProperty("known").GetBoolean()).Should().Be(48);

        await (await client.GetAsync($"{intraday}&until=12:05:00")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-a-quarter");
        await (await client.GetAsync($"{url}/intraday?queue={World.Queue}&date=2026-03-10&until=09:00:00"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-yet-known");
        await (await client.Send(HttpMethod.Post, $"{url}/overrides", version: 1,
            body: new { queue = World.Queue, date = Monday, factor = 2, reason = "Late" }))
                .ShouldBeProblem(HttpStatusCode.PreconditionFailed);
        var withdrawn = await client.Send(HttpMethod.Delete, made.Headers.Location!.ToString(), version: made.Version());
        withdrawn.StatusCode.Should().Be(HttpStatusCode.NoContent, await withdrawn.Content.ReadAsStringAsync());
        Noon(await client.Get<JsonElement>(url)).Should().Be(computed);

        static double Noon(JsonElement forecast) =>
            forecast.GetProperty("queues")[0].GetProperty("days")[0].GetProperty("intervals")[48].GetProperty("calls").GetDouble();

        async Task<int> Staffed(string forecast)
        {
            var requirement = World.Location(
                await client.Send(HttpMethod.Post, "/requirements", body: new { forecastId = World.IdOf(forecast) }));
            return (await client.Get<JsonElement>(requirement)).GetProperty("queues")[0].GetProperty("days")[0].GetProperty("intervals")[48]
                .GetProperty("agents").GetInt32();
        }
    }
}
