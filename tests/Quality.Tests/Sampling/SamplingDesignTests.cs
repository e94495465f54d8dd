using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Sampling;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Time;
using static CallCenter.Quality.Sampling.DesignDrawDecider;

namespace CallCenter.Quality.Tests.Sampling;

public class SamplingDesignTests
{
    private static readonly DateOnly Week = new(2026, 3, 2);
    private static readonly DateTimeOffset From = new(2026, 3, 1, 16, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ann = NameId.Of("ann"), Bob = NameId.Of("bob"), Inspector = NameId.Of("inspector");

    [Fact]
    public void each_part_of_a_unit_is_drawn_by_lots_of_its_own()
    {
        var draw = Fold(Decide(Draw([.. Contacts(Ann, 40, risky: 10)]), new DesignDraw()));

        var random = draw.Parts.Single(part => part.Part == "random");
        var risk = draw.Parts.Single(part => part.Part == "long-hold");
        (random.Wanted, random.Drawn.Count, risk.Wanted, risk.Drawn.Count).Should().Be((4, 4, 2, 2));
        risk.Drawn.Should().OnlyContain(drawn => Number(drawn.CallId) < 10);
        risk.Excluded.Should().Equal(new Dictionary<string, int> { ["not-at-risk"] = 30 });
        random.Drawn.Select(drawn => drawn.CallId).Should().Equal(new StratifiedSample("seed", 1, "random", Ann, Week)
            .Ranked(Contacts(Ann, 40, 10).Select(c => c.CallId), id => id).Take(4));
        risk.Drawn.Select(drawn => drawn.CallId).Should().Equal(new StratifiedSample("seed", 1, "long-hold", Ann, Week)
            .Ranked(Contacts(Ann, 10, 10).Select(c => c.CallId), id => id).Take(2));
    }

    [Fact]
    public void the_probability_of_each_part_and_of_all_together_is_kept()
    {
        var draw = Fold(Decide(Draw([.. Contacts(Ann, 40, risky: 10)]), new DesignDraw()));

        draw.Parts.Single(part => part.Part == "random").Drawn.Should().OnlyContain(drawn => drawn.Inclusion == 0.1
            && Math.Abs(drawn.Joint - (Number(drawn.CallId) < 10 ? 1 - 0.9 * 0.8 : 0.1)) < 1e-12);
        draw.Parts.Single(part => part.Part == "long-hold").Drawn.Should().OnlyContain(drawn => drawn.Inclusion == 0.2
            && Math.Abs(drawn.Joint - (1 - 0.9 * 0.8)) < 1e-12);
    }

    // Over many seeds a contact is drawn by any part as often as its joint probability says: parts do not know of each other.
    [Fact]
    public void parts_draw_independently()
    {
        var contacts = Contacts(Ann, 20, risky: 5).ToList();
        var drawn = Enumerable.Range(0, 4000).SelectMany(seed => Fold(Decide(
                Draw(contacts) with { Design = Design with { Seed = $"{seed}" } }, new DesignDraw()))
            .Parts.SelectMany(part => part.Drawn).Select(d => d.CallId).Distinct()).CountBy(call => call).ToDictionary();

        // At risk 1 - (1 - 4/20) (1 - 2/5) = 0.52, else 0.2; standard deviations of 32 and 25.
        foreach (var contact in contacts)
            drawn.GetValueOrDefault(contact.CallId).Should().BeCloseTo(Number(contact.CallId) < 5 ? 2080 : 800, 135);
    }

    [Fact]
    public void what_two_parts_draw_is_one_evaluation_and_one_inspectors()
    {
        var all = Fold(Decide(Draw([.. Contacts(Ann, 2, risky: 2)]) with
        {
            Design = Design with { Rules = Design.Rules with { Inspectors = [Inspector, Bob] } },
        }, new DesignDraw()));

        all.Parts.SelectMany(part => part.Drawn).GroupBy(drawn => drawn.CallId).Should().HaveCount(2).And.OnlyContain(twice =>
            twice.Count() == 2 && twice.Select(d => new { d.EvaluationId, d.InspectorId }).Distinct().Count() == 1);
    }

    [Fact]
    public void a_risk_that_nobody_tells_of_says_so_by_name()
    {
        var rules = Design.Rules with { Risks = [new(RiskKind.Complaint, new(1)), new(RiskKind.LowSatisfaction, new(1))] };

        var draw = Fold(Decide(Draw([.. Contacts(Ann, 10, 0)]) with { Design = Design with { Rules = rules } }, new DesignDraw()));

        draw.Parts.Where(part => part.NotFed).Select(part => part.Part).Should().Equal("complaint", "low-satisfaction");
        draw.Parts.Where(part => part.NotFed).Should().OnlyContain(part => part.Drawn.Count == 0 && part.Excluded["not-fed"] == 10);
        draw.Parts.Single(part => part.Part == "random").Drawn.Should().HaveCount(4);
    }

    [Fact]
    public void each_group_has_its_share_and_each_day_too()
    {
        var rules = Design.Rules with
        {
            Spread = true, Size = new(10), Risks = [],
            Groups = [new(Direction: CallDirection.Inbound, Percent: 60), new(Direction: CallDirection.Outbound, Percent: 40)],
        };
        var contacts = Contacts(Ann, 50, 0).Select((contact, i) => contact with
        {
            Group = i % 2 == 0 ? "voice-inbound" : "voice-outbound", Day = Week.AddDays(i % 5),
        });

        var random = Fold(Decide(Draw([.. contacts]) with { Design = Design with { Rules = rules } }, new DesignDraw())).Parts.Single();

        random.Groups.Select(group => (group.Group, group.Wanted, Drawn: random.Drawn.Count(d => IsOf(group, d.CallId))))
            .Should().Equal(("voice-inbound", 6, 6), ("voice-outbound", 4, 4));
        foreach (var group in random.Groups)
            group.Days.Should().HaveCount(5).And.OnlyContain(
                day => day.Wanted == random.Drawn.Count(d => day.Agents.Any(agent => agent.Calls.Contains(d.CallId))) && day.Wanted <= 2);
        random.Drawn.Should().OnlyContain(d => d.Inclusion == (IsOf(random.Groups[0], d.CallId) ? 6 / 25.0 : 4 / 25.0));
    }

    [Fact]
    public void a_team_is_drawn_from_as_one_and_its_agents_share_the_draw()
    {
        var team = NameId.Of("team");
        var draw = Fold(Decide(Draw([
            .. Contacts(Ann, 30, 0).Concat(Contacts(Bob, 10, 0)).Select(contact => contact with { UnitId = team }),
        ]), new DesignDraw()));

        var random = draw.Parts.Single(part => part.Part == "random");
        (random.UnitId, random.Wanted, random.Groups.Single().Candidates()).Should().Be((team, 4, 40));
    }

    [Fact]
    public void drawing_again_changes_nothing_and_a_unit_without_candidates_is_drawn_when_late_contacts_come()
    {
        var ann = Contacts(Ann, 10, 0).ToList();
        var first = Decide(Draw(ann), new DesignDraw());

        Given(first).When(state => Decide(Draw([.. ann, .. Contacts(Ann, 20, 5).Skip(10)]), state)).ThenNothing();
        Decide(Draw([.. ann, .. Contacts(Bob, 5, 0)]), Fold(first)).OfType<PartDrawn>()
            .Should().OnlyContain(part => part.UnitId == Bob);
    }

    [Fact]
    public void a_period_is_drawn_when_it_is_over_and_not_by_a_design_that_has_ended()
    {
        Given().When(state => Decide(Draw([]) with { Now = From.AddDays(7).AddSeconds(-1) }, state)).ThenRefused("period-not-over");
        Given().When(state => Decide(Draw([]) with { Design = Design with { Ended = true } }, state)).ThenRefused("plan-ended");
    }

    [Fact]
    public void months_are_due_when_they_are_over_and_wait_however_long_that_lasts()
    {
        var design = Design with
        {
            Rules = Design.Rules with { Period = SamplingPeriod.Month }, MadeAt = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero),
        };
        var calendar = LocalCalendar.Of("Asia/Shanghai");
        Dictionary<DateOnly, DrawnPeriod> known = [];

        Due(new(2026, 1, 31, 15, 0, 0, TimeSpan.Zero)).Should().BeEmpty();
        Due(new(2026, 1, 31, 16, 0, 0, TimeSpan.Zero)).Should().Equal((new DateOnly(2026, 1, 1), false));
        Due(new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero)).Should().Equal((new(2026, 1, 1), true), (new(2026, 2, 1), false));
        known[new(2026, 1, 1)] = new() { Units = 3 };
        known[new(2026, 2, 1)] = new() { Units = 0 };
        Due(new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero)).Should().Equal((new DateOnly(2026, 2, 1), false));
        known[new(2026, 2, 1)] = known[new(2026, 2, 1)] with { Skipped = "no-calls" };
        Due(new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero)).Should().BeEmpty();

        IEnumerable<(DateOnly, bool)> Due(DateTimeOffset now) =>
            design.DuePeriods(calendar, now, known).Select(due => (due.Week, due.Last));
    }

    [Fact]
    public void a_month_is_named_by_its_first_day_only()
    {
        var calendar = LocalCalendar.Of("America/New_York");

        var (from, to) = SamplingPeriod.Month.Of(calendar, new(2026, 3, 1));
        (to - from).TotalHours.Should().Be(31 * 24 - 1, "clocks go forward on the 8th");
        FluentActions.Invoking(() => SamplingPeriod.Month.Of(calendar, new(2026, 3, 2))).Should().Throw<InvalidException>()
            .Which.Errors[0].Code.Should().Be("not-a-month-start");
    }

    [Fact]
    public void a_design_keeps_its_period() =>
        new Spec<SamplingDesign>(Design, (state, e) => state.Evolve(e), [])
            .When(state => SamplingDesignDecider.Decide(
                new ChangeSamplingDesign(state.Rules with { Period = SamplingPeriod.Month }, Inspector, From), state))
            .ThenRefused("period-fixed");

    [Theory]
    [InlineData("/rules/size", "one-size", """{"size":{"number":3,"percent":5}}""")]
    [InlineData("/rules/size", "one-size", """{"size":{}}""")]
    [InlineData("/rules/size", "one-size", """{"size":{"number":3,"atLeast":2}}""")]
    [InlineData("/rules/groups", "shares-not-whole", """{"groups":[{"channel":"voice","percent":60},{"channel":"chat"}]}""")]
    [InlineData("/rules/groups", "shares-not-whole", """{"groups":[{"channel":"voice","percent":60},{"channel":"chat","percent":30}]}""")]
    [InlineData("/rules/groups", "duplicate-group", """{"groups":[{"channel":"chat"},{"channel":"chat"}]}""")]
    [InlineData("/rules/risks", "duplicate-risk",
        """{"risks":[{"kind":"complaint","size":{"number":1}},{"kind":"complaint","size":{"number":2}}]}""")]
    [InlineData("/rules/risks/0/seconds", "risk-does-not-fit", """{"risks":[{"kind":"long-hold","size":{"number":1}}]}""")]
    [InlineData("/rules/risks/0/hours", "risk-does-not-fit", """{"risks":[{"kind":"long-hold","size":{"number":1},"seconds":60,"hours":2}]}""")]
    [InlineData("/rules/risks/0/size", "one-size", """{"risks":[{"kind":"silence","size":{},"share":0.4}]}""")]
    public void rules_that_do_not_hold_together_are_refused_by_name(string pointer, string code, string json)
    {
        var rules = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.Nodes.JsonObject>(json)!;
        rules["name"] ??= "Weekly";
        rules["formId"] ??= Guid.Empty;
        rules["size"] ??= new System.Text.Json.Nodes.JsonObject { ["number"] = 3 };

        FluentActions.Invoking(() => System.Text.Json.JsonSerializer.Deserialize<DesignRules>(rules, Http.Json)!.Check())
            .Should().Throw<InvalidException>().Which.Errors[0].Should().BeEquivalentTo(new { Pointer = pointer, Code = code });
    }

    private static readonly CallV1 Call = new(
        Guid.CreateVersion7(), 1, Guid.CreateVersion7(), "billing", "inbound", "voice", From, From, From.AddHours(50), From.AddHours(51), 120, 90, 0,
        "answered", Ann, null, "abc", null, CustomerId: "c-1");

    private static readonly CallV1 Chat = Call with { Channel = "chat", RecordingId = null, TalkSeconds = 0, HoldSeconds = 0 };

    [Fact]
    public void a_risk_is_told_by_what_is_known_and_unknown_is_not_no()
    {
        Risk(RiskKind.LongHold, Call).Should().BeTrue();
        Risk(RiskKind.LongHold, Call with { HoldSeconds = 59 }).Should().BeFalse();
        Risk(RiskKind.LongHold, Call with { HoldSeconds = 0, HoldUnknown = true }).Should().BeNull();

        Risk(RiskKind.RepeatContact, Call, before: Call.AnsweredAt!.Value.AddHours(-24)).Should().BeTrue();
        Risk(RiskKind.RepeatContact, Call, before: Call.AnsweredAt!.Value.AddHours(-25)).Should().BeFalse();
        Risk(RiskKind.RepeatContact, Call).Should().BeFalse();
        Risk(RiskKind.RepeatContact, Call with { CustomerId = null }).Should().BeNull();

        Risk(RiskKind.Silence, Call, Heard(0.4)).Should().BeTrue();
        Risk(RiskKind.Silence, Call, Heard(0.39)).Should().BeFalse();
        Risk(RiskKind.Silence, Call, Heard(null)).Should().BeNull();
        Risk(RiskKind.Silence, Call).Should().BeNull();
        Risk(RiskKind.Silence, Chat).Should().BeFalse();

        Risk(RiskKind.SlowReply, Chat, chat: Written(60)).Should().BeTrue();
        Risk(RiskKind.SlowReply, Chat, chat: Written(59)).Should().BeFalse();
        Risk(RiskKind.SlowReply, Chat).Should().BeNull();
        Risk(RiskKind.SlowReply, Call).Should().BeFalse();
        Risk(RiskKind.Complaint, Call).Should().BeNull();

        static bool? Risk(
            RiskKind kind, CallV1 call, RecordingEvidenceV1? evidence = null, ChatV1? chat = null, DateTimeOffset? before = null) =>
            Risks.Of(new(kind, new(1), Seconds: 60, Hours: 24, Share: 0.4), new(call, evidence, chat, before));
    }

    [Fact]
    public void a_chat_needs_neither_recording_nor_talk_but_an_agents_reply_where_that_is_known()
    {
        var rules = Design.Rules with { Groups = [new(ContactChannel.Chat)], MinTalkSeconds = 30, RecordingRequired = true };

        rules.Excludes(Chat, null).Should().BeNull();
        rules.Excludes(Chat, Written(5)).Should().BeNull();
        rules.Excludes(Chat, Written(5) with { FirstReplySeconds = null }).Should().Be("no-reply");
        rules.Excludes(Call, null).Should().Be("other-group");
        Design.Rules.Excludes(Chat, null).Should().Be("other-group", "a design draws calls unless it says otherwise");
        Design.Rules.Excludes(Call with { RecordingId = null }, null).Should().Be("no-recording");
        (Design.Rules with { Groups = [new(Direction: CallDirection.Outbound)] }).Excludes(Call, null).Should().Be("other-group");
    }

    private static RecordingEvidenceV1 Heard(double? silence) =>
        new(Guid.CreateVersion7(), 1, Call.ProjectId, Call.Id, "abc", 180, silence, 0, 0, 0, 0, 0, 0.5, 2);

    private static ChatV1 Written(int waited) => new(
        Guid.CreateVersion7(), 1, Call.ProjectId, Call.Id, From, From, 1, waited, [new(From, From.AddSeconds(waited), null, Ann)]);

    private static SamplingDesign Design => new()
    {
        Id = NameId.Of("design"), ProjectId = NameId.Of("project"), Seed = "seed", DesignVersion = 1,
        Rules = new("Weekly", Guid.Empty, new(4), Risks: [new(RiskKind.LongHold, new(2), Seconds: 60)]),
    };

    private static DrawPeriod Draw(IReadOnlyList<SampledContact> contacts) =>
        new(Design, Week, From, From.AddDays(7), "Asia/Shanghai", contacts, Inspector, From.AddDays(7));

    private static readonly Dictionary<Guid, int> Numbers = new[] { Ann, Bob }
        .SelectMany(agent => Enumerable.Range(0, 60).Select(i => (Call: NameId.Of("call", agent, i), i))).ToDictionary(c => c.Call, c => c.i);

    private static IEnumerable<SampledContact> Contacts(Guid agent, int count, int risky) => Enumerable.Range(0, count).Select(i =>
        new SampledContact(NameId.Of("call", agent, i), agent, agent, Week, "voice", null, false,
            new Dictionary<RiskKind, bool?> { [RiskKind.LongHold] = i < risky }));

    private static int Number(Guid call) => Numbers[call];

    private static bool IsOf(FrameGroup group, Guid call) => group.Days.Any(day => day.Agents.Any(agent => agent.Calls.Contains(call)));

    private static DesignDraw Fold(object[] events) => events.Aggregate(new DesignDraw(), (state, e) => state.Evolve(e));

    private static Spec<DesignDraw> Given(params object[] events) => new(new DesignDraw(), (state, e) => state.Evolve(e), events);
}
