using System.Globalization;
using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Attendance;
using CallCenter.Contracts.Scheduling;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Exchanges;
using CallCenter.Scheduling.Rosters;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Exchanges;

/// <summary>What is decided on the floor becomes the published day of who it is about.</summary>
public sealed class FloorMoveTests(SchedulingApi api)
{
    private static readonly DateOnly Tomorrow = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);

    private static readonly RosterShift Shift = new(Tomorrow, "D-0900", ShiftKind.Day, At(9, 0), At(17, 0),
        [new("break", At(10, 30), At(10, 45), true), new("meal", At(12, 0), At(12, 30), false)]);

    [Fact]
    public void a_break_moves_as_long_as_it_was() =>
        FloorMoves.After(Shift, Move("move-break", At(12, 0), At(12, 30), At(13, 15))).Breaks.Should().Equal(
            new RosterBreak("break", At(10, 30), At(10, 45), true), new RosterBreak("meal", At(13, 15), At(13, 45), false));

    [Fact]
    public void a_break_goes_behind_the_others_in_the_order_of_time() =>
        FloorMoves.After(Shift, Move("move-break", At(10, 30), At(10, 45), At(15, 0))).Breaks.Select(b => b.Kind)
            .Should().Equal("meal", "break");

    [Fact]
    public void who_stays_on_ends_later_and_who_leaves_early_has_the_rest_off()
    {
        FloorMoves.After(Shift, Move("stay-on", At(17, 0), At(18, 0))).EndsAt.Should().Be(At(18, 0));
        var early = FloorMoves.After(Shift, Move("leave-early", At(15, 0), At(17, 0)));
        (early.EndsAt, early.PaidHours).Should().Be((At(17, 0), 5.5m), "eight hours less the meal and two hours off");
        FluentActions.Invoking(() => FloorMoves.After(early, Move("leave-early", At(14, 0), At(17, 0))))
            .Should().Throw<RefusedException>("they have gone already");
        FloorMoves.After(Shift, Move("move-break", At(12, 0), At(12, 30), At(13, 15).AddSeconds(21))).Breaks[1].From.Should().Be(At(13, 15));
    }

    [Theory]
    [InlineData("move-break", 11, 0, "no-break")]
    [InlineData("stay-on", 16, 0, "no-shift")]
    [InlineData("leave-early", 9, 0, "no-shift")]
    public void what_does_not_fit_the_shift_is_refused(string kind, int hour, int minute, string code) =>
        FluentActions.Invoking(() => FloorMoves.After(Shift, Move(kind, At(hour, minute), At(hour + 1, minute), At(13, 0))))
            .Should().Throw<RefusedException>().Which.Code.Should().Be(code);

    [Fact]
    public async Task a_decision_changes_the_published_day_once_and_what_a_rule_refuses_is_told()
    {
        var monday = Tomorrow;
        while (monday.DayOfWeek is not DayOfWeek.Monday)
            monday = monday.AddDays(1);
        var world = await World.Create(api, monday, agents: 3, peak: 6);
        using var scheduler = world.Client;
        var url = await world.Roster();
        (await scheduler.Send(HttpMethod.Post, $"{url}/publication", (await scheduler.GetAsync(url)).Version()))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        using var agent = world.AgentClient(0);
        var day = (await agent.Get<List<JsonElement>>($"/rosters/mine?from={monday:yyyy-MM-dd}&to={monday.AddDays(6):yyyy-MM-dd}"))
            .First(d => d.GetProperty("shift").ValueKind is JsonValueKind.String);
        var date = DateOnly.Parse(day.GetProperty("date").GetString()!, CultureInfo.InvariantCulture);
        var pause = day.GetProperty("activities").EnumerateArray().First(a => a.GetProperty("kind").GetString() is "break" or "meal");
        var (from, to) = (pause.GetProperty("from").GetDateTimeOffset(), pause.GetProperty("to").GetDateTimeOffset());
        var decided = new FloorMoveV1(Guid.CreateVersion7(), 1, world.Project, "move-break", world.Agents[0].Id, from, to,
            from.AddMinutes(15), world.Agents[1].Id, from.AddHours(-1));

        await api.Publish(decided);
        await api.Publish(decided with { Version = 2 });

        var fact = await api.Published<RosterDayV1>(d => d.AgentId == world.Agents[0].Id && d.Date == date
            && d.Activities.Any(a => a.Kind == pause.GetProperty("kind").GetString() && a.From == from.AddMinutes(15)));
        fact.Activities.Should().NotContain(a => a.Kind == pause.GetProperty("kind").GetString() && a.From == from);
        (await Kinds(agent)).Should().Contain("roster-published");

        // The break is no more where it was, another is of next week: nothing happens, and somebody is told.
        await api.Publish(decided with { Id = Guid.CreateVersion7() },
            decided with { Id = Guid.CreateVersion7(), Kind = "leave-early", DecidedAt = DateTimeOffset.UtcNow, NewFrom = null },
            decided with { Id = Guid.CreateVersion7(), Kind = "leave-early", DecidedAt = from.AddHours(2), NewFrom = null });
        await Eventually.True(async () => (await Kinds(scheduler)).Count(kind => kind == "floor-move-refused") == 3, "the scheduler to be told");
        using var decider = world.AgentClient(1);
        (await Kinds(decider)).Count(kind => kind == "floor-move-refused").Should().Be(3, "who decided it is told too");
        (await scheduler.Get<JsonElement>($"{url}/history?limit=500")).GetProperty("items").EnumerateArray()
            .Count(e => e.GetProperty("what").GetString() == "day-exchanged").Should().Be(1);
    }

    private static async Task<List<string?>> Kinds(HttpClient who) =>
        [.. (await who.Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray().Select(n => n.GetProperty("kind").GetString())];

    private static FloorMoveV1 Move(string kind, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? newFrom = null) =>
        new(Guid.CreateVersion7(), 1, Guid.Empty, kind, Guid.CreateVersion7(), from, to, newFrom, Guid.Empty, from);

    private static DateTimeOffset At(int hour, int minute) => new(Tomorrow, new(hour, minute), TimeSpan.Zero);
}
