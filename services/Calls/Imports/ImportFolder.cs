using System.Text.Json;
using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Calls.Imports;

/// <summary>Where uploads wait, and the reports of what was wrong with them: one folder that all instances see.</summary>
internal sealed class ImportFolder(IConfiguration configuration)
{
    private const string CsvType = "text/csv";

    private readonly string folder = Path.GetFullPath(configuration["Imports:Folder"] ?? "imports");

    public WatchedFolder Watched => new("imports", folder);

    /// <summary>Rows as text; largest upload in bytes: 4 GiB unless configured.</summary>
    public UploadRule Rule { get; } =
        UploadRule.Text(configuration.GetValue("Imports:MaxBytes", 4L << 30), CsvType, "application/x-ndjson");

    public Task<Upload> Save(HttpRequest request, CancellationToken cancellation) => Upload.Save(request, Rule, folder, cancellation);

    /// <returns>Whether it is CSV; NDJSON otherwise.</returns>
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

    public string RowsPath(Guid id) => Path.Combine(folder, $"{id}.rows");

    public string RejectedPath(Guid id) => Path.Combine(folder, $"{id}.rejected");

    public IRows OpenRows(Guid id, ImportInput input, IReadOnlyList<string> columns, RowPosition from) =>
        Open(RowsPath(id), input.Mapping, input.IsCsv, columns, from);

    /// <summary>Whether the rows of an upload have what the mapping needs, before it is accepted.</summary>
    /// <exception cref="InvalidException">422: a column is missing, or nothing is there.</exception>
    public static void Check(Upload upload, Mapping mapping, bool isCsv)
    {
        using var rows = Open(upload.Path, mapping, isCsv, new RowMapper(mapping, LocalCalendar.Of("UTC")).Columns, default);
    }

    public RejectedRowsReport OpenRejections(Guid id, ImportInput input, string? header, long length) =>
        new(RejectedPath(id), input.IsCsv ? input.Mapping.Format ?? new RowFormat() : null, header, length);

    private static IRows Open(string path, Mapping mapping, bool isCsv, IReadOnlyList<string> columns, RowPosition from)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read,
            FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            return isCsv ? new CsvRows(file, mapping.Format ?? new RowFormat(), columns, from) : new NdjsonRows(file, columns, from);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
