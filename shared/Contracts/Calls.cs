using System.Text.Json.Serialization;

namespace CallCenter.Contracts.Calls;

/// <summary>One contact leg, as far as it is known. A later version may fill in or correct any of it.</summary>
/// <param name="Id">Derived from source and external id, so a leg reported twice is one leg.</param>
/// <param name="Queue">Queue code within the project.</param>
/// <param name="Direction">inbound or outbound.</param>
/// <param name="Channel">voice, chat, email, …</param>
/// <param name="OfferedAt">When the contact reached us; null while only later facts of it are known.</param>
/// <param name="QueuedAt">When it began to wait for an agent.</param>
/// <param name="AnsweredAt">When an agent took it.</param>
/// <param name="EndedAt">When talk (or waiting) ended.</param>
/// <param name="TalkSeconds">Answer to end, without hold.</param>
/// <param name="HoldSeconds">Time on hold.</param>
/// <param name="AfterContactSeconds">After-contact work.</param>
/// <param name="Outcome">open, answered, abandoned or other (ended without answer or abandonment: transferred, blocked, …).</param>
/// <param name="AgentId">Who answered; null when nobody did or the source does not say.</param>
/// <param name="RecordingId">SHA-256 of the recording in hex, if there is one.</param>
/// <param name="LinkedCallId">The leg this one continues.</param>
/// <param name="CustomerId">The customer's id in the source's own books: never a name or a telephone number. Once they are forgotten,
/// <c>erased-</c> and the id of the erasure.</param>
/// <param name="Source">Name of the system that reported it; with <paramref name="ExternalId"/> unique in the project.</param>
/// <param name="ExternalId">That system's own id of the leg.</param>
/// <param name="ConversationId">That system's own id of what its legs are parts of; null where it has none.</param>
/// <param name="Stage">pre-sale, in-sale or after-sale; null where nobody has said.</param>
/// <param name="Holds">How often it was put on hold; 0 also where the source does not count.</param>
/// <param name="EndReason">
/// customer, agent, transfer, timeout, unattended, failure, other or unreported (closed since nobody said that it ended); null where
/// nobody has said.
/// </param>
/// <param name="HoldMs">
/// Time on hold to the millisecond; null in facts of before, and then <paramref name="HoldSeconds"/> is all there is.
/// </param>
/// <param name="AfterContactMs">After-contact work to the millisecond, likewise.</param>
/// <param name="HoldUnknown">
/// Its source never says how long a contact is on hold, and <paramref name="HoldSeconds"/> of 0 means nothing; false in facts of before.
/// </param>
/// <param name="AfterContactUnknown">Its source never says how long the work after a contact takes, likewise.</param>
/// <param name="References">The order, the ticket, the campaign it is about: 10 at most; null where there are none.</param>
public sealed record CallV1(
    Guid Id, long Version, Guid ProjectId, string Queue, string Direction, string Channel,
    DateTimeOffset? OfferedAt, DateTimeOffset? QueuedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    int TalkSeconds, int HoldSeconds, int AfterContactSeconds,
    string Outcome, Guid? AgentId, string? WrapUpCode, string? RecordingId, Guid? LinkedCallId,
    string? CustomerId = null, string? Source = null, string? ExternalId = null, string? ConversationId = null,
    string? Stage = null, int Holds = 0, string? EndReason = null, IReadOnlyList<CallReference>? References = null,
    long? HoldMs = null, long? AfterContactMs = null, bool HoldUnknown = false, bool AfterContactUnknown = false) : IFact
{
    /// <summary>The earliest time known of it.</summary>
    [JsonIgnore]
    public DateTimeOffset? StartedAt => OfferedAt ?? QueuedAt ?? AnsweredAt ?? EndedAt;
}

/// <param name="Name">order, ticket, campaign, …: each once.</param>
/// <param name="Reference">The id that the other system gave.</param>
public sealed record CallReference(string Name, string Reference);

/// <summary>
/// What the sound of a call says, as far as others rank and sample by it. All of it is null once the recording was deleted.
/// </summary>
/// <param name="Id">Derived from the call.</param>
/// <param name="RecordingId">SHA-256 of the recording in hex.</param>
/// <param name="Seconds">Of the recording.</param>
/// <param name="SilenceShare">Of it nobody speaks, from 0 to 1; null where a channel is dead.</param>
/// <param name="DeadAirs">How often nobody spoke for so long that the project takes it for dead air.</param>
/// <param name="OvertalkSeconds">Both spoke.</param>
/// <param name="AgentCutIns">How often the agent began while the customer had the word.</param>
/// <param name="CustomerCutIns">The other way round.</param>
/// <param name="TalkRatio">Of all that the two say the agent's share, from 0 to 1; null in mono.</param>
/// <param name="GreetingSeconds">Until the agent first says something; null where they don't, and in mono.</param>
public sealed record RecordingEvidenceV1(
    Guid Id, long Version, Guid ProjectId, Guid CallId, string RecordingId, decimal? Seconds, double? SilenceShare, int? DeadAirs,
    decimal? DeadAirSeconds, decimal? OvertalkSeconds, int? AgentCutIns, int? CustomerCutIns, double? TalkRatio,
    decimal? GreetingSeconds) : IFact;

/// <summary>A customer of a project is to be forgotten: who they were, what was said, which papers it was about.</summary>
/// <param name="Id">The request: of the customer nothing is told.</param>
/// <param name="Calls">All that were known to be theirs. They stay, as calls of nobody.</param>
/// <param name="By">Who asked for it; empty where nobody did: their time was over.</param>
public sealed record CustomerErasedV1(
    Guid Id, long Version, Guid ProjectId, IReadOnlyList<Guid> Calls, Guid By, DateTimeOffset RequestedAt) : IErasure
{
    [JsonIgnore]
    public IReadOnlyList<Guid> About => Calls;
}

/// <summary>
/// What an agent did in one local day of a project. It is cut from a time line over days and projects: what goes on over midnight
/// ends in one day and goes on in the next.
/// </summary>
/// <param name="Id">Derived from project, agent and date.</param>
/// <param name="Version">
/// How many changes it and the days around it are made of, and a multiple of 2^17 by the edition of the rules. Higher is newer.
/// </param>
/// <param name="Date">Local day of the project.</param>
/// <param name="Segments">In order of time, one thing at a time; a state that nothing has ended yet is open.</param>
/// <param name="ByChannel">The same by channel and queue, beside each other; null where the source names none.</param>
public sealed record AgentDayV1(
    Guid Id, long Version, Guid AgentId, Guid ProjectId, DateOnly Date, IReadOnlyList<AgentSegment> Segments,
    IReadOnlyList<AgentSegment>? ByChannel = null) : IFact;

/// <param name="State">ready, busy, after-contact-work, break, training, meeting or offline.</param>
/// <param name="To">Null while it lasts.</param>
/// <param name="Channel">Null where it is of the whole person.</param>
/// <param name="Queue">Null where it is of the whole person or channel.</param>
public sealed record AgentSegment(string State, DateTimeOffset From, DateTimeOffset? To, string? Channel = null, string? Queue = null);

/// <summary>How a chat was answered, as far as it is known.</summary>
/// <param name="Id">Derived from source and external id.</param>
/// <param name="CallId">The contact leg.</param>
/// <param name="StartedAt">The first that happened in it.</param>
/// <param name="LastAt">The last that has happened in it.</param>
/// <param name="GreetingSeconds">From the beginning until an agent or a machine wrote; null where neither has.</param>
/// <param name="FirstReplySeconds">From the customer's first message until an agent wrote; null while nobody has.</param>
/// <param name="Waits">Each time that the customer waited for an agent, in order of time.</param>
public sealed record ChatV1(
    Guid Id, long Version, Guid ProjectId, Guid CallId, DateTimeOffset StartedAt, DateTimeOffset LastAt, decimal? GreetingSeconds,
    decimal? FirstReplySeconds, IReadOnlyList<ChatWait> Waits) : IFact;

/// <param name="AskedAt">The first message that was not answered yet.</param>
/// <param name="RepliedAt">When an agent wrote; null while nobody has. What a machine answers is no reply.</param>
/// <param name="ClosedAt">When the chat ended without a reply; null where there was one, or it goes on.</param>
/// <param name="AgentId">Who replied, or whose the chat was; null where the source does not say.</param>
public sealed record ChatWait(DateTimeOffset AskedAt, DateTimeOffset? RepliedAt, DateTimeOffset? ClosedAt, Guid? AgentId);
