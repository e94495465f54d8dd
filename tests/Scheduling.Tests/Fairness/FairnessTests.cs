using System.Net;
using System.Text.Json;
using CallCenter.Planning.Rostering;
using CallCenter.Scheduling.Fairness;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.Wishes;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Fairness;

public sealed class FairnessTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly Guid Agent = Guid.CreateVersion7();

    [Fact]
    public void nights_weekends_holidays_and_refused_wishes_are_counted()
    {
        LedgerDay[] days =
        [
            Day(0, ShiftKind.Night), Day(1, ShiftKind.Early), Day(2, null), Day(5, ShiftKind.Late), Day(6, ShiftKind.Night),
            Day(7, ShiftKind.Day),
        ];
        Wish[] wishes =
        [
            new(Monday, DayOff: true), new(Monday.AddDays(1), Kind: ShiftKind.Early), new(Monday.AddDays(2), DayOff: true),
            new(Monday.AddDays(5), "D"), new(Monday.AddDays(6), "X"), new(Monday.AddDays(4), DayOff: true),
        ];

        Burden.Of(days, wishes, day => day == Monday.AddDays(7)).Should().Be(
            new Burden(Shifts: 5, Early: 1, Late: 1, Nights: 2, Weekends: 2, Holidays: 1, Wishes: 5, RefusedWishes: 2),
            "of the fifth day nothing is decided");
        Burden.Of([], wishes, _ => true).Should().Be(new Burden(0, 0, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void a_roster_takes_the_place_of_what_is_published_for_its_days()
    {
        var roster = new Roster { From = Monday, Days = 2 }.With(Agent, Monday, Day(0, ShiftKind.Night).Shift);
        LedgerDay[] published = [Day(-1, ShiftKind.Late), Day(0, ShiftKind.Early), Day(1, ShiftKind.Early)];

        FairnessLedger.With(roster, published, Monday.AddDays(-7), Monday.AddDays(7)).Select(day => (day.Date, day.Shift?.Kind))
            .Should().Equal((Monday.AddDays(-1), ShiftKind.Late), (Monday, ShiftKind.Night), (Monday.AddDays(1), null));
        FairnessLedger.With(roster, published, Monday.AddDays(-7), Monday).Should().HaveCount(2, "the last day is not asked for");
    }

    [Fact]
    public async Task what_a_draft_would_make_of_it_is_seen_before_it_is_published_and_agents_see_their_own()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var scheduler = world.Client;
        using var agent = world.AgentClient(0);
        var url = await world.Roster();
        var ledger = $"/fairness?projectId={world.Project}&from={Monday:yyyy-MM-dd}&to={Monday.AddDays(6):yyyy-MM-dd}";

        var draft = (await scheduler.Get<JsonElement>($"{ledger}&rosterId={World.IdOf(url)}")).GetProperty("items").EnumerateArray().ToList();
        draft.Should().HaveCount(3).And.OnlyContain(row => row.GetProperty("published").GetProperty("shifts").GetInt32() == 0
            && row.GetProperty("withRoster").GetProperty("shifts").GetInt32() > 0);
        draft.Sum(row => row.GetProperty("withRoster").GetProperty("weekends").GetInt32()).Should().BePositive();

        await scheduler.Send(HttpMethod.Post, $"{url}/publication", (await scheduler.GetAsync(url)).Version());
        var mine = (await agent.Get<JsonElement>(ledger)).GetProperty("items").EnumerateArray().Should().ContainSingle().Subject;
        mine.GetProperty("withRoster").ValueKind.Should().Be(JsonValueKind.Null);
        mine.GetProperty("published").GetRawText().Should().Be(
            draft.Single(row => row.GetProperty("agentId").GetGuid() == world.Agents[0].Id).GetProperty("withRoster").GetRawText());
        await (await agent.GetAsync($"{ledger}&rosterId={World.IdOf(url)}")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await scheduler.GetAsync($"/fairness?projectId={world.Project}&from=2026-03-09&to=2027-03-10"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "span-too-long");
    }

    private static LedgerDay Day(int day, ShiftKind? kind) => new(Agent, Monday.AddDays(day), kind is not { } shift ? null : new(
        Monday.AddDays(day), "D", shift, new(Monday.AddDays(day), new(8, 0), TimeSpan.Zero),
        new(Monday.AddDays(day), new(16, 0), TimeSpan.Zero), []));
}
