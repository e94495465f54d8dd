using CallCenter.Calls.Contacts;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Web;
using FsCheck.Xunit;

namespace CallCenter.Calls.Tests.Contacts;

public sealed class CallTests
{
    private const string Source = "switch-1";
    private const string Leg = "1772442000.17";

    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid Other = Guid.CreateVersion7();
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void a_call_adds_up_from_what_was_reported_of_it()
    {
        var leg = Fold(Offered(), Queued(2), Answered(20), Held(60), Resumed(90), Ended(200), Worked(230), WrappedUp(220, "sold")).Leg;

        leg.Should().BeEquivalentTo(new
        {
            Queue = "billing", Direction = "inbound", Channel = "voice", OfferedAt = Nine, QueuedAt = Nine.AddSeconds(2),
            AnsweredAt = Nine.AddSeconds(20), EndedAt = Nine.AddSeconds(200), Talk = TimeSpan.FromSeconds(150), HoldSeconds = 30,
            AfterContactSeconds = 30, Outcome = CallOutcome.Answered, AgentId = Agent, WrapUpCode = "sold",
        });
    }

    [Theory]
    [InlineData(null, CallOutcome.Abandoned)]
    [InlineData(CallOutcome.Other, CallOutcome.Other)]
    public void a_call_that_ends_unanswered_is_abandoned_unless_the_source_knows_better(CallOutcome? said, CallOutcome outcome) =>
        Fold(Offered(), Queued(2), Ended(30, said)).Leg.Outcome.Should().Be(outcome);

    [Fact]
    public void a_call_that_is_neither_answered_nor_over_is_open() =>
        Fold(Offered(), Queued(2)).Leg.Outcome.Should().Be(CallOutcome.Open);

    [Fact]
    public void a_hold_that_is_never_resumed_lasts_until_the_end() =>
        Fold(Answered(0), Held(60), Ended(100)).Leg.Should().BeEquivalentTo(new { HoldSeconds = 40, Talk = TimeSpan.FromSeconds(60) });

    [Theory]
    [InlineData(10, 11, 12, 131, true, 131)] // joined a second later, the first is dropped at once
    [InlineData(10, 10, 12, 131, true, 131)]
    [InlineData(10, 200, 300, 320, false, 300)] // joined for the end of it
    [InlineData(10, 100, 100, 400, false, 100)] // taken over once the first had gone
    [InlineData(10, 11, null, null, false, null)] // nobody knows yet who stays
    [InlineData(10, 11, 12, null, true, null)]
    public void of_agents_who_are_on_a_leg_together_the_one_who_stays_longest_has_it(
        int first, int second, int? firstLeaves, int? secondLeaves, bool secondHasIt, int? ended)
    {
        ICallReport?[] reports =
        [
            Offered(), Answered(first), Answered(second) with { AgentId = Other },
            firstLeaves is { } left ? Ended(left) with { AgentId = Agent } : null,
            secondLeaves is { } gone ? Ended(gone) with { AgentId = Other } : null,
        ];
        var said = reports.OfType<ICallReport>().ToArray();

        foreach (var order in new[] { said, said.Reverse() })
            Fold([.. order]).Leg.Should().BeEquivalentTo(new
            {
                AgentId = secondHasIt ? Other : Agent, AnsweredAt = Nine.AddSeconds(secondHasIt ? second : first),
                EndedAt = ended is { } end ? Nine.AddSeconds(end) : (DateTimeOffset?)null,
            });
    }

    [Fact]
    public void durations_are_kept_to_the_millisecond()
    {
        var leg = Fold(Answered(0), Held(60) with { At = Nine.AddMilliseconds(60_250) }, Resumed(70), Ended(100) with
        {
            At = Nine.AddMilliseconds(100_900),
        }, Worked(110)).Leg;

        (leg.Talk!.Value.TotalMilliseconds, leg.Hold.TotalMilliseconds, leg.AfterContact.TotalMilliseconds).Should()
            .Be((91_150, 9_750, 9_100));
    }

    [Fact]
    public void how_long_they_talked_is_not_known_without_an_answer_and_an_end()
    {
        Fold(Offered(), Answered(20)).Leg.Talk.Should().BeNull();
        Fold(Offered(), Ended(20)).Leg.Talk.Should().BeNull();
    }

    [Fact]
    public void a_leg_of_which_nothing_was_heard_for_the_set_time_is_closed_and_says_why()
    {
        Given(Offered(), Answered(20)).When(state => CallDecider.Decide(Close(86_419), state)).ThenNothing();
        Given(Offered(), Answered(20)).When(state => CallDecider.Decide(Close(86_420), state)).Then(Closed(20, 86_420));
        Given(Offered(), Answered(20), Closed(20, 86_420)).When(state => CallDecider.Decide(Close(90_000), state)).ThenNothing();
        Given(Offered(), Answered(20), Ended(30)).When(state => CallDecider.Decide(Close(90_000), state)).ThenNothing();

        Fold(Offered(), Answered(20), Closed(20, 86_420)).Leg.Should().BeEquivalentTo(new
            { Outcome = CallOutcome.Answered, EndReason = EndReason.Unreported, EndedAt = (DateTimeOffset?)null });
        Fold(Offered(), Closed(0, 86_400)).Leg.Should().BeEquivalentTo(new
            { Outcome = CallOutcome.Other, EndReason = EndReason.Unreported, EndedAt = (DateTimeOffset?)null });
    }

    [Fact]
    public void an_end_that_is_reported_after_all_counts_and_so_does_what_happened_later()
    {
        foreach (var late in new object[][] { [Closed(20, 86_420), Ended(200)], [Ended(200), Closed(20, 86_420)] })
            Fold([Offered(), Answered(20), .. late]).Leg.Should().BeEquivalentTo(new
                { Outcome = CallOutcome.Answered, EndReason = (EndReason?)null, EndedAt = Nine.AddSeconds(200) });

        Fold(Offered(), Closed(0, 86_400), Answered(90_000)).Leg.Should().BeEquivalentTo(new
            { Outcome = CallOutcome.Answered, EndReason = (EndReason?)null });
        Given(Offered(), Closed(0, 86_400), Answered(90_000)).When(state => CallDecider.Decide(Close(176_400), state))
            .Then(Closed(90_000, 176_400));
    }

    [Fact]
    public void what_is_said_later_counts_and_what_is_not_said_again_stays() =>
        Fold(
                Offered() with { ConversationId = "v-1", Stage = Stage.PreSale,
                    References = new() { ["order"] = "o-1", ["ticket"] = "t-1" } },
                Answered(20), Held(30), Resumed(40), Held(50), Held(55), Resumed(60),
                Ended(200) with { EndReason = EndReason.Customer },
                WrappedUp(220, "sold") with { Stage = Stage.InSale, References = new() { ["order"] = "o-2" } }, WrappedUp(230, "kept")).Leg
            .Should().BeEquivalentTo(new
            {
                ConversationId = "v-1", Stage = Stage.InSale, Holds = 2, HoldSeconds = 20, EndReason = EndReason.Customer,
                    WrapUpCode = "kept",
                References = new References { ["order"] = "o-2", ["ticket"] = "t-1" },
            });

    [Fact]
    public void a_reference_that_is_said_late_is_not_lost_on_a_report_that_is_known() =>
        Given(Offered()).When(state => CallDecider.Decide(Offered() with { References = new() { ["order"] = "o-1" } }, state))
            .Then(Offered() with { References = new() { ["order"] = "o-1" } });

    [Fact]
    public void a_record_with_the_same_references_is_the_same_record() =>
        Given(Imported(100) with { Leg = Imported(100).Leg with { References = new() { ["order"] = "o-1" } } })
            .When(state => CallDecider.Decide(
                Imported(100) with { Leg = Imported(100).Leg with { References = new() { ["order"] = "o-1" } } }, state)).ThenNothing();

    [Fact]
    public void the_same_report_again_changes_nothing() =>
        Given(Offered(), Answered(20)).When(state => CallDecider.Decide(Answered(20), state)).ThenNothing();

    [Fact]
    public void a_second_and_later_end_changes_nothing() =>
        Given(Answered(20), Ended(100)).When(state => CallDecider.Decide(Ended(130), state)).ThenNothing();

    [Property(MaxTest = 500)]
    public void reports_in_any_order_and_any_number_of_times_make_the_same_call(int seed)
    {
#pragma warning disable CA5394 // a test that can be repeated needs a seed, not secrecy
        var random = new Random(seed);
        var history = History(random);
        var expected = history.Aggregate(new Call(), Report);

        var shuffled = history.Concat(history.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(shuffled);
#pragma warning restore CA5394
        var call = shuffled.Aggregate(new Call(), Report);

        call.Leg.Should().Be(expected.Leg);
        history.Should().AllSatisfy(report => CallDecider.Decide(report, call).Should().BeEmpty());
    }

    [Theory]
    [InlineData(-1, 20, 100, "answered-before-offered", 0)]
    [InlineData(0, 20, 10, "ends-before-it-starts", 2)]
    [InlineData(0, 20, 8 * 86400, "too-long", 2)]
    public void impossible_times_are_refused(int offered, int answered, int ended, string code, int last)
    {
        ICallReport[] reports = [Offered(offered < 0 ? answered + 60 : offered), Answered(answered), Ended(ended)];
        var late = reports[last];
        var before = reports.Where(r => r != late).Aggregate(new Call(), (state, e) => state.Evolve(e));

        var decide = () => CallDecider.Decide(late, before);

        decide.Should().Throw<InvalidException>().Which.Errors.Should().Contain(e => e.Code == code);
    }

    [Fact]
    public void no_order_in_which_the_reports_of_two_who_had_it_one_after_the_other_come_is_refused()
    {
        ICallReport[] reports =
        [
            Offered(), Answered(10), Ended(20) with { AgentId = Agent }, Answered(30) with { AgentId = Other },
            Ended(60) with { AgentId = Other },
        ];
        var expected = reports.Aggregate(new Call(), Report).Leg;

        foreach (var order in Orders(reports))
            order.Concat(order).Aggregate(new Call(), Report).Leg.Should().Be(expected);
    }

    private static IEnumerable<ICallReport[]> Orders(ICallReport[] reports) => reports.Length < 2 ? [reports]
        : reports.SelectMany(first => Orders([.. reports.Where(r => r != first)]).Select(rest => (ICallReport[])[first, .. rest]));

    [Fact]
    public void after_contact_work_cannot_end_before_the_call() =>
        FluentActions.Invoking(() => CallDecider.Decide(Worked(90), Fold(Answered(0), Ended(100))))
            .Should().Throw<InvalidException>().Which.Errors.Should().Contain(e => e.Code == "negative-duration");

    [Fact]
    public void the_clocks_of_one_system_may_differ_by_two_seconds() =>
        Given(Offered(), Queued(20)).When(state => CallDecider.Decide(Answered(18), state)).Then(Answered(18));

    [Fact]
    public void importing_the_same_record_again_changes_nothing() =>
        Given(Imported(100)).When(state => CallDecider.Decide(Imported(100) with { ImportId = Other }, state)).ThenNothing();

    [Fact]
    public void another_record_of_the_leg_is_a_correction() =>
        Fold(Imported(100), Imported(130)).Leg.EndedAt.Should().Be(Nine.AddSeconds(130));

    [Fact]
    public void live_reports_fill_what_the_record_leaves_open() =>
        Fold(Imported(100), WrappedUp(140, "sold"), Worked(130)).Leg
            .Should().BeEquivalentTo(new { EndedAt = Nine.AddSeconds(100), WrapUpCode = "sold", Outcome = CallOutcome.Answered });

    [Fact]
    public void what_a_source_never_says_of_hold_and_after_contact_work_is_unknown()
    {
        Fold(Offered(), Answered(20), Ended(200)).Leg.Should().BeEquivalentTo(new { HoldUnknown = false, AfterContactUnknown = false });
        Fold(Offered(), Silent(Answered(20)), Silent(Ended(200))).Leg.Should().BeEquivalentTo(
            new { HoldUnknown = true, AfterContactUnknown = true, Talk = TimeSpan.FromSeconds(180), HoldSeconds = 0 });
    }

    [Fact]
    public void held_and_resumed_within_one_second_is_a_hold_for_no_time()
    {
        foreach (var reports in new object[][] { [Held(60), Resumed(60)], [Resumed(60), Held(60)] })
            Fold([Answered(20), .. reports, Ended(200)]).Leg.Should().BeEquivalentTo(
                new { Holds = 1, HoldSeconds = 0, Talk = TimeSpan.FromSeconds(180) });
    }

    [Fact]
    public void resumed_and_held_again_within_one_second_is_two_holds() =>
        Fold(Answered(20), Held(40), Held(60), Resumed(60), Resumed(90), Ended(200)).Leg.Should().BeEquivalentTo(
            new { Holds = 2, HoldSeconds = 50, Talk = TimeSpan.FromSeconds(130) });

    [Fact]
    public void what_is_reported_after_all_is_known() =>
        Fold(Silent(Answered(20)), Held(60), Resumed(90), Silent(Ended(200)), Worked(230)).Leg.Should().BeEquivalentTo(new
            { HoldUnknown = false, HoldSeconds = 30, AfterContactUnknown = false, AfterContactSeconds = 30 });

    [Fact]
    public void the_same_report_by_a_source_that_has_learnt_to_say_what_it_never_tells_is_news_once() =>
        Given(Answered(20), Ended(200)).When(state => CallDecider.Decide(Silent(Ended(200)), state)).Then(Silent(Ended(200)));

    [Fact]
    public void what_is_said_last_of_what_a_source_never_tells_counts()
    {
        Given(Silent(Answered(20)), Silent(Ended(200))).When(state => CallDecider.Decide(Ended(200), state)).Then(Ended(200));
        Fold(Silent(Answered(20)), Silent(Ended(200)), Answered(20), Ended(200)).Leg.Should().BeEquivalentTo(
            new { HoldUnknown = false, AfterContactUnknown = false });
        Fold(Answered(20), Ended(200), Silent(Answered(20))).Leg.Should().BeEquivalentTo(
            new { HoldUnknown = true, AfterContactUnknown = true });
    }

    [Theory]
    [InlineData(-0.4, 0)]
    [InlineData(0, -0.001)]
    public void no_duration_is_negative_by_a_fraction_of_a_second(double hold, double work) =>
        Imported(100).Leg.Holding(TimeSpan.FromSeconds(hold)).Working(TimeSpan.FromSeconds(work)).Contradictions()
            .Should().Contain(wrong => wrong.Code == "negative-duration");

    [Fact]
    public void a_record_that_never_tells_is_filled_by_live_reports_that_do()
    {
        var silent = Imported(100) with { Leg = Imported(100).Leg with { HoldUnknown = true, AfterContactUnknown = true } };

        Fold(silent).Leg.Should().BeEquivalentTo(new { HoldUnknown = true, AfterContactUnknown = true });
        Fold(silent, WrappedUp(140, "sold")).Leg.HoldUnknown.Should().BeTrue("a wrap-up says nothing of it");
        Fold(silent, Answered(20), Held(40), Resumed(50), Ended(100), Worked(130)).Leg.Should().BeEquivalentTo(
            new { HoldUnknown = false, HoldSeconds = 10, AfterContactUnknown = false, AfterContactSeconds = 30 });
        Fold(silent, Answered(20), Ended(100)).Leg.Should().BeEquivalentTo(new { HoldUnknown = false, AfterContactUnknown = false });
    }

    [Fact]
    public void a_recording_is_attached_once() =>
        Given(Offered(), Attached("aa")).When(state => CallDecider.Decide(Attach("aa"), state)).ThenNothing();

    [Fact]
    public void a_recording_is_never_replaced() =>
        Given(Offered(), Attached("aa")).When(state => CallDecider.Decide(Attach("bb"), state)).ThenRefused("recording-differs");

    [Fact]
    public void only_who_answered_wraps_up()
    {
        var decide = () => CallDecider.Decide(new WrapUp(Other, "sold", Nine), Fold(Answered(20)));

        decide.Should().Throw<Rules.StreamNotFoundException>();
    }

    private static Call Report(Call call, ICallReport report) =>
        CallDecider.Decide(report, call).Aggregate(call, (state, e) => state.Evolve(e));

#pragma warning disable CA5394
    private static ICallReport[] History(Random random)
    {
        bool Maybe() => random.Next(4) > 0;
        var queued = random.Next(0, 20);
        var answered = queued + random.Next(0, 60);
        var ended = answered + 10 + random.Next(0, 900);

        var reports = new List<ICallReport>();
        if (Maybe())
            reports.AddRange(
            [
                Offered(), Offered() with { CustomerId = "c-2", At = Nine.AddSeconds(random.Next(2)) },
                Offered() with { ConversationId = "v-1", Stage = Stage.InSale,
                    References = new() { ["order"] = "o-1", ["ticket"] = "t-1" } },
            ]);
        if (Maybe())
            reports.AddRange([Queued(queued), Queued(queued) with { Queue = "other" },
                Queued(Math.Min(answered, queued + 5)) with { Queue = "third" }]);
        if (Maybe())
        {
            reports.AddRange([Answered(answered), Answered(answered) with { AgentId = Other }]);
            for (var at = answered; Maybe() && at + 4 < ended; at += 4)
                reports.AddRange([Held(at), Resumed(at + 2)]);
        }

        if (Maybe())
            reports.AddRange([Ended(ended), Ended(ended + 7), Worked(ended + 30), Worked(ended + 90),
                Ended(ended) with { EndReason = EndReason.Agent }, Ended(ended) with { EndReason = EndReason.Transfer }]);
        if (Maybe())
            reports.AddRange([WrappedUp(ended, "sold"), WrappedUp(ended, "lost"), WrappedUp(ended + 5, "kept"),
                WrappedUp(ended, "sold") with { Stage = Stage.AfterSale, References = new() { ["order"] = "o-2" } }]);

        // A source says one and the same of what it never tells.
        var isSilent = Maybe();
        return [.. reports.Select(report => (isSilent, report) switch
        {
            (true, CallAnswered answer) => Silent(answer),
            (true, CallEnded end) => Silent(end),
            _ => report,
        })];
    }
#pragma warning restore CA5394

    private static CallOffered Offered(int at = 0) =>
        new(Project, Source, Leg, Nine.AddSeconds(at), "billing", "inbound", "voice", CustomerId: null, LinkedCallId: null);

    private static CallQueued Queued(int at) => new(Project, Source, Leg, Nine.AddSeconds(at), "billing");

    private static CallAnswered Answered(int at) => new(Project, Source, Leg, Nine.AddSeconds(at), Agent);

    private static CallHeld Held(int at) => new(Project, Source, Leg, Nine.AddSeconds(at));

    private static CallResumed Resumed(int at) => new(Project, Source, Leg, Nine.AddSeconds(at));

    private static CallEnded Ended(int at, CallOutcome? outcome = null) => new(Project, Source, Leg, Nine.AddSeconds(at), outcome);

    private static CallAnswered Silent(CallAnswered report) => report with { HoldUnknown = true, AfterContactUnknown = true };

    private static CallEnded Silent(CallEnded report) => report with { HoldUnknown = true, AfterContactUnknown = true };

    private static AfterContactWorkEnded Worked(int at) => new(Project, Source, Leg, Nine.AddSeconds(at));

    private static CallWrappedUp WrappedUp(int at, string code) => new(Project, Source, Leg, Nine.AddSeconds(at), code);

    private static CallImported Imported(int ended) => new(Project, Source, Leg, Project, new Leg(
        "billing", "inbound", "voice", null, Nine, Nine, Nine.AddSeconds(20), Nine.AddSeconds(ended), 0, 0, CallOutcome.Answered, Agent, null,
        null));

    private static CloseOpenLeg Close(int at) => new(TimeSpan.FromDays(1), Nine.AddSeconds(at));

    private static CallClosed Closed(int lastSpokenOf, int at) => new(Nine.AddSeconds(lastSpokenOf), Nine.AddSeconds(at));

    private static AttachRecording Attach(string id) => new(id, Seconds: 1, Agent, Nine);

    private static RecordingAttached Attached(string id) => new(id, Seconds: 1, Agent, Nine);

    private static Call Fold(params object[] events) => events.Aggregate(new Call(), (state, e) => state.Evolve(e));

    private static Spec<Call> Given(params object[] events) => new(new Call(), (state, e) => state.Evolve(e), events);
}
