using CallCenter.EventSourcing;

namespace CallCenter.Quality.MachineAnswers;

// ---- Values

/// <summary>
/// When an agent sees what machines said of their contacts. What was proposed to an inspector they see in their evaluation in any case.
/// </summary>
public enum AgentsSee
{
    Always,

    /// <summary>Once a standard evaluation of the contact was submitted.</summary>
    AfterEvaluation,
    Never,
}

/// <summary>What a project wants of what machines say.</summary>
/// <param name="AgentsSee">When agents see what was said of their own contacts.</param>
public sealed record MachineAnswerPolicy(AgentsSee AgentsSee = AgentsSee.Always);

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record MachineAnswerPolicySet(Guid ProjectId, MachineAnswerPolicy Policy, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetMachineAnswerPolicy(Guid ProjectId, MachineAnswerPolicy Policy, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What holds in a project.</summary>
public sealed record ProjectMachineAnswerPolicy
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered, and the defaults hold.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>What is wanted.</summary>
    public MachineAnswerPolicy Policy { get; init; } = new();

    public static Guid IdOf(Guid projectId) => NameId.Of("machine-answer-policy", projectId);

    public ProjectMachineAnswerPolicy Evolve(object @event) => @event switch
    {
        MachineAnswerPolicySet e => this with { ProjectId = e.ProjectId, Policy = e.Policy },
        _ => this,
    };
}

// ---- Decision

public static class MachineAnswerPolicyDecider
{
    public static object[] Decide(SetMachineAnswerPolicy command, ProjectMachineAnswerPolicy state) =>
        state.ProjectId == command.ProjectId && state.Policy == command.Policy
            ? [] : [new MachineAnswerPolicySet(command.ProjectId, command.Policy, command.By, command.Now)];
}
