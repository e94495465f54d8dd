namespace CallCenter.Contracts;

/// <summary>
/// What an owner has told of one kind of fact: whoever holds that kind compares it with what it has. It comes by the way that the facts
/// come, so that what was told before it has arrived.
/// </summary>
/// <param name="Owner">The service that has told them.</param>
/// <param name="Fact">The kind, by the name of its record.</param>
/// <param name="Buckets">Those that are not empty.</param>
public sealed record FactsToldV1(string Owner, string Fact, IReadOnlyList<FactBucket> Buckets);

/// <param name="Bucket">0 to 255: the last byte of the ids in it.</param>
/// <param name="Count">How many facts.</param>
/// <param name="Hash">Of their ids and versions, in any order.</param>
public sealed record FactBucket(int Bucket, long Count, long Hash);

/// <summary>What somebody holds of a bucket that differs from what its owner has told. For the owner alone.</summary>
public sealed record FactsHeldV1(string Owner, string Fact, int Bucket, IReadOnlyList<HeldFact> Held);

public sealed record HeldFact(Guid Id, long Version);

/// <summary>These are no more, and their owner does not know that they ever were: it was restored to a time before them.</summary>
/// <param name="Before">Who holds one of a lower version forgets it.</param>
public sealed record FactsGoneV1(string Fact, IReadOnlyList<Guid> Ids, long Before);

/// <summary>
/// A service's database is not where it was: it was restored, or a standby took its place; or a queue of it was lost with what was in
/// it. All owners say what they have told.
/// </summary>
/// <param name="Epoch">The one that lasts: seconds since 2026, or one more than the last; 0 until something was restored.</param>
public sealed record RestoredV1(string Service, long Epoch);

/// <summary>
/// Who has heard of a legal hold tells People, which was restored to a time before it and does not know: it is placed again.
/// </summary>
/// <param name="ProjectId">Whose things it keeps.</param>
/// <param name="HoldId">The hold's own id.</param>
/// <param name="From">First local day that it covers; null where there is none.</param>
/// <param name="Through">Last local day that it covers; null where there is none.</param>
public sealed record HoldStandsV1(Guid ProjectId, Guid HoldId, DateOnly? From, DateOnly? Through);
