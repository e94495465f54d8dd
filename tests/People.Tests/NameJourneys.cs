using System.Net;
using CallCenter.EventSourcing;
using CallCenter.People.Teams;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.People.Tests;

/// <summary>No two projects of a client and no two teams of a project have one name.</summary>
public sealed class NameJourneys(PeopleApi api)
{
    private readonly HttpClient admin = api.Admin;

    [Fact]
    public async Task of_projects_opened_at_once_under_one_name_there_is_one()
    {
        object Project(string client) => new
        {
            name = "Harbour cards", client, zone = "Asia/Shanghai", openingHours = Array.Empty<object>(), queues = Array.Empty<object>(),
        };
        var other = await api.OpenProject();

        await OneOf("/projects", Project("Harbour Bank"));
        (await admin.Send(HttpMethod.Post, "/projects", body: Project("Canal Bank"))).StatusCode.Should().Be(HttpStatusCode.Created);
        await (await admin.Send(HttpMethod.Put, $"/projects/{other}", version: 4,
            new { name = "Harbour cards", client = "Harbour Bank", weekStartsOn = "monday" })).ShouldBeProblem(
                HttpStatusCode.Conflict, "name-taken");
    }

    [Fact]
    public async Task of_teams_formed_at_once_under_one_name_there_is_one()
    {
        var (project, elsewhere) = (await api.OpenProject(), await api.OpenProject());
        var other = await api.FormTeam(project);

        var first = await OneOf("/teams", new { projectId = project, name = "Night" });
        await api.FormTeam(elsewhere, "Night");
        await (await admin.Send(HttpMethod.Put, $"/teams/{other}", version: 1, new { name = "Night", supervisorId = (Guid?)null }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        (await admin.Send(HttpMethod.Put, first, version: 1, new { name = "Night", supervisorId = (Guid?)null })).StatusCode.Should()
            .Be(HttpStatusCode.NoContent, "it has its own name");
        (await admin.Send(HttpMethod.Delete, first, version: 1)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await api.FormTeam(project, "Night");
    }

    [Theory]
    [InlineData("NIGHT\u00A0 shift")]
    [InlineData("\uFF2E\uFF49\uFF47\uFF48\uFF54 Shift")]
    [InlineData("\u200BNi\u00ADght shift\uFEFF")]
    public async Task names_that_people_read_as_one_are_one(string alike)
    {
        var project = await api.OpenProject();
        var team = await api.FormTeam(project, "Night shift");
        var other = await api.FormTeam(project);
        object Project(string name, string client) => new
        {
            name, client, zone = "Asia/Shanghai", openingHours = Array.Empty<object>(), queues = Array.Empty<object>(),
        };
        var client = $"Client {project}";
        await admin.Send(HttpMethod.Post, "/projects", body: Project("Night shift", client));

        await (await admin.Send(HttpMethod.Post, "/teams", body: new { projectId = project, name = alike })).ShouldBeProblem(
            HttpStatusCode.Conflict, "name-taken");
        await (await admin.Send(HttpMethod.Put, $"/teams/{other}", version: 1, new { name = alike, supervisorId = (Guid?)null }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        await (await admin.Send(HttpMethod.Post, "/projects", body: Project(alike, client.ToUpperInvariant() + "\u200B")))
            .ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        (await admin.Send(HttpMethod.Put, $"/teams/{team}", version: 1, new { name = alike, supervisorId = (Guid?)null })).StatusCode
            .Should().Be(HttpStatusCode.NoContent, "a thing may write its own name otherwise");
    }

    // Two of before this was looked at, written as they then were.
    [Fact]
    public async Task two_of_before_that_are_named_alike_stay_as_they_are()
    {
        var (project, first, second) = (await api.OpenProject(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Actor.Current = Actor.Job("test");
        await using (var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream<Team>(first, new TeamFormed(first, project, "Night", null, DateTimeOffset.UtcNow));
            session.Events.StartStream<Team>(second, new TeamFormed(second, project, "NIGHT", null, DateTimeOffset.UtcNow));
            await session.SaveChangesAsync();
        }

        (await admin.Send(HttpMethod.Put, $"/teams/{second}", version: 1, new { name = "NIGHT", supervisorId = (Guid?)null })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        await (await admin.Send(HttpMethod.Post, "/teams", body: new { projectId = project, name = "night" })).ShouldBeProblem(
            HttpStatusCode.Conflict, "name-taken");
        (await admin.Send(HttpMethod.Put, $"/teams/{second}", version: 1, new { name = "Late", supervisorId = (Guid?)null })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_team_formed_again_by_one_key_is_one()
    {
        var body = new { projectId = await api.OpenProject(), name = "Twice" };

        foreach (var _ in new[] { 1, 2 })
            (await admin.Send(HttpMethod.Post, "/teams", body: body, key: $"twice-{body.projectId}")).StatusCode.Should()
                .Be(HttpStatusCode.Created);
    }

    private async Task<string> OneOf(string url, object body)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => admin.Send(HttpMethod.Post, url, body: body)));

        var first = answers.Should().ContainSingle(a => a.StatusCode == HttpStatusCode.Created).Which.Headers.Location!.ToString();
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
            (await refused.Content.ReadAsStringAsync()).Should().Contain($"\"existing\":\"{first}\"");
        }

        return first;
    }
}
