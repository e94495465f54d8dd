using System.Collections.Immutable;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;

namespace CallCenter.Calls.Chats;

/// <summary>What happened in a chat; of one instant in this order.</summary>
public enum ChatTurnKind
{
    /// <summary>It began, or was given to an agent.</summary>
    Opened,

    /// <summary>The customer wrote.</summary>
    Customer,

    /// <summary>A machine answered: that greets, and is no reply.</summary>
    Automatic,

    /// <summary>An agent wrote.</summary>
    Agent,

    /// <summary>It ended: nobody waits any more.</summary>
    Closed,
}

// ---- Events

/// <summary>Something happened in a chat. What was written is kept nowhere.</summary>
/// <param name="CallId">The contact leg.</param>
/// <param name="AgentId">Who wrote, or whom it was given to; null where the source does not say.</param>
public sealed record ChatReported(
    Guid ProjectId, Guid CallId, string Source, string ExternalId, ChatTurnKind Kind, DateTimeOffset At, Guid? AgentId);

// ---- State

public readonly record struct ChatTurn(DateTimeOffset At, ChatTurnKind Kind, Guid? AgentId)
{
    public static readonly IComparer<ChatTurn> ByTime = Comparer<ChatTurn>.Create((one, other) =>
        (one.At, one.Kind, one.AgentId ?? Guid.Empty).CompareTo((other.At, other.Kind, other.AgentId ?? Guid.Empty)));
}

/// <summary>When who wrote in a chat, in whatever order it was reported and however often.</summary>
public sealed record Chat : IFolds<Chat>
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid CallId { get; init; }
    public ImmutableSortedSet<ChatTurn> Turns { get; init; } = ImmutableSortedSet.Create(ChatTurn.ByTime);

    public static Guid IdOf(Guid projectId, string source, string externalId) =>
        NameId.Of("chat", CallIds.Of(projectId, source, externalId));

    public Chat Evolve(object @event) => @event is ChatReported e
        ? this with { ProjectId = e.ProjectId, CallId = e.CallId, Turns = Turns.Add(new(e.At, e.Kind, e.AgentId)) }
        : this;

    /// <summary>Until somebody or something wrote to the customer, from the beginning; null where nobody has.</summary>
    public TimeSpan? Greeting => Turns.Where(turn => turn.Kind is ChatTurnKind.Automatic or ChatTurnKind.Agent)
        .Select(turn => (TimeSpan?)(turn.At - Turns[0].At)).FirstOrDefault();

    /// <summary>
    /// Each time that the customer wrote and waited, from the first of the messages to an agent's next, and whose it was to answer; what
    /// a machine answers ends no waiting.
    /// </summary>
    public IEnumerable<ChatWait> Waits
    {
        get
        {
            var (asked, owner) = ((DateTimeOffset?)null, (Guid?)null);
            foreach (var turn in Turns)
                switch (turn.Kind)
                {
                    case ChatTurnKind.Opened:
                        owner = turn.AgentId ?? owner;
                        break;
                    case ChatTurnKind.Customer:
                        asked ??= turn.At;
                        break;
                    case ChatTurnKind.Agent:
                        owner = turn.AgentId ?? owner;
                        if (asked is { } at)
                            yield return new(at, turn.At, null, owner);
                        asked = null;
                        break;
                    case ChatTurnKind.Closed:
                        if (asked is { } waited)
                            yield return new(waited, null, turn.At, owner);
                        asked = null;
                        break;
                }

            if (asked is { } open)
                yield return new(open, null, null, owner);
        }
    }

    public ChatV1 ToFact(Guid id, long version)
    {
        var waits = Waits.ToList();
        return new(id, version, ProjectId, CallId, Turns[0].At, Turns[^1].At, Greeting is { } greeting ? Seconds(greeting) : null,
            waits is [{ RepliedAt: { } first } wait, ..] ? Seconds(first - wait.AskedAt) : null, waits);
    }

    private static decimal Seconds(TimeSpan time) => time.Ticks / (decimal)TimeSpan.TicksPerSecond;
}

// ---- Decisions

public static class ChatDecider
{
    public static object[] Decide(ChatReported report, Chat state) =>
        state.Turns.Contains(new(report.At, report.Kind, report.AgentId)) ? [] : [report];
}
