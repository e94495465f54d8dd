using System.Net;
using CallCenter.Attendance.Excuses;
using CallCenter.Attendance.Floor;
using CallCenter.Attendance.Months;
using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Scheduling;
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

    [Fact]
    public async Task an_edit_of_the_roster_afterwards_changes_floor_day_and_month_by_the_roster_as_amended_and_no_charge()
    {
        var world = await api.People();
        var supervisor = api.Supervisor(world);
        var began = TimeProvider.System.GetUtcNow().AddHours(-3);
        var day = DateOnly.FromDateTime(began.ToOffset(TimeSpan.FromHours(8)).Date);
        RosterDayV1 Shift(long version, DateTimeOffset from, DateTimeOffset known) => Rostered(world, 0, day, version) with
        {
            Activities = [new("work", from, began.AddHours(9), Paid: true)], KnownFrom = known,
        };
        await api.Told(Shift(1, began, began.AddDays(-7)));
        await supervisor.Send(HttpMethod.Post, "/clockings", body: new
        {
            projectId = world.Project, agentId = world.Agents[0], kind = "in", at = began.AddMinutes(25),
        });
        await api.Told(States(world, 0, day, 1, new AgentSegment("busy", began.AddMinutes(25), null)));
        async Task<(int? Floor, int? Day, MonthView Month)> Seen() => (
            (await supervisor.Get<FloorView>($"/floor?projectId={world.Project}")).Agents.Single(a => a.AgentId == world.Agents[0]).LateSeconds,
            (await supervisor.Get<Page<AttendanceView>>($"/attendance?projectId={world.Project}&from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}"))
                .Items.Single().Ledgers.Amended.LateSeconds,
            await supervisor.Get<MonthView>(
                $"/attendance/month?projectId={world.Project}&agentId={world.Agents[0]}&month={day:yyyy-MM-dd}"));

        await Eventually.True(async () => (await Seen()).Floor == 1500, "the lateness on the floor");
        var before = await Seen();
        before.Day.Should().Be(1500);
        before.Month.Ledgers.Amended.LateSeconds.Should().Be(1500);
        before.Month.Charged.Amount.Should().Be(20);

        await api.Told(Shift(2, began.AddHours(1), began.AddHours(2)));

        await Eventually.True(async () => (await Seen()).Floor == 0, "the edit on the floor");
        var after = await Seen();
        (after.Day, after.Month.Ledgers.Amended.LateSeconds).Should().Be((0, 0));
        (after.Month.Ledgers.Raw.LateSeconds, after.Month.Ledgers.Excused.LateSeconds).Should().Be((1500, 1500));
        (after.Month.Charged.Amount, after.Month.LateSeconds).Should().Be((20, 1500));
    }
}
