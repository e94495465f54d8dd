using System.Net;
using System.Text.Json;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Terms;
using CallCenter.Testing;
using static CallCenter.Scheduling.Terms.StandingTermsDecider;

namespace CallCenter.Scheduling.Tests.Terms;

public sealed class StandingTermsTests(SchedulingApi api)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid By = Guid.CreateVersion7();

    [Fact]
    public void a_late_correction_takes_its_place_between_what_was_entered_before()
    {
        var state = After(
            new StandingTermsSet(Agent, new(2026, 1, 1), new(RestDaysDueAMonth: 8), By, Now),
            new StandingTermsSet(Agent, new(2026, 4, 1), new(NightExempt: true), By, Now),
            new StandingTermsSet(Agent, new(2026, 2, 1), new(RestOn: [DayOfWeek.Tuesday]), By, Now.AddDays(1)));

        state.On(new(2025, 12, 31)).Should().BeNull();
        state.On(new(2026, 1, 31))!.RestDaysDueAMonth.Should().Be(8);
        state.On(new(2026, 3, 31))!.RestOn.Should().Equal(DayOfWeek.Tuesday);
        state.On(new(2026, 4, 1))!.NightExempt.Should().BeTrue();
    }

    [Fact]
    public void the_same_again_changes_nothing_and_taking_back_lets_what_was_before_go_on()
    {
        PersonalTerms resting = new(RestOn: [DayOfWeek.Tuesday], Preferred: [new(ShiftKind.Early)]);
        var state = After(new StandingTermsSet(Agent, new(2026, 1, 1), resting, By, Now),
            new StandingTermsSet(Agent, new(2026, 2, 1), new(NightExempt: true), By, Now));

        var same = resting with { RestOn = [DayOfWeek.Tuesday], Preferred = [new(ShiftKind.Early)] };
        Decide(new SetStandingTerms(Agent, new(2026, 1, 1), same, By, Now), state).Should().BeEmpty();
        Decide(new TakeBackStandingTerms(new(2026, 1, 15), By, Now), state).Should().BeEmpty("nothing began on that day");
        var back = state.Evolve(Decide(new TakeBackStandingTerms(new(2026, 2, 1), By, Now), state).Single());
        back.On(new(2026, 3, 1)).Should().Be(resting);
    }

    [Theory]
    [InlineData(28, 2)]
    [InlineData(31, 3)]
    public void rest_days_of_a_month_are_whole_days_that_add_up(int days, int month)
    {
        var state = After(new StandingTermsSet(Agent, new(2026, 1, 1), new(RestDaysDueAMonth: 8), By, Now));
        var earned = Enumerable.Range(1, days).Select(day => state.RestDaysDueOn(new(2026, month, day))).ToList();

        earned.Sum().Should().Be(8);
        earned.Should().OnlyContain(day => day == 0 || day == 1);
        earned.Take(7).Sum().Should().BeInRange(1, 2);
    }

    [Fact]
    public void terms_that_cannot_be_meant_are_named()
    {
        Refused(new(Availability: []), "never-available");
        Refused(new(Preferred: [new(ShiftKind.Early, "D")]), "wish-unclear");
        Refused(new(Preferred: [new()]), "wish-unclear");
        Refused(new(RestOn: [DayOfWeek.Monday, DayOfWeek.Monday]), "day-twice");

        static void Refused(PersonalTerms terms, string code) =>
            FluentActions.Invoking(() => Decide(new SetStandingTerms(Agent, new(2026, 1, 1), terms, By, Now), new()))
                .Should().Throw<InvalidException>().Which.Errors.Single().Code.Should().Be(code);
    }

    [Fact]
    public async Task terms_are_set_from_a_day_on_and_what_was_known_before_can_be_read_by_whom_it_concerns()
    {
        var world = await World.Create(api, new(2026, 3, 9), agents: 2, peak: 1);
        using var scheduler = world.Client;
        using var own = world.AgentClient(0);
        using var other = world.AgentClient(1);
        var url = $"/standing-terms/{world.Agents[0].Id}";

        (await own.GetAsync(url)).Version().Should().Be(0);
        await Put(0, new { from = "2026-03-01", restOn = new[] { "tuesday" }, restDaysDueAMonth = 8 });
        var before = TimeProvider.System.GetUtcNow();
        scheduler.DefaultRequestHeaders.Add("X-Reason", "Doctor%27s note of 2 March");
        await Put(1, new { from = "2026-03-01", nightExempt = true, limits = new { maxHours = 100 } });

        var known = await own.Get<JsonElement>($"{url}?on=2026-03-05");
        known.GetProperty("current").GetProperty("nightExempt").GetBoolean().Should().BeTrue();
        var then = await own.Get<JsonElement>($"{url}?on=2026-03-05&asOf={Uri.EscapeDataString(before.ToString("O"))}");
        then.GetProperty("current").GetProperty("restOn")[0].GetString().Should().Be("tuesday");
        (await own.Get<JsonElement>($"{url}?on=2026-02-28")).GetProperty("current").ValueKind.Should().Be(JsonValueKind.Null);

        var history = (await own.Get<JsonElement>($"{url}/history")).GetProperty("items").EnumerateArray().ToList();
        history.Should().HaveCount(2);
        history[1].GetProperty("why").GetString().Should().Be("Doctor's note of 2 March");
        history[1].GetProperty("by").GetProperty("id").GetGuid().Should().Be(world.Scheduler);

        var unknown = await scheduler.Send(HttpMethod.Put, url, 2, new
        {
            from = "2026-03-01", preferred = new object[] { new { shift = "D" }, new { shift = "NOPE" } },
        });
        (await unknown.Content.ReadAsStringAsync()).Should().Contain("/preferred/1/shift");
        await unknown.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shift-unknown");

        await (await other.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await other.GetAsync($"{url}/history")).ShouldBeProblem(HttpStatusCode.NotFound);
        (await own.Send(HttpMethod.Put, url, 2, new { from = "2026-03-01" })).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        var listed = (await scheduler.Get<JsonElement>($"/standing-terms?projectId={world.Project}&on=2026-03-05")).GetProperty("items");
        listed.EnumerateArray().ToDictionary(row => row.GetProperty("agentId").GetGuid(), row => row.GetProperty("current").ValueKind)
            .Should().Equal(new Dictionary<Guid, JsonValueKind>
            {
                [world.Agents[0].Id] = JsonValueKind.Object, [world.Agents[1].Id] = JsonValueKind.Null,
            });

        (await scheduler.Send(HttpMethod.Delete, $"{url}/days/2026-03-01", 2)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await own.Get<JsonElement>(url)).GetProperty("entries").GetArrayLength().Should().Be(0);

        async Task Put(int version, object body)
        {
            var put = await scheduler.Send(HttpMethod.Put, url, version, body);
            put.StatusCode.Should().Be(HttpStatusCode.NoContent, await put.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public void who_has_no_project_with_shifts_may_like_any() =>
        Decide(new SetStandingTerms(Agent, new(2026, 1, 1), new(Preferred: [new(Shift: "D")]), By, Now), new()).Should().ContainSingle();

    private static StandingTerms After(params object[] events) => events.Aggregate(new StandingTerms(), (state, e) => state.Evolve(e));
}
