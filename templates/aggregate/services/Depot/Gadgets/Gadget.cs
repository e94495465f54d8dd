using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Depot.Gadgets;

// ---- Events

public sealed record GadgetOpened(Guid GadgetId, Guid ProjectId, string Name, DateTimeOffset At);

public sealed record GadgetRenamed(string Name, DateTimeOffset At);

// ---- Commands

public sealed record OpenGadget(Guid GadgetId, Guid ProjectId, string Name, DateTimeOffset Now);

public sealed record RenameGadget(string Name, DateTimeOffset Now);

// ---- State

public sealed record Gadget
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Name { get; init; } = "";

    public Gadget Evolve(object @event) => @event switch
    {
        GadgetOpened e => this with { Id = e.GadgetId, ProjectId = e.ProjectId, Name = e.Name },
        GadgetRenamed e => this with { Name = e.Name },
        _ => this,
    };
}

// ---- Decisions

public static class GadgetDecider
{
    public static object[] Decide(OpenGadget command, Gadget state)
    {
        if (state.Id == Guid.Empty)
            return [new GadgetOpened(command.GadgetId, command.ProjectId, command.Name, command.Now)];

        // The id is the key's: the same request again, or another one with its key after a day.
        return (state.ProjectId, state.Name) == (command.ProjectId, command.Name)
            ? []
            : throw new InvalidException("Idempotency-Key", "idempotency-key-reused", "This key was used with another body.");
    }

    public static object[] Decide(RenameGadget command, Gadget state) =>
        state.Name == command.Name ? [] : [new GadgetRenamed(command.Name, command.Now)];
}
