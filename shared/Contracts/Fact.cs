namespace CallCenter.Contracts;

/// <summary>
/// A versioned fact: the whole public state of one thing. A consumer keeps it only if <see cref="Version"/> is higher
/// than what it holds, so facts may arrive in any order and any number of times.
/// </summary>
public interface IFact
{
    /// <summary>What the fact is about: the id of the thing in the service that owns it.</summary>
    Guid Id { get; }

    /// <summary>The owner's stream version, from 1. Higher is newer.</summary>
    long Version { get; }
}
