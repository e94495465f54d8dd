using System.Security.Cryptography;
using System.Text;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Sampling;
using CallCenter.Testing;
using static CallCenter.Quality.Sampling.SamplingDrawDecider;

namespace CallCenter.Quality.Tests.Sampling;

public class SamplingTests
{
    private static readonly DateOnly Week = new(2026, 3, 2);
    private static readonly DateTimeOffset From = new(2026, 3, 1, 16, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NextMonday = From.AddDays(7);
    private static readonly Guid Inspector = Guid.CreateVersion7();
    private static readonly Guid[] Calls = [.. Enumerable.Range(1, 40).Select(i => NameId.Of("call", i))];
    private static readonly Guid Ann = NameId.Of("ann");
    private static readonly Guid Bob = NameId.Of("bob");

    [Fact]
    public void a_lot_can_be_made_again_with_nothing_but_sha256()
    {
        var agent = new Guid("0195a000-0000-7000-8000-00000000000a");
        var call = new Guid("0195A000-0000-7000-8000-00000000000C");

        RandomSample.Key("spring", 1, agent, Week, call).Should().Be(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            "spring|1|0195a000-0000-7000-8000-00000000000a|2026-03-02|0195a000-0000-7000-8000-00000000000c"))));
    }

    [Fact]
    public void the_order_in_which_calls_arrived_does_not_matter() =>
        RandomSample.Rank("s", 1, Ann, Week, Calls.Reverse().Concat(Calls)).Should().Equal(RandomSample.Rank("s", 1, Ann, Week, Calls));

    [Fact]
    public void seed_version_agent_and_week_each_change_the_draw()
    {
        var first = RandomSample.Rank("s", 1, Ann, Week, Calls)[0].CallId;
        var others = new[]
        {
            RandomSample.Rank("t", 1, Ann, Week, Calls), RandomSample.Rank("s", 2, Ann, Week, Calls),
            RandomSample.Rank("s", 1, Bob, Week, Calls), RandomSample.Rank("s", 1, Ann, Week.AddDays(7), Calls),
        };

        others.Count(ranks => ranks[0].CallId == first).Should().BeLessThan(2);
    }

    // 4,000 draws of 3 from 40: each call is expected 300 times, with a standard deviation of 16.6.
    [Fact]
    public void every_call_has_the_same_chance()
    {
        var drawn = Enumerable.Range(0, 4000)
            .SelectMany(seed => RandomSample.Rank($"{seed}", 1, Ann, Week, Calls).Take(3))
            .CountBy(call => call.CallId).ToDictionary();

        Calls.Select(call => drawn.GetValueOrDefault(call)).Should().OnlyContain(n => n > 300 - 83 && n < 300 + 83);
    }

    [Fact]
    public void each_agent_gets_as_many_calls_as_the_plan_says_or_all_there_are()
    {
        var draw = Fold(Decide(Draw([Of(Ann, 10), Of(Bob, 2)]), new SamplingDraw()));

        draw.Agents.ToDictionary(a => a.AgentId, a => a.Drawn.Count).Should().Equal(
            new Dictionary<Guid, int> { [Ann] = 3, [Bob] = 2 }.OrderBy(a => a.Key));
        draw.Agents.Should().OnlyContain(a => a.Drawn.Select(d => d.CallId).SequenceEqual(
            RandomSample.Rank("seed", 1, a.AgentId, Week, a.Candidates).Take(3).Select(call => call.CallId)));
    }

    [Fact]
    public void drawing_again_changes_nothing() =>
        Given(Decide(Draw([Of(Ann, 10)]), new SamplingDraw()))
            .When(state => Decide(Draw([Of(Ann, 12)]), state))
            .ThenNothing();

    [Fact]
    public void an_agent_without_candidates_is_drawn_when_late_calls_come()
    {
        var first = Decide(Draw([Of(Ann, 10), Of(Bob, 0)]), new SamplingDraw());
        var second = Decide(Draw([Of(Ann, 10), Of(Bob, 5)]), Fold(first));

        first.OfType<AgentCallsDrawn>().Select(a => a.AgentId).Should().Equal(Ann);
        second.Should().ContainSingle().Which.Should().BeOfType<AgentCallsDrawn>().Which.AgentId.Should().Be(Bob);
    }

    [Theory]
    [InlineData(-1, "week-not-over")]
    [InlineData(0, null)]
    public void a_week_is_drawn_when_it_is_over(int seconds, string? refusal)
    {
        var decision = Given().When(state => Decide(Draw([]) with { Now = NextMonday.AddSeconds(seconds) }, state));

        if (refusal is null)
            decision.Then(new WeekDrawn(
                IdOf(Plan.Id, Week), Plan.Id, Plan.ProjectId, Week, From, NextMonday, "Asia/Shanghai", Inspector, NextMonday));
        else
            decision.ThenRefused(refusal);
    }

    [Fact]
    public void a_plan_that_has_ended_draws_nothing() =>
        Given()
            .When(state => Decide(Draw([Of(Ann, 3)]) with { Plan = Plan with { Ended = true } }, state))
            .ThenRefused("plan-ended");

    [Fact]
    public void drawn_calls_go_round_the_inspectors_and_never_to_the_agent_of_the_call()
    {
        Guid[] inspectors = [Inspector, Ann, Bob];
        var draw = Fold(Decide(Draw([Of(Ann, 9), Of(Bob, 9)]) with
        {
            Plan = Plan with { Rules = Plan.Rules with { Inspectors = inspectors, CallsPerAgent = 9 } },
        }, new SamplingDraw()));

        draw.Agents.Should().OnlyContain(a => a.Drawn.All(d => d.InspectorId != a.AgentId && d.InspectorId != null));
        draw.Agents.SelectMany(a => a.Drawn).CountBy(d => d.InspectorId!.Value).Select(i => i.Value).Should().OnlyContain(n => n >= 3);
    }

    [Fact]
    public void a_call_that_only_its_own_agent_could_inspect_is_left_to_anybody() =>
        RandomSample.Inspector([Ann], Week, 0, Ann).Should().BeNull();

    [Theory]
    [InlineData("abandoned", "billing", "inbound", 60, true, "not-answered")]
    [InlineData("answered", "sales", "inbound", 60, true, "other-queue")]
    [InlineData("answered", "billing", "outbound", 60, true, "other-direction")]
    [InlineData("answered", "billing", "inbound", 29, true, "too-short")]
    [InlineData("answered", "billing", "inbound", 60, false, "no-recording")]
    [InlineData("answered", "billing", "inbound", 30, true, null)]
    public void a_call_that_is_no_candidate_has_a_reason(
        string outcome, string queue, string direction, int talk, bool recorded, string? reason) =>
        Plan.Rules.Excludes(new CallV1(
            Calls[0], 1, Plan.ProjectId, queue, direction, "voice", From, From, From, From.AddSeconds(talk), talk, 0, 0,
            outcome, Ann, null, recorded ? "abc" : null, null)).Should().Be(reason);

    [Fact]
    public void a_call_still_going_on_is_no_candidate() =>
        SamplingRules.None.Excludes(new CallV1(
            Calls[0], 1, Plan.ProjectId, "q", "inbound", "voice", From, From, From, null, 0, 0, 0, "answered", Ann, null, "abc", null))
            .Should().Be("not-ended");

    private static SamplingPlan Plan => new()
    {
        Id = NameId.Of("plan"), ProjectId = NameId.Of("project"), Seed = "seed", PlanVersion = 1,
        Rules = new("Weekly", Guid.Empty, CallsPerAgent: 3, Queues: ["billing"], CallDirection.Inbound, MinTalkSeconds: 30),
    };

    private static DrawWeek Draw(AgentCalls[] agents) => new(Plan, Week, From, NextMonday, "Asia/Shanghai", agents, Inspector, NextMonday);

    private static AgentCalls Of(Guid agent, int calls) => new(agent, Calls[..calls], new Dictionary<string, int>());

    private static SamplingDraw Fold(object[] events) => events.Aggregate(new SamplingDraw(), (state, e) => state.Evolve(e));

    private static Spec<SamplingDraw> Given(params object[] events) => new(new SamplingDraw(), (state, e) => state.Evolve(e), events);
}
