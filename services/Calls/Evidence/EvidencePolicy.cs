using CallCenter.EventSourcing;
using CallCenter.Sound.Talk;

namespace CallCenter.Calls.Evidence;

// ---- Values

/// <summary>From when silence is dead air, and speech at the same time overtalk. What was heard does not change by it.</summary>
/// <param name="AgentChannel">The agent's in recordings of two channels.</param>
/// <param name="DeadAirSeconds">Nobody speaks for so long, or longer.</param>
/// <param name="OvertalkMilliseconds">Both speak for so long, or longer; less is a yes or a hm.</param>
/// <param name="PauseMilliseconds">Who pauses for no longer still has the word.</param>
/// <param name="GreetingMilliseconds">The first that the agent says is so long, or longer; less is a cough.</param>
/// <param name="ShorterBySeconds">A recording that is shorter than its call by more than that lacks something.</param>
public sealed record EvidenceTerms(
    Side AgentChannel = Side.Left, decimal DeadAirSeconds = 10, int OvertalkMilliseconds = 400, int PauseMilliseconds = 800,
    int GreetingMilliseconds = 250, decimal ShorterBySeconds = 5)
{
    public TalkThresholds ToThresholds() => new(
        AgentChannel is Side.Left ? 1 : 2, DeadAirSeconds, OvertalkMilliseconds, PauseMilliseconds, GreetingMilliseconds);
}

public enum Side { Left, Right }

// ---- Events

public sealed record EvidencePolicySet(Guid ProjectId, EvidenceTerms Terms, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetEvidencePolicy(Guid ProjectId, EvidenceTerms Terms, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What a project takes for dead air and overtalk; version 0 is what holds where nothing was set.</summary>
public sealed record EvidencePolicy
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    /// <summary>From when silence is dead air, and speech at the same time overtalk.</summary>
    public EvidenceTerms Terms { get; init; } = new();

    public static Guid IdOf(Guid projectId) => NameId.Of("evidence-policy", projectId);

    public EvidencePolicy Evolve(object @event) => @event switch
    {
        EvidencePolicySet e => this with { Id = IdOf(e.ProjectId), ProjectId = e.ProjectId, Terms = e.Terms },
        _ => this,
    };
}

// ---- Decisions

public static class EvidencePolicyDecider
{
    public static object[] Decide(SetEvidencePolicy command, EvidencePolicy state) =>
        state.Terms == command.Terms && state.ProjectId != Guid.Empty ? []
            : [new EvidencePolicySet(command.ProjectId, command.Terms, command.By, command.Now)];
}
