using System.Net;
using System.Text.Json;
using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Reporting;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using CallCenter.Time;
using Marten;
using Microsoft.Extensions.DependencyInjection;

// One service for all classes, one after the other: what is counted in it was done by the test that counts.
[assembly: Xunit.AssemblyFixture(typeof(CallCenter.Scheduling.Tests.SchedulingApi))]
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]

namespace CallCenter.Scheduling.Tests;

public sealed class SchedulingApi() : ServiceFixture("scheduling", SchedulingService.Build)
{
    protected override IEnumerable<string> Settings => ["--TrainingSlots:Every=00:00:01", "--TrainingPlacement:Every=00:00:01",
        "--TrainingPlacement:Again=00:00:01"];
}

/// <summary>A project with two teams and four weeks of calls, made known to the service as the other services would.</summary>
internal sealed class World
{
    public const string Queue = "billing";

    private readonly SchedulingApi api;

    private World(SchedulingApi api, string zone) => (this.api, Zone) = (api, zone);

    public string Zone { get; }
    public Guid Project { get; } = Guid.CreateVersion7();
    public Guid Scheduler { get; } = Guid.CreateVersion7();
    public List<EmployeeV1> Agents { get; } = [];
    public DateOnly Monday { get; private init; }

    public HttpClient Client => api.As(Scheduler, "scheduler", Project);

    public HttpClient Supervisor => api.As(Guid.CreateVersion7(), "supervisor", Project);

    /// <summary>A supervisor who says why: leave for days that are over is entered so.</summary>
    public HttpClient Entering
    {
        get
        {
            var client = Supervisor;
            client.DefaultRequestHeaders.Add("X-Reason", "Told by telephone");
            return client;
        }
    }

    /// <summary>A Monday for which leave can be asked: in three weeks or so.</summary>
    public static DateOnly Ahead
    {
        get
        {
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            return today.AddDays(21 - ((int)today.DayOfWeek + 6) % 7);
        }
    }

    public HttpClient AgentClient(int number) => api.As(Agents[number].Id, "agent", Project);

    /// <param name="monday">First day of the week to roster; four weeks before it are known.</param>
    /// <param name="sharing">Another project whose agents work for this one too.</param>
    public static async Task<World> Create(
        SchedulingApi api, DateOnly monday, int agents = 8, double peak = 12, string zone = "Europe/Berlin", World? sharing = null)
    {
        var world = new World(api, zone) { Monday = monday };
        world.Agents.AddRange((sharing?.Agents ?? []).Select(agent =>
            agent with { Version = agent.Version + 1, ProjectIds = [.. agent.ProjectIds, world.Project] }));
        for (var i = world.Agents.Count; i < agents; i++)
            world.Agents.Add(new EmployeeV1(Guid.CreateVersion7(), 1, $"A{i:000}", $"Agent {i:00}", new(2020, 1, 1), null, "junior",
                [], [world.Project], [new SkillLevel(Queue, 3)], 40, zone));

        var days = Enumerable.Range(-28, 28).Select(d => world.QueueDay(monday.AddDays(d), peak)).ToArray();
        await api.Publish(
        [
            new ProjectV1(world.Project, 1, "Billing <hot>line", "Acme & Sons", zone, DayOfWeek.Monday,
                [.. Enum.GetValues<DayOfWeek>().Select(d => new OpeningHours(d, new(8, 0), new(20, 0)))],
                [new ProjectQueue(Queue, "Billing", "voice", 20)], [], []),
            new TeamV1(NameId.Of("team", world.Project), 1, world.Project, "Team 1", null, [.. world.Agents.Select(a => a.Id)], "under"),
            .. world.Agents,
            .. days,
        ]);

        await Eventually.True(async () =>
        {
            await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            var ids = world.Agents.Select(a => a.Id).ToArray();
            return await session.LoadAsync<ProjectV1>(world.Project) is not null
                && await session.LoadAsync<TeamV1>(NameId.Of("team", world.Project)) is not null
                && (await session.Query<EmployeeV1>().Where(e => e.Id.IsOneOf(ids)).ToListAsync())
                    .Count(e => e.ProjectIds.Contains(world.Project)) == agents
                && await session.Query<QueueDayV1>().CountAsync(d => d.ProjectId == world.Project) == days.Length;
        }, "the project to be known");
        return world;
    }

    /// <summary>Something about an agent changed; returns when it is known.</summary>
    public async Task Change(EmployeeV1 employee)
    {
        await api.Publish(employee);
        await Known(employee);
    }

    private Task Known<TFact>(TFact fact) where TFact : class, IFact => Eventually.True(async () =>
    {
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return (await session.LoadAsync<TFact>(fact.Id))?.Version == fact.Version;
    }, $"{typeof(TFact).Name} {fact.Version} to be known");

    public QueueDayV1 QueueDay(DateOnly date, double peak) => new(
        NameId.Of("queue-day", Project, Queue, date), 1, Project, Queue, date,
        [
            .. LocalCalendar.Of(Zone).QuartersOf(date).Select(start =>
            {
                var hour = LocalCalendar.Of(Zone).TimeOf(start).ToTimeSpan().TotalHours;
                var calls = hour is < 8 or >= 20 ? 0
                    : (int)(peak * (0.4 + 0.6 * Math.Exp(-Math.Pow((hour - 11) / 2.5, 2))) * (
                    date.DayOfWeek is DayOfWeek.Sunday ? 0.5 : 1));
                return new QueueInterval(start, calls, calls, 0, calls * 240L);
            }),
        ]);

    public async Task<string> Forecast(int days = 7)
    {
        using var client = Client;
        return Location(await client.Send(HttpMethod.Post, "/forecasts", body: new { projectId = Project, from = Monday, days }));
    }

    public async Task<string> Require(int days = 7)
    {
        using var client = Client;
        var forecast = await Forecast(days);
        return Location(await client.Send(HttpMethod.Post, "/requirements", body: new
        {
            forecastId = IdOf(forecast), goals = new[] { new { queue = Queue, serviceLevel = 0.8, withinSeconds = 20, shrinkage = 0.05 } },
        }));
    }

    /// <summary>The project drops a queue; returns when that is known.</summary>
    public Task Drop(string queue) => Queues(queues => queues.Where(q => q.Queue != queue));

    /// <summary>The project begins to take calls of another queue; returns when that is known.</summary>
    public Task Open(string queue) => Queues(queues => queues.Append(new(queue, queue, "voice", 20)));

    private async Task Queues(Func<IEnumerable<ProjectQueue>, IEnumerable<ProjectQueue>> change)
    {
        ProjectV1 before;
        await using (var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession())
            before = (await session.LoadAsync<ProjectV1>(Project))!;

        var after = before with { Version = before.Version + 1, Queues = [.. change(before.Queues)] };
        await api.Publish(after);
        await Known(after);
    }

    /// <summary>A generated roster; its address.</summary>
    public async Task<string> Roster(int days = 7, int maxRounds = 30) => await Roster(IdOf(await Require(days)), maxRounds);

    /// <summary>A roster generated for a requirement; its address.</summary>
    public async Task<string> Roster(Guid requirement, int maxRounds = 30)
    {
        using var client = Client;
        var accepted = await client.Send(
            HttpMethod.Post, "/rosters", body: new { projectId = Project, requirementId = requirement, maxRounds, seconds = 20 });
        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());
        var operation = await Ended(client, accepted.Headers.Location!.ToString());
        operation.GetProperty("status").GetString().Should().Be("succeeded", operation.GetRawText());
        return operation.GetProperty("result").GetString()!;
    }

    public static Guid IdOf(string location) => Guid.Parse(location[^36..]);

    public static string Location(HttpResponseMessage response)
    {
        response.StatusCode.Should().Be(HttpStatusCode.Created, response.Content.ReadAsStringAsync().GetAwaiter().GetResult());
        return response.Headers.Location!.ToString();
    }

    public static async Task<JsonElement> Ended(HttpClient client, string operation)
    {
        JsonElement found = default;
        await Eventually.True(async () =>
        {
            found = await client.Get<JsonElement>(operation);
            return found.GetProperty("ended").GetBoolean();
        }, "the operation to end");
        return found;
    }
}
