using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>Why a row cannot be taken.</summary>
internal sealed record RowError(string Column, string Code, string Message);

/// <summary>One row, overwritten by the next.</summary>
internal sealed class Row(int columns)
{
    public string[] Cells { get; } = new string[columns];

    /// <summary>Which of the columns are there, empty or not: a file may lack those that are optional.</summary>
    public bool[] IsThere { get; } = new bool[columns];
    public long Line { get; set; }
    public RowError? Broken { get; set; }

    /// <summary>Which row of its record it is, where a record has several.</summary>
    public int Part { get; set; }
}

/// <summary>
/// The rows of an upload, one after another. However broken the bytes are, memory stays bounded, every line is accounted
/// for, and reading goes on with the next one.
/// </summary>
internal interface IRows : IDisposable
{
    /// <summary>Where the next row begins; of a record with several, where the record does.</summary>
    RowPosition Position { get; }

    /// <summary>Whether the next row is of the same record as the last.</summary>
    bool IsWithin { get; }

    /// <summary>The line that names the columns, as a report of rejected rows repeats it; null when there is none.</summary>
    string? Header { get; }

    /// <summary>How the rows are written; null for JSON.</summary>
    RowFormat? Csv { get; }

    /// <summary>The row last read, as it came; only its beginning when it could not be read at all.</summary>
    string Original { get; }

    /// <returns>False at the end.</returns>
    bool Read(Row row);
}
