using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>Why an evaluation is made. Only a standard one counts in an agent's figures, needs and facts.</summary>
public enum EvaluationKind
{
    Standard,

    /// <summary>Another inspector judges again what has a standard one.</summary>
    Second,

    /// <summary>The agent judges what they did themselves.</summary>
    Self,

    /// <summary>An agent judges what a colleague did.</summary>
    Peer,

    /// <summary>By who learns to judge; its agent never sees it.</summary>
    Practice,
}

public enum SubjectKind { Call, Conversation, Chat, Ticket, LiveObservation }

/// <summary>What is judged.</summary>
/// <param name="Id">Of a call its own; of anything else made from what names it, so that the same is always one subject.</param>
/// <param name="Calls">The legs known of it; none of a ticket, and of an observation that was not recorded.</param>
/// <param name="Text">What was written, of a chat.</param>
/// <param name="System">That keeps the ticket.</param>
/// <param name="Reference">Of the ticket there.</param>
/// <param name="ObservedAt">When the agent was observed.</param>
public sealed record Subject(
    SubjectKind Kind, Guid Id, IReadOnlyList<Guid> Calls, string? Text = null, string? System = null, string? Reference = null,
    DateTimeOffset? ObservedAt = null)
{
    /// <summary>The one leg that it is of, if it is of one.</summary>
    [JsonIgnore]
    public Guid? CallId => Kind is not SubjectKind.Conversation && Calls is [var call] ? call : null;
}

/// <summary>What is to be judged, in the words of whoever asks.</summary>
/// <param name="Kind">Which of the others are said with it.</param>
/// <param name="CallId">Of a call or chat; of a conversation any of its legs; of an observation the leg, if there is one.</param>
/// <param name="AgentId">Of a ticket or observation; of a conversation where several agents took part.</param>
/// <param name="Text">Of a chat: what was written.</param>
/// <param name="System">Of a ticket: what keeps it.</param>
/// <param name="Reference">Of a ticket: its number there.</param>
/// <param name="ObservedAt">Of an observation: when.</param>
public sealed record SubjectRequest(
    SubjectKind Kind, Guid? CallId = null, Guid? AgentId = null, [property: FreeText] [MaxLength(50_000)] string? Text = null,
    [StringLength(64, MinimumLength = 1), VisibleText] string? System = null,
    [StringLength(128, MinimumLength = 1), VisibleText] string? Reference = null, DateTimeOffset? ObservedAt = null)
{
    /// <summary>422: what its kind asks for is not said.</summary>
    internal const string Incomplete = "subject-incomplete";

    /// <summary>422: what is said does not go with its kind.</summary>
    internal const string Overfull = "subject-overfull";

    /// <exception cref="InvalidException">422.</exception>
    internal void Check(DateTimeOffset now)
    {
        (string Name, object? Value)[] said =
        [
            ("callId", CallId), ("agentId", AgentId), ("text", Text), ("system", System), ("reference", Reference),
            ("observedAt", ObservedAt),
        ];
        string[] needs = Kind switch
        {
            SubjectKind.Call or SubjectKind.Conversation => ["callId"],
            SubjectKind.Chat => ["callId", "text"],
            SubjectKind.Ticket => ["agentId", "system", "reference"],
            _ => ["agentId", "observedAt"],
        };
        string[] mayHave = Kind switch
        {
            SubjectKind.Conversation => ["agentId"],
            SubjectKind.LiveObservation => ["callId"],
            _ => [],
        };
        var errors = said.SelectMany(member => (member.Value, needs.Contains(member.Name), mayHave.Contains(member.Name)) switch
        {
            (null or "", true, _) =>
                [new($"/subject/{member.Name}", Incomplete, $"A subject of kind {Kind.Code} needs '{member.Name}'.")],
            (not null, false, false) =>
                [new($"/subject/{member.Name}", Overfull, $"A subject of kind {Kind.Code} has no '{member.Name}'.")],
            _ => Array.Empty<Error>(),
        }).ToList();
        if (errors.Count == 0 && ObservedAt > now)
            errors.Add(new("/subject/observedAt", "in-the-future", "An observation is judged after it."));

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }
}

internal static class SubjectExtensions
{
    extension(IQuerySession session)
    {
        /// <summary>What is meant, and whose it is.</summary>
        /// <param name="projectId">Of the form.</param>
        /// <exception cref="StreamNotFoundException">404: a call of another project is no call to this one.</exception>
        public async Task<(Subject Subject, Guid AgentId)> Find(
            SubjectRequest asked, Guid projectId, Caller caller, CancellationToken cancellation)
        {
            asked.Check(caller.Now);
            var call = asked.CallId is { } id
                ? await session.LoadAsync<CallV1>(id, cancellation) ?? throw new StreamNotFoundException(id) : null;
            if (call is not null)
            {
                caller.MustSee(call.ProjectId);
                if (call.ProjectId != projectId)
                    throw new RefusedException("form-of-other-project", "The call and the form belong to different projects.");
            }

            return asked.Kind switch
            {
                SubjectKind.Call => (new(SubjectKind.Call, call!.Id, [call.Id]), AgentOf(call)),
                SubjectKind.Chat when call!.Channel is "voice" =>
                    throw new RefusedException("not-a-chat", "The call was spoken: it has no text."),
                SubjectKind.Chat => (new(SubjectKind.Chat, call!.Id, [call.Id], asked.Text), AgentOf(call)),
                SubjectKind.Conversation => await session.Conversation(call!, asked.AgentId, cancellation),
                SubjectKind.Ticket => (
                    new(SubjectKind.Ticket, NameId.Of("ticket", projectId, asked.System!, asked.Reference!), [], System: asked.System,
                        Reference: asked.Reference),
                    await session.RequireAgent("/subject/agentId", asked.AgentId!.Value, projectId, caller, cancellation)),
                _ when call is not null && call.AgentId != asked.AgentId => throw NotTheirs(),
                _ => (
                    new(SubjectKind.LiveObservation,
                        call?.Id ?? NameId.Of("observation", projectId, asked.AgentId!.Value, $"{asked.ObservedAt!.Value.UtcDateTime:O}"),
                        call is null ? [] : [call.Id], ObservedAt: asked.ObservedAt),
                    call is null
                        ? await session.RequireAgent("/subject/agentId", asked.AgentId!.Value, projectId, caller, cancellation)
                        : asked.AgentId!.Value),
            };
        }

        private async Task<(Subject, Guid)> Conversation(CallV1 leg, Guid? agentId, CancellationToken cancellation)
        {
            if (leg.ConversationId is not { } conversation)
                throw NoConversation();

            var legs = await session.Query<CallV1>()
                .Where(call => call.ProjectId == leg.ProjectId && call.ConversationId == conversation && call.Source == leg.Source)
                .ToListAsync(cancellation);
            return leg.Conversation(legs, agentId);
        }
    }

    extension(CallV1 leg)
    {
        /// <summary>The part of one agent in the conversation that the leg is of.</summary>
        /// <param name="legs">Those that are known of it.</param>
        /// <param name="agentId">Whose part; null where one took part alone.</param>
        public (Subject, Guid) Conversation(IReadOnlyList<CallV1> legs, Guid? agentId)
        {
            if (leg.ConversationId is not { } conversation)
                throw NoConversation();

            var agents = legs.Select(call => call.AgentId).OfType<Guid>().Distinct().ToList();
            var agent = (agentId, agents) switch
            {
                (_, []) => throw NobodyKnown(),
                ({ } named, _) => agents.Contains(named) ? named : throw NotTheirs(),
                (_, [var only]) => only,
                _ => throw new InvalidException("/subject/agentId", SubjectRequest.Incomplete,
                    "Several agents took part in the conversation: say whose part is judged."),
            };

            // What one agent did in it is a subject, what another did in it is another.
            var id = NameId.Of("conversation", leg.ProjectId, leg.Source ?? "", conversation, agent);
            return (new(SubjectKind.Conversation, id, [.. legs.Select(call => call.Id).Order()]), agent);
        }
    }

    private static RefusedException NoConversation() =>
        new("no-conversation", "The call's source does not say of which conversation it is a part.");

    private static Guid AgentOf(CallV1 call) => call.AgentId ?? throw NobodyKnown();

    private static RefusedException NobodyKnown() => new("call-without-agent", "No agent is known for this call.");

    private static RefusedException NotTheirs() => new("not-their-call", "The agent had no part in it.");
}
