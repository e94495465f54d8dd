using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.Projects;
using CallCenter.Reporting.RollUps;
using static CallCenter.Reporting.Tests.Moments;

namespace CallCenter.Reporting.Tests;

public sealed class OccupancyTests(FactDatabase database) : IClassFixture<FactDatabase>
{
    [Fact]
    public async Task a_night_shift_has_the_occupancy_of_the_whole_night()
    {
        var facts = new RandomFacts(5, "Asia/Shanghai", new DateOnly(2026, 3, 2), "night");
        var (monday, midnight) = (new DateOnly(2026, 3, 2), facts.Calendar.StartOf(new DateOnly(2026, 3, 3)));
        var agent = Guid.CreateVersion7();
        AgentDayV1 Day(DateOnly day, params AgentSegment[] segments) =>
            new(NameId.Of("night", facts.Project.Id, day), 1, agent, facts.Project.Id, day, segments);

        // Signed in at 22:00, a contact from 23:30 to 02:00, signed off at 06:00.
        await database.Keep(
        [
            Day(monday, new("ready", midnight.AddHours(-2), midnight.AddMinutes(-30)), new("busy", midnight.AddMinutes(-30), midnight)),
            Day(monday.AddDays(1), new("busy", midnight, midnight.AddHours(2)), new("ready", midnight.AddHours(2), midnight.AddHours(6))),
        ]);
        await database.RollUp(facts.Project, facts.Teams);

        var nights = await database.Figures(facts.Project.Id, "week", "agent");
        var occupancy = KpiCatalogue.Get("occupancy");
        nights.Single(n => n.Key == $"{agent}").Figures.Should()
            .Match<Figures>(f => f.ContactMs == 9_000_000 && f.ContactMs + f.ReadyMs == 28_800_000);
        occupancy.ValueOf(occupancy.Variants[0].Of(nights.Single(n => n.Key == $"{agent}").Figures)).Should().Be(0.3125m);
        (await database.Figures(facts.Project.Id, "day", "agent")).Where(d => d.Key == $"{agent}").Select(d => (d.Day, d.Figures.ContactMs))
            .Should().Equal((monday, 1_800_000), (monday.AddDays(1), 7_200_000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_night_shift_in_which_nobody_was_busy_before_midnight_counts_from_its_login(bool statesTellOfCalls)
    {
        var facts = new RandomFacts(12, "Asia/Shanghai", new DateOnly(2026, 3, 2), $"quiet evening {statesTellOfCalls}");
        var (sunday, midnight) = (new DateOnly(2026, 3, 1), facts.Calendar.StartOf(new DateOnly(2026, 3, 2)));
        var (agent, call) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        AgentDayV1 Day(DateOnly day, int version, params AgentSegment[] segments) =>
            new(NameId.Of("quiet", facts.Project.Id, day), version, agent, facts.Project.Id, day, segments);
        CallV1 Call(int version, string outcome) => new(call, version, facts.Project.Id, "sales", "inbound", "voice", midnight.AddMinutes(30),
            null, midnight.AddMinutes(30), midnight.AddMinutes(90), 0, 0, 0, outcome, agent, null, null, null);
        var evening = Day(sunday, 1, new AgentSegment("ready", midnight.AddHours(-2), midnight));
        IFact night = statesTellOfCalls
            ? Day(sunday.AddDays(1), 1, new("ready", midnight, midnight.AddMinutes(30)), new("busy", midnight.AddMinutes(30),
                midnight.AddMinutes(90)), new("ready", midnight.AddMinutes(90), midnight.AddHours(6)))
            : Day(sunday.AddDays(1), 1, new AgentSegment("ready", midnight, midnight.AddHours(6)));
        var occupancy = KpiCatalogue.Get("occupancy");

        // The evening is known and counted before the night, as it comes; the two lie in different weeks.
        await database.Keep([evening]);
        await database.RollUp(facts.Project, facts.Teams);
        (await Days()).Should().Equal((sunday, (decimal?)null, 7_200_000L));
        await database.Keep(statesTellOfCalls ? [night] : [night, Call(1, "answered")]);
        await database.RollUp(facts.Project, facts.Teams);

        (await Days()).Should().Equal((sunday, 0m, 0L), (sunday.AddDays(1), 0.1667m, 0L));
        var both = (await database.Figures(facts.Project.Id, "day", "agent")).Select(row => row.Figures).Where(f => f.ReadyMs > 0).ToList();
        both.Sum(f => f.ContactMs + f.OnCallsMs).Should().Be(3_600_000);
        both.Sum(f => f.ContactMs + f.ReadyMs - f.UnmeasuredMs).Should().Be(28_800_000);
        both.Select(f => occupancy.Basis!(f)).Should().AllBe(statesTellOfCalls ? "states" : "calls");

        // And back: nothing tells of calls any more.
        await database.Keep(statesTellOfCalls ? [Day(sunday.AddDays(1), 2, new AgentSegment("ready", midnight, midnight.AddHours(6)))]
            : [Call(2, "abandoned")]);
        await database.RollUp(facts.Project, facts.Teams);
        (await Days()).Should().Equal((sunday, (decimal?)null, 7_200_000L), (sunday.AddDays(1), null, 21_600_000L));

        async Task<List<(DateOnly, decimal?, long)>> Days() =>
        [
            .. (await database.Figures(facts.Project.Id, "day", "agent")).Where(day => day.Key == $"{agent}")
                .Select(day => (day.Day, occupancy.ValueOf(occupancy.Variants[0].Of(day.Figures)), day.Figures.UnmeasuredMs)),
        ];
    }

    [Fact]
    public async Task where_states_do_not_say_who_is_on_a_call_the_calls_do()
    {
        var facts = new RandomFacts(6, "Asia/Shanghai", new DateOnly(2026, 3, 2), "from calls");
        var nine = facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(9);
        var (agent, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        // Two hours signed in; two chats of ten minutes that overlap by five, and one call that goes on after the sign-off.
        await database.Keep(
        [
            ReadyDay(agent, nine, nine.AddHours(2)), Answered(agent, nine.AddMinutes(10), minutes: 10),
            Answered(agent, nine.AddMinutes(15), minutes: 10), Answered(agent, nine.AddMinutes(105), minutes: 30),
            ReadyDay(other, nine, nine.AddHours(2)),
        ]);
        await database.RollUp(facts.Project, facts.Teams);

        (await Day(agent)).Should().Match<Figures>(f =>
            f.OnCallsMs == 30 * 60_000 && f.ByCallsMs == 7_200_000 && f.ReadyMs == 7_200_000 && f.UnmeasuredMs == 0);
        (await Day(other)).Should().Match<Figures>(f => f.OnCallsMs == 0 && f.ByCallsMs == 7_200_000 && f.UnmeasuredMs == 0);

        async Task<Figures> Day(Guid of) =>
            (await database.Figures(facts.Project.Id, "day", "agent")).Single(day => day.Key == $"{of}").Figures;

        AgentDayV1 ReadyDay(Guid of, DateTimeOffset from, DateTimeOffset to) => new(
            NameId.Of("ready", facts.Project.Id, of), 1, of, facts.Project.Id, new DateOnly(2026, 3, 2), [new("ready", from, to)]);
        CallV1 Answered(Guid by, DateTimeOffset at, int minutes) => new(
            Guid.CreateVersion7(), 1, facts.Project.Id, "sales", "inbound", "chat", at, null, at, at.AddMinutes(minutes),
            0, 0, 0, "answered", by, null, null, null);
    }

    [Fact]
    public async Task an_idle_agent_among_busy_ones_is_measured_by_states()
    {
        var facts = new RandomFacts(9, "Asia/Shanghai", new DateOnly(2026, 3, 2), "idle");
        var (idle, nine) = (Guid.CreateVersion7(), facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(9));
        AgentDayV1 Day(Guid of, string state) =>
            new(of, 1, of, facts.Project.Id, new DateOnly(2026, 3, 2), [new("ready", nine, nine.AddHours(1)), new(state, nine.AddHours(1),
                nine.AddHours(2))]);
        await database.Keep([Day(idle, "ready"), Day(Guid.CreateVersion7(), "busy")]);
        await database.RollUp(facts.Project, facts.Teams);

        var day = (await database.Figures(facts.Project.Id, "day", "project")).Single().Figures;
        day.Should().Match<Figures>(f => f.ContactMs == 3_600_000 && f.ReadyMs == 10_800_000 && f.ByCallsMs == 0 && f.UnmeasuredMs == 0);
        KpiCatalogue.Get("occupancy").Basis!(day).Should().Be("states");
    }

    [Fact]
    public async Task where_no_call_names_an_agent_nobody_knows_who_is_on_one()
    {
        var facts = new RandomFacts(7, "Asia/Shanghai", new DateOnly(2026, 3, 2), "nobody");
        var (agent, nine) = (Guid.CreateVersion7(), facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(9));
        await database.Keep(
        [
            new AgentDayV1(agent, 1, agent, facts.Project.Id, new DateOnly(2026, 3, 2), [new("ready", nine, nine.AddHours(2))]),
            new CallV1(Guid.CreateVersion7(), 1, facts.Project.Id, "sales", "inbound", "voice", nine, null, nine, nine.AddMinutes(5),
                0, 0, 0, "answered", null, null, null, null),
        ]);
        await database.RollUp(facts.Project, facts.Teams);

        var day = (await database.Figures(facts.Project.Id, "day", "project")).Single().Figures;
        day.UnmeasuredMs.Should().Be(7_200_000);
        KpiCatalogue.Get("occupancy").ValueOf(KpiCatalogue.Get("occupancy").Variants[0].Of(day)).Should().BeNull();
    }
}
