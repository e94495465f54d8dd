using System.Net;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Scheduling.Rotations;
using CallCenter.Testing;
using static CallCenter.Scheduling.Rotations.RotationDecider;

namespace CallCenter.Scheduling.Tests.Rotations;

public sealed class RotationTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    private static readonly RotationShift Day = new("D-0800", [4, 4, 4, 4, 4, 3, 3], new(2, 6));

    private static readonly RotationRules Rules = new(new(3, 6), new(2, 3));

    [Fact]
    public void a_group_works_next_week_what_the_group_after_it_works_this_week()
    {
        var rotation = Made([0, 0, 0, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, -1, 0, 0, 0, -1, -1, -1]);

        rotation.ShiftOf(0, Monday, Monday).Should().Be("D-0800");
        rotation.ShiftOf(0, Monday.AddDays(3), Monday).Should().BeNull();
        rotation.ShiftOf(0, Monday.AddDays(7), Monday).Should().BeNull("it works the second week then");
        rotation.ShiftOf(1, Monday.AddDays(5), Monday).Should().Be("D-0800", "it is a week ahead");
        rotation.ShiftOf(1, Monday.AddDays(14), Monday).Should().Be("D-0800", "after the last week comes the first");
        rotation.ShiftOf(0, Monday.AddDays(-6), Monday).Should().Be("D-0800", "weeks before the first are of it too");
        rotation.ShiftOf(2, Monday.AddDays(-7), Monday).Should().BeNull();
        rotation.FreeWeekends.Should().Be(2);
    }

    [Fact]
    public void what_cannot_be_meant_is_named()
    {
        Invalid([Day with { InARow = new(3, 2) }], Rules).Should().Equal("least-above-most");
        Invalid([Day, Day], Rules).Should().Equal("code-twice");
        Invalid([Day with { Needed = [0, 0, 0, 0, 0, 0, 0] }], Rules).Should().Equal("nothing-needed");
        Invalid([Day with { Needed = [201, 0, 0, 0, 0, 0, -1] }], Rules).Should().Equal("need-out-of-range");
        Invalid([Day], Rules with { Forbidden = [new("D-0800", "N")], Rest = new(3, 2) }).Should().Equal("least-above-most", "shift-unknown");
    }

    [Fact]
    public void the_same_again_is_nothing_and_another_is_refused()
    {
        var command = Command([0, 0, 0, -1, -1, -1, -1]);
        var made = new Rotation().Evolve(Decide(command, new()).Single());

        Decide(command, made).Should().BeEmpty();
        FluentActions.Invoking(() => Decide(command with { Name = "Other" }, made)).Should().Throw<RefusedException>()
            .Which.Code.Should().Be("rotation-exists");
    }

    [Fact]
    public async Task a_rotation_becomes_a_roster_in_which_everybody_has_the_shifts_of_their_group_but_where_a_rule_forbids_it()
    {
        var world = await World.Create(api, Monday, agents: 7, peak: 4);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        var rotation = World.Location(await scheduler.Send(HttpMethod.Post, "/rotations", body: Request(world)));
        var made = await supervisor.Get<JsonElement>(rotation);
        var weeks = made.GetProperty("weeks").EnumerateArray()
            .Select(week => week.EnumerateObject().Select(day => day.Value.GetString()).ToArray()).ToArray();
        for (var day = 0; day < 7; day++)
            weeks.Count(week => week[day] == "D-0800").Should().Be(Day.Needed[day], $"on day {day} of the week");
        (await supervisor.Get<JsonElement>($"/rotations?projectId={world.Project}")).GetProperty("items").GetArrayLength().Should().Be(1);

        // On Tuesday the agent of the group that works then is on leave.
        var away = Array.FindIndex(weeks, week => week[1] is not null);
        using var entering = world.Entering;
        var leave = World.Location(await entering.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[away].Id, kind = "annual", paid = true, firstDay = Monday.AddDays(1),
            lastDay = Monday.AddDays(1),
        }));
        (await supervisor.Send(HttpMethod.Post, $"{leave}/approval", 1)).EnsureSuccessStatusCode();
        var requirement = World.IdOf(await world.Require());
        object[] groups = [.. world.Agents.Take(weeks.Length).Select(agent => new { agentIds = new[] { agent.Id } })];
        var roster = World.Location(
            await scheduler.Send(HttpMethod.Post, $"{rotation}/rosters", body: new { requirementId = requirement, groups }));

        var rows = (await scheduler.Get<JsonElement>($"{roster}/days")).EnumerateArray()
            .ToLookup(row => row.GetProperty("agentId").GetGuid());
        for (var group = 0; group < weeks.Length; group++)
            rows[world.Agents[group].Id].Select(row => row.GetProperty("shift").GetString()).Should().Equal(
                weeks[group].Select((shift, day) => (group, day) == (away, 1) ? null : shift), $"group {group} works its week");
        (await scheduler.Send(HttpMethod.Post, $"{roster}/publication", 1 + weeks.Length)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        await (await scheduler.Send(HttpMethod.Post, $"{rotation}/rosters", body: new { requirementId = requirement, groups = groups[..1] }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "groups-unlike-rotation");
        await (await scheduler.Send(HttpMethod.Post, $"{rotation}/rosters", body: new
        {
            requirementId = requirement, groups, firstWeek = Monday.AddDays(1),
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-a-monday");
        groups[1] = groups[0];
        await (await scheduler.Send(HttpMethod.Post, $"{rotation}/rosters", body: new { requirementId = requirement, groups }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "agent-twice");
        groups[1] = new { agentIds = new[] { Guid.CreateVersion7() } };
        await (await scheduler.Send(HttpMethod.Post, $"{rotation}/rosters", body: new { requirementId = requirement, groups }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "agent-unknown");
    }

    [Fact]
    public async Task where_there_is_none_the_rules_in_the_way_are_told_and_the_fewest_groups_are_found()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var scheduler = world.Client;

        var refused = await scheduler.Send(HttpMethod.Post, "/rotations", body: Request(world, groups: 5));
        (await refused.Content.ReadAsStringAsync()).Should()
            .Contain("Least change: too-few-days-off from 2 to 1").And.Contain("6 groups are the fewest");
        await refused.ShouldBeProblem(HttpStatusCode.Conflict, "rotation-impossible");
        await (await scheduler.Send(HttpMethod.Post, "/rotations", body: Request(world, shift: "Z")))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shift-unknown");

        var fewest = await scheduler.Get<JsonElement>(
            World.Location(await scheduler.Send(HttpMethod.Post, "/rotations", body: Request(world))));
        fewest.GetProperty("weeks").GetArrayLength().Should().Be(6);
        fewest.GetProperty("freeWeekends").GetInt32().Should().BePositive();
    }

    // Seven groups on each of five days: 47 days of work a week, in rows of six and two days off, are 9 groups at least.
    [Theory]
    [InlineData(5)]
    [InlineData(3)]
    public async Task a_need_above_the_groups_is_named_with_how_many_it_asks_for_and_how_many_do(int groups)
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var scheduler = world.Client;

        var refused = await scheduler.Send(
            HttpMethod.Post, "/rotations", body: Request(world, groups, needed: [7, 7, 7, 7, 7, 6, 6]));

        (await refused.Content.ReadAsStringAsync()).Should().Contain($"No rotation of {groups} groups")
            .And.Contain("need-above-groups is in the way: 7 groups work on Mondays")
            .And.Contain("this need asks for 9 groups or more").And.Contain($"Least change: groups from {groups} to 9.");
        await refused.ShouldBeProblem(HttpStatusCode.Conflict, "rotation-impossible");
        World.Location(await scheduler.Send(HttpMethod.Post, "/rotations", body: Request(world, 9, needed: [7, 7, 7, 7, 7, 6, 6])));
    }

    [Fact]
    public async Task where_no_number_of_groups_has_a_rotation_the_rules_in_the_way_are_told_too()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var scheduler = world.Client;

        // On Mondays alone, and three days in a row at least.
        var refused = await scheduler.Send(HttpMethod.Post, "/rotations", body: Request(world, needed: [1, 0, 0, 0, 0, 0, 0]));

        (await refused.Content.ReadAsStringAsync()).Should().Contain("No number of groups up to 200").And.Contain("in the way");
        await refused.ShouldBeProblem(HttpStatusCode.Conflict, "rotation-impossible");
    }

    private static object Request(World world, int? groups = null, string shift = "D-0800", IReadOnlyList<int>? needed = null) => new
    {
        projectId = world.Project, name = "Days", groups, freeWeekends = true, rules = Rules,
        shifts = new[] { new { shift, needed = needed ?? Day.Needed, inARow = Day.InARow } },
    };

    private static MakeRotation Command(IReadOnlyList<int> days) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), "Days", [Day], Rules, days, null, Guid.CreateVersion7(), DateTimeOffset.UnixEpoch);

    private static Rotation Made(IReadOnlyList<int> days) => new Rotation().Evolve(Decide(Command(days), new()).Single());

    private static IEnumerable<string> Invalid(IReadOnlyList<RotationShift> shifts, RotationRules rules) =>
        FluentActions.Invoking(() => Problem(shifts, rules, 3)).Should().Throw<InvalidException>().Which.Errors.Select(e => e.Code);
}
