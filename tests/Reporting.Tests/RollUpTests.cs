using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.Projects;
using CallCenter.Reporting.RollUps;
using static CallCenter.Reporting.Tests.Moments;

namespace CallCenter.Reporting.Tests;

public sealed class RollUpTests(FactDatabase database) : IClassFixture<FactDatabase>
{
    [Theory]
    [InlineData(1, "Asia/Shanghai", "2026-03-29")]
    [InlineData(2, "America/New_York", "2026-03-08")]
    [InlineData(3, "America/New_York", "2026-11-01")]
    [InlineData(4, "Europe/London", "2026-10-25")]
    [InlineData(5, "Australia/Lord_Howe", "2026-10-04")]
    [InlineData(6, "Australia/Lord_Howe", "2026-04-05")]
    [InlineData(7, "Africa/Casablanca", "2026-02-15")]
    [InlineData(8, "America/Havana", "2026-03-08")]
    [InlineData(9, "America/Havana", "2026-11-01")]
    [InlineData(10, "Asia/Kathmandu", "2028-02-29")]
    [InlineData(11, "Africa/Cairo", "2026-04-24")]
    [InlineData(12, "Asia/Jerusalem", "1999-04-02")]
    public async Task facts_in_any_order_and_number_give_the_same_figures(int seed, string zone, string around)
    {
        var plain = new RandomFacts(seed, zone, Day(around), "plain");
        var chaos = new RandomFacts(seed, zone, Day(around), "chaos");
        var random = new Random(seed);

        await database.Keep(plain.Newest);
        await database.RollUp(plain.Project, plain.Teams);

        foreach (var batch in Shuffled([.. chaos.History, .. chaos.History.Where(_ => random.Next(3) == 0)], random)
            .Chunk(random.Next(5, 60)))
        {
            await database.Keep(batch);
            if (random.Next(3) == 0)
                await database.RollUp(chaos.Project, random.Next(2) == 0 ? chaos.Teams : []); // before and after the teams are known
        }
        await database.RollUp(chaos.Project, chaos.Teams);

        var figures = await database.Figures(plain.Project.Id);
        figures.Should().NotBeEmpty();
        (await database.Figures(chaos.Project.Id)).Should().Equal(figures);
        await TheNumbersAddUp(plain);
        await TheNumbersAddUp(chaos);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task legs_linked_in_a_circle_are_one_conversation(int legs)
    {
        var facts = new RandomFacts(13, "Asia/Shanghai", new DateOnly(2026, 3, 2), $"circle of {legs}");
        var ten = facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(10);
        Guid[] ids = [.. Enumerable.Range(0, legs + 1).Select(_ => Guid.CreateVersion7())];
        CallV1 Leg(int nth, Guid continues) => new(ids[nth], 1, facts.Project.Id, "sales", "inbound", "voice", ten.AddHours(5 * nth), null, null,
            ten.AddHours(5 * nth).AddMinutes(1), 0, 0, 0, "abandoned", null, null, null, continues, null, "switch", null, null);

        // One leg hangs on the circle, and the leg that closes it comes last and counts on another day than some.
        foreach (var nth in Enumerable.Range(0, legs).Reverse())
        {
            await database.Keep([Leg(nth, ids[(nth + 1) % legs])]);
            await database.RollUp(facts.Project, facts.Teams);
        }
        await database.Keep([Leg(legs, ids[legs - 1])]);
        await database.RollUp(facts.Project, facts.Teams);

        var days = (await database.Figures(facts.Project.Id, "day", "project")).Select(day => day.Figures).ToList();
        days.Sum(day => day.Offered).Should().Be(legs + 1);
        days.Sum(day => day.Conversations).Should().Be(1);
        days.Sum(day => day.Transfers).Should().Be(legs);
        days[0].Conversations.Should().Be(1);
    }

    [Fact]
    public async Task legs_that_continue_each_other_are_one_conversation()
    {
        var facts = new RandomFacts(10, "Asia/Shanghai", new DateOnly(2026, 3, 2), "conversations");
        var ten = facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(10);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        CallV1 Leg(Guid id, string queue, DateTimeOffset at, DateTimeOffset? answered, DateTimeOffset ended, Guid? continues,
            string? conversation, string? customer) => new(id, 1, facts.Project.Id, queue, "inbound", "voice", at, null, answered, ended, 0, 10, 0,
                answered is null ? "abandoned" : "answered", null, null, null, continues, customer, "switch", null, conversation,
                AfterContactMs: 33_500);

        await database.Keep(
        [
            // Transferred by a link, and on from there past midnight; passed on under one name; given up; a stranger.
            Leg(second, "tech", ten.AddMinutes(3), ten.AddMinutes(4), ten.AddMinutes(7), first, null, "c-1"),
            Leg(first, "sales", ten, ten.AddSeconds(20), ten.AddMinutes(3), null, null, "c-1"),
            Leg(Guid.CreateVersion7(), "sales", ten.AddHours(14), ten.AddHours(14), ten.AddHours(14).AddMinutes(1), second, null, "c-1"),
            Leg(Guid.CreateVersion7(), "sales", ten.AddHours(1), null, ten.AddHours(1).AddMinutes(1), null, "v-1", "c-2"),
            Leg(Guid.CreateVersion7(), "tech", ten.AddHours(2), null, ten.AddHours(2).AddMinutes(1), null, "v-1", "c-2"),
            Leg(Guid.CreateVersion7(), "sales", ten.AddDays(7), null, ten.AddDays(7).AddMinutes(1), null, null, "c-2"),
            Leg(Guid.CreateVersion7(), "sales", ten.AddDays(1), null, ten.AddDays(1).AddMinutes(1), null, null, null),
        ]);
        await database.RollUp(facts.Project, facts.Teams);

        var days = await database.Figures(facts.Project.Id, "day", "project");
        days.Select(d => (d.Day.Day, d.Figures.Offered, d.Figures.Conversations, d.Figures.Transfers, d.Figures.ConversationsHandled,
            d.Figures.ConversationHandleMs, d.Figures.ConversationsOfKnown, d.Figures.ConversationsRepeated)).Should().Equal(
            (2, 4L, 2L, 3L, 1L, 160_000L + 180_000 + 60_000 + 3 * 33_500, 2L, 0L), (3, 2, 1, 0, 0, 0, 0, 0), (9, 1, 1, 0, 0, 0, 1, 1));
        (await database.Figures(facts.Project.Id, "week", "queue")).Where(w => w.Key == "tech").Should()
            .OnlyContain(w => w.Figures.Conversations == 0 && w.Figures.Offered == 2);
    }

    [Fact]
    public async Task a_row_that_the_version_before_has_kept_is_behind_until_it_is_told_again()
    {
        var facts = new RandomFacts(11, "Asia/Shanghai", new DateOnly(2026, 3, 2), "behind");
        var call = facts.Newest.OfType<CallV1>().First() with { Version = 3, ConversationId = "v-1" };
        await database.Keep(call);
        (await Held()).Should().Be(3);

        await database.Source.CreateCommand($"UPDATE facts.call SET version = 4, conversation_id = NULL WHERE id = '{call.Id}'")
            .ExecuteNonQueryAsync();
        (await Held()).Should().Be(0);
        await database.Keep(call with { Version = 4 });

        (await Held()).Should().Be(4);

        // As a version that fills `kept_version`, but not the columns that came after it.
        await database.Source.CreateCommand($"UPDATE facts.call SET version = 5, kept_version = 5 WHERE id = '{call.Id}'").ExecuteNonQueryAsync();
        (await Held()).Should().Be(0);
        await database.Keep(call with { Version = 5 });
        (await Held()).Should().Be(5);
        (await database.Source.Rows("SELECT conversation_id IS NOT NULL FROM facts.call WHERE id = $1", row => row.GetBoolean(0), default,
            call.Id)).Should().Equal(true);

        async Task<long> Held() => (await database.Source.Rows(
            $"SELECT version FROM ({CallFacts.Table.Held}) held WHERE id = $1", row => row.GetInt64(0), default, call.Id)).Single();
    }

    [Fact]
    public async Task a_day_that_the_version_before_has_counted_is_counted_again_and_the_formula_is_its_cause()
    {
        var facts = new RandomFacts(8, "Asia/Shanghai", new DateOnly(2026, 3, 2), "before");
        var nine = facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(9);
        await database.Keep([.. Enumerable.Range(0, 10).Select(nth => new CallV1(
            Guid.CreateVersion7(), 1, facts.Project.Id, "sales", "inbound", "voice", nine, null, nine, nine.AddMilliseconds(29_900),
            29, 0, 0, "answered", null, null, null, null))]);
        await database.RollUp(facts.Project, facts.Teams);
        (await Day()).TalkMs.Should().Be(299_000);

        // As it counts: it knows none of the new columns, and does not say what formulas it counts by.
        await database.Source.CreateCommand(
            $"UPDATE rollups.figure SET talk_ms = 290000, position = position + 1 WHERE project_id = '{facts.Project.Id}'")
            .ExecuteNonQueryAsync();
        await database.RollUp(facts.Project, facts.Teams);
        await database.RollUp(facts.Project, facts.Teams);

        (await Day()).TalkMs.Should().Be(299_000);
        (await database.Source.Rows("SELECT kind FROM rollups.change WHERE project_id = $1 ORDER BY id", row => row.GetString(0), default,
            facts.Project.Id)).Should().EndWith("formula");
        (await database.Source.Rows("SELECT day FROM rollups.outdated_day WHERE project_id = $1", row => row.GetFieldValue<DateOnly>(0),
            default, facts.Project.Id)).Should().BeEmpty();

        async Task<Figures> Day() => (await database.Figures(facts.Project.Id, "day", "project")).Single().Figures;
    }

    [Fact]
    public async Task what_a_source_never_reports_is_in_no_mean_and_the_handle_time_says_what_it_is_made_of()
    {
        var facts = new RandomFacts(14, "Asia/Shanghai", new DateOnly(2026, 3, 2), "never");
        var nine = facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(9);
        CallV1 Call(string queue, int minutes, int hold, int work, bool holdUnknown, bool workUnknown) => new(
            Guid.CreateVersion7(), 1, facts.Project.Id, queue, "inbound", "voice", nine, null, nine, nine.AddMinutes(minutes), 0, hold, work,
            "answered", null, null, null, null, HoldUnknown: holdUnknown, AfterContactUnknown: workUnknown);

        // One system tells both, one neither, one only the work.
        await database.Keep(
        [
            Call("sales", 5, 60, 30, false, false), Call("sales", 3, 0, 0, false, false),
            Call("tech", 4, 0, 0, true, true), Call("tech", 2, 0, 0, true, true), Call("orders", 10, 0, 90, true, false),
        ]);
        await database.RollUp(facts.Project, facts.Teams);

        var queues = (await database.Figures(facts.Project.Id, "day", "queue")).ToDictionary(day => day.Key, day => day.Figures);
        string[] kpis = ["aht", "talk-time", "hold-time", "after-contact-work", "conversation-handle-time"];
        Told(queues["sales"]).Should().Equal(
            "aht 255.0 complete", "talk-time 210.0 complete", "hold-time 30.0", "after-contact-work 15.0", "conversation-handle-time 255.0 complete");
        Told(queues["tech"]).Should().Equal(
            "aht 180.0 talk", "talk-time 180.0 with-hold", "hold-time none", "after-contact-work none", "conversation-handle-time 180.0 partial");
        Told(queues["orders"]).Should().Equal(
            "aht 690.0 partial", "talk-time 600.0 with-hold", "hold-time none", "after-contact-work 90.0", "conversation-handle-time 690.0 partial");
        var all = (await database.Figures(facts.Project.Id, "week", "project")).Single().Figures;
        Told(all).Should().Equal(
            "aht 312.0 partial", "talk-time 276.0 partial", "hold-time 30.0", "after-contact-work 40.0", "conversation-handle-time 312.0 partial");

        IEnumerable<string> Told(Figures figures) => kpis.Select(KpiCatalogue.Get).Select(kpi =>
            (kpi.ValueOf(kpi.Variants[0].Of(figures)) is { } value ? FormattableString.Invariant($"{kpi.Id} {value:0.0}") : $"{kpi.Id} none")
            + (kpi.Basis is { } basis ? $" {basis(figures)}" : ""));
    }

    [Fact]
    public async Task what_the_version_before_takes_for_zero_is_counted_again_with_the_formula_as_cause()
    {
        var facts = new RandomFacts(15, "Asia/Shanghai", new DateOnly(2026, 3, 2), "zero");
        var nine = facts.Calendar.StartOf(new DateOnly(2026, 3, 2)).AddHours(9);
        await database.Keep([new CallV1(Guid.CreateVersion7(), 1, facts.Project.Id, "sales", "inbound", "voice", nine, null, nine, nine.AddMinutes(5),
            0, 0, 0, "answered", null, null, null, null, HoldUnknown: true, AfterContactUnknown: true)]);
        await database.RollUp(facts.Project, facts.Teams);

        await database.Source.CreateCommand("BEGIN; SET LOCAL reporting.formulas = '3'; UPDATE rollups.figure SET hold_unknown = 0, "
            + $"position = position + 1 WHERE project_id = '{facts.Project.Id}'; COMMIT").ExecuteNonQueryAsync();
        await database.RollUp(facts.Project, facts.Teams);

        (await database.Figures(facts.Project.Id, "day", "project")).Single().Figures.HoldUnknown.Should().Be(1);
        (await database.Source.Rows("SELECT kind FROM rollups.change WHERE project_id = $1 ORDER BY id", row => row.GetString(0), default,
            facts.Project.Id)).Should().EndWith("formula");
    }

    [Fact]
    public async Task rolling_up_again_changes_nothing()
    {
        var facts = new RandomFacts(77, "Europe/Berlin", new DateOnly(2026, 3, 29), "again");
        await database.Keep(facts.Newest);
        var first = await database.RollUp(facts.Project, facts.Teams);
        var before = await Everything();

        var again = await database.RollUp(
            facts.Project, facts.Teams, new ForcedRange(
                new Period(new DateOnly(2026, 3, 27), new DateOnly(2026, 4, 2)), CurrentRules: false));

        first.ChangedFigures.Should().BePositive();
        again.Should().Be(new RolledUp(7, 0, 0));
        (await Everything()).Should().Equal(before);

        Task<List<string>> Everything() => database.Source.Rows(
            "SELECT figure::text FROM rollups.figure WHERE project_id = $1 ORDER BY 1", row =>
                row.GetString(0), CancellationToken.None, facts.Project.Id);
    }

    [Theory]
    [InlineData(21, "Asia/Shanghai", "2026-03-29")]
    [InlineData(22, "America/New_York", "2026-11-01")]
    public async Task facts_that_a_restore_has_undone_leave_no_trace_but_the_cause(int seed, string zone, string around)
    {
        var never = new RandomFacts(seed, zone, Day(around), "never");
        var undone = new RandomFacts(seed, zone, Day(around), "undone");
        await database.Keep([.. never.Newest.Where((_, nth) => nth % 3 > 0)]);
        await database.RollUp(never.Project, never.Teams);

        await database.Keep(undone.Newest);
        await database.RollUp(undone.Project, undone.Teams);
        var newest = undone.Newest.Max(fact => fact.Version);
        await Forget(undone.Newest, before: 1);
        await Forget(undone.Newest.Where((_, nth) => nth % 3 == 0), before: newest + 1);
        await Forget(undone.Newest.Where((_, nth) => nth % 3 == 0), before: newest + 1);
        await database.RollUp(undone.Project, undone.Teams);

        (await database.Figures(undone.Project.Id)).Should().Equal(await database.Figures(never.Project.Id)).And.NotBeEmpty();
        (await database.Source.Rows("SELECT changed FROM rollups.change WHERE project_id = $1 AND kind = 'restore'",
            row => row.GetInt32(0), default, undone.Project.Id)).Sum().Should().BePositive();
    }

    private async Task Forget(IEnumerable<IFact> facts, long before)
    {
        var gone = new FactsGoneV1("any", [.. facts.Select(fact => fact.Id)], before);
        await CallFacts.Table.Forget(database.Source, gone);
        await EvaluationFacts.Table.Forget(database.Source, gone);
        await TrainingFacts.Table.Forget(database.Source, gone);
        await Timeline.AgentDays.Forget(database.Source, gone);
        await Timeline.RosterDays.Forget(database.Source, gone);
        await Timeline.CoverageDays.Forget(database.Source, gone);
    }

    [Fact]
    public async Task a_call_that_moves_to_another_day_leaves_the_old_one_and_both_days_are_told()
    {
        var facts = new RandomFacts(78, "Asia/Shanghai", new DateOnly(2026, 3, 4), "move");
        var call = facts.Newest.OfType<CallV1>().First() with
        {
            Version = 1,
            Direction = "inbound",
            Queue = "sales",
            Outcome = "answered",
            OfferedAt = Moments.At("2026-03-03T15:59:59.999Z"), // a millisecond before midnight
        };
        await database.Keep(call);
        await database.RollUp(facts.Project, facts.Teams);
        await database.Keep(call with { Version = 2, OfferedAt = call.OfferedAt!.Value.AddMilliseconds(1) });
        await database.RollUp(facts.Project, facts.Teams);

        (await database.Figures(facts.Project.Id, "day", "queue")).Select(row => (row.Day.Day, row.Figures.Offered)).Should()
            .Equal((3, 0L), (4, 1L));
        (await QueueDays(facts)).Should().Equal("sales 2026-03-03 2", "sales 2026-03-04 1");
    }

    [Fact]
    public async Task a_new_threshold_does_not_rewrite_the_past_unless_asked_to()
    {
        var facts = new RandomFacts(79, "Asia/Shanghai", new DateOnly(2026, 3, 4), "rules");
        var call = facts.Newest.OfType<CallV1>().First() with
        {
            Direction = "inbound",
            Queue = "sales",
            Outcome = "answered",
            OfferedAt = Moments.At("2026-03-03T08:00:00Z"),
            QueuedAt = null,
            AnsweredAt = Moments.At("2026-03-03T08:00:15Z"),
        };
        var stricter = facts.Project with { Version = 2, Queues = [facts.Project.Queues[0] with { ServiceLevelSeconds = 20 }] };

        await database.Keep(call);
        await database.RollUp(facts.Project, facts.Teams); // 10 s
        (await InTime()).Should().Be(0);
        await database.RollUp(stricter, facts.Teams,
            new ForcedRange(new Period(new DateOnly(2026, 3, 3), new DateOnly(2026, 3, 3)), CurrentRules: false));
        (await InTime()).Should().Be(0);
        await database.RollUp(stricter, facts.Teams,
            new ForcedRange(new Period(new DateOnly(2026, 3, 3), new DateOnly(2026, 3, 3)), CurrentRules: true));
        (await InTime()).Should().Be(1);

        async Task<long> InTime() => (await database.Figures(facts.Project.Id, "day", "project")).Single().Figures.AnsweredInTime;
    }

    [Fact]
    public async Task another_zone_moves_the_calls_to_other_days()
    {
        var facts = new RandomFacts(80, "Asia/Shanghai", new DateOnly(2026, 3, 4), "zone");
        await database.Keep(facts.Newest);
        await database.RollUp(facts.Project, facts.Teams);
        var there = new RandomFacts(80, "America/New_York", new DateOnly(2026, 3, 4), "there");

        await database.RollUp(facts.Project with { Version = 2, Zone = "America/New_York", WeekStartsOn = DayOfWeek.Sunday }, facts.Teams);

        var days = await database.Figures(facts.Project.Id, "day", "project");
        var weeks = await database.Figures(facts.Project.Id, "week", "project");
        var calls = facts.Newest.OfType<CallV1>().Where(c => c.Direction == "inbound").ToArray();
        foreach (var day in days)
            day.Figures.Offered.Should().Be(calls.Count(c =>
                there.Calendar.DayOf((c.OfferedAt ?? c.QueuedAt ?? c.AnsweredAt ?? c.EndedAt)!.Value) == day.Day
                && (c.OfferedAt ?? c.QueuedAt ?? c.AnsweredAt ?? c.EndedAt) is not null));
        weeks.Should().OnlyContain(week => week.Day.DayOfWeek == DayOfWeek.Sunday);
        weeks.Sum(week => week.Figures.Offered).Should().Be(days.Sum(day => day.Figures.Offered));
    }

    private async Task TheNumbersAddUp(RandomFacts facts)
    {
        var quarters = await database.Figures(facts.Project.Id, "quarter", "project");
        var queues = await database.Figures(facts.Project.Id, "quarter", "queue");
        var agents = await database.Figures(facts.Project.Id, "quarter", "agent");
        var teams = await database.Figures(facts.Project.Id, "quarter", "team");
        var days = await database.Figures(facts.Project.Id, "day", "project");
        var weeks = await database.Figures(facts.Project.Id, "week", "project");

        foreach (var (_, _, _, f) in quarters.Concat(queues).Concat(agents).Concat(teams).Concat(days).Concat(weeks))
            f.Offered.Should().Be(f.Answered + f.Abandoned + f.Open + f.Other);

        // Counted another way: straight from the calls.
        foreach (var call in facts.Newest.OfType<CallV1>().Where(c => c.Direction == "inbound" && At(c) is not null)
            .GroupBy(c => (Place(facts, c), c.Queue)))
        {
            var row = queues.Single(q => (q.Day, q.Quarter) == call.Key.Item1 && q.Key == call.Key.Queue).Figures;
            row.Offered.Should().Be(call.Count());
            row.Answered.Should().Be(call.Count(c => c.Outcome == "answered"));
            row.Other.Should().Be(call.Count(c => c.Outcome is "other" or "transferred"));
            var ended = call.Where(c => c is { AnsweredAt: not null, EndedAt: not null }).ToList();
            row.Handled.Should().Be(ended.Count);
            row.HoldUnknown.Should().Be(ended.Count(c => c.HoldUnknown));
            row.AcwUnknown.Should().Be(ended.Count(c => c.AfterContactUnknown));
            row.AcwMs.Should().Be(ended.Sum(c => c.AfterContactMs ?? c.AfterContactSeconds * 1000L));
            (row.TalkMs + row.HoldMs).Should().Be(ended.Sum(c => (long)(c.EndedAt - c.AnsweredAt)!.Value.TotalMilliseconds));
            row.AnsweredTimed.Should().Be(call.Count(c => c.Outcome == "answered" && (c.QueuedAt ?? c.OfferedAt) is not null));
        }

        days.Sum(d => d.Figures.Offered).Should()
            .Be(facts.Newest.OfType<CallV1>().Count(c => c.Direction == "inbound" && At(c) is not null));
        foreach (var day in days)
        {
            var within = quarters.Where(q => q.Day == day.Day).Select(q => q.Figures).ToArray();
            within.Sum(q => q.Offered).Should().Be(day.Figures.Offered);
            within.Sum(q => q.WaitMs).Should().Be(day.Figures.WaitMs);
            within.Sum(q => q.ContactMs).Should().Be(day.Figures.ContactMs);
            within.Sum(q => q.RequiredS).Should().Be(day.Figures.RequiredS);
            queues.Where(q => q.Day == day.Day).Sum(q => q.Figures.Offered).Should().Be(day.Figures.Offered);
            teams.Where(t => t.Day == day.Day).Sum(t => t.Figures.Answered).Should()
                .Be(agents.Where(a => a.Day == day.Day).Sum(a => a.Figures.Answered));
        }

        // Every second of an agent's work is in exactly one interval.
        var spans = facts.Newest.OfType<AgentDayV1>().SelectMany(d => d.Segments)
            .Where(s => s.To is not null && s.State is "busy" or "after-contact-work").ToArray();
        weeks.Sum(w => w.Figures.ContactMs).Should()
            .Be(spans.Where(s => s.To is not null).Sum(s => (long)(s.To!.Value - s.From).TotalMilliseconds));
        weeks.Sum(w => w.Figures.TrainingMinutes).Should()
            .Be(facts.Newest.OfType<TrainingRecordV1>().Where(r => r.Attended).Sum(r => r.Minutes));
        var known = facts.Newest.OfType<CallV1>().Where(c => At(c) is not null).Select(c => c.Id).ToHashSet();
        weeks.Sum(w => w.Figures.CallScoreSum).Should()
            .Be(facts.Newest.OfType<EvaluationV1>().Where(e => known.Contains(e.CallId)).Sum(e => e.Score ?? 0));
        weeks.Sum(w => w.Figures.ScoreSum).Should()
            .Be(facts.Newest.OfType<EvaluationV1>().Where(e => e.SubmittedAt is not null).Sum(e => e.Score ?? 0));
    }

    private static (DateOnly, int) Place(RandomFacts facts, CallV1 call)
    {
        var day = facts.Calendar.DayOf(At(call)!.Value);
        return (day, (int)((At(call)!.Value - facts.Calendar.StartOf(day)) / TimeSpan.FromMinutes(15)));
    }

    private static DateTimeOffset? At(CallV1 call) => call.OfferedAt ?? call.QueuedAt ?? call.AnsweredAt ?? call.EndedAt;

    private Task<List<string>> QueueDays(RandomFacts facts) => database.Source.Rows(
        "SELECT concat_ws(' ', queue, day, version) FROM rollups.queue_day WHERE project_id = $1 ORDER BY 1", row =>
            row.GetString(0), CancellationToken.None, facts.Project.Id);

    private static T[] Shuffled<T>(T[] items, Random random)
    {
        random.Shuffle(items);
        return items;
    }
}
