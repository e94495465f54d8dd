using System.Text.Json.Serialization;

namespace CallCenter.Contracts;

/// <summary>
/// Somebody's personal data is to be let go of by everybody who holds any. Each service does so and says it, with
/// <see cref="ErasureAnsweredV1"/>.
/// </summary>
public interface IErasure : IFact
{
    /// <summary>By which ids the others know what is about them.</summary>
    [JsonIgnore]
    IReadOnlyList<Guid> About { get; }

    DateTimeOffset RequestedAt { get; }

    /// <summary>Who asked for it.</summary>
    Guid By { get; }
}

/// <summary>A service holds nothing of them any more. Said again, it is the newer one that counts.</summary>
/// <param name="Service">Which one.</param>
/// <param name="Fact">The kind of erasure, by the name of its record.</param>
/// <param name="Id">The erasure.</param>
/// <param name="Places">Where it looked, and what it found.</param>
public sealed record ErasureAnsweredV1(string Service, string Fact, Guid Id, IReadOnlyList<ErasedPlace> Places, DateTimeOffset At);

/// <param name="Place">What kind of thing, in lower case with hyphens.</param>
/// <param name="Count">How many of them were erased; 0 where it had none, or when it is done again.</param>
public sealed record ErasedPlace(string Place, long Count);

/// <summary>
/// Who was told of an erasure tells its owner, which was restored to a time before it and does not know: it is done again.
/// </summary>
/// <param name="Fact">The kind of erasure, by the name of its record.</param>
/// <param name="About">As the erasure said.</param>
/// <param name="By">Who had asked for it.</param>
public sealed record ErasureStandsV1(string Fact, Guid Id, Guid? ProjectId, IReadOnlyList<Guid> About, Guid By, DateTimeOffset RequestedAt);
