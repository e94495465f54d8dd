// What can be reported of a contact leg, in any order and any number of times. Each kind of report has one winner, chosen
// by its own content and not by when it arrived, so that every order of the same reports folds to the same call; of the same report told
// again the later word counts on what its source never tells.

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CallCenter.Calls.Intake;

namespace CallCenter.Calls.Contacts;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

/// <summary>Which leg a report is about: the source's own name for it.</summary>
public interface ICallReport
{
    Guid ProjectId { get; }
    string Source { get; }
    string ExternalId { get; }
    DateTimeOffset At { get; }
}

public sealed record CallOffered(
    Guid ProjectId, string Source, string ExternalId, DateTimeOffset At,
    string? Queue, string Direction, string Channel, string? CustomerId, Guid? LinkedCallId,
    string? ConversationId = null, Stage? Stage = null, References? References = null) : ICallReport;

public sealed record CallQueued(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At, string? Queue) : ICallReport;

/// <param name="Queue">The queue it came from, where the source says it here.</param>
/// <param name="WaitSeconds">How long it had waited, where the source says it here.</param>
/// <param name="HoldUnknown">The source never says when a leg is held.</param>
/// <param name="AfterContactUnknown">The source never says when the work after a leg ends.</param>
public sealed record CallAnswered(
    Guid ProjectId, string Source, string ExternalId, DateTimeOffset At, Guid? AgentId,
    string? Queue = null, decimal? WaitSeconds = null, bool HoldUnknown = false, bool AfterContactUnknown = false) : ICallReport;

public sealed record CallHeld(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At) : ICallReport;

public sealed record CallResumed(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At) : ICallReport;

/// <param name="Outcome">How it ended if nobody is known to have answered; abandoned unless the source says otherwise.</param>
/// <param name="AgentId">Whose part of it ended, where the source says so.</param>
/// <param name="Queue">The queue it was in, where the source says it here.</param>
/// <param name="WaitSeconds">How long it had waited in all, where the source says it here.</param>
/// <param name="TalkSeconds">From the answer to this end, where the source says it here.</param>
/// <param name="HoldUnknown">The source never says when a leg is held.</param>
/// <param name="AfterContactUnknown">The source never says when the work after a leg ends.</param>
public sealed record CallEnded(
    Guid ProjectId, string Source, string ExternalId, DateTimeOffset At,
    CallOutcome? Outcome = null, EndReason? EndReason = null, Guid? AgentId = null, string? Queue = null,
    decimal? WaitSeconds = null, decimal? TalkSeconds = null, bool HoldUnknown = false, bool AfterContactUnknown = false) : ICallReport
{
    [JsonIgnore]
    public bool SaysAnswered => Outcome is CallOutcome.Answered || TalkSeconds is not null;
}

public sealed record AfterContactWorkEnded(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At) : ICallReport;

public sealed record CallWrappedUp(
    Guid ProjectId, string Source, string ExternalId, DateTimeOffset At, string Code,
    Stage? Stage = null, References? References = null) : ICallReport;

/// <summary>A source's whole record of the leg. A later one with other content is a correction and takes its place.</summary>
/// <param name="Revision">Which copy of the record it is, where the source says so: an older one corrects nothing.</param>
/// <param name="Rank">Which of several rows of the leg it is, 0 the best: of one revision a worse one corrects nothing.</param>
public sealed record CallImported(
    Guid ProjectId, string Source, string ExternalId, Guid ImportId, Leg Leg, decimal? Revision = null, int? Rank = null);

/// <summary>Nobody has said that it ended for so long that it is taken for over; its end stays unknown.</summary>
/// <param name="LastSpokenOf">The last that was reported of it: whatever is later opens it again.</param>
public sealed record CallClosed(DateTimeOffset LastSpokenOf, DateTimeOffset At);

/// <param name="RecordingId">SHA-256 of the audio, in hex.</param>
public sealed record RecordingAttached(string RecordingId, decimal Seconds, Guid By, DateTimeOffset At);

/// <summary>Whose call it was is forgotten, and everything that would tell.</summary>
/// <param name="By">Who asked for it; empty where nobody did.</param>
public sealed record CustomerForgotten(Guid ErasureId, Guid By, DateTimeOffset At);

public static class CallReports
{
    /// <summary>The same without what tells of the customer.</summary>
    public static ICallReport OfNobody(this ICallReport report) => report switch
    {
        CallOffered e => e with { CustomerId = null, References = null },
        CallWrappedUp e => e with { References = null },
        _ => report,
    };
}

// ---- State

/// <summary>What was said along with a report. Of several the latest counts, and of those of one moment the greatest.</summary>
public sealed record Noted<T>(DateTimeOffset At, T Value);

public sealed record Call : IFolds<Call>
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Source { get; init; } = "";
    public string ExternalId { get; init; } = "";
    public CallOffered? Offered { get; init; }
    public CallQueued? FirstQueued { get; init; }
    public CallQueued? LastQueued { get; init; }
    public CallAnswered? Answered { get; init; }

    /// <summary>What each agent is said to have answered first; two may be joined to one call.</summary>
    public ImmutableSortedDictionary<Guid, CallAnswered> Answers { get; init; } = ImmutableSortedDictionary<Guid, CallAnswered>.Empty;
    public ImmutableSortedSet<DateTimeOffset> HeldAt { get; init; } = [];
    public ImmutableSortedSet<DateTimeOffset> ResumedAt { get; init; } = [];

    /// <summary>
    /// The first end that names no agent; <see cref="Ends"/> has those that do, by agent, and under an empty id the first that names none
    /// because nobody answered.
    /// </summary>
    public CallEnded? Ended { get; init; }
    public ImmutableSortedDictionary<Guid, CallEnded> Ends { get; init; } = ImmutableSortedDictionary<Guid, CallEnded>.Empty;
    public AfterContactWorkEnded? Worked { get; init; }
    public CallWrappedUp? WrappedUp { get; init; }
    public Noted<string>? Conversation { get; init; }
    public Noted<Stage>? Stage { get; init; }
    public Noted<EndReason>? EndReason { get; init; }
    public ImmutableSortedDictionary<string, Noted<string>> References { get; init; } =
        ImmutableSortedDictionary.Create<string, Noted<string>>(StringComparer.Ordinal);
    public CallImported? Imported { get; init; }
    public RecordingAttached? Recording { get; init; }
    public CallClosed? Closed { get; init; }

    /// <summary>By which the customer was forgotten: of what is reported yet nothing that tells of them is kept.</summary>
    public Guid? ErasureId { get; init; }

    public bool IsOfNobody => ErasureId is not null;

    /// <summary>What it all adds up to. Where a source's record says something, that counts; live events fill the gaps.</summary>
    public Leg Leg => Over(Imported is { Leg: var stated } ? Filled(stated, Live) : Live);

    /// <summary>What lists are filtered by.</summary>
    public DateTimeOffset? StartedAt => Leg.StartedAt;

    // Marten calls this very method when it folds a stream, so tests and production cannot disagree.
    public Call Evolve(object @event) => @event switch
    {
        CallOffered e => Of(e) with
        {
            Offered = Earlier(Offered, e), Conversation = Latest(Conversation, e.At, e.ConversationId),
            Stage = Latest(Stage, e.At, e.Stage), References = Latest(References, e.At, e.References),
        },
        CallQueued e => Of(e) with { FirstQueued = Earlier(FirstQueued, e), LastQueued = Later(LastQueued, e) },
        CallAnswered e => Of(e) with
        {
            Answered = Earlier(Answered, e),
            Answers = e.AgentId is { } agent ? Answers.SetItem(agent, Earlier(Answers.GetValueOrDefault(agent), e)) : Answers,
        },
        CallHeld e => Of(e) with { HeldAt = HeldAt.Add(e.At) },
        CallResumed e => Of(e) with { ResumedAt = ResumedAt.Add(e.At) },
        CallEnded e => Of(e) with
        {
            Ended = EndedBy(e) is null ? Earlier(Ended, e) : Ended,
            Ends = EndedBy(e) is { } who ? Ends.SetItem(who, Earlier(Ends.GetValueOrDefault(who), e)) : Ends,
            EndReason = Latest(EndReason, e.At, e.EndReason),
        },
        AfterContactWorkEnded e => Of(e) with { Worked = Earlier(Worked, e) },
        CallWrappedUp e => Of(e) with
        {
            WrappedUp = Later(WrappedUp, e), Stage = Latest(Stage, e.At, e.Stage), References = Latest(References, e.At, e.References),
        },
        CallImported e => this with { ProjectId = e.ProjectId, Source = e.Source, ExternalId = e.ExternalId, Imported = e },
        RecordingAttached e => this with { Recording = e },
        CustomerForgotten e => this with
        {
            ErasureId = e.ErasureId,
            Offered = (CallOffered?)Offered?.OfNobody(),
            WrappedUp = (CallWrappedUp?)WrappedUp?.OfNobody(),
            Imported = Imported is { } import ? import with { Leg = import.Leg.OfNobody() } : null,
            References = References.Clear(),
        },
        CallClosed e => this with { Closed = Closed is { } held && held.LastSpokenOf >= e.LastSpokenOf ? held : e },
        _ => this,
    };

    // Whose end it is when nobody answered.
    private static readonly Guid Nobody = Guid.Empty;

    /// <summary>When any report first speaks of it; its own times may begin before that.</summary>
    internal DateTimeOffset? FirstSpokenOf => new[] { Offered?.At, FirstQueued?.At, Answered?.At, End?.At }.Min();

    /// <summary>When any report last speaks of it.</summary>
    internal DateTimeOffset? LastSpokenOf => new[]
    {
        Offered?.At, LastQueued?.At, Worked?.At, WrappedUp?.At, Ended?.At, Imported?.Leg.OfferedAt, Imported?.Leg.QueuedAt,
        Imported?.Leg.AnsweredAt,
    }.Concat(Answers.Values.Concat<ICallReport>(Ends.Values).Append(Answered).Select(report => report?.At))
        .Concat(HeldAt.Concat(ResumedAt).Select(at => (DateTimeOffset?)at)).Max();

    /// <summary>Whether it is told of the very same already, be it by who tells less of it.</summary>
    internal bool Knows(ICallReport report) => report switch
    {
        CallOffered => IsSame(Offered, report),
        CallQueued => IsSame(FirstQueued, report) || IsSame(LastQueued, report),
        CallAnswered e => IsSame(e.AgentId is { } agent ? Answers.GetValueOrDefault(agent) : Answered, report),
        CallHeld => HeldAt.Contains(report.At),
        CallResumed => ResumedAt.Contains(report.At),
        CallEnded e => IsSame(EndedBy(e) is { } who ? Ends.GetValueOrDefault(who) : Ended, report),
        AfterContactWorkEnded => IsSame(Worked, report),
        CallWrappedUp => IsSame(WrappedUp, report),
        _ => false,
    };

    private static bool IsSame(ICallReport? held, ICallReport report) => held is not null && Order(held, report) == 0;

    /// <summary>Whether all that is known is that the other side left before anybody answered.</summary>
    internal bool IsGivenUp => Answered is null && End is { } end && EndedBy(end) == Nobody;

    private static Guid? EndedBy(CallEnded end) =>
        end.AgentId ?? (end.Outcome is CallOutcome.Abandoned or CallOutcome.Other ? Nobody : null);

    // An end that is reported after all counts, and so does anything that is reported to have happened later.
    private Leg Over(Leg leg) => leg is { EndedAt: null, Outcome: CallOutcome.Open or CallOutcome.Answered }
        && Closed is { } closed && closed.LastSpokenOf >= LastSpokenOf ? leg with
        {
            Outcome = leg.Outcome is CallOutcome.Open ? CallOutcome.Other : leg.Outcome,
            EndReason = Contacts.EndReason.Unreported,
        } : leg;

    // Of those who were on it together with the first the one who stayed longest; the others were joined and dropped again.
    private CallAnswered? Joined => Answers.Count < 2 ? Answered
        : Answers.Values.Where(answer => answer.At == Answered!.At || (Answered.AgentId is not null && answer.At < LeftAt(Answered)))
            .OrderByDescending(answer => LeftAt(answer) - answer.At).ThenBy(answer => answer.At)
            .ThenBy(Content, StringComparer.Ordinal).FirstOrDefault(Answered);

    private DateTimeOffset LeftAt(CallAnswered answer) => Ends.GetValueOrDefault(answer.AgentId!.Value)?.At ?? DateTimeOffset.MaxValue;

    // It ends with its own agent's part, not with that of another who was joined to it, or who had it before and whose answer is yet to
    // be told. Who was answered had not given up: that they did counts only where nothing else is told of the end.
    private CallEnded? End
    {
        get
        {
            var own = Joined;
            var told = Ends.Where(end => end.Key != Nobody
                    && (end.Key == own?.AgentId || !(Answers.ContainsKey(end.Key) || end.Value.At < own?.At)))
                .Select(end => end.Value).Aggregate(Ended, (CallEnded? first, CallEnded next) => Earlier(first, next));
            if (Ends.GetValueOrDefault(Nobody) is not { } left)
                return told;

            return own is null && told is not { SaysAnswered: true } ? Earlier(told, left) : told ?? (left.At < own!.At ? null : left);
        }
    }

    private Leg Live
    {
        get
        {
            var (joined, end) = (Joined, End);
            var answered = joined?.At ?? (end?.TalkSeconds is { } talked ? end.At.AddSeconds(-(double)talked) : null);
            var ended = end?.At;
            var outcome = answered is not null ? CallOutcome.Answered
                : end is null ? CallOutcome.Open : end.Outcome ?? CallOutcome.Abandoned;
            var waiting = (joined?.WaitSeconds ?? end?.WaitSeconds) is { } waited && (answered ?? ended) is { } until
                && (Offered?.At ?? FirstQueued?.At) is null ? until.AddSeconds(-(double)waited) : (DateTimeOffset?)null;
            var (holds, held) = HeldUntil(ended);
            return new Leg(
                LastQueued?.Queue ?? FirstQueued?.Queue ?? Offered?.Queue ?? joined?.Queue ?? end?.Queue,
                Offered?.Direction ?? "inbound", Offered?.Channel ?? "voice",
                Offered?.CustomerId, Offered?.At ?? waiting, FirstQueued?.At ?? waiting, answered, ended,
                0, 0, outcome,
                joined is not null ? joined.AgentId : outcome is CallOutcome.Answered ? end!.AgentId : null,
                WrappedUp?.Code, Offered?.LinkedCallId,
                Conversation?.Value, Stage?.Value, holds, ReasonOf(end),
                Contacts.References.Of(References.Select(r => (r.Key, r.Value.Value))))
                .Holding(holds == 0 && (joined is { HoldUnknown: true } || end is { HoldUnknown: true }) ? null : held)
                .Working(Worked is null && (joined is { AfterContactUnknown: true } || end is { AfterContactUnknown: true })
                    ? null : Worked?.At - ended ?? TimeSpan.Zero);
        }
    }

    // What is said later counts, but of an end that is an agent's not what is said of another's.
    private EndReason? ReasonOf(CallEnded? end) =>
        end is null ? null : end is { AgentId: not null, EndReason: { } own } && EndReason?.At > end.At ? own : EndReason?.Value;

    // A hold that is never resumed lasts until the end; while the call lasts it does not count yet.
    private (int Times, TimeSpan Held) HeldUntil(DateTimeOffset? ended)
    {
        var (times, held) = (0, TimeSpan.Zero);
        DateTimeOffset? since = null;
        foreach (var at in HeldAt.Union(ResumedAt))
        {
            // Of one instant: what was on hold is resumed first; what was not is held first, for no time.
            var (holds, resumes) = (HeldAt.Contains(at), ResumedAt.Contains(at));
            if (resumes && since is { } start)
                (held, since, resumes) = (held + (at - start), null, false);
            if (holds && since is null)
                (times, since) = (times + 1, resumes ? null : at);
        }

        return (times, since is { } open && ended > open ? held + (ended.Value - open) : held);
    }

    private static Leg Filled(Leg stated, Leg live) => (stated with
    {
        Queue = stated.Queue ?? live.Queue,
        CustomerId = stated.CustomerId ?? live.CustomerId,
        OfferedAt = stated.OfferedAt ?? live.OfferedAt,
        QueuedAt = stated.QueuedAt ?? live.QueuedAt,
        AnsweredAt = stated.AnsweredAt ?? (stated.Outcome is CallOutcome.Answered or CallOutcome.Open ? live.AnsweredAt : null),
        EndedAt = stated.EndedAt ?? live.EndedAt,
        Outcome = stated.Outcome is CallOutcome.Open ? live.Outcome : stated.Outcome,
        AgentId = stated.AgentId ?? (stated.Outcome is CallOutcome.Answered or CallOutcome.Open ? live.AgentId : null),
        WrapUpCode = live.WrapUpCode ?? stated.WrapUpCode,
        LinkedCallId = stated.LinkedCallId ?? live.LinkedCallId,
        ConversationId = stated.ConversationId ?? live.ConversationId,
        Stage = stated.Stage ?? live.Stage,
        Holds = stated.Holds != 0 ? stated.Holds : live.Holds,
        EndReason = stated.EndReason ?? live.EndReason,
        References = Contacts.References.Of((live.References ?? []).Concat(stated.References ?? []).Select(r => (r.Key, r.Value))),
    }).Holding(Filled(stated.Hold, stated.HoldUnknown, live.Hold, live.HoldUnknown || live.EndedAt is null))
        .Working(Filled(
            stated.AfterContact, stated.AfterContactUnknown, live.AfterContact, live.AfterContactUnknown || live.EndedAt is null));

    private static TimeSpan? Filled(TimeSpan stated, bool isUnknown, TimeSpan live, bool isLiveUnknown) =>
        stated != TimeSpan.Zero ? stated : live != TimeSpan.Zero || !isUnknown || !isLiveUnknown ? live : null;

    private Call Of(ICallReport report) => ProjectId != Guid.Empty
        ? this : this with { ProjectId = report.ProjectId, Source = report.Source, ExternalId = report.ExternalId };

    // The same thing reported with two times: the earlier counts. The same time, other content: any rule will do that
    // does not look at the order of arrival.
    private static T Earlier<T>(T? held, T next) where T : class, ICallReport =>
        held is null ? next : Order(next, held) switch { < 0 => next, 0 => (T)ToldAnew(held, next), _ => held };

    private static T Later<T>(T? held, T next) where T : class, ICallReport => held is null || Order(next, held) > 0 ? next : held;

    private static Noted<T>? Latest<T>(Noted<T>? held, DateTimeOffset at, T? value) where T : struct, Enum =>
        value is { } said && (held is null || (at, said).CompareTo((held.At, held.Value)) > 0) ? new(at, said) : held;

    private static Noted<string>? Latest(Noted<string>? held, DateTimeOffset at, string? value) =>
        value is not null && (held is null || at > held.At || (at == held.At && string.CompareOrdinal(value, held.Value) > 0))
            ? new(at, value) : held;

    private static ImmutableSortedDictionary<string, Noted<string>> Latest(
        ImmutableSortedDictionary<string, Noted<string>> held, DateTimeOffset at, References? said) => (said ?? []).Aggregate(
            held, (all, next) => all.SetItem(next.Key, Latest(all.GetValueOrDefault(next.Key), at, next.Value)!));

    private static int Order(ICallReport a, ICallReport b) =>
        a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(Content(a), Content(b));

    // Of the same told twice the later word counts on what its source never tells: somebody has mended a mapping in between.
    private static ICallReport ToldAnew(ICallReport held, ICallReport next) => (held, next) switch
    {
        (CallAnswered a, CallAnswered b) => a with { HoldUnknown = b.HoldUnknown, AfterContactUnknown = b.AfterContactUnknown },
        (CallEnded a, CallEnded b) => a with
        {
            EndReason = b.EndReason > a.EndReason || a.EndReason is null ? b.EndReason : a.EndReason,
            HoldUnknown = b.HoldUnknown, AfterContactUnknown = b.AfterContactUnknown,
        },
        _ => held,
    };

    private static string Content(ICallReport report) => report switch
    {
        CallOffered e => $"{e.Queue}|{e.Direction}|{e.Channel}|{e.CustomerId}|{e.LinkedCallId}",
        CallQueued e => e.Queue ?? "",
        CallAnswered e => $"{e.AgentId}|{e.Queue}|{e.WaitSeconds}",
        CallEnded e => $"{e.Outcome}|{e.Queue}|{e.WaitSeconds}|{e.TalkSeconds}",
        CallWrappedUp e => e.Code,
        _ => "",
    };
}
