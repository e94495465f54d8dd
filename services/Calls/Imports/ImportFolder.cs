using System.Text;
using System.Text.Json;
using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Calls.Imports;

/// <summary>Where uploads wait, and the reports of what was wrong with them: one folder that all instances see.</summary>
internal sealed class ImportFolder(IConfiguration configuration)
{
    private const string CsvType = "text/csv";

    // Rows of JSON in which a member must be met once.
    private const int LookedAt = 1000;

    private readonly string folder = Path.GetFullPath(configuration["Imports:Folder"] ?? "imports");

    public WatchedFolder Watched => new("imports", folder);

    /// <summary>Rows as text; largest upload in bytes: 4 GiB unless configured.</summary>
    public UploadRule Rule { get; } = UploadRule.EncodedText(
        configuration.GetValue("Imports:MaxBytes", 4L << 30), CsvType, "application/x-ndjson", "application/json");

    /// <returns>The body as UTF-8, whatever its byte order mark or the mapping says it is.</returns>
    public async Task<Upload> Save(HttpRequest request, Mapping mapping, CancellationToken cancellation)
    {
        var upload = await Upload.Save(request, Rule, folder, cancellation);
        return await Encodings.AsUtf8(upload, mapping.Format?.Encoding, cancellation);
    }

    /// <returns>Whether it is CSV; JSON otherwise.</returns>
    public static bool IsCsv(Upload upload) => upload.MediaType == CsvType;

    /// <summary>Keeps an upload for its import; one that is repeated under the same id must be the same.</summary>
    /// <exception cref="InvalidException">422 <c>idempotency-key-reused</c>.</exception>
    public async Task Keep(Upload upload, Guid id, IQuerySession session, CancellationToken cancellation)
    {
        if (await InputOf(id, session, cancellation) is not { } earlier)
            upload.Keep(RowsPath(id));
        else if (earlier.Sha256 != upload.Sha256)
            throw new InvalidException("Idempotency-Key", "idempotency-key-reused", "This key was used with another upload.");
    }

    public static async Task<ImportInput?> InputOf(Guid id, IQuerySession session, CancellationToken cancellation) =>
        (await session.LoadAsync<OperationWork>(id, cancellation))?.Input.Deserialize<ImportInput>(JsonSerializerOptions.Web);

    /// <exception cref="StreamNotFoundException">404: the import has not begun.</exception>
    public string ExistingReport(Guid id) => File.Exists(RejectedPath(id)) ? RejectedPath(id) : throw new StreamNotFoundException(id);

    /// <summary>What was last written before an instant.</summary>
    public IReadOnlyList<FileInfo> FilesBefore(DateTimeOffset instant) => Directory.Exists(folder)
        ? [.. new DirectoryInfo(folder).EnumerateFiles().Where(file => file.LastWriteTimeUtc < instant.UtcDateTime)]
        : [];

    /// <summary>Whether an import's rows, or its report, speak of a customer.</summary>
    public bool Holds(Guid id, string customerId) => Holds(RowsPath(id), customerId) || Holds(RejectedPath(id), customerId);

    public void Delete(Guid id)
    {
        File.Delete(RowsPath(id));
        File.Delete(RejectedPath(id));
    }

    // By pieces that overlap: a file of gigabytes may have one line.
    private static bool Holds(string path, string customerId)
    {
        var (word, buffer, kept) = (Encoding.UTF8.GetBytes(customerId), new byte[1 << 16], 0);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            for (int read; (read = file.Read(buffer, kept, buffer.Length - kept)) > 0;)
            {
                var filled = kept + read;
                if (buffer.AsSpan(0, filled).IndexOf(word) >= 0)
                    return true;
                kept = Math.Min(word.Length - 1, filled);
                buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Its time was over.
        }

        return false;
    }

    public string RowsPath(Guid id) => Path.Combine(folder, $"{id}.rows");

    public string RejectedPath(Guid id) => Path.Combine(folder, $"{id}.rejected");

    public IRows OpenRows(Guid id, ImportInput input, IReadOnlyList<string> columns, RowPosition from) =>
        Open(RowsPath(id), input.Mapping, input.IsCsv, columns, from);

    /// <summary>Whether the rows of an upload have what the mapping needs, before it is accepted.</summary>
    /// <exception cref="InvalidException">422: a column is missing, or nothing is there.</exception>
    public static void Check(Upload upload, Mapping mapping)
    {
        var columns = new MappingRules(mapping).Columns;
        using var rows = Open(upload, mapping, columns);
        if (rows is JsonRows json)
            RequireMembers(json, columns, mapping.Format?.Optional ?? []);
    }

    // A member that no row has is a misspelt one, as a column is that the header does not name.
    private static void RequireMembers(JsonRows rows, IReadOnlyList<string> columns, IReadOnlyList<string> optional)
    {
        var row = new Row(columns.Count);
        var isReport = false;
        for (var read = 0; read < LookedAt && rows.Read(row); read++)
            isReport |= rows.Original.Contains("\"error_line\"", StringComparison.Ordinal);

        if (!isReport && rows.Met.Contains(true)
            && columns.Where((column, i) => !rows.Met[i] && !optional.Contains(column)).FirstOrDefault() is { } missing)
            throw new InvalidException("", "missing-column", $"No row has a member '{missing}', which the mapping needs.");
    }

    public static IRows Open(Upload upload, Mapping mapping, IReadOnlyList<string> columns) =>
        Open(upload.Path, mapping, IsCsv(upload), columns, default);

    public RejectedRowsReport OpenRejections(Guid id, ImportInput input, IRows rows, long length) =>
        new(RejectedPath(id), rows, input.Mapping.Format ?? new RowFormat(), length);

    /// <summary>A row that was read before, as it came.</summary>
    public string OriginalOf(Guid id, ImportInput input, IReadOnlyList<string> columns, RowPosition start)
    {
        using var rows = OpenRows(id, input, columns, start);
        return rows.Read(new Row(columns.Count)) ? rows.Original : "";
    }

    private static IRows Open(string path, Mapping mapping, bool isCsv, IReadOnlyList<string> columns, RowPosition from)
    {
        var format = mapping.Format ?? new RowFormat();
        var file = new FileStream(path, FileMode.Open, FileAccess.Read,
            FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            return isCsv ? new CsvRows(file, format, columns, from) : new JsonRows(file, format, columns, from);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
