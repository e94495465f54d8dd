using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Calls.Playback;

/// <summary>An address under which somebody may play a recording for a while, in a browser that has no token.</summary>
/// <param name="By">Who asked for it; whatever is played under it, they play.</param>
/// <param name="Calls">By which it is theirs to hear.</param>
public sealed record RecordingPlay(
    Guid Id, string RecordingId, Guid By, string? Purpose, IReadOnlyList<Guid> Calls, DateTimeOffset ExpiresAt);

/// <summary>Settings <c>Playback:*</c>.</summary>
internal sealed record PlaybackOptions
{
    public const int LeastKeyBytes = 32;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>How long an address holds.</summary>
    public TimeSpan Lasts { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of all instances of the service; where there is none each makes its own when it starts.</summary>
    public string? Key { get; init; }

    /// <exception cref="InvalidOperationException">The key is too short to keep anybody out, or addresses would hold too long.</exception>
    public PlaybackOptions Required() =>
        Lasts <= TimeSpan.Zero || Lasts > Longest ? throw new InvalidOperationException($"Playback:Lasts is {Lasts}; {Longest} at most.")
        : Key is { Length: > 0 } && Encoding.UTF8.GetByteCount(Key) < LeastKeyBytes
            ? throw new InvalidOperationException($"Playback:Key has {LeastKeyBytes} bytes or more.") : this;
}

/// <summary>
/// Signs addresses and knows its own: what is made up, changed or over is told from the address alone, before anything is read.
/// </summary>
internal sealed class PlayAddresses(PlaybackOptions options)
{
    private const int Signed = 16 + 8;
    private const int Whole = Signed + HMACSHA256.HashSizeInBytes;

    private readonly byte[] key = options.Key is { Length: > 0 } given
        ? Encoding.UTF8.GetBytes(given) : RandomNumberGenerator.GetBytes(PlaybackOptions.LeastKeyBytes);

    public TimeSpan Lasts => options.Lasts;

    public string TokenOf(RecordingPlay play)
    {
        var token = new byte[Whole];
        play.Id.TryWriteBytes(token, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(16), play.ExpiresAt.ToUnixTimeSeconds());
        HMACSHA256.HashData(key, token.AsSpan(0, Signed), token.AsSpan(Signed));
        return Base64Url.EncodeToString(token);
    }

    /// <returns>Which play it is of, and until when; null where we have not signed it.</returns>
    public (Guid Play, DateTimeOffset Until)? Read(string token)
    {
        Span<byte> bytes = stackalloc byte[Whole];
        if (token.Length != Base64Url.GetEncodedLength(Whole) || !Base64Url.IsValid(token)
            || Base64Url.DecodeFromChars(token, bytes) != Whole)
            return null;

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes[..Signed], signature);
        return CryptographicOperations.FixedTimeEquals(signature, bytes[Signed..])
            ? (new Guid(bytes[..16], bigEndian: true), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes[16..])))
            : null;
    }
}

/// <summary>Addresses that are over.</summary>
internal sealed class EndedPlays(IDocumentStore store) : IRetained
{
    public static string Name => "Plays";

    public static TimeSpan Period => TimeSpan.FromDays(1);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var ended = await session.Query<RecordingPlay>().CountAsync(play => play.ExpiresAt < before, cancellation);
        session.DeleteWhere<RecordingPlay>(play => play.ExpiresAt < before);
        await session.SaveChangesAsync(cancellation);
        return ended;
    }
}
