using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Materials;

// ---- Values

/// <summary>briefing: of a new product, read before the next shift.</summary>
public enum MaterialKind { Material, Briefing }

/// <param name="Title">What it is called.</param>
/// <param name="Text">What there is to read; null where it stands elsewhere.</param>
/// <param name="Link">Where it stands; null where it stands here.</param>
public sealed record MaterialContent(string Title, string? Text, string? Link);

/// <param name="Number">From 1.</param>
/// <param name="Content">What it said.</param>
public sealed record MaterialVersion(int Number, MaterialContent Content, DateTimeOffset At);

/// <param name="Number">The version that was read.</param>
/// <param name="At">When it was acknowledged first.</param>
public sealed record Receipt(Guid EmployeeId, int Number, DateTimeOffset At);

// ---- Events

public sealed record MaterialPublished(
    Guid MaterialId, Guid ProjectId, MaterialKind Kind, MaterialContent Content, Guid By, DateTimeOffset At);

/// <summary>A version after the first: whoever read the one before has it to read again.</summary>
public sealed record MaterialRevised(int Number, MaterialContent Content, Guid By, DateTimeOffset At);

public sealed record MaterialRead(int Number, Guid By, DateTimeOffset At);

public sealed record MaterialWithdrawn(string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record PublishMaterial(
    Guid MaterialId, Guid ProjectId, MaterialKind Kind, MaterialContent Content, Guid By, DateTimeOffset Now);

public sealed record ReviseMaterial(MaterialContent Content, Guid By, DateTimeOffset Now);

public sealed record ReadMaterial(int Number, Guid By, DateTimeOffset Now);

public sealed record WithdrawMaterial(string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What the people of a project are to read, version by version, and who has.</summary>
public sealed record Material
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public MaterialKind Kind { get; init; }
    public ImmutableArray<MaterialVersion> Versions { get; init; } = [];
    public ImmutableArray<Receipt> Receipts { get; init; } = [];
    public bool Withdrawn { get; init; }

    public MaterialVersion Newest() => Versions[^1];

    /// <summary>When somebody read the newest version; null while they have not.</summary>
    public DateTimeOffset? ReadBy(Guid employee) =>
        Receipts.FirstOrDefault(receipt => receipt.EmployeeId == employee && receipt.Number == Newest().Number)?.At;

    public Material Evolve(object @event) => @event switch
    {
        MaterialPublished e => this with
        {
            Id = e.MaterialId, ProjectId = e.ProjectId, Kind = e.Kind, Versions = [new MaterialVersion(1, e.Content, e.At)],
        },
        MaterialRevised e => this with { Versions = Versions.Add(new(e.Number, e.Content, e.At)) },
        MaterialRead e => this with { Receipts = Receipts.Add(new(e.By, e.Number, e.At)) },
        MaterialWithdrawn _ => this with { Withdrawn = true },
        _ => this,
    };
}

// ---- Decisions

public static class MaterialDecider
{
    public static object[] Decide(PublishMaterial command, Material state) => state.Id != Guid.Empty
        ? []
        : [new MaterialPublished(command.MaterialId, command.ProjectId, command.Kind, command.Content, command.By, command.Now)];

    public static object[] Decide(ReviseMaterial command, Material state)
    {
        EnsureThere(state);

        return command.Content == state.Newest().Content
            ? []
            : [new MaterialRevised(state.Newest().Number + 1, command.Content, command.By, command.Now)];
    }

    public static object[] Decide(ReadMaterial command, Material state)
    {
        EnsureThere(state);
        if (state.Versions.All(version => version.Number != command.Number))
            throw new InvalidException("/number", "unknown-version", $"The newest version is {state.Newest().Number}.");

        return state.Receipts.Any(receipt => (receipt.EmployeeId, receipt.Number) == (command.By, command.Number))
            ? []
            : [new MaterialRead(command.Number, command.By, command.Now)];
    }

    public static object[] Decide(WithdrawMaterial command, Material state) =>
        state.Withdrawn ? [] : [new MaterialWithdrawn(command.Reason, command.By, command.Now)];

    private static void EnsureThere(Material state)
    {
        if (state.Withdrawn)
            throw new RefusedException("material-withdrawn", "It was withdrawn: there is nothing to read any more.");
    }
}
