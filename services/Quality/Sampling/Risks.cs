using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Calls;
using CallCenter.Rules;

namespace CallCenter.Quality.Sampling;

public enum RiskKind
{
    /// <summary>The customer was on hold for long.</summary>
    LongHold,

    /// <summary>The same customer had had another contact shortly before.</summary>
    RepeatContact,

    /// <summary>Nobody spoke for a great part of the recording.</summary>
    Silence,

    /// <summary>In a chat the customer waited long for an answer.</summary>
    SlowReply,

    /// <summary>The customer complained. No service tells of complaints yet.</summary>
    Complaint,

    /// <summary>The customer said that they were not satisfied. No service tells of that yet.</summary>
    LowSatisfaction,
}

/// <summary>What is drawn beside the random part, among contacts at risk.</summary>
/// <param name="Kind">Which of the others is said with it. Of complaint and low-satisfaction nothing is fed yet, and nothing drawn.</param>
/// <param name="Size">For each unit and period, of those at risk.</param>
/// <param name="Seconds">Of long-hold: on hold at least so long; of slow-reply: waited at least so long.</param>
/// <param name="Hours">Of repeat-contact: another contact within so many hours before.</param>
/// <param name="Share">Of silence: at least this part of the recording, from 0 to 1.</param>
public sealed record RiskPart(
    RiskKind Kind, SampleSize Size, [Range(1, 36_000)] int? Seconds = null, [Range(1, 24 * 30)] int? Hours = null,
    [Range(0.01, 1.0)] double? Share = null)
{
    /// <summary>
    /// Whether a service tells of it. Once one does, its fact is replicated, has a place in <see cref="RiskFacts"/>, and a line in
    /// <see cref="Risks.Of"/>.
    /// </summary>
    internal static bool IsFed(RiskKind kind) => kind is not (RiskKind.Complaint or RiskKind.LowSatisfaction);

    internal void Check(string at)
    {
        Size.Check($"{at}/size");
        (string Name, object? Value, bool Needed)[] said =
        [
            ("seconds", Seconds, Kind is RiskKind.LongHold or RiskKind.SlowReply), ("hours", Hours, Kind is RiskKind.RepeatContact),
            ("share", Share, Kind is RiskKind.Silence),
        ];
        foreach (var (name, value, needed) in said.Where(member => member.Value is not null != member.Needed))
            throw new InvalidException($"{at}/{name}", "risk-does-not-fit",
                needed ? $"A risk of kind {Kind.Code} needs '{name}'." : $"A risk of kind {Kind.Code} has no '{name}'.");
    }
}

/// <summary>What is known of a contact that risks are told by.</summary>
/// <param name="Evidence">What its sound says; null where it is not known.</param>
/// <param name="Chat">How it was answered, of a chat; null where it is not known.</param>
/// <param name="Before">When the same customer's last contact before it was, of which it is no part; null without one.</param>
public sealed record RiskFacts(CallV1 Call, RecordingEvidenceV1? Evidence = null, ChatV1? Chat = null, DateTimeOffset? Before = null);

public static class Risks
{
    /// <summary>Whether a contact is at a risk; null where nobody knows.</summary>
    public static bool? Of(RiskPart part, RiskFacts facts) => part.Kind switch
    {
        RiskKind.LongHold => DesignRules.IsChat(facts.Call) ? false
            : facts.Call.HoldUnknown ? null : facts.Call.HoldSeconds >= part.Seconds,
        RiskKind.RepeatContact => facts.Call.CustomerId is null ? null
            : facts.Before is { } before && facts.Call.AnsweredAt - before <= TimeSpan.FromHours(part.Hours!.Value),
        RiskKind.Silence => DesignRules.IsChat(facts.Call) ? false
            : facts.Evidence?.SilenceShare is { } share ? share >= part.Share : null,
        RiskKind.SlowReply => !DesignRules.IsChat(facts.Call) ? false
            : facts.Chat is { } chat ? chat.Waits.Any(wait => Waited(wait) >= part.Seconds) : null,
        _ => null,
    };

    private static double? Waited(ChatWait wait) => ((wait.RepliedAt ?? wait.ClosedAt) - wait.AskedAt)?.TotalSeconds;
}
