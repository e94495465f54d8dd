using System.Net;
using System.Net.Http.Json;
using System.Text;
using CallCenter.Attendance.Clockings;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using CallCenter.Web;
using static CallCenter.Attendance.Tests.AttendanceApi;

namespace CallCenter.Attendance.Tests.Clockings;

public sealed class ClockingJourneys(AttendanceApi api)
{
    private static object Body(World world, int agent, string kind, DateTimeOffset? at = null) =>
        new { projectId = world.Project, agent = world.Number(agent), kind, at };

    [Fact]
    public async Task agents_clock_in_themselves_and_when_they_do_it()
    {
        var world = await api.People();
        var agent = api.Agent(world);

        var clocked = await agent.Send(HttpMethod.Post, "/clockings", body: Body(world, 0, "in"));
        clocked.StatusCode.Should().Be(HttpStatusCode.Created);
        (await agent.Get<Clocking>(clocked.Headers.Location!.ToString())).Kind.Should().Be(ClockingKind.In);
        await (await agent.Send(HttpMethod.Post, "/clockings", body: Body(world, 1, "in")))
            .ShouldBeProblem(HttpStatusCode.Conflict, "clocking-own");
        await (await agent.Send(HttpMethod.Post, "/clockings", body: Body(world, 0, "in", At(9, 0))))
            .ShouldBeProblem(HttpStatusCode.Conflict, "clocking-own");
        (await api.Agent(world, 1).Get<Page<Clocking>>("/clockings")).Items.Should().BeEmpty();
        await (await api.Agent(world, 1).GetAsync(clocked.Headers.Location)).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_clocking_makes_who_came_punctual_until_it_is_voided_with_a_reason()
    {
        var world = await api.People();
        var supervisor = api.Supervisor(world);
        await api.Told(
            Rostered(world, 0, Monday), States(world, 0, Monday, 1, new Contracts.Calls.AgentSegment("busy", At(9, 30), At(17, 0))));
        (await api.Shift(world)).Ledgers.Raw.LateSeconds.Should().Be(1800);

        var clocked = await api.As(Guid.CreateVersion7(), "integrator", world.Project)
            .Send(HttpMethod.Post, "/clockings", body: Body(world, 0, "in", At(8, 55)));
        var place = clocked.Headers.Location!.ToString();
        var punctual = (await api.Shift(world)).Ledgers.Raw;
        (punctual.LateSeconds, punctual.OfflineSeconds).Should().Be((0, 1800));

        await supervisor.Send(HttpMethod.Post, $"{place}/voiding", version: 1, new { reason = "The card of somebody else." });
        (await api.Shift(world)).Ledgers.Raw.LateSeconds.Should().Be(1800);
        (await supervisor.Get<Page<HistoryEntry>>($"{place}/history")).Items.Select(e => (e.What, e.By.Kind, e.Why)).Should().Equal(
            ("clocked", ActorKind.System, null), ("clocking-voided", ActorKind.Person, "The card of somebody else."));
        (await supervisor.Get<Page<HistoryEntry>>($"/attendance/{DayOf(world, 0, Monday)}/history?limit=1")).Items.Select(e => e.What)
            .Should().Equal("clocked");
        await (await supervisor.Send(HttpMethod.Post, $"{place}/voiding", version: 2, new { reason = "Again." }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "clocking-voided");
        await (await api.As(Guid.CreateVersion7(), "integrator", world.Project)
            .Send(HttpMethod.Post, "/clockings", body: Body(world, 0, "in", At(8, 55)))).ShouldBeProblem(HttpStatusCode.Conflict, "clocking-voided");
    }

    [Fact]
    public async Task the_file_of_a_time_clock_is_taken_once_and_its_bad_rows_are_told()
    {
        var world = await api.People();
        var file = $"""
            工号;类型;打卡时间;设备
            {world.Number(0)};上班;2026-03-09 08:55:12;Gate 2
            {world.Number(0)};下班;2026-03-09T17:02:00+08:00;Gate 2
            {world.Number(0)};上班;2026/3/9 8:55:12;Gate 2
            nobody;上班;2026-03-09 08:55;Gate 2
            {world.Number(1)};perhaps;2026-03-09 08:55;Gate 2
            {world.Number(1)};上班;9 a.m.;Gate 2
            {world.Number(1)};上班;2999-03-09 08:55;Gate 2
            """;

        var report = await Send(world, file, HttpStatusCode.MultiStatus);
        (report.Rows, report.Created, report.Unchanged, report.Rejected).Should().Be((7, 2, 1, 4));
        report.Errors.Select(e => (e.Line, e.Code)).Should().Equal(
            (5, "unknown-agent"), (6, "clocking-kind"), (7, "clocking-time"), (8, "date-out-of-range"));
        (await Send(world, file, HttpStatusCode.MultiStatus)).Created.Should().Be(0);

        var taken = await api.Supervisor(world).Get<Page<Clocking>>($"/clockings?projectId={world.Project}");
        taken.Items.Should().HaveCount(2).And.OnlyContain(c => c.AgentId == world.Agents[0] && c.Device == "Gate 2");
        (await api.Supervisor(world).Get<Page<HistoryEntry>>($"/clockings/{taken.Items[0].Id}/history")).Items.Should().ContainSingle()
            .Which.By.Should().Match<HistoryActor>(by => by.Kind == ActorKind.Import && by.For == world.Supervisor);
    }

    [Fact]
    public async Task a_file_with_other_columns_is_not_taken()
    {
        var world = await api.People();

        await (await Post(world, "staff_number,when\na,b")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-column");
        await (await Post(world, "")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "empty-file");
    }

    private async Task<ClockingReport> Send(World world, string file, HttpStatusCode status)
    {
        var response = await Post(world, file);
        response.StatusCode.Should().Be(status, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<ClockingReport>(Http.Json))!;
    }

    private async Task<HttpResponseMessage> Post(World world, string file)
    {
        using var content = new StringContent(file, Encoding.UTF8, "text/csv");
        return await api.Supervisor(world).PostAsync($"/clockings/imports?projectId={world.Project}", content);
    }
}
