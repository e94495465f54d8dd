using System.Net;
using CallCenter.Attendance.Excuses;
using CallCenter.Attendance.Months;
using CallCenter.Attendance.Policies;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using CallCenter.Web;
using static CallCenter.Attendance.Tests.AttendanceApi;

namespace CallCenter.Attendance.Tests;

public sealed class MonthJourneys(AttendanceApi api)
{
    private Task<MonthView> Month(World world) =>
        api.Agent(world).Get<MonthView>($"/attendance/month?projectId={world.Project}&agentId={world.Agents[0]}&month=2026-03-20");

    private async Task Late(World world, params int[] minutes) => await api.Told([.. minutes.SelectMany((late, day) => new Contracts.IFact[]
    {
        Rostered(world, 0, Monday.AddDays(day)),
        States(world, 0, Monday.AddDays(day), 1, new AgentSegment("busy", At(9, late, day), At(17, 0, day))),
    })]);

    [Fact]
    public async Task latenesses_are_charged_by_the_policy_of_the_project()
    {
        var world = await api.People();
        await Late(world, 5, 5, 5, 15);
        (await Month(world)).Charged.Amount.Should().Be(40);

        var manager = api.As(Guid.CreateVersion7(), "project-manager", world.Project);
        var policy = $"/attendance-policies/{world.Project}";
        (await manager.Get<AttendancePolicy>(policy)).Version.Should().Be(0);
        (await manager.Send(HttpMethod.Put, policy, version: 0, new { freeLatenesses = 3, latenessPenalty = 15 })).Version().Should().Be(1);
        (await Month(world)).Charged.Amount.Should().Be(40, "what holds from today on charges no day that has been");
        (await manager.Send(HttpMethod.Put, policy, version: 1, new { freeLatenesses = 3, latenessPenalty = 15, from = "2026-03-01" }))
            .Version().Should().Be(2);
        var month = await Month(world);
        (month.Charged.Amount, month.PolicyVersion, month.Shifts, month.LateSeconds).Should().Be((15, 2, 4, 1800));

        await (await manager.Send(HttpMethod.Put, policy, version: 0, new { freeLatenesses = 1 }))
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed);
        (await manager.Get<Page<HistoryEntry>>($"{policy}/history")).Items.Select(e => e.What).Should().Equal("policy-set", "policy-set");
        await (await api.Supervisor(world).GetAsync($"/attendance/month?projectId={world.Project}&agentId={Guid.CreateVersion7()}&month=2026-03-01"))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        await (await api.Agent(world, 1).GetAsync($"/attendance/month?projectId={world.Project}&agentId={world.Agents[0]}&month=2026-03-01"))
            .ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task who_was_online_and_left_a_customer_waiting_for_two_hours_is_charged()
    {
        var world = await api.People();
        ChatV1 Chat(int version, DateTimeOffset? replied) => new(NameId.Of("chat", world.Project), version, world.Project,
            Guid.CreateVersion7(), At(10, 0), replied ?? At(10, 0), null, null, [new(At(10, 0), replied, null, world.Agents[0])]);

        await api.Told(Rostered(world, 0, Monday), Chat(1, At(12, 0)),
            States(world, 0, Monday, 1, new AgentSegment("busy", At(9, 0), At(17, 0))));
        (await Month(world)).Charged.Should().Match<MonthOfCharges>(month => month.Amount == 200 && month.Charges.Count == 2,
            "one slow reply is free");

        await api.Told(Chat(2, At(10, 2)));
        (await Month(world)).Charged.Should().Match<MonthOfCharges>(month => month.Amount == 0 && month.UnknownWaits == 0);
    }

    [Fact]
    public async Task an_excuse_takes_its_time_off_once_a_supervisor_has_granted_it()
    {
        var world = await api.People();
        var (agent, supervisor) = (api.Agent(world), api.Supervisor(world));
        await Late(world, 25);
        object body = new
        {
            projectId = world.Project, agentId = world.Agents[0], kind = "transport", from = At(9, 0), to = At(9, 25),
            evidence = "Line 2 stood still.",
        };

        var excuse = (await agent.Send(HttpMethod.Post, "/excuses", body: body)).Headers.Location!.ToString();
        (await Month(world)).Charged.Amount.Should().Be(20, "nobody has decided yet");
        await (await agent.Send(HttpMethod.Post, $"{excuse}/approval", version: 1, new { paid = true }))
            .ShouldBeProblem(HttpStatusCode.Forbidden);
        (await supervisor.Send(HttpMethod.Post, $"{excuse}/approval", version: 1, new { paid = true })).Version().Should().Be(2);

        var month = await Month(world);
        (month.Charged.Amount, month.PayableSeconds).Should().Be((0, 8 * 3600));
        var ledgers = (await api.Shift(world)).Ledgers;
        (ledgers.Raw.LateSeconds, ledgers.Excused.LateSeconds, ledgers.Amended.LateSeconds).Should().Be((1500, 0, 0));
        (await supervisor.Get<Page<HistoryEntry>>($"/attendance/{DayOf(world, 0, Monday)}/history")).Items.Select(e => e.What)
            .Should().Equal("excuse-asked", "excuse-granted");
        (await supervisor.Get<Page<Excuse>>($"/excuses?projectId={world.Project}&status=granted")).Items.Should().ContainSingle();
        (await api.Agent(world, 1).Get<Page<Excuse>>("/excuses")).Items.Should().BeEmpty();
        await (await api.Agent(world, 1).Send(HttpMethod.Post, "/excuses", body: body)).ShouldBeProblem(HttpStatusCode.NotFound);

        await supervisor.Send(HttpMethod.Post, $"{excuse}/withdrawal", version: 2);
        (await Month(world)).Charged.Amount.Should().Be(20);
    }

    [Fact]
    public async Task an_edit_of_the_roster_afterwards_charges_nobody_and_frees_nobody()
    {
        var world = await api.People();
        await Late(world, 25);
        await api.Told(Rostered(world, 0, Monday, version: 2, known: At(20, 0), from: 10));

        (await Month(world)).Charged.Amount.Should().Be(20);
    }
}
