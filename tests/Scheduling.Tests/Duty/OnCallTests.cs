using System.Net;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Scheduling.Feeds;
using CallCenter.Scheduling.OnCall;
using CallCenter.Testing;
using CallCenter.Time;
using static CallCenter.Scheduling.OnCall.OnCallDecider;

namespace CallCenter.Scheduling.Tests.Duty;

public sealed class OnCallTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly LocalCalendar Berlin = LocalCalendar.Of("Europe/Berlin");
    private static readonly HandOver Nights = new([new(8, 0), new(20, 0)], RestHours: 11);
    private static readonly Guid Ada = Guid.CreateVersion7();
    private static readonly Guid Bob = Guid.CreateVersion7();
    private static readonly Guid Cid = Guid.CreateVersion7();

    [Fact]
    public void turns_go_from_hand_over_to_hand_over_without_a_gap_whatever_the_clocks_do()
    {
        // The clocks go forward in the night to 29 March.
        var turns = OnCallRotation.Turns(new(2026, 3, 28), 2, Nights, Berlin);

        turns.Select(turn => (turn.To - turn.From).TotalHours).Should().Equal(12, 11, 12, 12);
        turns.Zip(turns.Skip(1)).Should().OnlyContain(pair => pair.First.To == pair.Second.From);
        OnCallRotation.Turns(Monday, 10, new([new(9, 0)], EveryDays: 7), Berlin).Select(turn => (turn.To - turn.From).TotalDays)
            .Should().Equal([7, 3], "the last one ends with the roster");
        Berlin.TimeOf(turns[1].Midnight(Berlin)!.Value).Should().Be(TimeOnly.MinValue);
        turns[0].Midnight(Berlin).Should().BeNull("the day is over before midnight");
    }

    [Fact]
    public void turns_are_borne_alike_and_nobody_has_two_in_a_row()
    {
        var filled = Fill(12, [Person(Ada), Person(Bob), Person(Cid)]);

        filled.GroupBy(turn => turn.AgentId).Select(own => own.Count()).Should().Equal(8, 8, 8);
        filled.Zip(filled.Skip(1)).Should().OnlyContain(pair => pair.First.AgentId != pair.Second.AgentId);
        filled.Where(turn => OnCallRotation.IsSpecial(turn, Berlin, _ => false)).GroupBy(turn => turn.AgentId)
            .Select(own => own.Count()).Should().HaveCount(3, "weekends go by turns as well").And.OnlyContain(count => count <= 2);
    }

    [Fact]
    public void who_has_borne_more_has_fewer_and_who_is_new_has_not_all_of_them()
    {
        var filled = Fill(3, [Person(Ada, before: 7), Person(Bob, before: 5), Person(Cid)]);

        filled.Count(turn => turn.AgentId == Ada).Should().Be(1);
        (filled.Count(turn => turn.AgentId == Bob), filled.Count(turn => turn.AgentId == Cid)).Should().BeOneOf((3, 2), (2, 3));
    }

    [Fact]
    public void a_turn_goes_to_nobody_on_leave_and_to_nobody_whose_shift_begins_too_soon_after_the_night()
    {
        var away = new OnCallBlock(At(0, 0), At(24, 0), "leave");
        var night = OnCallRotation.Turns(Monday, 1, Nights, Berlin)[1];

        Person(Ada, blocks: [away]).InTheWay(night, Nights, Berlin).Should().Be("leave");
        Person(Ada, shifts: [(At(24 + 18, 0), At(24 + 23, 0))]).InTheWay(night, Nights, Berlin).Should().Be("on-call-rest", "8:00 and 11 hours are 19:00");
        Person(Ada, shifts: [(At(24 + 19, 0), At(24 + 23, 0))]).InTheWay(night, Nights, Berlin).Should().BeNull();
        Person(Ada, shifts: [(At(24 + 9, 0), At(24 + 17, 0))]).InTheWay(night, Nights with { RestHours = null }, Berlin).Should()
            .BeNull("no rest is asked");
        Person(Ada, shifts: [(At(9, 0), At(17, 0))]).InTheWay(night, Nights, Berlin).Should().BeNull("the shift is the day before the night");
        Person(Ada, shifts: [(At(22, 0), At(24 + 6, 0))]).InTheWay(night, Nights, Berlin).Should().Be("on-call-rest", "she works that night");
        Fill(1, [Person(Ada, blocks: [away])]).Select(turn => turn.AgentId).Should().Equal([null, null], "it stays open");
    }

    [Fact]
    public void a_published_turn_changes_with_a_reason_to_somebody_who_can_take_it_before_it_is_over()
    {
        var draft = Draft([Person(Ada), Person(Bob)]);
        var published = draft.Evolve(new OnCallPublished(draft.Id, Ada, At(0, 0)));
        IReadOnlyList<OnCallPerson> known = [Person(Ada), Person(Bob), Person(Cid, blocks: [new(At(0, 0), At(99, 0), "leave")])];

        Codes(() => Change(published, 1, Bob, null)).Should().Equal("reason-missing");
        Codes(() => Change(published, 9, Bob, "x")).Should().Equal("turn-unknown");
        Codes(() => Change(published, 1, Cid, "x")).Should().Equal("leave");
        Codes(() => Change(published, 1, Guid.CreateVersion7(), "x")).Should().Equal("not-in-project");
        Codes(() => Decide(new ChangeOnCall(Taker(1, Bob), known, "x", Ada, At(20, 0)), published)).Should().Equal("turn-over");
        Change(draft, 1, Bob, null).Should().ContainSingle();
        Change(published, 1, Ada, null).Should().BeEmpty("she has it");
        Codes(() => Decide(new PublishOnCall(known, Ada, At(0, 0)), draft with { Turns = [draft.Turns[0] with { AgentId = null }] }))
            .Should().Equal("turn-open");
        Codes(() => Change(published.Evolve(new OnCallCancelled(draft.Id, Ada, At(0, 0))), 1, Bob, "x")).Should().Equal("on-call-cancelled");
        Codes(() => { Check(new([new(20, 0), new(8, 0)])); return 0; }).Should().Equal("hand-over-unclear");
        Codes(() => { Check(new([new(8, 0), new(20, 0)], EveryDays: 7)); return 0; }).Should().Equal("hand-over-unclear");

        object[] Change(OnCallRoster roster, int turn, Guid taker, string? reason) =>
            Decide(new ChangeOnCall(Taker(turn, taker), known, reason, Ada, At(1, 0)), roster);
    }

    [Fact]
    public void the_calendar_feed_has_an_event_for_each_turn()
    {
        var draft = Draft([Person(Ada), Person(Bob)]);
        var duties = draft.Turns.Select(turn => OnCallDuty.Of(draft, turn, _ => false, At(0, 0))).ToList();

        var events = Ical.Net.Calendar.Load(RosterCalendar.Of([], duties))!.Events;

        events.Select(e => (e.Summary, e.Start!.AsUtc)).Should().Equal(
            ("On call: Duty", At(8, 0).UtcDateTime), ("On call: Duty", At(20, 0).UtcDateTime));
        duties.Select(duty => (duty.OverMidnight, duty.RestTo)).Should().Equal((false, null), (true, At(24 + 19, 0)));
    }

    [Fact]
    public async Task who_is_on_call_is_told_asked_for_and_kept_from_shifts_in_the_rest_after_it()
    {
        // Turns that are over change no more: these are to come.
        var today = Berlin.DayOf(DateTimeOffset.UtcNow);
        var monday = Berlin.WeekOf(today).AddDays(7);
        var world = await World.Create(api, monday, agents: 3, peak: 4);
        using var client = world.Client;
        var (first, second) = (Night(0), Night(1));
        var planned = World.Location(await client.Send(HttpMethod.Post, "/on-call-rosters", body: new
        {
            projectId = world.Project, role = "Night duty", from = monday, days = 2, handOver = new { at = new[] { "08:00", "20:00" }, restHours = 11 },
            agentIds = world.Agents.Select(a => a.Id),
        }));
        var turns = (await client.Get<JsonElement>(planned)).GetProperty("turns").EnumerateArray().ToList();
        turns.Should().HaveCount(4);
        var night = world.Agents.FindIndex(a => a.Id == turns[1].GetProperty("agentId").GetGuid());
        using var agent = world.AgentClient(night);
        (await client.Get<JsonElement>($"/on-call?projectId={world.Project}&at={first}")).GetArrayLength().Should()
            .Be(0, "it is a draft");

        var roster = await world.Roster();
        await Done(client.Send(HttpMethod.Post, $"{planned}/publication", 1));

        var now = (await agent.Get<JsonElement>($"/on-call?projectId={world.Project}&at={first}&role=night+DUTY"))[0];
        now.GetProperty("now").GetProperty("agentId").GetGuid().Should().Be(world.Agents[night].Id);
        now.GetProperty("next").GetProperty("turn").GetInt32().Should().Be(3);
        var about = (await agent.Get<JsonElement>("/notices")).GetProperty("items").EnumerateArray()
            .Select(n => n.GetProperty("about").GetString()!).Should().ContainSingle().Subject;
        (await agent.Get<JsonElement>(about)).GetArrayLength().Should().BePositive("agents can open what they are told of");
        var feed = await agent.PostAsync(new Uri("/rosters/feeds", UriKind.Relative), null);
        (await agent.GetStringAsync(feed.Headers.Location)).Should().Contain("SUMMARY:On call: Night duty");
        (await agent.Get<JsonElement>($"/fairness?projectId={world.Project}&from={monday:yyyy-MM-dd}&to={monday.AddDays(6):yyyy-MM-dd}")).GetProperty("items")[0]
            .GetProperty("published").GetProperty("onCallNights").GetInt32().Should().BeGreaterThan(0);

        // No shift in the rest after the night; a second roster of the role would have two on call.
        await (await client.Send(HttpMethod.Put, $"{roster}/agents/{world.Agents[night].Id}/days/{monday.AddDays(1):yyyy-MM-dd}",
            (await client.GetAsync(roster)).Version(), new { startsAt = $"{monday.AddDays(1):yyyy-MM-dd}T09:00", endsAt = $"{monday.AddDays(1):yyyy-MM-dd}T17:00" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "on-call-rest");
        var again = World.Location(await client.Send(HttpMethod.Post, "/on-call-rosters", body: new
        {
            projectId = world.Project, role = "Night duty", from = monday, days = 1, handOver = new { at = new[] { "08:00" } },
            agentIds = new[] { world.Agents[0].Id },
        }));
        (await client.Get<JsonElement>(again)).GetProperty("turns")[0].GetProperty("agentId").ValueKind.Should()
            .Be(JsonValueKind.Null, "they are on call then");
        await (await client.Send(HttpMethod.Post, $"{again}/publication", 1)).ShouldBeProblem(HttpStatusCode.Conflict, "turn-open");

        // Two change places, and one has leave then.
        var other = turns.First(turn => turn.GetProperty("agentId").GetGuid() != world.Agents[night].Id && turn.GetProperty("number").GetInt32() == 4);
        using var planner = world.Client;
        planner.DefaultRequestHeaders.Add("X-Reason", "They asked for it");
        var version = (await client.GetAsync(planned)).Version();
        await Done(planner.Send(HttpMethod.Post, $"{planned}/changes", version, new
        {
            changes = new[]
            {
                new { turn = 2, agentId = other.GetProperty("agentId").GetGuid() }, new { turn = 4, agentId = world.Agents[night].Id },
            },
        }));
        (await agent.Get<JsonElement>($"/on-call?projectId={world.Project}&at={first}"))[0].GetProperty("now")
            .GetProperty("agentId").GetGuid().Should().Be(other.GetProperty("agentId").GetGuid());
        using var supervisor = world.Supervisor;
        World.Location(await supervisor.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[night].Id, firstDay = monday.AddDays(1),
            lastDay = monday.AddDays(1), kind = "sick",
            paid = true,
        }));
        var away = (await client.Get<JsonElement>($"/on-call?projectId={world.Project}&at={second}"))[0].GetProperty("now");
        away.GetProperty("onLeave").GetBoolean().Should().BeTrue();
        (await client.Get<JsonElement>("/notices")).GetProperty("items").EnumerateArray().Select(n => n.GetProperty("about").GetString())
            .Should().Contain(planned, "somebody else is to be found");
        (await client.Get<JsonElement>($"{planned}/turns/4/candidates")).EnumerateArray()
            .Single(c => c.GetProperty("agentId").GetGuid() == world.Agents[night].Id).GetProperty("rule").GetString().Should().Be("leave");

        await Done(client.Send(HttpMethod.Post, $"{planned}/cancellation", version + 1));

        string Night(int day) => Uri.EscapeDataString($"{Berlin.At(monday.AddDays(day), new(21, 0)):O}");

        static async Task Done(Task<HttpResponseMessage> sent) =>
            (await sent).StatusCode.Should().Be(HttpStatusCode.NoContent, await (await sent).Content.ReadAsStringAsync());
    }

    private static IReadOnlyList<OnCallTurn> Fill(int days, IReadOnlyList<OnCallPerson> people) =>
        OnCallRotation.Fill(OnCallRotation.Turns(Monday, days, Nights, Berlin), Nights, people, Berlin, _ => false);

    private static OnCallRoster Draft(IReadOnlyList<OnCallPerson> people) => new OnCallRoster { Id = Guid.CreateVersion7() }.Evolve(
        new OnCallPlanned(Guid.Empty, Guid.CreateVersion7(), "Duty", "Europe/Berlin", Monday, 1, Nights, [.. people.Select(p => p.Id)],
            Fill(1, people), Ada, At(0, 0)));

    private static OnCallPerson Person(
        Guid id, int before = 0, IReadOnlyList<OnCallBlock>? blocks = null,
        IReadOnlyList<(DateTimeOffset, DateTimeOffset)>? shifts = null) =>
        new(id, "Somebody", blocks ?? [], shifts ?? [], new(before, 0, null));

    private static DateTimeOffset At(int hour, int minute) => Berlin.At(Monday, TimeOnly.MinValue).AddHours(hour).AddMinutes(minute);

    private static Dictionary<int, Guid> Taker(int turn, Guid agent) => new() { [turn] = agent };

    private static IReadOnlyList<string> Codes(Func<object> decide)
    {
        try
        {
            _ = decide();
            return [];
        }
        catch (InvalidException e)
        {
            return [.. e.Errors.Select(error => error.Code)];
        }
        catch (RefusedException e)
        {
            return [e.Code];
        }
    }
}
