// What can be reported of a contact leg, in any order and any number of times. Each kind of report has one winner, chosen
// by its own content and not by when it arrived, so that every order of the same reports folds to the same call.

using System.Collections.Immutable;
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

public sealed record CallAnswered(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At, Guid? AgentId) : ICallReport;

public sealed record CallHeld(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At) : ICallReport;

public sealed record CallResumed(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At) : ICallReport;

/// <param name="Outcome">How it ended if nobody answered; abandoned unless the source says otherwise.</param>
public sealed record CallEnded(
    Guid ProjectId, string Source, string ExternalId, DateTimeOffset At,
    CallOutcome? Outcome = null, EndReason? EndReason = null) : ICallReport;

public sealed record AfterContactWorkEnded(Guid ProjectId, string Source, string ExternalId, DateTimeOffset At) : ICallReport;

public sealed record CallWrappedUp(
    Guid ProjectId, string Source, string ExternalId, DateTimeOffset At, string Code,
    Stage? Stage = null, References? References = null) : ICallReport;

/// <summary>A source's whole record of the leg. A later one with other content is a correction and takes its place.</summary>
public sealed record CallImported(Guid ProjectId, string Source, string ExternalId, Guid ImportId, Leg Leg);

/// <param name="RecordingId">SHA-256 of the audio, in hex.</param>
public sealed record RecordingAttached(string RecordingId, decimal Seconds, Guid By, DateTimeOffset At);

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
    public ImmutableSortedSet<DateTimeOffset> HeldAt { get; init; } = [];
    public ImmutableSortedSet<DateTimeOffset> ResumedAt { get; init; } = [];
    public CallEnded? Ended { get; init; }
    public AfterContactWorkEnded? Worked { get; init; }
    public CallWrappedUp? WrappedUp { get; init; }
    public Noted<string>? Conversation { get; init; }
    public Noted<Stage>? Stage { get; init; }
    public Noted<EndReason>? EndReason { get; init; }
    public ImmutableSortedDictionary<string, Noted<string>> References { get; init; } =
        ImmutableSortedDictionary.Create<string, Noted<string>>(StringComparer.Ordinal);
    public CallImported? Imported { get; init; }
    public RecordingAttached? Recording { get; init; }

    /// <summary>What it all adds up to. Where a source's record says something, that counts; live events fill the gaps.</summary>
    public Leg Leg => Imported is { Leg: var stated } ? Filled(stated, Live) : Live;

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
        CallAnswered e => Of(e) with { Answered = Earlier(Answered, e) },
        CallHeld e => Of(e) with { HeldAt = HeldAt.Add(e.At) },
        CallResumed e => Of(e) with { ResumedAt = ResumedAt.Add(e.At) },
        CallEnded e => Of(e) with { Ended = Earlier(Ended, e), EndReason = Latest(EndReason, e.At, e.EndReason) },
        AfterContactWorkEnded e => Of(e) with { Worked = Earlier(Worked, e) },
        CallWrappedUp e => Of(e) with
        {
            WrappedUp = Later(WrappedUp, e), Stage = Latest(Stage, e.At, e.Stage), References = Latest(References, e.At, e.References),
        },
        CallImported e => this with { ProjectId = e.ProjectId, Source = e.Source, ExternalId = e.ExternalId, Imported = e },
        RecordingAttached e => this with { Recording = e },
        _ => this,
    };

    private Leg Live
    {
        get
        {
            var answered = Answered?.At;
            var ended = Ended?.At;
            var (holds, held) = HeldUntil(ended);
            return new Leg(
                LastQueued?.Queue ?? FirstQueued?.Queue ?? Offered?.Queue, Offered?.Direction ?? "inbound", Offered?.Channel ?? "voice",
                Offered?.CustomerId, Offered?.At, FirstQueued?.At, answered, ended,
                held,
                ended is { } end && Worked is { } worked ? (int)(worked.At - end).TotalSeconds : 0,
                answered is not null ? CallOutcome.Answered : Ended is { } e ? e.Outcome ?? CallOutcome.Abandoned : CallOutcome.Open,
                Answered?.AgentId, WrappedUp?.Code, Offered?.LinkedCallId,
                Conversation?.Value, Stage?.Value, holds, EndReason?.Value,
                Contacts.References.Of(References.Select(r => (r.Key, r.Value.Value))));
        }
    }

    // A hold that is never resumed lasts until the end; while the call lasts it does not count yet.
    private (int Times, int Seconds) HeldUntil(DateTimeOffset? ended)
    {
        var (times, held) = (0, TimeSpan.Zero);
        DateTimeOffset? since = null;
        foreach (var (at, holds) in ResumedAt.Select(at => (at, false)).Concat(HeldAt.Select(at => (at, true))).Order())
        {
            if (!holds && since is { } start)
                held += at - start;
            times += holds && since is null ? 1 : 0;
            since = holds ? since ?? at : null;
        }

        return (times, (int)(since is { } open && ended > open ? held + (ended.Value - open) : held).TotalSeconds);
    }

    private static Leg Filled(Leg stated, Leg live) => stated with
    {
        Queue = stated.Queue ?? live.Queue,
        CustomerId = stated.CustomerId ?? live.CustomerId,
        OfferedAt = stated.OfferedAt ?? live.OfferedAt,
        QueuedAt = stated.QueuedAt ?? live.QueuedAt,
        AnsweredAt = stated.AnsweredAt ?? (stated.Outcome is CallOutcome.Answered or CallOutcome.Open ? live.AnsweredAt : null),
        EndedAt = stated.EndedAt ?? live.EndedAt,
        HoldSeconds = stated.HoldSeconds != 0 ? stated.HoldSeconds : live.HoldSeconds,
        AfterContactSeconds = stated.AfterContactSeconds != 0 ? stated.AfterContactSeconds : live.AfterContactSeconds,
        Outcome = stated.Outcome is CallOutcome.Open ? live.Outcome : stated.Outcome,
        AgentId = stated.AgentId ?? (stated.Outcome is CallOutcome.Answered or CallOutcome.Open ? live.AgentId : null),
        WrapUpCode = live.WrapUpCode ?? stated.WrapUpCode,
        LinkedCallId = stated.LinkedCallId ?? live.LinkedCallId,
        ConversationId = stated.ConversationId ?? live.ConversationId,
        Stage = stated.Stage ?? live.Stage,
        Holds = stated.Holds != 0 ? stated.Holds : live.Holds,
        EndReason = stated.EndReason ?? live.EndReason,
        References = Contacts.References.Of((live.References ?? []).Concat(stated.References ?? []).Select(r => (r.Key, r.Value))),
    };

    private Call Of(ICallReport report) => ProjectId != Guid.Empty
        ? this : this with { ProjectId = report.ProjectId, Source = report.Source, ExternalId = report.ExternalId };

    // The same thing reported with two times: the earlier counts. The same time, other content: any rule will do that
    // does not look at the order of arrival.
    private static T Earlier<T>(T? held, T next) where T : class, ICallReport => held is null || Order(next, held) < 0 ? next : held;

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

    private static string Content(ICallReport report) => report switch
    {
        CallOffered e => $"{e.Queue}|{e.Direction}|{e.Channel}|{e.CustomerId}|{e.LinkedCallId}",
        CallQueued e => e.Queue ?? "",
        CallAnswered e => $"{e.AgentId}",
        CallEnded e => $"{e.Outcome}",
        CallWrappedUp e => e.Code,
        _ => "",
    };
}
