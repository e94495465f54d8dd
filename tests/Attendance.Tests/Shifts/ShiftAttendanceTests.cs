using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Scheduling;
using CallCenter.Time;

namespace CallCenter.Attendance.Tests.Shifts;

public sealed class ShiftAttendanceTests
{
    private static readonly LocalCalendar Shanghai = LocalCalendar.Of("Asia/Shanghai");
    private static readonly DateTimeOffset Nine = At(9, 0);
    private static readonly DateTimeOffset Five = At(17, 0);
    private static readonly DateTimeOffset Later = At(20, 0);

    /// <summary>A shift from nine to five with a meal at noon, published the week before.</summary>
    private static readonly RosterVersion Day = Published(Nine.AddDays(-7), Nine, Five, meal: At(12, 0));

    private static DateTimeOffset At(int hour, int minute, int second = 0) =>
        new(2026, 3, 9, hour, minute, second, TimeSpan.FromHours(8));

    private static RosterVersion Published(
        DateTimeOffset known, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? meal = null, long version = 1) => new(
        version, known,
        meal is { } noon
            ? [Activity("work", from, noon), Activity("meal", noon, noon.AddHours(1)), Activity("work", noon.AddHours(1), to)]
            : [Activity("work", from, to)], "D8", "day");

    private static RosterActivity Activity(string kind, DateTimeOffset from, DateTimeOffset to) =>
        new(kind, from, to, Paid: kind != "meal");

    private static AgentSegment State(string state, DateTimeOffset from, DateTimeOffset? to) => new(state, from, to);

    /// <summary>Evidence of a day on which the source told something of somebody every half hour.</summary>
    private static ShiftEvidence Evidence(params AgentSegment[] states) => new(
        [Day], states, [.. Enumerable.Range(0, 60).Select(i => Nine.AddHours(-10).AddMinutes(30 * i))], [], OnLeave: false, [], Later);

    private static ShiftLedgers Of(ShiftEvidence evidence) => ShiftAttendance.Of(evidence, ShiftTolerances.Default);

    private static ShiftFigures Raw(ShiftEvidence evidence) => Of(evidence).Raw;

    private static readonly AgentSegment[] WholeDay =
    [
        State("ready", Nine, At(10, 0)), State("busy", At(10, 0), At(12, 0)), State("break", At(12, 0), At(13, 0)),
        State("busy", At(13, 0), Five),
    ];

    [Fact]
    public void who_is_there_from_begin_to_end_is_neither_late_nor_early_and_adheres()
    {
        var raw = Raw(Evidence(WholeDay));

        raw.Presence.Should().Be(ShiftPresence.Present);
        (raw.LateSeconds, raw.EarlySeconds, raw.OfflineSeconds, raw.IdleSeconds, raw.UnknownSeconds).Should().Be((0, 0, 0, 0, 0));
        (raw.Adherence, raw.Conformance).Should().Be((1, 1));
        (raw.PaidSeconds, raw.PayableSeconds).Should().Be((7 * 3600, 7 * 3600));
    }

    [Fact]
    public void a_lateness_is_from_the_begin_to_the_sign_in_and_is_not_paid()
    {
        var raw = Raw(Evidence(
            [State("ready", At(9, 10, 30), At(12, 0)), State("break", At(12, 0), At(13, 0)), State("ready", At(13, 0), Five)]));

        raw.LateSeconds.Should().Be(630);
        raw.OfflineSeconds.Should().Be(0, "late is not offline on shift as well");
        raw.PayableSeconds.Should().Be(7 * 3600 - 630);
    }

    [Fact]
    public void who_clocked_in_is_not_late_but_offline_until_they_sign_in()
    {
        var raw = Raw(Evidence([State("ready", At(9, 40), Five)]) with { Clockings = [new(At(8, 55), In: true)] });

        (raw.LateSeconds, raw.OfflineSeconds, raw.ArrivedAt).Should().Be((0, 2400, At(8, 55)));
    }

    [Fact]
    public void who_clocked_in_and_out_again_before_the_shift_has_not_come_for_it() =>
        Raw(Evidence([State("ready", At(9, 5), Five)]) with { Clockings = [new(At(8, 0), In: true), new(At(8, 30), In: false)] })
            .LateSeconds.Should().Be(300);

    [Fact]
    public void between_two_shifts_on_a_day_nothing_is_due_and_who_comes_back_late_is_offline_on_shift()
    {
        RosterVersion day = new(1, Nine.AddDays(-7), [Activity("work", Nine, At(12, 0)), Activity("work", At(15, 0), Five)], "TS", "two-shifts");
        var there = Evidence(State("ready", Nine, At(12, 0)), State("ready", At(15, 0), Five)) with { Versions = [day] };
        var back = Evidence(State("ready", Nine, At(12, 0)), State("ready", At(15, 20), Five)) with { Versions = [day] };

        (Raw(there).LateSeconds, Raw(there).EarlySeconds, Raw(there).OfflineSeconds).Should().Be((0, 0, 0));
        (Raw(there).DueSeconds, Raw(there).PayableSeconds).Should().Be((5 * 3600, 5 * 3600));
        (Raw(back).LateSeconds, Raw(back).OfflineSeconds).Should().Be((0, 1200));
        Raw(there with { Now = At(13, 0) }).OfflineSeconds.Should().Be(0, "it is the pause");
    }

    [Fact]
    public void who_leaves_before_the_end_leaves_early_unless_they_clock_out_at_it()
    {
        var evidence = Evidence([State("ready", Nine, At(16, 30))]);

        Raw(evidence).EarlySeconds.Should().Be(1800);
        Raw(evidence with { Clockings = [new(Five, In: false)] }).EarlySeconds.Should().Be(0);
    }

    [Fact]
    public void who_never_comes_is_absent_and_offline_for_all_of_the_work()
    {
        var raw = Raw(Evidence());

        (raw.Presence, raw.OfflineSeconds, raw.PayableSeconds).Should().Be((ShiftPresence.Absent, 7 * 3600, 0));
        raw.LateSeconds.Should().BeNull();
    }

    [Fact]
    public void a_silent_source_makes_it_unknown_and_never_absent()
    {
        var raw = Raw(Evidence() with { Signs = [] });

        (raw.Presence, raw.UnknownSeconds, raw.OfflineSeconds, raw.PayableSeconds).Should().Be((ShiftPresence.Unknown, 8 * 3600, 0, null));
        (raw.Adherence, raw.Conformance).Should().Be((null, null));
    }

    [Fact]
    public void a_source_that_falls_silent_for_some_hours_leaves_those_unknown()
    {
        // Heard last at ten and again at four: what is between eleven and three nobody knows.
        var raw = Raw(Evidence() with { Signs = [Nine, At(10, 0), At(16, 0), Five] });

        (raw.Presence, raw.UnknownSeconds, raw.OfflineSeconds).Should().Be((ShiftPresence.Unknown, 4 * 3600, 4 * 3600));
    }

    [Fact]
    public void what_an_agent_did_is_known_even_where_the_source_is_silent_of_others() =>
        Raw(Evidence(WholeDay) with { Signs = [] }).UnknownSeconds.Should().Be(0);

    [Fact]
    public void a_lateness_that_nobody_saw_is_unknown_unless_a_clock_did()
    {
        var evidence = Evidence([State("ready", At(12, 0), Five)]) with { Signs = [At(12, 0), Five] };

        Raw(evidence).LateSeconds.Should().BeNull();
        Raw(evidence with { Clockings = [new(At(9, 5), In: true)] }).LateSeconds.Should().Be(300);
    }

    [Fact]
    public void a_state_that_was_never_ended_is_unknown_and_not_offline() =>
        Raw(Evidence([State("ready", Nine, null)]) with { Now = Nine.AddHours(13) }).Should()
            .Match<ShiftFigures>(f => f.OfflineSeconds == 0 && f.UnknownSeconds == 8 * 3600);

    [Fact]
    public void a_shift_that_goes_on_is_told_so_far()
    {
        var evidence = Evidence([State("ready", At(9, 5), null)]) with { Now = At(10, 0) };

        var raw = Raw(evidence);
        (raw.Presence, raw.LateSeconds, raw.EarlySeconds, raw.PayableSeconds).Should().Be((ShiftPresence.Present, 300, null, null));
        raw.WorkSeconds.Should().Be(3600);
        Raw(evidence with { States = [], Now = At(9, 5) }).Presence.Should().Be(ShiftPresence.Awaited);
        Raw(evidence with { States = [], Now = At(8, 0) }).Presence.Should().Be(ShiftPresence.Upcoming);
    }

    // AS-11
    [Theory, InlineData(119, 0), InlineData(120, 1)]
    public void idle_online_counts_from_two_hours_on(int minutes, int stretches)
    {
        var until = At(13, 0).AddMinutes(minutes);
        var raw = Raw(Evidence(
        [
            State("busy", Nine, At(12, 0)), State("break", At(12, 0), At(13, 0)), State("ready", At(13, 0), until),
            State("busy", until, Five),
        ]));

        (raw.IdleStretches, raw.IdleSeconds).Should().Be((stretches, stretches * minutes * 60));
    }

    [Fact]
    public void idle_over_the_meal_counts_for_the_work_alone() =>
        Raw(Evidence([State("busy", Nine, At(11, 0)), State("ready", At(11, 0), At(13, 59)), State("busy", At(13, 59), Five)]))
            .IdleStretches.Should().Be(0);

    // AS-11
    [Fact]
    public void a_leave_that_was_phoned_in_takes_all_of_it_off_and_what_happened_stays()
    {
        var ledgers = Of(Evidence() with { OnLeave = true });

        (ledgers.Raw.Presence, ledgers.Raw.OfflineSeconds).Should().Be((ShiftPresence.Absent, 7 * 3600));
        (ledgers.Excused.Presence, ledgers.Excused.OfflineSeconds).Should().Be((ShiftPresence.Excused, 0));
        ledgers.Amended.Should().BeEquivalentTo(ledgers.Excused);
    }

    [Fact]
    public void an_excuse_takes_its_time_off_and_pays_it_where_it_is_paid()
    {
        var evidence = Evidence(
            [State("ready", At(9, 30), At(12, 0)), State("break", At(12, 0), At(13, 0)), State("ready", At(13, 0), Five)]);
        var excused = Of(evidence with { Excused = [new(new(Nine, At(9, 20)), Paid: true)] });

        (excused.Raw.LateSeconds, excused.Excused.LateSeconds).Should().Be((1800, 600));
        (excused.Raw.PayableSeconds, excused.Excused.PayableSeconds).Should().Be((7 * 3600 - 1800, 7 * 3600 - 600));
    }

    [Fact]
    public void an_edit_afterwards_changes_the_second_ledger_alone()
    {
        var evidence = Evidence(
            [State("ready", At(10, 0), At(12, 0)), State("break", At(12, 0), At(13, 0)), State("ready", At(13, 0), Five)]);
        var before = Of(evidence);
        var after = Of(evidence with { Versions = [Day, Published(At(18, 0), At(10, 0), Five, At(12, 0), version: 2)] });

        (after.Raw, after.Excused).Should().Be((before.Raw, before.Excused));
        (before.Amended.LateSeconds, after.Amended.LateSeconds).Should().Be((3600, 0));
    }

    [Fact]
    public void an_edit_during_the_shift_holds_from_when_it_was_known()
    {
        // At noon the afternoon was taken off: who then went home as told has left nothing early.
        var edited = new RosterVersion(2, At(12, 0), [Activity("work", Nine, At(13, 0))], "D4", "day");
        var raw = Raw(Evidence([State("ready", Nine, At(13, 0))]) with { Versions = [Day, edited] });

        (raw.EndsAt, raw.EarlySeconds, raw.ShiftCode).Should().Be((At(13, 0), 0, "D8"));
    }

    [Fact]
    public void what_was_published_after_the_shift_was_not_rostered_then()
    {
        var ledgers = Of(Evidence() with { Versions = [Day with { KnownFrom = At(18, 0) }] });

        (ledgers.Raw.Presence, ledgers.Amended.Presence).Should().Be((ShiftPresence.Off, ShiftPresence.Absent));
    }

    [Fact]
    public void a_night_shift_is_one_shift_over_midnight()
    {
        var (begin, end) = (At(22, 0), At(22, 0).AddHours(8));
        var midnight = Shanghai.StartOf(new(2026, 3, 10));
        var night = Evidence([State("ready", begin.AddMinutes(7), midnight), State("ready", midnight, end)]) with
        {
            Versions = [Published(Nine.AddDays(-7), begin, end)], Now = end.AddHours(1),
        };

        var raw = Raw(night);
        (raw.LateSeconds, raw.EarlySeconds, raw.IdleStretches).Should().Be((420, 0, 1), "what midnight cuts is one stretch of idle");
        raw.WorkSeconds.Should().Be(8 * 3600);
    }

    [Theory, InlineData("2026-03-28", 7), InlineData("2026-10-24", 9)]
    public void a_night_on_which_the_clocks_change_is_as_long_as_it_was(string date, int hours)
    {
        var berlin = LocalCalendar.Of("Europe/Berlin");
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var (begin, end) = (berlin.At(day, new(22, 0)), berlin.At(day.AddDays(1), new(6, 0)));
        var night = new ShiftEvidence(
            [Published(begin.AddDays(-7), begin, end)], [State("busy", begin, end.AddMinutes(-30))], [begin, end], [], OnLeave: false, [],
            end.AddHours(1));

        var raw = Raw(night);
        (raw.WorkSeconds, raw.PaidSeconds, raw.EarlySeconds, raw.Adherence)
            .Should().Be((hours * 3600, hours * 3600, 1800, Math.Round((hours - 0.5m) / hours, 4)));
    }

    [Fact]
    public void work_instead_of_the_meal_conforms_and_does_not_adhere()
    {
        var raw = Raw(Evidence([State("busy", Nine, At(15, 0)), State("break", At(15, 0), At(16, 0)), State("busy", At(16, 0), Five)]));

        raw.Conformance.Should().Be(1);
        raw.Adherence.Should().Be(0.75m);
    }

    [Fact]
    public void a_day_off_is_off() => Raw(Evidence() with { Versions = [new(1, Nine.AddDays(-7), [], null, null)] })
        .Should().Be(new ShiftFigures(null, null, null, ShiftPresence.Off));
}
