using CallCenter.Calls.Intake;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Sound.Speech;
using CallCenter.Sound.Talk;

namespace CallCenter.Calls.Evidence;

// ---- Values

/// <summary>What the sound of a call says, in sums. Whatever nobody can say is null.</summary>
/// <param name="Seconds">Of the recording.</param>
/// <param name="Channels">Of the recording.</param>
/// <param name="IsMonoAsStereo">Its two channels are one sound.</param>
/// <param name="DeadChannels">Those of which nothing was recorded, from 1.</param>
/// <param name="SpeechSeconds">Somebody speaks; null where a channel is dead.</param>
/// <param name="SilenceSeconds">Nobody speaks; null where a channel is dead.</param>
/// <param name="SilenceShare">Of the whole, from 0 to 1.</param>
/// <param name="LongestSilenceSeconds">The longest stretch in which nobody speaks.</param>
/// <param name="DeadAirs">How often nobody spoke for so long that the project takes it for dead air.</param>
/// <param name="DeadAirSeconds">All of these together.</param>
/// <param name="Overtalks">How often both spoke for so long that the project takes it for overtalk.</param>
/// <param name="OvertalkSeconds">All of these together.</param>
/// <param name="AgentCutIns">How often the agent began while the customer had the word.</param>
/// <param name="CustomerCutIns">The other way round.</param>
/// <param name="AgentSeconds">The agent speaks; null where nobody can say who does.</param>
/// <param name="CustomerSeconds">The customer speaks; likewise.</param>
/// <param name="TalkRatio">Of all that the two say, the agent's share, from 0 to 1; null in mono.</param>
/// <param name="GreetingSeconds">Until the agent first says something; null where they don't, and in mono.</param>
/// <param name="Levels">How loud each channel is.</param>
/// <param name="KeysPressed">How many tones of telephone keys there are. Which, nobody keeps: they may be a card's number.</param>
public sealed record EvidenceFigures(
    decimal Seconds, int Channels, bool IsMonoAsStereo, IReadOnlyList<int> DeadChannels, decimal? SpeechSeconds, decimal? SilenceSeconds,
    double? SilenceShare, decimal? LongestSilenceSeconds, int DeadAirs, decimal DeadAirSeconds, int Overtalks, decimal OvertalkSeconds,
    int AgentCutIns, int CustomerCutIns, decimal? AgentSeconds, decimal? CustomerSeconds, double? TalkRatio, decimal? GreetingSeconds,
    IReadOnlyList<ChannelLevel> Levels, int KeysPressed)
{
    public static EvidenceFigures Of(HeardRecording heard, TalkFigures talk) => new(
        heard.Seconds, heard.Channels.Count, heard.IsMonoAsStereo,
        [.. heard.Channels.Index().Where(channel => channel.Item.IsDead).Select(channel => channel.Index + 1)],
        Time(talk.Anybody), talk.Anybody is null ? null : Time(talk.Anybody.Not()),
        talk.Anybody is { Count: > 0 } anybody ? Math.Round(1 - ((double)anybody.Yes / anybody.Count), 4) : null,
        talk.LongestSilence is { } longest ? Time(longest.Length) : null,
        talk.DeadAir.Count, Time(talk.DeadAir.Sum(one => one.Length)),
        talk.Overtalks.Count, Time(talk.Overtalks.Sum(one => one.Frames.Length)),
        talk.Overtalks.Count(one => one.CutIn is Speaker.Agent), talk.Overtalks.Count(one => one.CutIn is Speaker.Customer),
        Time(talk.Agent), Time(talk.Customer), talk.TalkRatio is { } ratio ? Math.Round(ratio, 4) : null,
        talk.Greeting is { } greeting ? Time(greeting) : null,
        [.. heard.Channels.Select(channel => new ChannelLevel(channel.SpeechLevel, channel.NoiseLevel, channel.Peak, channel.Clipped))],
        heard.Channels.Sum(channel => channel.Keys.Count));

    private static decimal? Time(Frames? frames) => frames is null ? null : Time(frames.Yes);

    private static decimal Time(int frames) => frames / (decimal)Frames.PerSecond;
}

/// <summary>How loud a channel is, in dB of full scale.</summary>
/// <param name="Speech">Where somebody speaks; null where nobody does.</param>
/// <param name="Noise">Where nobody speaks; null where somebody always does.</param>
/// <param name="Peak">The loudest sample.</param>
/// <param name="Clipped">The share of it that stands at full scale.</param>
public sealed record ChannelLevel(double? Speech, double? Noise, double Peak, double Clipped);

// ---- Events

/// <param name="Edition">Of the rules by which speech was found.</param>
/// <param name="PolicyVersion">Of what the project takes for dead air and overtalk; 0 is the default.</param>
/// <param name="Figures">Null once the recording was deleted.</param>
public sealed record EvidenceFound(
    Guid CallId, Guid ProjectId, string RecordingId, int Edition, long PolicyVersion, EvidenceFigures? Figures, DateTimeOffset At);

/// <summary>It was deleted with its recording.</summary>
/// <param name="By">Who asked for it; empty where nobody did.</param>
public sealed record EvidenceErased(Guid CallId, Guid By, DateTimeOffset At);

// ---- Commands

/// <param name="Figures">Made only where they are needed.</param>
public sealed record FindEvidence(
    Guid CallId, Guid ProjectId, string RecordingId, int Edition, long PolicyVersion, Func<EvidenceFigures> Figures, DateTimeOffset Now);

public sealed record EraseEvidence(Guid CallId, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What the sound of a call says, in a stream of its own beside the call's.</summary>
public sealed record CallEvidence : IFolds<CallEvidence>
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid CallId { get; init; }
    public Guid ProjectId { get; init; }
    public string RecordingId { get; init; } = "";
    public int Edition { get; init; }
    public long PolicyVersion { get; init; }

    /// <summary>Null before it was found, and once the recording was deleted.</summary>
    public EvidenceFigures? Figures { get; init; }

    public bool IsErased { get; init; }

    public static Guid IdOf(Guid callId) => NameId.Of("call-evidence", callId);

    public CallEvidence Evolve(object @event) => @event switch
    {
        EvidenceFound e => this with
        {
            Id = IdOf(e.CallId), CallId = e.CallId, ProjectId = e.ProjectId, RecordingId = e.RecordingId, Edition = e.Edition,
            PolicyVersion = e.PolicyVersion, Figures = e.Figures, IsErased = false,
        },
        EvidenceErased _ => this with { Figures = null, IsErased = true },
        _ => this,
    };

    public static RecordingEvidenceV1? ToFact(Guid id, long version, CallEvidence evidence) => evidence.CallId == Guid.Empty ? null : new(
        id, version, evidence.ProjectId, evidence.CallId, evidence.RecordingId, evidence.Figures?.Seconds, evidence.Figures?.SilenceShare,
        evidence.Figures?.DeadAirs, evidence.Figures?.DeadAirSeconds, evidence.Figures?.OvertalkSeconds, evidence.Figures?.AgentCutIns,
        evidence.Figures?.CustomerCutIns, evidence.Figures?.TalkRatio, evidence.Figures?.GreetingSeconds);
}

// ---- Decisions

public static class EvidenceDecider
{
    public static object[] Decide(FindEvidence command, CallEvidence state) =>
        state.Figures is not null && state.RecordingId == command.RecordingId
            && (state.Edition, state.PolicyVersion) == (command.Edition, command.PolicyVersion) ? []
        : [new EvidenceFound(command.CallId, command.ProjectId, command.RecordingId, command.Edition, command.PolicyVersion,
            command.Figures(), command.Now)];

    public static object[] Decide(EraseEvidence command, CallEvidence state) =>
        state.IsErased || state.CallId == Guid.Empty ? [] : [new EvidenceErased(command.CallId, command.By, command.Now)];
}
