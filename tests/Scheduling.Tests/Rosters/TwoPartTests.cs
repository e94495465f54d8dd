using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Scheduling;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Feeds;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Testing;
using CallCenter.Time;

namespace CallCenter.Scheduling.Tests.Rosters;

/// <summary>Two shifts on a day, and one that goes from day into night: a shift with a pause.</summary>
public sealed class TwoPartTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly ShiftBreak Pause = new("pause", 480, 240, 240, Paid: false);

    // 08:30 to 12:30 and 20:30 to 01:00.
    private static readonly ShiftTemplate DayIntoNight = new("DN", new(8, 30), new(1, 0), [Pause]);

    [Fact]
    public void a_pause_is_one_at_one_time_and_not_paid()
    {
        Codes(DayIntoNight).Should().BeEmpty();
        Codes(DayIntoNight with { Breaks = [Pause with { Paid = true }] }).Should().Equal("pause-out-of-range");
        Codes(DayIntoNight with { Breaks = [Pause with { LatestMinutes = 255 }] }).Should().Equal("pause-out-of-range");
        Codes(DayIntoNight with { Breaks = [Pause with { EarliestMinutes = 0, LatestMinutes = 0 }] }).Should().Equal("pause-out-of-range");
        Codes(DayIntoNight with { Breaks = [new("pause", 60, 60, 60, false), new("pause", 60, 180, 180, false)] }).Should()
            .Equal("pause-twice");
        Codes(DayIntoNight with { Breaks = [] }).Should().Equal(["shift-length"], "16 hours and a half are too many without a pause");
        Codes(DayIntoNight with { Breaks = [new("meal", 480, 240, 240, false)] }).Should().Contain("break-out-of-range");
    }

    [Theory]
    [InlineData(8, 20, ShiftKind.TwoShifts)]
    [InlineData(8, 0, ShiftKind.TwoShifts)]
    [InlineData(8, 2, ShiftKind.DayIntoNight)]
    public void each_is_a_kind_of_its_own(int from, int to, ShiftKind kind)
    {
        var (start, end) = (new TimeOnly(from, 0), new TimeOnly(to, 0));

        TemplateRules.KindOf(start, end, nextDay: end <= start, hasPause: true, WorkingRules.Default).Should().Be(kind);
        TemplateRules.KindOf(start, end, nextDay: end <= start, hasPause: false, WorkingRules.Default).Should().NotBe(kind);
    }

    [Fact]
    public void leave_takes_what_would_be_worked_and_nothing_of_the_pause()
    {
        var shift = Shift();

        var cut = shift.Cut(At(12, 0), At(21, 30), paid: true)!;

        cut.Breaks.Select(b => (b.Kind, b.From, b.To)).Should().Equal(
            ("leave", At(12, 0), At(12, 30)), ("pause", At(12, 30), At(20, 30)), ("leave", At(20, 30), At(21, 30)));
        (shift.PaidHours, cut.PaidHours).Should().Be((8.5m, 8.5m));
        shift.Cut(At(8, 0), At(25, 0), paid: true).Should().BeNull();
    }

    [Fact]
    public void the_calendar_has_an_event_for_each_part()
    {
        var shift = Shift();
        var id = Guid.CreateVersion7();
        var day = new PublishedDay(id, 1, id, id, id, Monday, shift,
            [new RosterActivity("work", At(8, 30), At(12, 30), true), new RosterActivity("work", At(20, 30), At(25, 0), true)], null, 0, At(0, 0));

        var events = Ical.Net.Calendar.Load(RosterCalendar.Of([new CalendarDay(day, LocalCalendar.Of("UTC"))]))!.Events;

        events.Select(e => e.Summary).Should().Equal("Day-into-night shift 08:30–12:30", "Day-into-night shift 20:30–01:00");
        events.Select(e => e.Uid).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task they_are_generated_edited_published_and_told_with_a_gap()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4, zone: "Asia/Shanghai");
        using var client = world.Client;
        using var agent = world.AgentClient(0);
        (await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", 0, new
        {
            templates = new object[]
            {
                new { code = "TS", start = "08:00", end = "20:00", breaks = new[] { Part(240, 240) } },
                new { code = "DN", start = "08:30", end = "01:00", breaks = new[] { Part(480, 240) }, days = new[] { "tuesday" } },
            },
            maxOfKind = new[] { new { kind = "day-into-night", most = 1 } },
            forbidden = new[] { new { before = "day-into-night", after = "two-shifts" } },
        })).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var url = await world.Roster();
        var shifts = (await client.Get<JsonElement>(url)).GetProperty("agents").EnumerateArray()
            .SelectMany(a => a.GetProperty("shifts").EnumerateArray()).ToList();
        shifts.Select(s => s.GetProperty("kind").GetString()).Should().Contain("two-shifts").And.BeSubsetOf(["two-shifts", "day-into-night"]);
        shifts.Where(s => s.GetProperty("kind").GetString() == "two-shifts").Select(s => s.GetProperty("paidHours").GetDecimal()).Should()
            .AllBeEquivalentTo(8m);

        // Her only shifts: a day into the night on Tuesday, after which no two shifts may follow.
        for (var day = 0; day < 7; day++)
            await client.Send(HttpMethod.Delete, Day(day), (await client.GetAsync(url)).Version());
        (await Assign(1, new { shift = "DN" })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await Assign(2, new { shift = "TS" })).ShouldBeProblem(HttpStatusCode.Conflict, "rest-too-short");
        await (await Assign(3, new
        {
            startsAt = "2026-03-12T08:00", endsAt = "2026-03-13T02:00",
            breaks = new[] { new { kind = "pause", from = "2026-03-12T12:00", to = "2026-03-12T20:00", paid = false } },
        })).ShouldBeProblem(HttpStatusCode.Conflict, "too-many-of-kind");
        await (await Assign(3, new
        {
            startsAt = "2026-03-12T08:00", endsAt = "2026-03-13T02:00",
            breaks = new[] { new { kind = "pause", from = "2026-03-12T12:00", to = "2026-03-12T20:00", paid = true } },
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "pause-out-of-range");
        (await client.Send(HttpMethod.Post, $"{url}/publication", (await client.GetAsync(url)).Version())).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);

        var told = await api.Published<RosterDayV1>(d => d.AgentId == world.Agents[0].Id && d.Date == Monday.AddDays(1));
        (told.ShiftCode, told.ShiftKind).Should().Be(("DN", "day-into-night"));
        told.Activities.Should().HaveCount(2).And.OnlyContain(a => a.Kind == "work");
        (told.Activities[1].From - told.Activities[0].To).Should().Be(TimeSpan.FromHours(8), "a pause is nobody's duty");
        var mine = await agent.Get<JsonElement>($"/rosters/mine?from={Monday.AddDays(1):yyyy-MM-dd}&to={Monday.AddDays(1):yyyy-MM-dd}");
        mine[0].GetProperty("paidHours").GetDecimal().Should().Be(8.5m);
        var burden = (await agent.Get<JsonElement>($"/fairness?projectId={world.Project}&from=2026-03-09&to=2026-03-15"))
            .GetProperty("items")[0].GetProperty("published");
        (burden.GetProperty("nights").GetInt32(), burden.GetProperty("dayIntoNight").GetInt32()).Should().Be((1, 1));

        static object Part(int minutes, int after) =>
            new { kind = "pause", minutes, earliestMinutes = after, latestMinutes = after, paid = false };

        string Day(int day) => $"{url}/agents/{world.Agents[0].Id}/days/{Monday.AddDays(day):yyyy-MM-dd}";

        async Task<HttpResponseMessage> Assign(int day, object shift) =>
            await client.Send(HttpMethod.Put, Day(day), (await client.GetAsync(url)).Version(), shift);
    }

    private static RosterShift Shift() => new(Monday, "DN", ShiftKind.DayIntoNight, At(8, 30), At(25, 0),
        [new("pause", At(12, 30), At(20, 30), Paid: false)]);

    private static DateTimeOffset At(int hour, int minute) =>
        new DateTimeOffset(Monday, TimeOnly.MinValue, TimeSpan.Zero).AddHours(hour).AddMinutes(minute);

    private static IReadOnlyList<string> Codes(ShiftTemplate template)
    {
        try
        {
            TemplateRules.Check([template]);
            return [];
        }
        catch (InvalidException e)
        {
            return [.. e.Errors.Select(error => error.Code)];
        }
    }
}
