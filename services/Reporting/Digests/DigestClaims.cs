using CallCenter.Reporting.Facts;
using Npgsql;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// Who is about which digest, for all instances. A claim is held for a time, by the database's clock, and has a number that no later
/// one has: whoever stood still for longer asks for it before a mail leaves, and finds it gone (decision 61). Nothing is locked and no
/// transaction is open while a claim is held.
/// </summary>
internal sealed class DigestClaims(NpgsqlDataSource database, DigestOptions options)
{
    private static readonly string Owner = $"{Environment.MachineName}/{Environment.ProcessId}";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <returns>Null while somebody else holds it.</returns>
    public async Task<DigestClaim?> TryTake(Guid digestId, CancellationToken cancellation)
    {
        var taken = await database.Rows("""
            INSERT INTO digests.claim (digest_id, owner, until) VALUES ($1, $2, clock_timestamp() + $3)
            ON CONFLICT (digest_id) DO UPDATE SET number = excluded.number, owner = excluded.owner, until = excluded.until
                WHERE claim.until < clock_timestamp()
            RETURNING number
            """, row => row.GetInt64(0), cancellation, digestId, Owner, options.Lease);

        return taken is [var number] ? new DigestClaim(this, digestId, number) : null;
    }

    /// <summary>Waits until nobody else holds it.</summary>
    public async Task<DigestClaim> Take(Guid digestId, CancellationToken cancellation)
    {
        while (true)
        {
            if (await TryTake(digestId, cancellation) is { } claim)
                return claim;
            await Task.Delay(Poll, cancellation);
        }
    }

    /// <summary>Begins the time anew. One that has run out is still its holder's while nobody has taken it.</summary>
    internal async Task<bool> Renew(DigestClaim claim, CancellationToken cancellation) => await database.Rows(
        "UPDATE digests.claim SET until = clock_timestamp() + $3 WHERE digest_id = $1 AND number = $2 RETURNING true",
        row => row.GetBoolean(0), cancellation, claim.DigestId, claim.Number, options.Lease) is [true];

    internal Task<List<long>> Release(DigestClaim claim) => database.Rows(
        "DELETE FROM digests.claim WHERE digest_id = $1 AND number = $2 RETURNING number", row => row.GetInt64(0), CancellationToken.None,
        claim.DigestId, claim.Number);
}

/// <summary>One's turn with a digest; let go of when it is disposed of.</summary>
internal sealed class DigestClaim(DigestClaims claims, Guid digestId, long number) : IAsyncDisposable
{
    public Guid DigestId => digestId;

    public long Number => number;

    /// <returns>False where another has taken it, after a time in which this holder was not heard of.</returns>
    public Task<bool> IsHeld(CancellationToken cancellation) => claims.Renew(this, cancellation);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await claims.Release(this);
        }
        catch (NpgsqlException)
        {
            // It runs out by itself.
        }
    }
}
