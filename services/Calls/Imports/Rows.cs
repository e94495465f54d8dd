using System.Text;

namespace CallCenter.Calls.Imports;

/// <summary>Why a row cannot be taken.</summary>
internal sealed record RowError(string Column, string Code, string Message);

/// <summary>How far an upload has been read.</summary>
/// <param name="Offset">Bytes before the next row.</param>
/// <param name="Line">Lines before the next row.</param>
internal readonly record struct Position(long Offset, long Line);

/// <summary>One row, overwritten by the next.</summary>
internal sealed class Row(int columns)
{
    public string[] Cells { get; } = new string[columns];
    public long Line { get; set; }
    public RowError? Broken { get; set; }
}

/// <summary>
/// The rows of an upload, one after another. However broken the bytes are, memory stays bounded, every line is accounted
/// for, and reading goes on with the next one.
/// </summary>
internal interface IRows : IDisposable
{
    /// <summary>Where the next row begins.</summary>
    Position Position { get; }

    /// <summary>The line that names the columns, as a report of rejected rows repeats it; null when there is none.</summary>
    string? Header { get; }

    /// <summary>The row last read, as it came; only its beginning when it could not be read at all.</summary>
    string Original { get; }

    /// <returns>False at the end.</returns>
    bool Read(Row row);
}

internal static class Bytes
{
    /// <summary>A longer row is rejected: no call record needs it, and memory must not depend on what is sent.</summary>
    public const int LongestRow = 128 * 1024;

    private const int Shown = 1000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Text from bytes that were carried as one Latin-1 character each; null when they are not UTF-8.</summary>
    public static string? Utf8(ReadOnlySpan<char> latin1)
    {
        if (Ascii.IsValid(latin1))
            return latin1.Trim().ToString();

        var bytes = new byte[latin1.Length];
        Encoding.Latin1.GetBytes(latin1, bytes);
        try
        {
            return Strict.GetString(bytes).Trim().Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The beginning of a line that could not be read, fit to be shown.</summary>
    public static string Beginning(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, Shown)]).ReplaceLineEndings(" ").TrimEnd();
        return new string([.. text.Select(c => char.IsControl(c) && c != '\t' ? '\uFFFD' : c)]);
    }

    /// <summary>Moves behind the next line feed, reading as little as possible at a time.</summary>
    /// <returns>The beginning of what was passed over, and the offset behind it.</returns>
    public static (string Beginning, long End) SkipLine(Stream file, long offset)
    {
        file.Position = offset;
        var buffer = new byte[16 * 1024];
        string? beginning = null;

        for (var end = offset; ;)
        {
            var read = file.Read(buffer);
            var feed = buffer.AsSpan(0, read).IndexOf((byte)'\n');
            beginning ??= Beginning(buffer.AsSpan(0, feed >= 0 ? feed : read));

            if (feed >= 0)
                return (beginning, end + feed + 1);
            if (read == 0)
                return (beginning, end);
            end += read;
        }
    }
}
