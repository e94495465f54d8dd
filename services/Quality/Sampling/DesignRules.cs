using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Quality.Sampling;

/// <summary>Whose contacts are drawn from together.</summary>
public enum SamplingUnit { Agent, Team, Project }

public enum ContactChannel { Voice, Chat }

/// <summary>How many contacts are drawn, of which, judged by what and by whom.</summary>
/// <param name="FormId">The form; its version is the one active when an inspector begins.</param>
/// <param name="Size">Of the random part, for each unit and period.</param>
/// <param name="Unit">Whose contacts are drawn from together: an agent's, a team's, or all of the project.</param>
/// <param name="Period">How long is collected before it is drawn. It never changes.</param>
/// <param name="Spread">
/// Whether the random part is spread over the days of the period: each day gets its share of the draw, rounded by lot, and each
/// contact's chance stays the same.
/// </param>
/// <param name="Groups">
/// Groups that each get their part of the draw; a contact is of the first that fits, and of none not drawn. None named: all calls are one.
/// </param>
/// <param name="Queues">Only these queues; none named: all.</param>
/// <param name="MinTalkSeconds">Shorter calls are not drawn.</param>
/// <param name="RecordingRequired">Whether a call without a recording is left out; a chat has none.</param>
/// <param name="Risks">What is drawn beside the random part among those at risk, each kind once.</param>
/// <param name="Inspectors">The drawn contacts go to them in turn; none named: to whoever takes the next one.</param>
public sealed record DesignRules(
    [StringLength(128, MinimumLength = 1), VisibleText] string Name, Guid FormId, SampleSize Size,
    SamplingUnit Unit = SamplingUnit.Agent, SamplingPeriod Period = SamplingPeriod.Week, bool Spread = false,
    [MaxLength(4)] IReadOnlyList<ContactGroup>? Groups = null, [MaxLength(100)] IReadOnlyList<string>? Queues = null,
    [Range(0, 36_000)] int MinTalkSeconds = 0, bool RecordingRequired = true, [MaxLength(6)] IReadOnlyList<RiskPart>? Risks = null,
    [MaxLength(200)] IReadOnlyList<Guid>? Inspectors = null)
{
    public static readonly DesignRules None = new("", Guid.Empty, new(0));

    internal RulesNames Named => new(FormId, Queues ?? [], Inspectors ?? []);

    private static readonly IReadOnlyList<ContactGroup> AllCalls = [new()];

    /// <summary>The groups, or all calls as one.</summary>
    internal IReadOnlyList<ContactGroup> Strata() => Groups is [_, ..] ? Groups : AllCalls;

    internal IReadOnlyList<RiskPart> RiskParts() => Risks ?? [];

    /// <summary>Why a contact of the period is no candidate; null when it is.</summary>
    /// <param name="chat">How it was answered, of a chat, if that is known.</param>
    public string? Excludes(CallV1 call, ChatV1? chat)
    {
        var isChat = IsChat(call);
        return call switch
        {
            { Outcome: not "answered" } => "not-answered",
            { EndedAt: null } => "not-ended",
            _ when Queues is [_, ..] && !Queues.Contains(call.Queue) => "other-queue",
            _ when GroupOf(call) is null => "other-group",
            _ when isChat && chat is { FirstReplySeconds: null } => "no-reply",
            _ when !isChat && call.TalkSeconds < MinTalkSeconds => "too-short",
            { RecordingId: null } when RecordingRequired && !isChat => "no-recording",
            _ => null,
        };
    }

    /// <summary>The first group that it fits; null where it fits none.</summary>
    public ContactGroup? GroupOf(CallV1 call) => Strata().FirstOrDefault(group => group.Fits(call));

    internal static bool IsChat(CallV1 call) => call.Channel is "chat";

    /// <exception cref="InvalidException">422 for what the wire contract cannot say.</exception>
    public void Check()
    {
        Names.Require("/rules/name", Name);
        Size.Check("/rules/size");

        if (Queues is not null && (Queues.Any(queue => queue is null or "") || Queues.Distinct().Count() < Queues.Count))
            throw new InvalidException("/rules/queues", "malformed-queues", "Queues are named once each.");

        if (Inspectors is not null && Inspectors.Distinct().Count() < Inspectors.Count)
            throw new InvalidException("/rules/inspectors", "duplicate-inspector", "Inspectors are named once each.");

        var groups = Groups ?? [];
        if (groups.Select(group => group.Code).Distinct().Count() < groups.Count)
            throw new InvalidException("/rules/groups", "duplicate-group", "Groups are named once each.");
        if (groups.Any(group => group.Percent is not null)
            && (groups.Any(group => group.Percent is null) || groups.Sum(group => group.Percent) != 100))
            throw new InvalidException("/rules/groups", "shares-not-whole", "All groups have a percent, which sum to 100, or none has.");

        var risks = RiskParts();
        if (risks.Select(risk => risk.Kind).Distinct().Count() < risks.Count)
            throw new InvalidException("/rules/risks", "duplicate-risk", "Each kind of risk is named once.");
        foreach (var (i, risk) in risks.Index())
            risk.Check($"/rules/risks/{i}");
    }
}

/// <summary>How many are drawn of a unit and period: a number, or a percentage of its candidates; one of them.</summary>
/// <param name="Number">So many, or all there are.</param>
/// <param name="Percent">Of the candidates, rounded up; more than 0.</param>
/// <param name="AtLeast">With a percentage: no fewer, where there are as many.</param>
public sealed record SampleSize(
    [Range(1, 1000)] int? Number = null, [Range(0.01, 100)] decimal? Percent = null, [Range(1, 1000)] int? AtLeast = null)
{
    /// <summary>How many of so many.</summary>
    public int Of(int candidates) => Math.Min(candidates, AskedOf(candidates));

    /// <summary>How many are asked for of so many, which may be more than there are.</summary>
    public int AskedOf(int candidates) => Number ?? Math.Max((int)Math.Ceiling(candidates * (Percent ?? 0) / 100), AtLeast ?? 0);

    internal void Check(string at)
    {
        if (Number is null == Percent is null || (AtLeast is not null && Percent is null))
            throw new InvalidException(at, "one-size", "A size is a number, or a percentage with perhaps the least: one of them.");
    }

    /// <summary>As the lot file has it: <c>3</c>, <c>5%</c>, or <c>5%&gt;=2</c>.</summary>
    public override string ToString() => Number is { } number ? FormattableString.Invariant($"{number}")
        : FormattableString.Invariant($"{Percent}%{(AtLeast is { } least ? $">={least}" : "")}");
}

/// <summary>Contacts that get a part of the draw of their own.</summary>
/// <param name="Channel">voice when left out.</param>
/// <param name="Direction"><c>inbound</c> or <c>outbound</c>; null: both.</param>
/// <param name="Percent">
/// Of the draw; of all groups, or of none: then each gets at least one, and the rest goes by how many contacts they have.
/// </param>
public sealed record ContactGroup(
    ContactChannel Channel = ContactChannel.Voice, CallDirection? Direction = null, [Range(1, 100)] int? Percent = null)
{
    /// <summary>What it is called in draws: <c>voice</c>, <c>voice-inbound</c>, <c>chat</c>, …</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Code => Direction is { } direction ? $"{Channel.Code}-{direction.Code}" : Channel.Code;

    internal bool Fits(CallV1 call) => call.Channel.Equals(Channel.Code, StringComparison.OrdinalIgnoreCase)
        && (Direction is not { } direction || call.Direction.Equals(direction.Code, StringComparison.OrdinalIgnoreCase));
}
