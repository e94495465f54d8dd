using System.Net;
using System.Text.Json;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Scheduling;
using CallCenter.Testing;
using CallCenter.Web;
using static CallCenter.Attendance.Tests.AttendanceApi;

namespace CallCenter.Attendance.Tests;

public sealed class AttendanceJourneys(AttendanceApi api)
{
    [Fact]
    public async Task a_shift_is_told_from_the_roster_and_the_states_and_an_edit_afterwards_changes_the_second_ledger_alone()
    {
        var world = await api.People();
        await api.Told(
            Rostered(world, 0, Monday), Rostered(world, 1, Monday),
            States(world, 0, Monday, 5, new("ready", At(9, 10), At(12, 0)), new("busy", At(12, 0), At(17, 0))),
            States(world, 1, Monday, 5, new("busy", At(9, 0), At(10, 0)), new("busy", At(11, 0), At(12, 30)),
                new("busy", At(14, 0), At(17, 0))));

        var before = (await api.Shift(world)).Ledgers;
        (before.Raw.Presence, before.Raw.LateSeconds, before.Raw.IdleStretches).Should().Be((ShiftPresence.Present, 600, 1));
        before.Amended.Should().Be(before.Raw);
        (await api.Shift(world, 1)).Ledgers.Raw.OfflineSeconds.Should().Be(3600 + 5400);

        await api.Told(Rostered(world, 0, Monday, version: 2, known: At(18, 0), from: 10));
        var after = await api.Shift(world);
        (after.Ledgers.Raw, after.Ledgers.Excused).Should().Be((before.Raw, before.Excused));
        after.Ledgers.Amended.LateSeconds.Should().Be(0);
        after.Rostered.Select(v => v.KnownFrom).Should().Equal(At(12, 0, -7), At(18, 0));
        after.Formulas.Should().Contain(new FormulaUsed("adherence", 1));
    }

    [Fact]
    public async Task facts_may_come_twice_and_in_any_order()
    {
        var world = await api.People();
        var (first, second) = (Rostered(world, 0, Monday), Rostered(world, 0, Monday, version: 2, known: At(18, 0), from: 10));
        await api.Told(second, States(world, 0, Monday, 5, new AgentSegment("ready", At(9, 10), At(17, 0))));
        await api.Told(first);
        await api.Told(second, States(world, 0, Monday, 4, new AgentSegment("ready", At(9, 30), At(17, 0))), first);

        var shift = await api.Shift(world);
        shift.Rostered.Select(v => v.Version).Should().Equal(1, 2);
        (shift.Ledgers.Raw.LateSeconds, shift.Ledgers.Amended.LateSeconds).Should().Be((600, 0));
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task a_leave_excuses_the_day_and_nobody_is_absent_of_whom_nothing_was_heard()
    {
        var world = await api.People();
        await api.Told(Rostered(world, 0, Monday), Rostered(world, 1, Monday));
        (await api.Shift(world)).Ledgers.Raw.Presence.Should().Be(ShiftPresence.Unknown);

        // Somebody else was told of all day: the source was not silent.
        await api.Told(States(world, 1, Monday, 1,
            [.. Enumerable.Range(9, 8).Select(hour => new AgentSegment(hour % 2 == 0 ? "ready" : "busy", At(hour, 0), At(hour + 1, 0)))]));
        (await api.Shift(world)).Ledgers.Excused.Presence.Should().Be(ShiftPresence.Absent);

        await api.Told(new LeaveV1(Guid.CreateVersion7(), 2, world.Project, world.Agents[0], Monday, Monday, "annual", Paid: true, "approved",
            new TimeOnly(9, 0), new TimeOnly(11, 0)));
        (await api.Shift(world)).Ledgers.Excused.Presence.Should().Be(ShiftPresence.Absent, "hours of leave are in the roster that is published");

        await api.Told(
            new LeaveV1(Guid.CreateVersion7(), 2, world.Project, world.Agents[0], Monday, Monday, "sick", Paid: true, "approved"));
        var ledgers = (await api.Shift(world)).Ledgers;
        (ledgers.Raw.Presence, ledgers.Excused.Presence).Should().Be((ShiftPresence.Absent, ShiftPresence.Excused));
    }

    [Fact]
    public async Task agents_see_their_own_shifts_and_supervisors_those_of_their_projects()
    {
        var world = await api.People();
        var other = await api.People();
        var days = new[] { Monday, Monday.AddDays(1) };
        await api.Told([.. days.SelectMany(day => new[] { Rostered(world, 0, day), Rostered(world, 1, day), Rostered(other, 0, day) })]);
        var week = $"from={Monday:yyyy-MM-dd}&to={Monday.AddDays(6):yyyy-MM-dd}";

        async Task<IEnumerable<(Guid, DateOnly)>> Seen(HttpClient by, string filter) =>
            (await by.Get<Page<AttendanceView>>($"/attendance?{week}{filter}")).Items.Select(s => (s.AgentId, s.Date));

        (await Seen(api.Agent(world), "")).Should().BeEquivalentTo(days.Select(day => (world.Agents[0], day)));
        (await Seen(api.Supervisor(world), $"&projectId={world.Project}")).Should().HaveCount(4);
        (await Seen(api.Supervisor(world), $"&agentId={world.Agents[1]}"))
            .Should().BeEquivalentTo(days.Select(day => (world.Agents[1], day)));
        (await Seen(api.Supervisor(world), $"&teamId={world.Team}")).Should().HaveCount(4);
        (await Seen(api.Supervisor(world), $"&agentId={other.Agents[0]}")).Should().BeEmpty();
        await (await api.Supervisor(world).GetAsync($"/attendance?{week}&teamId={other.Team}")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await api.Agent(world).GetAsync($"/attendance/{DayOf(world, 1, Monday)}")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await api.Supervisor(world).GetAsync($"/attendance?from=2026-03-01&to=2026-04-01"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "range-too-long");

        var first = await api.Supervisor(world).Get<Page<AttendanceView>>($"/attendance?{week}&limit=3");
        var second = await api.Supervisor(world).Get<Page<AttendanceView>>($"/attendance?{week}&limit=3&cursor={first.Next}");
        first.Items.Concat(second.Items).Select(s => s.Id).Should().OnlyHaveUniqueItems().And.HaveCount(4);
    }

    [Fact]
    public async Task who_moves_to_another_team_is_in_each_on_their_days()
    {
        var world = await api.People();
        await api.Told(Rostered(world, 0, Monday), Rostered(world, 0, Monday.AddDays(1)));
        await api.Publish(new CallCenter.Contracts.People.TeamV1(world.Team, 2, world.Project, "Billing 1", world.Supervisor, [], "under",
            [new(world.Agents[0], new(2025, 1, 1), Monday)]));

        await Eventually.True(async () => (await api.Supervisor(world).Get<Page<AttendanceView>>(
            $"/attendance?from=2026-03-09&to=2026-03-15&teamId={world.Team}")).Items is [{ Date: var date }] && date == Monday, "the move");
    }

    [Fact]
    public async Task shrinkage_is_told_as_planned_and_as_it_was()
    {
        var world = await api.People();
        var withTraining = Rostered(world, 0, Monday) with
        {
            Activities = [new("work", At(9, 0), At(13, 0), Paid: true), new("training", At(13, 0), At(17, 0), Paid: true)],
        };
        await api.Told(withTraining, Rostered(world, 1, Monday),
            States(world, 0, Monday, 1, new("busy", At(9, 0), At(11, 0)), new("break", At(11, 0), At(13, 0)),
                new("training", At(13, 0), At(17, 0))),
            States(world, 1, Monday, 1, new AgentSegment("busy", At(9, 0), At(17, 0))));

        var shrinkage = await api.Supervisor(world).Get<ShrinkageView>(
            $"/attendance/shrinkage?projectId={world.Project}&from=2026-03-09&to=2026-03-09");
        (shrinkage.Shifts, shrinkage.UnknownShifts, shrinkage.Planned, shrinkage.Actual).Should().Be((2, 0, 0.25m, 0.375m));
    }

    [Fact]
    public async Task every_formula_that_a_shift_names_is_told()
    {
        var world = await api.People();
        await api.Told(Rostered(world, 0, Monday));
        var told = (await api.Agent(world).Get<JsonElement>("/attendance/formulas")).EnumerateArray()
            .Select(f => f.GetProperty("code").GetString());

        told.Should().Equal((await api.Shift(world)).Formulas.Select(f => f.Code));
    }
}
