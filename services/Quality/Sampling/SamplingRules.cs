using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Calls;
using CallCenter.Rules;

namespace CallCenter.Quality.Sampling;

/// <summary>How many calls, of which, judged by what and by whom.</summary>
/// <param name="FormId">The form; its version is the one active when an inspector begins.</param>
/// <param name="CallsPerAgent">Drawn for each agent and week of the project's zone.</param>
/// <param name="Queues">Only these queues; none named: all.</param>
/// <param name="Direction"><c>inbound</c> or <c>outbound</c>; null: both.</param>
/// <param name="MinTalkSeconds">Shorter calls are not drawn.</param>
/// <param name="RecordingRequired">Whether a call without a recording is left out.</param>
/// <param name="Inspectors">The drawn calls go to them in turn; none named: to whoever takes the next one.</param>
public sealed record SamplingRules(
    [StringLength(128, MinimumLength = 1), VisibleText] string Name, Guid FormId, [Range(1, 50)] int CallsPerAgent,
    [MaxLength(100)] IReadOnlyList<string>? Queues = null, CallDirection? Direction = null,
    [Range(0, 36_000)] int MinTalkSeconds = 0, bool RecordingRequired = true,
    [MaxLength(200)] IReadOnlyList<Guid>? Inspectors = null)
{
    public static readonly SamplingRules None = new("", Guid.Empty, 0);

    internal RulesNames Named => new(FormId, Queues ?? [], Inspectors ?? []);

    /// <summary>Why a call of the week is not a candidate; null when it is.</summary>
    public string? Excludes(CallV1 call) => call switch
    {
        { Outcome: not "answered" } => "not-answered",
        { EndedAt: null } => "not-ended",
        _ when Queues is [_, ..] && !Queues.Contains(call.Queue) => "other-queue",
        _ when Direction is { } direction && !call.Direction.Equals(direction.ToString(), StringComparison.OrdinalIgnoreCase) =>
            "other-direction",
        _ when call.TalkSeconds < MinTalkSeconds => "too-short",
        { RecordingId: null } when RecordingRequired => "no-recording",
        _ => null,
    };

    /// <exception cref="InvalidException">422 for what the wire contract cannot say.</exception>
    public void Check()
    {
        Names.Require("/rules/name", Name);

        if (Queues is not null && (Queues.Any(queue => queue is null or "") || Queues.Distinct().Count() < Queues.Count))
            throw new InvalidException("/rules/queues", "malformed-queues", "Queues are named once each.");

        if (Inspectors is not null && Inspectors.Distinct().Count() < Inspectors.Count)
            throw new InvalidException("/rules/inspectors", "duplicate-inspector", "Inspectors are named once each.");
    }
}

public enum CallDirection { Inbound, Outbound }
