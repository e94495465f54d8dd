using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Resources;

// ---- Values

/// <summary>A room has seats; of equipment there are pieces.</summary>
public enum ResourceKind { Room, Equipment }

// ---- Events

/// <param name="Count">Seats of a room, pieces of equipment.</param>
public sealed record ResourceAdded(
    Guid ResourceId, Guid ProjectId, ResourceKind Kind, string Name, int Count, Guid By, DateTimeOffset At);

/// <summary>There are more or fewer seats or pieces now; what was withdrawn is there again.</summary>
public sealed record ResourceRecounted(int Count, Guid By, DateTimeOffset At);

public sealed record ResourceWithdrawn(string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record AddResource(
    Guid ResourceId, Guid ProjectId, ResourceKind Kind, string Name, int Count, Guid By, DateTimeOffset Now);

public sealed record RecountResource(int Count, Guid By, DateTimeOffset Now);

public sealed record WithdrawResource(string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>A room or a kind of equipment that a project trains with.</summary>
public sealed record TrainingResource
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public ResourceKind Kind { get; init; }

    /// <summary>By which sessions and lesson plans name it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Seats of a room, pieces of equipment.</summary>
    public int Count { get; init; }

    /// <summary>It is used no more.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>One for a name of a kind: case and width of letters tell nothing apart.</summary>
    public static Guid IdOf(Guid projectId, ResourceKind kind, string name) =>
        NameId.Of("training-resource", projectId, kind.ToString(), Names.Key(name));

    public TrainingResource Evolve(object @event) => @event switch
    {
        ResourceAdded e => this with { Id = e.ResourceId, ProjectId = e.ProjectId, Kind = e.Kind, Name = e.Name, Count = e.Count },
        ResourceRecounted e => this with { Count = e.Count, Withdrawn = false },
        ResourceWithdrawn _ => this with { Withdrawn = true },
        _ => this,
    };
}

// ---- Decisions

public static class TrainingResourceDecider
{
    public static object[] Decide(AddResource command, TrainingResource state)
    {
        if (state.Id == Guid.Empty)
            return [new ResourceAdded(command.ResourceId, command.ProjectId, command.Kind, command.Name, command.Count, command.By,
                command.Now)];

        return state.Count == command.Count && !state.Withdrawn
            ? []
            : throw new RefusedException("resource-exists", $"There is '{state.Name}' already, with {state.Count}.");
    }

    public static object[] Decide(RecountResource command, TrainingResource state) =>
        state.Count == command.Count && !state.Withdrawn ? [] : [new ResourceRecounted(command.Count, command.By, command.Now)];

    public static object[] Decide(WithdrawResource command, TrainingResource state) =>
        state.Withdrawn ? [] : [new ResourceWithdrawn(command.Reason, command.By, command.Now)];
}
