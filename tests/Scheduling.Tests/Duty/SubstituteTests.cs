using System.Net;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Scheduling.Substitutes;
using CallCenter.Testing;
using static CallCenter.Scheduling.Substitutes.SubstituteDecider;

namespace CallCenter.Scheduling.Tests.Duty;

public sealed class SubstituteTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly DateTimeOffset Now = new(2026, 2, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ada = Guid.CreateVersion7();
    private static readonly Guid Bob = Guid.CreateVersion7();
    private static readonly Guid Cid = Guid.CreateVersion7();

    [Fact]
    public void who_rests_on_the_same_day_cannot_be_the_only_one_to_stand_in()
    {
        DayOfWeek[] tuesday = [DayOfWeek.Tuesday];

        Code([new(Bob)], resting: [Ada, Bob]).Should().Be("substitute-rests");
        Code([new(Bob), new(Cid)], resting: [Ada, Bob]).Should().BeNull("somebody else is there");
        Code([new(Bob, [DayOfWeek.Monday])], resting: [Ada, Bob]).Should().BeNull("nobody is named for Tuesday");
        Code([new(Bob)], resting: [Bob]).Should().BeNull();
        Code([new(Ada)], resting: []).Should().Be("own-substitute");
        Code([new(Bob), new(Bob, tuesday)], resting: []).Should().Be("agent-twice");

        string? Code(IReadOnlyList<Substitute> substitutes, Guid[] resting)
        {
            try
            {
                _ = Decide(new SetSubstitutes(Ada, Monday, substitutes, id => resting.Contains(id) ? tuesday : [], Bob, Now), new());
                return null;
            }
            catch (RefusedException e)
            {
                return e.Code;
            }
            catch (InvalidException e)
            {
                return e.Errors[0].Code;
            }
        }
    }

    [Fact]
    public void the_first_of_the_weekday_stands_in_and_what_is_taken_back_holds_no_more()
    {
        var plan = new SubstitutePlan().Evolve(new SubstitutesSet(Ada, Monday, [new(Bob, [DayOfWeek.Tuesday]), new(Cid)], Ada, Now));

        plan.On(Monday).Select(s => s.AgentId).Should().Equal(Cid);
        plan.On(Monday.AddDays(1)).Select(s => s.AgentId).Should().Equal(Bob, Cid);
        plan.On(Monday.AddDays(-1)).Should().BeEmpty();
        Decide(new SetSubstitutes(Ada, Monday, [new(Bob, [DayOfWeek.Tuesday]), new(Cid)], _ => [], Ada, Now), plan).Should().BeEmpty();
        plan.Evolve(Decide(new TakeBackSubstitutes(Monday, Ada, Now), plan).Single()).On(Monday).Should().BeEmpty();
        Missing([plan], [Monday, Monday.AddDays(1)], (id, day) => id == Bob ? null : true).Should()
            .Equal([(Ada, Monday)], "of Bob nothing is known");
    }

    [Fact]
    public async Task who_is_off_and_who_stands_in_is_asked_by_date_and_a_roster_in_which_both_rest_needs_a_reason()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        using var supervisor = world.Supervisor;
        var (ada, bob) = (world.Agents[0].Id, world.Agents[1].Id);
        (await supervisor.Send(HttpMethod.Put, $"/substitutes/{ada}", 0, new { from = "2026-01-01", substitutes = new[] { new { agentId = bob } } }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await supervisor.Send(HttpMethod.Put, $"/substitutes/{ada}", 1, new
        {
            from = "2026-01-01", substitutes = new[] { new { agentId = Guid.CreateVersion7() } },
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "agent-unknown");

        var url = await world.Roster();
        for (var day = 0; day < 7; day++)
        {
            await Off(ada, day);
            await Off(bob, day);
        }

        await (await Publish()).ShouldBeProblem(HttpStatusCode.Conflict, "substitute-rests");
        client.DefaultRequestHeaders.Add("X-Reason", "A team day");
        (await Publish()).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Tuesday()).GetProperty("substituteId").ValueKind.Should().Be(JsonValueKind.Null, "both rest");

        (await client.Send(HttpMethod.Put, Day(bob, 1), (await client.GetAsync(url)).Version(),
            new { startsAt = "2026-03-10T10:00", endsAt = "2026-03-10T16:00" })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Publish()).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var off = await Tuesday();
        (off.GetProperty("why").GetString(), off.GetProperty("substituteId").GetGuid(), off.GetProperty("known").GetBoolean()).Should()
            .Be(("rest", bob, true));

        async Task<JsonElement> Tuesday() => (await supervisor.Get<JsonElement>($"/substitutes?projectId={world.Project}&date=2026-03-10"))
            .EnumerateArray().Single(row => row.GetProperty("agentId").GetGuid() == ada);

        async Task Off(Guid agent, int day) =>
            await client.Send(HttpMethod.Delete, Day(agent, day), (await client.GetAsync(url)).Version());

        string Day(Guid agent, int day) => $"{url}/agents/{agent}/days/{Monday.AddDays(day):yyyy-MM-dd}";

        async Task<HttpResponseMessage> Publish() =>
            await client.Send(HttpMethod.Post, $"{url}/publication", (await client.GetAsync(url)).Version());
    }
}
