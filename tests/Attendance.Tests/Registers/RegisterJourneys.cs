using System.Net;
using CallCenter.Attendance.Registers;
using CallCenter.Contracts.Calls;
using CallCenter.Testing;
using CallCenter.Web;
using static CallCenter.Attendance.Tests.AttendanceApi;

namespace CallCenter.Attendance.Tests.Registers;

public sealed class RegisterJourneys(AttendanceApi api)
{
    [Fact]
    public async Task a_month_is_closed_and_signed_and_what_comes_later_is_a_correction_beside_it()
    {
        var world = await api.People();
        var (closing, signing) = (api.As(Guid.CreateVersion7(), "project-manager", world.Project),
            api.As(Guid.CreateVersion7(), "operations-manager", world.Project));
        await api.Told(
            Rostered(world, 0, Monday), Rostered(world, 1, Monday),
            States(world, 0, Monday, 1, [new("busy", At(9, 20), At(10, 0)), .. Hourly(10)]));
        object month = new { projectId = world.Project, month = "2026-03-31" };

        var register = (await closing.Send(HttpMethod.Post, "/attendance-registers", body: month)).Headers.Location!.ToString();
        var closed = await closing.Get<RegisterView>(register);
        closed.Register.Rows.Select(row => (row.AgentId, row.PayableSeconds, row.Charged, row.UnknownShifts)).Should().BeEquivalentTo(
            [(world.Agents[0], 27_600, 20, 0), (world.Agents[1], 0, 200, 0), (world.Supervisor, 0L, 0m, 0)]);
        await (await closing.Send(HttpMethod.Post, "/attendance-registers", body: month))
            .ShouldBeProblem(HttpStatusCode.Conflict, "register-closed");
        await (await closing.Send(HttpMethod.Post, $"{register}/signature", version: 1))
            .ShouldBeProblem(HttpStatusCode.Conflict, "own-register");
        (await signing.Send(HttpMethod.Post, $"{register}/signature", version: 1)).Version().Should().Be(2);

        // What arrives afterwards changes no row.
        await api.Told(States(world, 0, Monday, 2, [.. Hourly(9)]));
        (await signing.Send(HttpMethod.Post, $"{register}/corrections", body: new
        {
            agentId = world.Agents[0], payableSeconds = 1200, charged = -20, reason = "The switch was late.",
        })).StatusCode.Should().Be(HttpStatusCode.Created);
        var corrected = await closing.Get<RegisterView>(register);
        corrected.Register.Rows.Should().Equal(closed.Register.Rows);
        corrected.Rows.Single(row => row.AgentId == world.Agents[0]).Should().Match<AgentMonth>(
            row => row.PayableSeconds == 28_800 && row.Charged == 0);
        (await closing.Get<Page<HistoryEntry>>($"{register}/history")).Items.Select(e => (e.What, e.Why)).Should().Equal(
            ("register-closed", null), ("register-signed", null), ("register-corrected", "The switch was late."));

        closing.DefaultRequestHeaders.Add("Accept", "text/csv");
        var hours = await closing.GetStringAsync($"{register}/hours");
        hours.Split("\r\n")[0].Should().Be("staff_number,agent_id,payable_hours,leave_days,charged,full_attendance,unknown_shifts");
        hours.Should().Contain($"{world.Number(0)},{world.Agents[0]},8,0,0,false,0\r\n");
    }

    // Told of every hour: the source was not silent of the others either.
    private static IEnumerable<AgentSegment> Hourly(int first) =>
        Enumerable.Range(first, 17 - first)
            .Select(hour => new AgentSegment(hour % 2 == 0 ? "busy" : "ready", At(hour, 0), At(hour + 1, 0)));

    [Fact]
    public async Task a_month_that_goes_on_is_not_closed_and_another_projects_is_not_seen()
    {
        var (world, other) = (await api.People(), await api.People());
        var manager = api.As(Guid.CreateVersion7(), "project-manager", world.Project);

        await (await manager.Send(HttpMethod.Post, "/attendance-registers", body: new { projectId = world.Project, month = "2199-01-01" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "month-not-over");
        await (await manager.Send(HttpMethod.Post, "/attendance-registers", body: new { projectId = other.Project, month = "2026-01-01" }))
            .ShouldBeProblem(HttpStatusCode.NotFound);
    }
}
