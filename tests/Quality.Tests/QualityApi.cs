using System.Net;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Sampling;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

// One service for all classes, one after the other: what is counted in it was done by the test that counts.
[assembly: Xunit.AssemblyFixture(typeof(CallCenter.Quality.Tests.QualityApi))]
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]

namespace CallCenter.Quality.Tests;

public class QualityApi() : ServiceFixture("quality", QualityService.Build)
{
    protected override IEnumerable<string> Settings =>
    [
        "--Sampling:Every=00:00:01", "--Sampling:Quiet=00:00:00", "--Departures:Every=00:00:01", "--EvaluationDeadlines:Every=00:00:01",
        "--Coachings:Every=00:00:01", "--Figures:Every=00:00:01", "--QaReports:Every=00:00:01", "--QaReports:At=00:00",
    ];

    /// <summary>A project of its own, in Shanghai, with people; known to the service.</summary>
    public async Task<World> World()
    {
        var world = new World(this);
        await Publish(new ProjectV1(world.Project, 1, "Care", "Client", "Asia/Shanghai", DayOfWeek.Monday, [],
            [new ProjectQueue("sales", "Sales", "voice", 20)], [], []));
        await Known<ProjectV1>(world.Project);
        foreach (var person in new[] { world.AgentId, world.InspectorId })
            await Employ(person, world.Project);

        return world;
    }

    /// <summary>Somebody of these projects, known to the service.</summary>
    public async Task<Guid> Employ(Guid person, params Guid[] projects)
    {
        await Publish(new EmployeeV1(
            person, 1, $"S-{person:N}", "Ann", new(2025, 1, 1), null, "junior", [], projects, [], 40, "Asia/Shanghai"));
        await Known<EmployeeV1>(person);
        return person;
    }

    /// <summary>The person's last day of work was this one; known to the service.</summary>
    public async Task Leave(Guid person, DateOnly on, params Guid[] wasIn)
    {
        await Publish(new EmployeeV1(
            person, 2, $"S-{person:N}", "Ann", new(2025, 1, 1), on, "junior", [], [], [], 40, "Asia/Shanghai",
            Teams: [.. wasIn.Select(project => new TeamPeriod(Guid.CreateVersion7(), project, new(2025, 1, 1), on))]));
        await Eventually.True(async () =>
        {
            await using var query = App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await query.LoadAsync<EmployeeV1>(person))?.LeftOn == on;
        }, $"that {person} left");
    }

    public Task Known<T>(Guid id) where T : class => Eventually.True(async () =>
    {
        await using var query = App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await query.LoadAsync<T>(id) is not null;
    }, $"the {typeof(T).Name} {id}");
}

/// <summary>One client project and what has happened in it.</summary>
public sealed class World(QualityApi api)
{
    public static readonly DateOnly Week = new(2026, 3, 2);
    private static readonly DateTimeOffset Wednesday = new(2026, 3, 4, 2, 0, 0, TimeSpan.Zero);

    public Guid Project { get; } = Guid.CreateVersion7();
    public Guid AgentId { get; } = Guid.CreateVersion7();
    public Guid InspectorId { get; } = Guid.CreateVersion7();
    public HttpClient Agent => api.As(AgentId, "agent", Project);
    public HttpClient Inspector => api.As(InspectorId, "inspector", Project);
    public HttpClient Supervisor { get => field ??= api.As(Guid.CreateVersion7(), "supervisor", Project); }
    public HttpClient Stranger { get => field ??= api.As(Guid.CreateVersion7(), "inspector,supervisor,agent", Guid.CreateVersion7()); }

    public async Task<Guid> ActiveForm(FormContent? content = null)
    {
        var url = await Created(Inspector, "/evaluation-forms", new { projectId = Project, content = content ?? Samples.Inbound });
        (await Inspector.Send(HttpMethod.Post, $"{url}/activation", version: 1)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        return Guid.Parse(url[^36..]);
    }

    public async Task<Guid[]> Calls(int count, Guid? agent = null, Guid? project = null, Func<CallV1, CallV1>? change = null)
    {
        var calls = Enumerable.Range(0, count).Select(i => (change ?? (c => c))(new CallV1(
            Guid.CreateVersion7(), 1, project ?? Project, "billing", "inbound", "voice",
            Wednesday.AddMinutes(i), Wednesday.AddMinutes(i), Wednesday.AddMinutes(i), Wednesday.AddMinutes(i + 3), 180, 0, 20,
            "answered", agent ?? AgentId, null, new string('a', 64), null))).ToArray();
        await api.Publish([.. calls]);
        foreach (var call in calls)
            await api.Known<CallV1>(call.Id);

        return [.. calls.Select(c => c.Id)];
    }

    public async Task<string> Plan(Guid form, int perAgent = 2, Guid[]? inspectors = null, string? seed = "spring") => await Created(
        Inspector, "/sampling-plans",
        new { projectId = Project, seed,
            rules = new { name = "Weekly", formId = form, callsPerAgent = perAgent, inspectors = inspectors ?? [] } });

    public async Task<DrawnWeek> Draw(string plan)
    {
        var response = await Inspector.Send(HttpMethod.Post, $"{plan}/draws", body: new { week = Week });
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());

        return (await Inspector.Get<Page<DrawnWeek>>($"{plan}/draws")).Items.Single();
    }

    /// <summary>A draft of the inspector's, on a call of the agent's.</summary>
    public async Task<string> Draft(FormContent? content = null) =>
        await Created(Inspector, "/evaluations", new { callId = (await Calls(1))[0], formId = await ActiveForm(content) });

    public Task<HttpResponseMessage> Answer(string url, long version, Dictionary<string, Answer> answers) => Inspector.Send(
        HttpMethod.Put, $"{url}/answers", version,
        new { formVersion = 1, answers = answers.Select(a => new GivenAnswer(a.Key, a.Value, "As heard.")) });

    /// <summary>An evaluation the agent may respond to, and its version.</summary>
    public async Task<(string Url, long Version)> Submitted(Dictionary<string, Answer>? answers = null, FormContent? content = null)
    {
        var url = await Draft(content);
        var answered = await Answer(url, 1, answers ?? Samples.Perfect);
        var submitted = await Inspector.Send(HttpMethod.Post, $"{url}/submission", answered.Version());
        submitted.StatusCode.Should().Be(HttpStatusCode.NoContent, await submitted.Content.ReadAsStringAsync());

        return (url, submitted.Version());
    }

    public async Task<(string Url, long Version)> Disputed(Dictionary<string, Answer>? answers = null)
    {
        var (url, version) = await Submitted(answers);
        var disputed = await Agent.Send(HttpMethod.Post, $"{url}/dispute", version, new { reason = "I was told to." });
        disputed.StatusCode.Should().Be(HttpStatusCode.NoContent, await disputed.Content.ReadAsStringAsync());

        return (url, disputed.Version());
    }

    public static async Task<string> Created(HttpClient client, string url, object body)
    {
        var response = await client.Send(HttpMethod.Post, url, body: body);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());

        return response.Headers.Location!.ToString();
    }
}
