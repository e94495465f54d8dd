using System.Net;
using System.Text.Json;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CallCenter.Scheduling.Rosters.PublicationPolicyDecider;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class PublicationPolicyTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public void the_first_publication_is_in_time_or_says_why_it_is_not()
    {
        var roster = new Roster { From = Monday };
        var policy = new PublicationPolicy(DaysBefore: 14);

        Refused(roster, policy, Monday.AddDays(-14), null).Should().BeFalse();
        Refused(roster, policy, Monday.AddDays(-13), null).Should().BeTrue();
        Refused(roster, policy, Monday.AddDays(-13), "Two fell ill").Should().BeFalse();
        Refused(roster with { Publication = 1 }, policy, Monday, null).Should().BeFalse("it was published before");
        Refused(roster, null, Monday, null).Should().BeFalse("the project says nothing");
    }

    [Fact]
    public async Task a_late_publication_needs_a_reason_and_schedulers_are_reminded_once()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        (await client.Send(HttpMethod.Put, $"/publication-policies/{world.Project}", 0, new { from = "2026-01-01", policy = new { daysBefore = 14 } }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        var period = World.Location(await client.Send(HttpMethod.Post, "/planning-periods", body: new
        {
            projectId = world.Project, from = Monday, days = 7, closesAt = $"{World.Ahead:yyyy-MM-dd}T18:00",
        }));
        await Remind(Monday.AddDays(-18));
        (await Reminders()).Should().BeEmpty("it is three days early");
        await Remind(Monday.AddDays(-17));
        await Remind(Monday.AddDays(-16));
        (await Reminders()).Should().Equal(period);
        using var manager = api.As(Guid.CreateVersion7(), "project-manager", world.Project);
        using var operations = api.As(Guid.CreateVersion7(), "operations-manager", world.Project);
        await Remind(Monday.AddDays(-14));
        (await Told(manager)).Should().BeEmpty("it can still be published in time");
        await Remind(Monday.AddDays(-13));
        await Remind(Monday.AddDays(-12));
        (await Told(manager)).Should().Equal(("publication-missed", period));
        (await Told(operations)).Should().Equal(("publication-missed", period));

        var url = await world.Roster();
        var publication = $"{url}/publication";
        await (await client.Send(HttpMethod.Post, publication, (await client.GetAsync(url)).Version()))
            .ShouldBeProblem(HttpStatusCode.Conflict, "publication-late");
        client.DefaultRequestHeaders.Add("X-Reason", "The forecast came late");
        (await client.Send(HttpMethod.Post, publication, (await client.GetAsync(url)).Version())).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        using var agent = world.AgentClient(0);
        (await agent.Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray().Select(n => n.GetProperty("kind").GetString())
            .Should().Equal("roster-published");
        (await Told(manager)).Should().BeEquivalentTo([("publication-missed", period), ("published-late", url)]);
        (await Told(client)).Should().OnlyContain(told => told.Kind == "publication-due", "it was they who were late");

        async Task<List<(string? Kind, string? About)>> Told(HttpClient reader) =>
            [.. (await reader.Get<JsonElement>("/notices")).GetProperty("items").EnumerateArray()
                .Select(n => (n.GetProperty("kind").GetString(), n.GetProperty("about").GetString()))];

        async Task<List<string?>> Reminders() => [.. (await client.Get<JsonElement>("/notices")).GetProperty("items").EnumerateArray()
            .Where(n => n.GetProperty("kind").GetString() == "publication-due").Select(n => n.GetProperty("about").GetString())];

        async Task Remind(DateOnly day)
        {
            Actor.Current = Actor.Job(PublicationReminders.Name);
            await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            var book = await query.LoadAsync<PublicationPolicies>(PublicationPolicies.IdOf(world.Project));
            await ActivatorUtilities.CreateInstance<PublicationReminders>(api.App.Services)
                .Remind(book!, new DateTimeOffset(day, new(12, 0), TimeSpan.Zero), TestContext.Current.CancellationToken);
        }
    }

    private static bool Refused(Roster roster, PublicationPolicy? policy, DateOnly today, string? reason)
    {
        try
        {
            MustBeInTime(roster, policy, today, reason);
            return false;
        }
        catch (RefusedException)
        {
            return true;
        }
    }
}
