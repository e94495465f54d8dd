using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

// One service for all classes, one after the other.
[assembly: Xunit.AssemblyFixture(typeof(CallCenter.Attendance.Tests.AttendanceApi))]
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]

namespace CallCenter.Attendance.Tests;

public sealed class AttendanceApi() : ServiceFixture("attendance", AttendanceService.Build)
{
    public static readonly DateOnly Monday = new(2026, 3, 9);

    /// <summary>An instant of that Monday by the project's clock.</summary>
    public static DateTimeOffset At(int hour, int minute, int day = 0) =>
        new DateTimeOffset(2026, 3, 9, hour, minute, 0, TimeSpan.FromHours(8)).AddDays(day);

    /// <summary>A project with a team of agents and its supervisor, as the People service tells of them.</summary>
    public async Task<World> People(int agents = 2)
    {
        var world = new World(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(),
            [.. Enumerable.Range(0, agents).Select(_ => Guid.CreateVersion7())]);
        EmployeeV1 Employee(Guid id) => new(
            id, 1, World.Number(id), "Ann", new(2025, 1, 1), null, "junior", [world.Team], [world.Project], [], 40, "Asia/Shanghai");

        await Publish(
        [
            new ProjectV1(world.Project, 1, "Acme", "Acme", "Asia/Shanghai", DayOfWeek.Monday, [], [], [], []),
            new TeamV1(world.Team, 1, world.Project, "Billing 1", world.Supervisor, world.Agents, "under",
                [.. world.Agents.Select(agent => new MemberPeriod(agent, new(2025, 1, 1), null))]),
            Employee(world.Supervisor), .. world.Agents.Select(Employee),
        ]);

        await Eventually.True(async () => await Held<ProjectV1>(world.Project) && await Held<TeamV1>(world.Team)
            && await Held<EmployeeV1>(world.Supervisor) && await Held<EmployeeV1>(world.Agents[^1]), "the project and its people");
        return world;
    }

    private async Task<bool> Held<T>(Guid id) where T : class
    {
        await using var query = App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await query.LoadAsync<T>(id) is not null;
    }

    /// <summary>A published day of an agent, nine to five.</summary>
    public static RosterDayV1 Rostered(
        World world, int agent, DateOnly date, long version = 1, DateTimeOffset? known = null, int from = 9, int to = 17)
    {
        var day = date.DayNumber - Monday.DayNumber;
        return new(DayOf(world, agent, date), version, Guid.CreateVersion7(), world.Project, world.Agents[agent], date,
            [new("work", At(from, 0, day), At(to, 0, day), Paid: true)], "D8", "day", known ?? At(12, 0, day - 7));
    }

    public static Guid DayOf(World world, int agent, DateOnly date) => NameId.Of("roster-day", world.Project, world.Agents[agent], date);

    public static AgentDayV1 States(World world, int agent, DateOnly date, long version, params AgentSegment[] segments) => new(
        NameId.Of("agent-day", world.Project, world.Agents[agent], date), version, world.Agents[agent], world.Project, date, segments);

    /// <summary>Sends facts and waits until each of them, or a newer one, is held.</summary>
    public async Task Told(params IFact[] facts)
    {
        await Publish(facts);
        await Eventually.True(async () =>
        {
            await using var query = App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            foreach (var fact in facts)
                if (fact switch
                {
                    RosterDayV1 => (await query.LoadAsync<RosterHistory>(fact.Id))?.Versions.Any(v => v.Version == fact.Version) == true,
                    AgentDayV1 => (await query.LoadAsync<AgentDayV1>(fact.Id))?.Version >= fact.Version,
                    LeaveV1 => (await query.LoadAsync<LeaveV1>(fact.Id))?.Version >= fact.Version,
                    ChatV1 => (await query.LoadAsync<ChatV1>(fact.Id))?.Version >= fact.Version,
                    _ => throw new ArgumentOutOfRangeException(nameof(facts), fact, null),
                } is false)
                    return false;
            return true;
        }, "the facts to be held");
    }

    public HttpClient Supervisor(World world) => As(world.Supervisor, "supervisor", world.Project);

    public HttpClient Agent(World world, int agent = 0) => As(world.Agents[agent], "agent", world.Project);

    public Task<ShiftDetail> Shift(World world, int agent = 0, DateOnly? date = null) =>
        Supervisor(world).Get<ShiftDetail>($"/attendance/{DayOf(world, agent, date ?? Monday)}");
}

public sealed record World(Guid Project, Guid Team, Guid Supervisor, IReadOnlyList<Guid> Agents)
{
    public static string Number(Guid employee) => $"S-{employee:N}";

    public string Number(int agent) => Number(Agents[agent]);
}
