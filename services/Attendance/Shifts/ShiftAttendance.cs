using CallCenter.Attendance.Rosters;
using CallCenter.Contracts.Calls;

namespace CallCenter.Attendance.Shifts;

/// <summary>What is known of one agent around one shift.</summary>
/// <param name="Versions">Every publication of the day, the oldest first.</param>
/// <param name="States">What the person did, one thing at a time, in any project.</param>
/// <param name="Signs">When the source of states told something of anybody in the project: what it does not tell then, is not so.</param>
/// <param name="Clockings">When they clocked in and out, in order.</param>
/// <param name="OnLeave">An approved leave has the day.</param>
/// <param name="Excused">Time that somebody has excused.</param>
/// <param name="Now">Nothing is known of what is later.</param>
public sealed record ShiftEvidence(
    IReadOnlyList<RosterVersion> Versions, IReadOnlyList<AgentSegment> States, IReadOnlyList<DateTimeOffset> Signs,
    IReadOnlyList<ClockMark> Clockings, bool OnLeave, IReadOnlyList<ExcusedTime> Excused, DateTimeOffset Now);

/// <param name="At">When they came or went.</param>
/// <param name="In">Clocked in; out where false.</param>
public readonly record struct ClockMark(DateTimeOffset At, bool In);

/// <param name="Time">From when to when.</param>
/// <param name="Paid">Whether the time is paid as if it had been worked.</param>
public readonly record struct ExcusedTime(Stretch Time, bool Paid);

/// <summary>What counts as what.</summary>
/// <param name="Silence">For how long before and after each sign of the source it is taken for heard.</param>
/// <param name="Idle">Ready and without a contact for so long, or longer, is idle.</param>
/// <param name="Early">Who is there so long before the shift has come for it.</param>
/// <param name="Deviation">A state that does not fit what is rostered is told as a deviation when it lasts so long.</param>
public sealed record ShiftTolerances(TimeSpan Silence, TimeSpan Idle, TimeSpan Early, TimeSpan Deviation)
{
    public static readonly ShiftTolerances Default = new(
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromMinutes(5));
}

/// <param name="State">As the source of states has it, offline where it tells none, unknown where it is silent.</param>
/// <param name="Since">Since when; null where nobody knows.</param>
public readonly record struct StateNow(string State, DateTimeOffset? Since);

public enum ShiftPresence
{
    /// <summary>Nothing was rostered.</summary>
    Off,

    /// <summary>All that was rostered is leave, or was excused.</summary>
    Excused,

    /// <summary>The shift has not begun.</summary>
    Upcoming,

    /// <summary>The shift has begun, and the agent has not come.</summary>
    Awaited,

    /// <summary>The agent came.</summary>
    Present,

    /// <summary>The shift is over, and it is known that the agent did not come.</summary>
    Absent,

    /// <summary>Nobody knows: the source of states was silent.</summary>
    Unknown,
}

/// <summary>What one shift came to, by one reading of the roster. Times are whole seconds.</summary>
/// <param name="ShiftCode">As the shift rules name it; null where nothing was rostered.</param>
/// <param name="StartsAt">Begin of the shift; null where nothing was rostered.</param>
/// <param name="EndsAt">End of the shift.</param>
/// <param name="Presence">Whether the agent was there.</param>
/// <param name="ArrivedAt">First clocking or sign-in; null where there was none.</param>
/// <param name="LeftAt">Last clocking out or sign-out; null where there was none, or it is not over.</param>
/// <param name="LateSeconds">From the begin of the shift to the arrival; null where it is not known.</param>
/// <param name="EarlySeconds">From leaving to the end of the shift; null where it is not known, or not over.</param>
/// <param name="OfflineSeconds">Rostered work in which they were known to be signed out, not counting late and early.</param>
/// <param name="IdleSeconds">Work in stretches of idle-online that were long enough to count.</param>
/// <param name="IdleStretches">How many stretches those were.</param>
/// <param name="UnknownSeconds">Rostered time of which nobody knows what the agent did.</param>
/// <param name="RosteredWorkSeconds">Rostered work of the whole shift.</param>
/// <param name="WorkSeconds">Rostered work so far, of which it is known what the agent did.</param>
/// <param name="DueSeconds">Rostered work, breaks, meals and training so far, of which it is known what the agent did.</param>
/// <param name="AdherentSeconds">Of <paramref name="DueSeconds"/> the time in a state that fits what was rostered.</param>
/// <param name="ProductiveSeconds">Ready, busy or at after-contact work between begin and end of the shift.</param>
/// <param name="PaidSeconds">Rostered time that counts towards contracted hours, without leave.</param>
/// <param name="PayableSeconds">Of it the time from arrival to leaving, and what was excused as paid; null where that is not known.</param>
/// <param name="Adherence">Share of <paramref name="DueSeconds"/>; null where there is none.</param>
/// <param name="Conformance">Productive time as a share of <paramref name="WorkSeconds"/>; null where there is none.</param>
public sealed record ShiftFigures(
    string? ShiftCode, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, ShiftPresence Presence, DateTimeOffset? ArrivedAt = null,
    DateTimeOffset? LeftAt = null, int? LateSeconds = null, int? EarlySeconds = null, int OfflineSeconds = 0, int IdleSeconds = 0,
    int IdleStretches = 0, int UnknownSeconds = 0, int RosteredWorkSeconds = 0, int WorkSeconds = 0, int DueSeconds = 0,
    int AdherentSeconds = 0, int ProductiveSeconds = 0, int PaidSeconds = 0, int? PayableSeconds = 0, decimal? Adherence = null,
    decimal? Conformance = null)
{
    /// <summary>Whether something of it is unknown: time, or when the agent came.</summary>
    internal bool IsUnknown => UnknownSeconds > 0 || (Presence is ShiftPresence.Present && LateSeconds is null);
}

/// <summary>
/// The same shift in two ledgers. The first is kept by the roster as the agent knew it: what happened, and what is left when leave and
/// excuses are taken off. The second is kept by the roster as it stands. An edit afterwards changes the second only.
/// </summary>
/// <param name="Raw">By the roster as known then, nothing excused.</param>
/// <param name="Excused">By the roster as known then, without leave and excuses.</param>
/// <param name="Amended">By the roster as published last, without leave and excuses.</param>
public sealed record ShiftLedgers(ShiftFigures Raw, ShiftFigures Excused, ShiftFigures Amended);

/// <summary>
/// What a shift came to, from what was rostered and what is known of the agent. A shift is one thing, over midnight and over changes
/// of the clocks: only instants count. Where the source of states was silent the answer is unknown, and never absent.
/// </summary>
public static class ShiftAttendance
{
    // As Calls has it: a state that is not ended for longer was forgotten and not worked.
    private static readonly TimeSpan LongestState = TimeSpan.FromHours(12);

    public static ShiftLedgers Of(ShiftEvidence evidence, ShiftTolerances tolerances)
    {
        var then = RosteredShift.AsKnownThen(evidence.Versions);

        return new(
            Figures(then, evidence with { OnLeave = false, Excused = [] }, tolerances),
            Figures(then, evidence, tolerances),
            Figures(RosteredShift.AsAmended(evidence.Versions), evidence, tolerances));
    }

    /// <summary>What the agent does now.</summary>
    public static StateNow Now(ShiftEvidence evidence, ShiftTolerances tolerances)
    {
        var seen = new Observed(evidence, tolerances, evidence.Now, evidence.Now);
        if (seen.Known is not [.., var last] || last.To < evidence.Now)
            return new("unknown", seen.Known is [.., var heard] ? heard.To : null);

        return evidence.States.LastOrDefault(s => s.To is null && s.From <= evidence.Now) is { } open
            ? new(open.State, open.From)
            : new("offline", evidence.States.Where(s => s.To <= evidence.Now).Select(s => s.To).Max());
    }

    /// <summary>Rostered work, as published last, in which the agent is known not to have been at work, excused or not.</summary>
    public static IReadOnlyList<Stretch> MissedWork(ShiftEvidence evidence, ShiftTolerances tolerances)
    {
        var work = RosteredShift.AsAmended(evidence.Versions).Of(a => a.Kind == "work");
        if (work is not [{ From: var start }, ..])
            return [];

        var seen = new Observed(evidence, tolerances, start, work[^1].To);
        return work.Within(seen.Known).Without(seen.In([.. StatesFor("work")]));
    }

    /// <summary>Whether a state fits an activity: the first edition of adherence. Nothing rostered is fitted by anything.</summary>
    public static bool Fits(string kind, string state) => StatesFor(kind).Contains(state) || (state == "offline" && kind != "work");

    private static IReadOnlyList<string> StatesFor(string kind) => kind switch
    {
        "work" => ["ready", "busy", "after-contact-work"],
        "training" => ["training", "meeting"],
        _ => ["break"],
    };

    private static ShiftFigures Figures(RosteredShift rostered, ShiftEvidence evidence, ShiftTolerances tolerances)
    {
        var duty = rostered.Of(a => a.Kind != "leave");
        if (duty is not [{ From: var start }, ..])
            return new(rostered.ShiftCode, null, null, rostered.Activities.Count > 0 ? ShiftPresence.Excused : ShiftPresence.Off);

        var end = duty[^1].To;
        var shift = new ShiftFigures(rostered.ShiftCode, start, end, ShiftPresence.Excused)
        {
            RosteredWorkSeconds = rostered.Of(a => a.Kind == "work").Seconds(),
            PaidSeconds = rostered.Of(a => a.Kind != "leave" && a.Paid).Seconds(),
        };
        var excused = evidence.Excused.Select(e => e.Time).ToList();
        if (evidence.OnLeave)
            return shift;
        if (duty.Without(excused).Count == 0)
            return shift with { PayableSeconds = PaidExcuses(rostered, evidence).Seconds() };
        if (evidence.Now <= start)
            return shift with { Presence = ShiftPresence.Upcoming, PayableSeconds = null };

        return Told(shift, rostered, new(evidence, tolerances, start, end), excused, evidence);
    }

    private static ShiftFigures Told(
        ShiftFigures shift, RosteredShift rostered, Observed seen, List<Stretch> excused, ShiftEvidence evidence)
    {
        var until = evidence.Now < seen.End ? evidence.Now : seen.End;
        IReadOnlyList<Stretch> past = [new(seen.Start, until)];
        var due = rostered.Of(a => a.Kind != "leave").Within(past).Without(excused);
        var work = rostered.Of(a => a.Kind == "work").Within(past).Without(excused);

        var late = seen.ArrivedAt is { } came ? Missed(new(seen.Start, came)) : [];
        var early = seen.LeftAt is { } left && evidence.Now >= seen.End ? Missed(new(left, seen.End)) : [];
        var presence = seen.WasThere ? ShiftPresence.Present
            : due.Without(seen.Known).Count > 0 ? ShiftPresence.Unknown
            : evidence.Now < seen.End ? ShiftPresence.Awaited : ShiftPresence.Absent;
        var idle = seen.In("ready").Select(ready => new[] { ready }.Within(work)).Where(ready => ready.Seconds() >= seen.Idle).ToList();
        var knownDue = due.Within(seen.Known);
        var knownWork = work.Within(seen.Known);
        var productive = seen.In("ready", "busy", "after-contact-work").Within(past).Without(excused);
        var adherent = rostered.Activities.Where(a => a.Kind != "leave")
            .SelectMany(a => new[] { new Stretch(a.From, a.To) }.Within(knownDue).Within(seen.Fitting(a.Kind))).Union();
        int? lateSeconds = seen.IsLateKnown(late) ? late.Seconds() : null;
        int? earlySeconds = presence is not ShiftPresence.Present || evidence.Now < seen.End || !seen.IsEarlyKnown(early) ? null
            : early.Seconds();

        return shift with
        {
            Presence = presence,
            ArrivedAt = seen.ArrivedAt,
            LeftAt = evidence.Now < seen.End ? null : seen.LeftAt,
            LateSeconds = presence is ShiftPresence.Present ? lateSeconds : null,
            EarlySeconds = earlySeconds,
            OfflineSeconds = knownWork.Without(seen.Online).Without(late).Without(early).Seconds(),
            IdleSeconds = idle.Sum(ready => ready.Seconds()),
            IdleStretches = idle.Count,
            UnknownSeconds = due.Without(seen.Known).Seconds(),
            WorkSeconds = knownWork.Seconds(),
            DueSeconds = knownDue.Seconds(),
            AdherentSeconds = adherent.Seconds(),
            ProductiveSeconds = productive.Seconds(),
            PayableSeconds = Payable(),
            Adherence = Share(adherent.Seconds(), knownDue.Seconds()),
            Conformance = Share(productive.Seconds(), knownWork.Seconds()),
        };

        IReadOnlyList<Stretch> Missed(Stretch time) => new[] { time.Clipped(seen.Start, seen.End) }.Within(due);

        // Of a shift that is not over it is not known yet.
        int? Payable()
        {
            if (evidence.Now < seen.End || presence is ShiftPresence.Unknown
                || (presence is ShiftPresence.Present && (lateSeconds is null || earlySeconds is null)))
                return null;

            var there = presence is ShiftPresence.Present
                ? rostered.Of(a => a.Kind != "leave" && a.Paid).Without(excused).Without(late).Without(early) : [];
            return there.Concat(PaidExcuses(rostered, evidence)).Union().Seconds();
        }
    }

    private static IReadOnlyList<Stretch> PaidExcuses(RosteredShift rostered, ShiftEvidence evidence) =>
        rostered.Of(a => a.Kind != "leave" && a.Paid).Within([.. evidence.Excused.Where(e => e.Paid).Select(e => e.Time)]);

    /// <summary>A part of a whole; null where there is no whole.</summary>
    internal static decimal? Share(long part, long whole) => whole == 0 ? null : Math.Round((decimal)part / whole, 4);

    /// <summary>What is known of the agent around a shift.</summary>
    private sealed class Observed
    {
        private readonly List<(string State, Stretch Time)> states;
        private readonly bool arrivedByClock;
        private readonly bool leftByClock;

        public Observed(ShiftEvidence evidence, ShiftTolerances tolerances, DateTimeOffset start, DateTimeOffset end)
        {
            (Start, End, Idle) = (start, end, (int)tolerances.Idle.TotalSeconds);
            IReadOnlyList<Stretch> heard =
            [
                .. evidence.Signs.Select(at => new Stretch(at - tolerances.Silence, at + tolerances.Silence)).Union()
                    .Select(h => h.Clipped(DateTimeOffset.MinValue, evidence.Now)),
            ];
            var open = evidence.States.Where(s => s.To is null).ToLookup(s => evidence.Now - s.From >= LongestState);
            states =
            [
                .. evidence.States.Where(s => s.To is not null)
                    .Select(s => (s.State, new Stretch(s.From, s.To!.Value).Clipped(DateTimeOffset.MinValue, evidence.Now))),
                .. open[false].SelectMany(s => new[] { new Stretch(s.From, evidence.Now) }.Within(heard).Select(time => (s.State, time))),
            ];
            Known = states.Select(s => s.Time).Concat(heard.Without(open[true].Select(s => new Stretch(s.From, s.From + LongestState))))
                .Union();
            Online = states.Where(s => s.State != "offline").Select(s => s.Time).Union();

            var signedIn = Online.Where(o => o.To > start && o.From < end).ToList();
            var marks = evidence.Clockings.Where(c => c.At >= start - tolerances.Early && c.At <= evidence.Now).ToList();
            DateTimeOffset? clockedIn = null;
            foreach (var mark in marks.Where(mark => mark.At < end))
                clockedIn = mark.In ? clockedIn ?? mark.At : mark.At <= start ? null : clockedIn;
            DateTimeOffset? clockedOut = marks.Where(c => !c.In && c.At > start && c.At <= end + tolerances.Early)
                .Select(c => (DateTimeOffset?)c.At).Max();
            DateTimeOffset? firstOnline = signedIn is [var first, ..] ? first.From : null;
            DateTimeOffset? lastOnline = signedIn is [.., var last] ? last.To : null;

            (ArrivedAt, arrivedByClock) = clockedIn is not null && !(firstOnline < clockedIn) ? (clockedIn, true) : (firstOnline, false);
            (LeftAt, leftByClock) = clockedOut is not null && !(lastOnline > clockedOut) ? (clockedOut, true) : (lastOnline, false);
            // Who clocks out was there, though nobody knows when they came.
            WasThere = ArrivedAt is not null || clockedOut <= end;
        }

        public DateTimeOffset Start { get; }
        public DateTimeOffset End { get; }
        public int Idle { get; }
        public bool WasThere { get; }
        public DateTimeOffset? ArrivedAt { get; }
        public DateTimeOffset? LeftAt { get; }

        /// <summary>When it is known what the agent did.</summary>
        public IReadOnlyList<Stretch> Known { get; }

        /// <summary>Signed in, whatever they did.</summary>
        public IReadOnlyList<Stretch> Online { get; }

        public bool IsLateKnown(IReadOnlyList<Stretch> late) => ArrivedAt is not null && (arrivedByClock || late.Without(Known).Count == 0);

        public bool IsEarlyKnown(IReadOnlyList<Stretch> early) => LeftAt is not null && (leftByClock || early.Without(Known).Count == 0);

        public IReadOnlyList<Stretch> In(params string[] which) =>
            states.Where(s => which.Contains(s.State)).Select(s => s.Time).Union();

        /// <summary>When the agent did what fits an activity: the first edition of adherence.</summary>
        public IReadOnlyList<Stretch> Fitting(string kind) =>
            In([.. StatesFor(kind)]).Concat(Fits(kind, "offline") ? Known.Without(Online) : []).Union();
    }
}
