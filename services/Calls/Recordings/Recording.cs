using System.Collections.Immutable;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;

namespace CallCenter.Calls.Recordings;

// ---- Events

/// <summary>The same audio may belong to several calls; its bytes are kept once.</summary>
public sealed record RecordingFiled(
    string RecordingId, Guid CallId, Guid ProjectId, decimal Seconds, long Bytes, Guid By, DateTimeOffset At);

/// <summary>Somebody asked for the audio and was given it. In a stream of its own, which only grows.</summary>
/// <param name="Range">The bytes asked for; null for all.</param>
public sealed record RecordingAccessed(string RecordingId, Guid By, string? Range, string? Purpose, DateTimeOffset At);

// ---- State

public sealed record FiledCall(Guid CallId, Guid ProjectId);

public sealed record Recording : IFolds<Recording>
{
    public Guid Id { get; init; }
    public ImmutableList<FiledCall> Calls { get; init; } = [];

    public static Guid IdOf(string recordingId) => NameId.Of("recording", recordingId);

    public static Guid AccessesOf(string recordingId) => NameId.Of("recording-accesses", recordingId);

    public Recording Evolve(object @event) => @event is RecordingFiled e
        ? this with { Calls = Calls.Add(new(e.CallId, e.ProjectId)) } : this;
}

// ---- Decisions

public static class RecordingDecider
{
    public static object[] Decide(RecordingFiled filing, Recording state) =>
        state.Calls.Any(c => c.CallId == filing.CallId) ? [] : [filing];
}
