using System.Net;
using System.Text.Json;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

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

    [Theory]
    [InlineData(700, false)]
    [InlineData(750, true)]
    public async Task a_season_of_the_year_is_in_forecasts_and_outlooks_once_two_years_are_known(int daysBefore, bool known)
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 20);
        using var client = world.Client;
        await Store(
            world, Enumerable.Range(29, daysBefore - 28).Select(back => Monday.AddDays(-back)), date => 20 * Wave(date) / Wave(Monday));

        var url = await world.Forecast();
        var forecast = (await client.Get<JsonElement>(url)).GetProperty("queues")[0];
        var outlook = await client.Get<JsonElement>(
            $"/forecasts/outlook?projectId={world.Project}&queue={World.Queue}&from=2026-04-01&months=9");
        var months = outlook.GetProperty("months").EnumerateArray().Select(month => month.GetProperty("calls").GetDouble()).ToList();
        var warned = outlook.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).Contains("season-unknown");

        warned.Should().Be(!known);
        foreach (var answer in new[] { forecast, outlook })
            (answer.TryGetProperty("season", out var season) && season.ValueKind != JsonValueKind.Null).Should().Be(known);
        if (known)
        {
            outlook.GetProperty("season").GetProperty("years").GetInt32().Should().Be(2);
            outlook.GetProperty("season").GetProperty("used").GetBoolean().Should().BeTrue();
            forecast.GetProperty("season").GetProperty("used").GetBoolean().Should().BeTrue();
            (months[6] / months[0]).Should().BeApproximately(Wave(new(2026, 10, 15)) / Wave(new(2026, 4, 15)), 0.12);
        }

        // High in spring, low in autumn.
        static double Wave(DateOnly date) => 1 + 0.4 * Math.Sin(2 * Math.PI * (date.DayOfYear - 20) / 365);
    }

    private async Task Store(World world, IEnumerable<DateOnly> days, Func<DateOnly, double> peak)
    {
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Store(days.Select(date => world.QueueDay(date, peak(date))));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
