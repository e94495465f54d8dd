using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Scheduling;
using CallCenter.Testing;
using CallCenter.Training.Curricula;
using CallCenter.Training.Materials;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Training.Tests.Curricula;

public sealed class CurriculumJourneys(TrainingApi api)
{
    [Fact]
    public async Task the_seven_modules_that_come_with_the_product_are_a_path_with_due_days()
    {
        var world = await api.People();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var agent = api.As(world.Agents[0], "agent", world.Project);
        var content = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/how-to/onboarding-curriculum.json")))
            .RootElement;

        var curriculum = await Created(trainer, "/curricula", new { projectId = world.Project, content });
        var path = await Created(trainer, "/learning-paths",
            new { curriculumId = Id(curriculum), employeeId = world.Agents[0], startsOn = "2026-03-02" });
        await Done(trainer.Send(HttpMethod.Post, $"{path}/modules/company/assessment", 1, new { note = "Knows it." }));

        (await agent.Get<PathProgress>(path)).Should().Match<PathProgress>(p => p.Modules.Count == 7 && p.Done == 1 && p.Next == "product");
        (await agent.Get<Page<PathProgress>>("/learning-paths?dueBy=2026-03-07")).Items.Should().ContainSingle();
        (await agent.Get<Page<PathProgress>>("/learning-paths?dueBy=2026-03-06")).Items.Should().BeEmpty("the second is due on the 7th");
        (await api.As(world.Agents[1], "agent", world.Project).Get<Page<PathProgress>>("/learning-paths")).Items.Should().BeEmpty();
        await (await agent.Send(HttpMethod.Post, $"{path}/modules/product/assessment", 2, new { note = "I do." }))
            .ShouldBeProblem(HttpStatusCode.Forbidden);
        await Done(trainer.Send(HttpMethod.Post, $"{path}/ending", 2, new { reason = "Moves." }));
        await Done(trainer.Send(HttpMethod.Post, $"{curriculum}/retirement", 1));
        (await trainer.Get<Page<HistoryEntry>>($"{path}/history")).Items.Select(e => e.What).Should().Equal(
            "path-begun", "module-assessed", "path-ended");
    }

    [Fact]
    public async Task a_briefing_lists_by_their_next_shift_who_has_not_read_it()
    {
        var world = await api.People(agents: 3);
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var now = DateTimeOffset.UtcNow;
        var days = world.Agents.Take(2).Select((agent, i) => Day(world, agent, now.AddHours(20 - 10 * i))).ToArray();
        await api.Publish(days);
        await Eventually.True(async () =>
        {
            await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await query.LoadManyAsync<RosterDayV1>(days.Select(day => day.Id))).Count == 2;
        }, "the roster");
        var briefing = await Created(trainer, "/materials", new
        {
            projectId = world.Project, kind = "briefing", content = new { title = "The new card", text = "No yearly fee." },
        });

        var before = await trainer.Get<List<MaterialReader>>($"{briefing}/readers");
        before.Take(2).Select(reader => reader.EmployeeId).Should().Equal(world.Agents[1], world.Agents[0]);
        before.Should().HaveCount(4).And.OnlyContain(reader => reader.ReadAt == null && !reader.Late);

        // At once, and none waits for another.
        var read = await Task.WhenAll(world.Agents.Take(2).Select(agent => api.As(agent, "agent", world.Project)
            .Send(HttpMethod.Post, $"{briefing}/receipt", body: new { number = 1 })));
        read.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.NoContent);
        (await trainer.Get<List<MaterialReader>>($"{briefing}/readers")).Count(reader => reader.ReadAt is not null).Should().Be(2);
        var agent = api.As(world.Agents[0], "agent", world.Project);
        (await agent.Get<Page<MaterialView>>("/materials?kind=briefing")).Items.Should().ContainSingle().Which.ReadAt.Should().NotBeNull();

        await Done(trainer.Send(HttpMethod.Put, $"{briefing}/content", 3, new { title = "The new card", text = "From May." }));
        (await agent.Get<MaterialView>(briefing)).Should().Match<MaterialView>(m => m.Number == 2 && m.ReadAt == null);
        (await agent.Get<MaterialVersion>($"{briefing}/versions/1")).Content.Text.Should().Be("No yearly fee.");
        await (await agent.GetAsync(new Uri($"{briefing}/readers", UriKind.Relative))).ShouldBeProblem(HttpStatusCode.Forbidden);
        await Done(trainer.Send(HttpMethod.Post, $"{briefing}/withdrawal", 4, new { reason = "Not sold." }));
        await (await agent.GetAsync(new Uri(briefing, UriKind.Relative))).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    public static TheoryData<string, string, object> Faults => new()
    {
        { "duplicate-module", "/content/modules/1/code", new[] { new { code = "a", title = "A", dueDays = 1 }, new { code = "a", title = "B", dueDays = 2 } } },
        { "unknown-course", "/content/modules/0/courseId", new[] { new { code = "a", title = "A", dueDays = 1, courseId = Guid.Empty } } },
        { "unknown-material", "/content/modules/0/materialId", new[] { new { code = "a", title = "A", dueDays = 1, materialId = Guid.Empty } } },
        { "name", "/content/modules/0/title", new[] { new { code = "a", title = "", dueDays = 1 } } },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task what_is_wrong_with_a_curriculum_is_named_with_its_place(string code, string pointer, object modules)
    {
        var world = await api.People();

        var answer = await api.As(world.Trainer, "trainer", world.Project).Send(
            HttpMethod.Post, "/curricula", body: new { projectId = world.Project, content = new { title = "Onboarding", modules } });

        await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"{pointer}\"");
    }

    private static RosterDayV1 Day(World world, Guid agent, DateTimeOffset from) => new(
        Guid.CreateVersion7(), 1, Guid.Empty, world.Project, agent, DateOnly.FromDateTime(from.UtcDateTime),
        [new("work", from, from.AddHours(8), true)]);

    private static async Task<string> Created(HttpClient client, string url, object body)
    {
        var response = await client.Send(HttpMethod.Post, url, body: body);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    private static async Task Done(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }

    private static Guid Id(string url) => Guid.Parse(url[^36..]);
}
