using CallCenter.Calls.Recordings;
using CallCenter.Sound.Speech;
using CallCenter.Sound.Talk;

namespace CallCenter.Calls.Evidence;

/// <summary>
/// What was heard of a recording, 10 ms by 10 ms, beside its audio and gone with it: what it says of a call is computed from this again
/// whenever a project takes other silences for dead air.
/// </summary>
/// <param name="Id">Of the recording's stream.</param>
/// <param name="Edition">Of the rules by which speech was found; by newer ones the audio is listened to again.</param>
public sealed record HeardRecording(
    Guid Id, string RecordingId, int Edition, decimal Seconds, bool IsMonoAsStereo, IReadOnlyList<HeardSide> Channels)
{
    public static HeardRecording Of(string recordingId, HeardSound sound) => new(
        Recording.IdOf(recordingId), recordingId, SpeechDetector.Edition, sound.Seconds, sound.IsMonoAsStereo,
        [.. sound.Channels.Select(channel => new HeardSide(
            channel.Speech.Bits, channel.Speech.Count, Round(channel.SpeechLevel), Round(channel.NoiseLevel), Math.Round(channel.Peak, 1),
            Math.Round(channel.Clipped, 6), channel.IsDead, [.. channel.Keys.Select(key => key.Frames)],
            [.. channel.Lowest.Select(low => (byte)-low)], [.. channel.Highest.Select(high => (byte)high)]))]);

    public TalkFigures Talk(EvidenceTerms terms) => TalkFigures.Of(
        [.. Channels.Select(channel => channel.Frames)], [.. Channels.Select(channel => channel.IsDead)], IsMonoAsStereo,
        terms.ToThresholds());

    private static double? Round(double? level) => level is { } known ? Math.Round(known, 1) : null;
}

/// <summary>A channel. Levels are in dB of full scale.</summary>
/// <param name="Speech">A bit for each 10 ms, the first in the lowest.</param>
/// <param name="FrameCount">How many of them count.</param>
/// <param name="Keys">When keys were pressed; not which.</param>
/// <param name="Below">Of each tenth of a second how far it goes below zero, in 127ths of full scale.</param>
/// <param name="Above">Likewise above.</param>
public sealed record HeardSide(
    byte[] Speech, int FrameCount, double? SpeechLevel, double? NoiseLevel, double Peak, double Clipped, bool IsDead,
    IReadOnlyList<FrameRange> Keys, byte[] Below, byte[] Above)
{
    internal Frames Frames => new(Speech, FrameCount);
}

/// <summary>A recording that was filed and is to be listened to.</summary>
/// <param name="Id">Of the recording's stream.</param>
/// <param name="Filed">Version at which it was filed last.</param>
public sealed record ToHear(Guid Id, string RecordingId, long Filed, DateTimeOffset FiledAt);
