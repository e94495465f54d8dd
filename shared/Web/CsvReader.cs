using System.Text;
using CallCenter.Rules;
using Microsoft.AspNetCore.Http;
using Sylvan.Data.Csv;

namespace CallCenter.Web;

/// <summary>How far a file of rows has been read.</summary>
/// <param name="Offset">Bytes before the next row.</param>
/// <param name="Line">Lines before the next row.</param>
public readonly record struct RowPosition(long Offset, long Line);

/// <summary>
/// CSV by Sylvan's reader, a row at a time, from any place that it was at before. Sylvan's stops for good at a row it cannot read;
/// here that row is set aside and a new reader starts on the next line. The bytes are handed to it as Latin-1, one character
/// each, so that a row's place in the file is exact and broken UTF-8 spoils one field and not the file.
/// </summary>
public sealed class CsvReader : IDisposable
{
    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    private readonly Stream file;
    private readonly CsvDataReaderOptions options;
    private readonly char[] buffer = new char[RowBytes.LongestRow];
    private CsvDataReader? reader;
    private string? setAside;

    /// <param name="file">A file that can be read again from any place; ended with the reader.</param>
    /// <param name="delimiter">One ASCII character; a file that begins with a line such as <c>sep=;</c> names its own.</param>
    /// <param name="quotes">Whether a field may stand in double quotes.</param>
    public CsvReader(Stream file, char delimiter = ',', bool quotes = true)
    {
        this.file = file;
        var (start, named) = Start(file);
        Delimiter = named ?? delimiter;
        options = new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = Delimiter,
            CsvStyle = quotes ? CsvStyle.Standard : CsvStyle.Escaped,
            Escape = quotes ? '"' : '\0',
            OwnsReader = true,
        };
        GoTo(start);
    }

    /// <summary>What stands between the fields of this file.</summary>
    public char Delimiter { get; }

    /// <summary>Where the next row begins.</summary>
    public RowPosition Position { get; private set; }

    /// <summary>The line on which the row last read begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Why the row last read cannot be taken apart; null when it can.</summary>
    public Error? Fault { get; private set; }

    /// <summary>How many fields the row last read has.</summary>
    public int FieldCount => Fault is null ? reader!.RowFieldCount : 0;

    /// <summary>The row last read, as it came; only its beginning when it could not be read at all.</summary>
    public string Original => setAside ?? Raw();

    /// <summary>A field of the row last read, without blanks around it and composed; null when it is not UTF-8.</summary>
    public string? Field(int ordinal) => RowBytes.Utf8(reader!.GetFieldSpan(ordinal));

    /// <summary>The fields of the row last read; none where it could not be read.</summary>
    /// <exception cref="BadHttpRequestException">One is not UTF-8: it must not become question marks in somebody's name.</exception>
    public string[] Cells() => [.. Enumerable.Range(0, FieldCount).Select(i => Field(i)
        ?? throw new BadHttpRequestException($"The file is not UTF-8 (line {Line}). Save it as \"CSV UTF-8\"."))];

    /// <summary>The same where a row that could not be read ends it all.</summary>
    /// <exception cref="BadHttpRequestException">As above, or the row is not CSV.</exception>
    public string[] WholeCells() => Fault is not { } fault ? Cells()
        : throw new BadHttpRequestException($"Line {Line} of the file is not CSV: {fault.Message}");

    /// <summary>Goes on from there.</summary>
    public void GoTo(RowPosition position)
    {
        Close();
        Position = position;
    }

    /// <summary>Moves to the next row that has something in it, readable or not.</summary>
    /// <returns>False at the end.</returns>
    public bool Read()
    {
        while (true)
        {
            (Line, Fault, setAside) = (Position.Line + 1, null, null);
            try
            {
                reader ??= Open();
                if (!reader.Read())
                    return false;
            }
            catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException)
            {
                if (Position.Offset >= file.Length)
                    return false;

                SetAside(e);
                return true;
            }

            var raw = reader.GetRawRecordSpan();
            Position = new(Position.Offset + raw.Length, Position.Line + Math.Max(1, raw.Count('\n')));

            if (raw.Trim(" \r\n").IsEmpty)
                continue;

            if (reader.RowFieldCount > RowBytes.MostFields)
                Fault = new("", "too-many-fields", $"A row has {RowBytes.MostFields:N0} fields at most.");
            return true;
        }
    }

    /// <summary>Of these the one that occurs most often in the first line.</summary>
    public static char DelimiterOf(Stream file, string among = ",;\t")
    {
        var (beginning, _) = RowBytes.SkipLine(file, AfterBom(file));
        return among.MaxBy(delimiter => beginning.Count(c => c == delimiter));
    }

    // Spreadsheets write and read a first line that says nothing but the delimiter.
    private static (RowPosition Begins, char? Delimiter) Start(Stream file)
    {
        var offset = AfterBom(file);
        var (line, end) = RowBytes.SkipLine(file, offset);

        var named = line.Trim('"');
        return named.Length == 5 && named.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && char.IsAscii(named[4])
            ? (new(end, 1), named[4]) : (new(offset, 0), null);
    }

    private static long AfterBom(Stream file)
    {
        Span<byte> head = stackalloc byte[3];
        file.Position = 0;
        return file.ReadAtLeast(head, 3, throwOnEndOfStream: false) == 3 && head.SequenceEqual(Bom) ? 3 : 0;
    }

    private CsvDataReader Open()
    {
        file.Position = Position.Offset;
        return CsvDataReader.Create(
            new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024, leaveOpen: true),
            buffer, options);
    }

    private string Raw()
    {
        var raw = reader!.GetRawRecordSpan().TrimEnd("\r\n");
        var bytes = new byte[raw.Length];
        Encoding.Latin1.GetBytes(raw, bytes);
        return RowBytes.Text(bytes);
    }

    private void SetAside(Exception e)
    {
        (setAside, var end) = RowBytes.SkipLine(file, Position.Offset);
        Fault = e is CsvRecordTooLargeException
            ? new("", "row-too-long", $"A row has {RowBytes.LongestRow:N0} bytes at most; this may also be a quote that is never closed.")
            : new("", "quotes", "A quoted field is not closed, or text follows its closing quote.");
        GoTo(new(end, Position.Line + 1));
    }

    private void Close()
    {
        reader?.Dispose();
        reader = null;
    }

    public void Dispose()
    {
        Close();
        file.Dispose();
    }
}

/// <summary>Bytes of a row, however broken, as text.</summary>
public static class RowBytes
{
    /// <summary>A longer row is rejected: no record needs it, and memory must not depend on what is sent.</summary>
    public const int LongestRow = 128 * 1024;

    /// <summary>No record needs more, and each costs what it costs.</summary>
    public const int MostFields = 2000;

    private const int Shown = 1000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Text from bytes that were carried as one Latin-1 character each; null when they are not UTF-8.</summary>
    public static string? Utf8(ReadOnlySpan<char> latin1)
    {
        if (Ascii.IsValid(latin1))
            return Rules.Text.Bare(latin1.ToString());

        var bytes = new byte[latin1.Length];
        Encoding.Latin1.GetBytes(latin1, bytes);
        try
        {
            return Rules.Text.Bare(Strict.GetString(bytes));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // A byte that is not UTF-8 is carried as a half of a surrogate pair, which no text in UTF-8 can hold.
    private const char Foreign = '\uDC00';

    /// <summary>Bytes as text, from which <see cref="Bytes"/> makes the same bytes again, UTF-8 or not.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) is System.Buffers.OperationStatus.Done)
                text.Append(rune.ToString());
            else
                foreach (var foreign in bytes[..length])
                    text.Append((char)(Foreign + foreign));
            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text in UTF-8, and those that were foreign to it as they came.</summary>
    public static byte[] Bytes(string text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= Foreign and <= (char)(Foreign + 0xFF) && (i == 0 || !char.IsHighSurrogate(text[i - 1])))
            {
                bytes.Add((byte)(text[i] - Foreign));
                continue;
            }

            if (!Rune.TryGetRuneAt(text, i, out var rune))
                rune = Rune.ReplacementChar;
            i += rune.Utf16SequenceLength - 1;
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
        }

        return [.. bytes];
    }

    /// <summary>The beginning of a line that could not be read, fit to be shown.</summary>
    public static string Beginning(ReadOnlySpan<byte> line)
    {
        // A tab at its end is a delimiter.
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, Shown)]).ReplaceLineEndings(" ").TrimEnd(' ');
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
