namespace CallCenter.Health;

/// <summary>A folder that the service writes to.</summary>
/// <param name="Name">In lower case, as its setting is named.</param>
public sealed record WatchedFolder(string Name, string Path);

/// <summary>Whether the folders of a service can be written to, by writing to them.</summary>
internal sealed class FolderHealth(IEnumerable<WatchedFolder> folders) : ISubject
{
    private static readonly Gauge Writable = new("callcenter.folder.writable", "{folder}",
        "1 where the folder can be written to, 0 where it cannot.", "folder");

    public static string Name => "folders";

    public static IReadOnlyList<Gauge> Gauges => [Writable];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        var (readings, standing) = (new List<Reading>(), new List<Standing>());
        foreach (var (name, path) in folders)
        {
            var failure = await Write(path, cancellation);
            readings.Add(new(Writable, failure is null ? 1 : 0, name));
            if (failure is not null)
                standing.Add(new Standing($"folder {name}", $"It cannot be written to: {failure.GetType().Name}."));
        }

        return new Measured(readings, standing);
    }

    // Named as an upload on its way, so that one left behind by a crash is swept with those.
    private static async Task<Exception?> Write(string path, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(path);
            await using var file = new FileStream(Path.Combine(path, $".{Guid.CreateVersion7():N}.part"), FileMode.CreateNew,
                FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            await file.WriteAsync(new byte[1], cancellation);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }
}
