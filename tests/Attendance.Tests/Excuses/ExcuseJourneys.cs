using System.Net;
using CallCenter.Testing;
using static CallCenter.Attendance.Tests.AttendanceApi;

namespace CallCenter.Attendance.Tests.Excuses;

public sealed class ExcuseJourneys(AttendanceApi api)
{
    [Fact]
    public async Task what_two_clicks_ask_is_asked_once_until_it_is_refused_or_taken_back()
    {
        var world = await api.People();
        var agent = api.Agent(world);
        var body = new
        {
            projectId = world.Project, agentId = world.Agents[0], kind = "transport", from = At(9, 0), to = At(9, 25), evidence = "Line 2.",
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.Send(HttpMethod.Post, "/excuses", body: body)));

        var first = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Should().ContainSingle().Subject.Headers.Location;
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "excuse-asked");
            refused.Headers.Location.Should().Be(first);
        }

        await (await agent.Send(HttpMethod.Post, "/excuses", body: body with { kind = "illness", from = At(9, 20), to = At(9, 40) }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "excuse-asked");
        (await agent.Send(HttpMethod.Post, "/excuses", body: body with { from = At(9, 25), to = At(9, 40) })).StatusCode
            .Should().Be(HttpStatusCode.Created, "one ends where the other begins");

        (await agent.Send(HttpMethod.Post, $"{first}/withdrawal", version: 1)).Version().Should().Be(2);
        (await agent.Send(HttpMethod.Post, "/excuses", body: body)).StatusCode.Should().Be(HttpStatusCode.Created);
    }
}
