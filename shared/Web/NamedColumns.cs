using CallCenter.Rules;

namespace CallCenter.Web;

/// <summary>A row of a file whose columns have names.</summary>
/// <param name="Line">Of the file; the header is 1.</param>
/// <param name="Fault">Why the row cannot be read; null where it can.</param>
/// <param name="Cell">The text of a column by its English name; empty where the file or the row has none.</param>
public sealed record NamedRow(int Line, Error? Fault, Func<string, string> Cell);

/// <summary>The columns that a file may have, in any order, by their English names or by those of another language.</summary>
/// <param name="others">English names by the other ones.</param>
public sealed class NamedColumns(
    IReadOnlyList<string> required, IReadOnlyList<string> optional, IReadOnlyDictionary<string, string> others)
{
    private readonly IReadOnlyList<string> known = [.. required, .. optional];

    /// <summary>Where each column stands in the header, by its English name.</summary>
    /// <exception cref="InvalidException"><c>unknown-column</c>, <c>duplicate-column</c>, <c>missing-column</c>.</exception>
    public Dictionary<string, int> In(IEnumerable<string> header)
    {
        List<Error> errors = [];
        Dictionary<string, int> columns = [];
        foreach (var (i, written) in header.Index())
        {
            var name = others.GetValueOrDefault(written, written.ToLowerInvariant().Replace(' ', '_').Replace('-', '_'));
            if (!known.Contains(name))
                errors.Add(new("line 1", "unknown-column", $"'{Text.Shown(written)}' is none of: {string.Join(", ", known)}."));
            else if (!columns.TryAdd(name, i))
                errors.Add(new("line 1", "duplicate-column", $"'{Text.Shown(written)}' is there twice."));
        }

        errors.AddRange(required.Except(columns.Keys).Select(name => new Error("line 1", "missing-column", $"There is no column {name}.")));
        return errors.Count == 0 ? columns : throw new InvalidException(errors);
    }

    /// <summary>The rows of a file, of which one that cannot be read stops no other.</summary>
    /// <param name="file">On disk or in memory: it is read more than once.</param>
    /// <exception cref="InvalidException">As above, <c>empty-file</c> or <c>too-many-rows</c>.</exception>
    public IEnumerable<NamedRow> Read(Stream file, int most)
    {
        using var csv = new CsvReader(file, CsvReader.DelimiterOf(file));
        if (!csv.Read())
            throw new InvalidException("", "empty-file", "The upload has no rows.");
        var columns = In(csv.Cells());
        for (var rows = 1; csv.Read(); rows++)
        {
            if (rows > most)
                throw new InvalidException("", "too-many-rows", $"A file has {most} rows at most; send the rest as another file.");
            string[] cells = csv.Fault is null ? csv.Cells() : [];
            yield return new(
                (int)csv.Line,
                csv.Fault is { } fault ? new("", fault.Code, fault.Message)
                    : cells.Length > columns.Count
                        ? new Error("", "too-many-cells", $"The row has {cells.Length} cells, the header {columns.Count}.") : null,
                column => columns.TryGetValue(column, out var i) && i < cells.Length ? cells[i] : "");
        }
    }
}
