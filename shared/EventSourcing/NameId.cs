using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CallCenter.EventSourcing;

/// <summary>Ids that follow from names, so that the same thing reported twice is the same stream.</summary>
public static class NameId
{
    // The namespace of this product; changing it would change every derived id ever stored.
    private static readonly byte[] Namespace = new Guid("6f1f0f0a-6a0b-5b7e-9d53-0c2a8e1c7f11").ToByteArray(bigEndian: true);

    /// <summary>The UUIDv5 (RFC 9562, 5.5) of the parts, written invariantly and joined by a unit separator.</summary>
    public static Guid Of(params ReadOnlySpan<object> parts)
    {
        var name = new StringBuilder();
        foreach (var part in parts)
            name.Append(Text(part)).Append('\u001f');

        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // UUIDv5 is defined on SHA-1; nothing here relies on it being hard to collide on purpose
        SHA1.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(name.ToString())], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);

        return new Guid(hash[..16], bigEndian: true);
    }

    private static string Text(object part) => part switch
    {
        string text => text,
        DateTimeOffset instant => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => part.ToString() ?? "",
    };
}
