using System.Collections.Immutable;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;

namespace CallCenter.Calls.Recordings;

// ---- Events

/// <summary>The same audio may belong to several calls; its bytes are kept once.</summary>
/// <param name="MediaType">Null in events of when all were audio/wav.</param>
public sealed record RecordingFiled(
    string RecordingId, Guid CallId, Guid ProjectId, decimal Seconds, long Bytes, Guid By, DateTimeOffset At, string? MediaType = null);

/// <summary>Somebody asked for the audio and was given it. In a stream of its own, which only grows.</summary>
/// <param name="Range">The bytes asked for; null for all.</param>
/// <param name="Calls">Of the calls that the audio was filed to, those by which it was theirs to hear; null in events of before it was
/// kept.</param>
/// <param name="From">The network address that it went to; null in events of before it was kept.</param>
/// <param name="Play">The address that it was played under; null where it was downloaded.</param>
public sealed record RecordingAccessed(
    string RecordingId, Guid By, string? Range, string? Purpose, DateTimeOffset At, IReadOnlyList<Guid>? Calls = null,
    string? From = null, Guid? Play = null);

/// <summary>The audio was deleted, with the customers whose calls it was of or since its time was over.</summary>
/// <param name="By">Who asked for it; empty where nobody did.</param>
public sealed record RecordingErased(string RecordingId, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record EraseRecording(string RecordingId, Guid By, DateTimeOffset Now);

// ---- State

public sealed record FiledCall(Guid CallId, Guid ProjectId);

public sealed record Recording : IFolds<Recording>
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string RecordingId { get; init; } = "";

    /// <summary>Of the call that it was filed to first.</summary>
    public Guid ProjectId { get; init; }

    /// <summary>When its audio was filed last; null where it was deleted.</summary>
    public DateTimeOffset? KeptSince { get; init; }
    public ImmutableList<FiledCall> Calls { get; init; } = [];

    /// <summary>Of these, those that it was filed to since its audio was deleted last.</summary>
    public ImmutableList<Guid> KeptFor { get; init; } = [];
    public string MediaType { get; init; } = "audio/wav";

    /// <summary>Its audio is not there, and is not missing: until it is filed to another call.</summary>
    public bool IsErased { get; init; }

    /// <summary>
    /// Whether an access to the audio is also one to a call of these: of older ones, which do not say, only if all calls are.
    /// </summary>
    public bool IsThrough(RecordingAccessed access, IReadOnlyCollection<Guid> calls) => access.Calls is { } heard
        ? heard.Any(calls.Contains) : Calls.All(filed => calls.Contains(filed.CallId));

    public static Guid IdOf(string recordingId) => NameId.Of("recording", recordingId);

    public static Guid AccessesOf(string recordingId) => NameId.Of("recording-accesses", recordingId);

    public Recording Evolve(object @event) => @event switch
    {
        RecordingFiled e => this with
        {
            RecordingId = e.RecordingId,
            ProjectId = Calls.IsEmpty ? e.ProjectId : ProjectId,
            KeptSince = e.At,
            Calls = Calls.Any(call => call.CallId == e.CallId) ? Calls : Calls.Add(new(e.CallId, e.ProjectId)),
            KeptFor = KeptFor.Contains(e.CallId) ? KeptFor : KeptFor.Add(e.CallId),
            MediaType = e.MediaType ?? MediaType,
            IsErased = false,
        },
        RecordingErased _ => this with { IsErased = true, KeptSince = null, KeptFor = [] },
        _ => this,
    };
}

// ---- Decisions

public static class RecordingDecider
{
    public static object[] Decide(RecordingFiled filing, Recording state) =>
        state.Calls.Any(c => c.CallId == filing.CallId) && !state.IsErased ? [] : [filing];

    public static object[] Decide(EraseRecording command, Recording state) =>
        state.IsErased ? [] : [new RecordingErased(command.RecordingId, command.By, command.Now)];
}
