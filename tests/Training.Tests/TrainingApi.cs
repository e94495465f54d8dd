using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

// One service for all classes, one after the other: what is counted in it was done by the test that counts.
[assembly: Xunit.AssemblyFixture(typeof(CallCenter.Training.Tests.TrainingApi))]
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]

namespace CallCenter.Training.Tests;

public sealed class TrainingApi() : ServiceFixture("training", TrainingService.Build)
{
    protected override IEnumerable<string> Settings =>
        ["--Enrolments:Every=00:00:01", "--SeatsWithoutNeed:Every=00:00:01", "--TrainingReminders:Every=00:00:01",
            "--CourseNeeds:Every=00:00:01"];

    public static readonly DateTimeOffset Nine = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);

    public HttpClient Admin => As(Guid.CreateVersion7(), "admin");

    /// <summary>A project with a trainer and agents, as the People service tells of them.</summary>
    public async Task<World> People(int agents = 2)
    {
        var world = new World(Guid.CreateVersion7(), Guid.CreateVersion7(),
            [.. Enumerable.Range(0, agents).Select(_ => Guid.CreateVersion7())]);
        EmployeeV1 Employee(Guid id) =>
            new(id, 1, $"S-{id:N}", "Ann", new(2025, 1, 1), new(2026, 12, 31), "junior", [], [world.Project], [], 40, "Asia/Shanghai");

        await Publish(
        [
            new ProjectV1(world.Project, 1, "Acme", "Acme", "Asia/Shanghai", DayOfWeek.Monday, [], [], [], []),
            Employee(world.Trainer), .. world.Agents.Select(Employee),
        ]);

        await using var query = App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        Guid[] people = [world.Trainer, .. world.Agents];
        await Eventually.True(async () => await query.LoadAsync<ProjectV1>(world.Project) is not null
            && await query.Query<EmployeeV1>().CountAsync(e => e.Id.IsOneOf(people)) == people.Length, "the project and its people");
        return world;
    }

    public Task<Guid> PrepareCourse(params string[] sections) =>
        Created("/courses", new { title = $"Empathy {Guid.CreateVersion7()}", kind = "quality-standard", minutes = 90, sections });

    public async Task<Guid> Plan(World world, int seats = 5, int startsAfter = 0, string room = "Room 3", Guid? trainer = null) =>
        await Created("/training-sessions", await Session(world, seats, startsAfter, room, trainer));

    public async Task<Dictionary<string, object?>> Session(World world, int seats = 5, int startsAfter = 0, string room = "Room 3",
        Guid? trainer = null) => new()
    {
        ["courseId"] = await PrepareCourse("empathy"), ["projectId"] = world.Project, ["trainerId"] = trainer ?? world.Trainer,
            ["room"] = room,
        ["seats"] = seats, ["startsAt"] = Nine.AddMinutes(startsAfter), ["endsAt"] = Nine.AddMinutes(startsAfter + 90),
    };

    public static EvaluationV1 Evaluation(
        World world, Guid id, long version, int day, string status, params (string Section, bool? Passed)[] sections) => new(
        id, version, world.Project, Guid.Empty, world.Agents[0], Guid.Empty, Guid.Empty, 1, status, null, null, false,
        [.. sections.Select(s => new SectionResult(s.Section, s.Section, null, s.Passed))], Nine, Nine.AddDays(day));

    private async Task<Guid> Created(string url, object body)
    {
        var response = await Admin.Send(HttpMethod.Post, url, body: body);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return Guid.Parse(response.Headers.Location!.ToString()[^36..]);
    }
}

public sealed record World(Guid Project, Guid Trainer, IReadOnlyList<Guid> Agents);
