using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.Calls.Recordings;
using CallCenter.EventSourcing;
using CallCenter.Sound.Speech;
using CallCenter.Sound.Talk;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Evidence;

public enum EvidenceState
{
    /// <summary>The call has no recording.</summary>
    NoRecording,

    /// <summary>It was filed and is about to be listened to.</summary>
    Waiting,

    /// <summary>It could not be listened to, and is tried again.</summary>
    Failed,

    Found,

    /// <summary>It was deleted with the recording.</summary>
    Erased,
}

/// <summary>What the sound of a call says.</summary>
/// <param name="State">Whether there is something; what follows is null otherwise.</param>
/// <param name="PolicyVersion">Version of the project's evidence policy that it was computed by; 0 is the default.</param>
/// <param name="Figures">In sums.</param>
/// <param name="CallSeconds">From answer to end; null where either is not known.</param>
/// <param name="IsShorterThanCall">The recording lacks some of the call; null where nobody can say.</param>
/// <param name="DeadAir">When nobody spoke for long; the first 500.</param>
/// <param name="Overtalk">When both spoke, and who cut in; the first 500.</param>
/// <param name="Keys">When keys were pressed, by channel; the first 500. Which, nobody keeps.</param>
public sealed record CallEvidenceView(
    Guid CallId, long Version, EvidenceState State, string? RecordingId = null, long? PolicyVersion = null, EvidenceFigures? Figures = null,
    decimal? CallSeconds = null, bool? IsShorterThanCall = null, IReadOnlyList<SoundStretch>? DeadAir = null,
    IReadOnlyList<OvertalkStretch>? Overtalk = null, IReadOnlyList<KeyStretch>? Keys = null);

/// <summary>A part of a recording.</summary>
/// <param name="From">Seconds from its beginning.</param>
/// <param name="To">Likewise.</param>
public sealed record SoundStretch(decimal From, decimal To);

/// <param name="From">Seconds from the beginning of the recording.</param>
/// <param name="To">Likewise.</param>
/// <param name="CutIn">Who began while the other had the word: agent or customer; null where both began together.</param>
public sealed record OvertalkStretch(decimal From, decimal To, Speaker? CutIn);

/// <param name="Channel">From 1.</param>
/// <param name="From">Seconds from the beginning of the recording.</param>
/// <param name="To">Likewise.</param>
public sealed record KeyStretch(int Channel, decimal From, decimal To);

internal static class EvidenceEndpoints
{
    private const int Most = 500;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvidence()
        {
            var calls = routes.MapGroup("/calls").WithTag("Evidence", "What the sound of a call says, without a model.");

            calls.MapGet("/{id:guid}/evidence", Get).Describe("What the sound of a call says: speech, silence, overtalk, level");
            calls.MapHistory("/{id:guid}/evidence", Get, CallEvidence.IdOf);
        }
    }

    private static async Task<Versioned<CallEvidenceView>> Get(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var call = await session.CallFor(caller, id, cancellation);
        var view = await session.EvidenceOf(call, cancellation);

        return new(view, view.Version, complete: false);
    }

    /// <summary>Of a call that the caller may know of.</summary>
    private static async Task<CallEvidenceView> EvidenceOf(this IQuerySession session, Call call, CancellationToken cancellation)
    {
        var id = CallEvidence.IdOf(call.Id);
        var (evidence, version) = (await session.Histories<CallEvidence>([id], cancellation)).GetValueOrDefault(id);
        if (call.Recording?.RecordingId is not { } recording)
            return new(call.Id, version, EvidenceState.NoRecording);
        if (evidence?.Figures is not { } figures)
            return new(call.Id, version, await StateOf(session, recording, evidence, cancellation), recording);

        var policy = await session.EvidencePolicyOf(call.ProjectId, cancellation);
        var heard = await session.LoadAsync<HeardRecording>(Recording.IdOf(recording), cancellation);
        var talk = heard?.Talk(policy.Terms);
        var seconds = call.Leg is { AnsweredAt: { } from, EndedAt: { } to } && to >= from ? (decimal?)(to - from).TotalSeconds : null;
        return new(call.Id, version, EvidenceState.Found, recording, evidence.PolicyVersion, figures, seconds,
            seconds is { } known ? figures.Seconds < known - policy.Terms.ShorterBySeconds : null,
            [.. talk?.DeadAir.Take(Most).Select(one => new SoundStretch(Seconds(one.From), Seconds(one.To))) ?? []],
            [.. talk?.Overtalks.Take(Most).Select(
                one => new OvertalkStretch(Seconds(one.Frames.From), Seconds(one.Frames.To), one.CutIn)) ?? []],
            [.. heard?.Channels.Index().SelectMany(channel => channel.Item.Keys.Select(
                key => new KeyStretch(channel.Index + 1, Seconds(key.From), Seconds(key.To)))).Take(Most) ?? []]);
    }

    private static async Task<EvidenceState> StateOf(
        IQuerySession session, string recording, CallEvidence? evidence, CancellationToken cancellation)
    {
        var id = Recording.IdOf(recording);
        var (filed, _) = (await session.Histories<Recording>([id], cancellation)).GetValueOrDefault(id);
        return evidence is not null || filed is { IsErased: true } ? EvidenceState.Erased
            : await session.LoadAsync<SetAside>(SetAside.IdOf(HearRecordings.Work, recording), cancellation) is null
                ? EvidenceState.Waiting : EvidenceState.Failed;
    }

    private static decimal Seconds(int frame) => frame / (decimal)Frames.PerSecond;
}
