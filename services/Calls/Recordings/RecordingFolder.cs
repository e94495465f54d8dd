using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Recordings;

/// <summary>The audio, each file under the hash of its content: one folder that all instances see.</summary>
internal sealed class RecordingFolder(IConfiguration configuration)
{
    private const string Audio = ".wav";
    private const string Unclaimed = "unclaimed";

    private readonly string folder = Path.GetFullPath(configuration["Recordings:Folder"] ?? "recordings");

    public WatchedFolder Watched => new("recordings", folder);

    /// <summary>A WAV; largest recording in bytes: 256 MiB unless configured, four and a half hours of 8 kHz PCM.</summary>
    public UploadRule Rule { get; } = new(configuration.GetValue("Recordings:MaxBytes", 256L << 20), typeof(Stream),
        file => Wav.Read(file), "audio/wav", "audio/x-wav", "audio/vnd.wave");

    public Task<Upload> Save(HttpRequest request, CancellationToken cancellation) => Upload.Save(request, Rule, folder, cancellation);

    public void Keep(Upload upload) => upload.Keep(PathOf(upload.Sha256));

    /// <exception cref="StreamNotFoundException">404: not the name of anything.</exception>
    public static string Require(string recordingId) => IsName(recordingId) ? recordingId : throw new StreamNotFoundException(Guid.Empty);

    /// <exception cref="RecordingFaultException">It is lost or damaged.</exception>
    /// <exception cref="IOException">503: the folder itself is away.</exception>
    public async Task<VerifiedAudio> Open(string recordingId, CancellationToken cancellation)
    {
        RequireFolder();
        return await VerifiedAudio.Open(PathOf(recordingId), recordingId, DigestsOf(recordingId), cancellation);
    }

    /// <summary>Reads all of a recording and compares it with its name.</summary>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="RecordingFaultException">It is lost or damaged.</exception>
    /// <exception cref="IOException">The folder itself is away.</exception>
    public async Task<long> Check(string recordingId, CancellationToken cancellation)
    {
        RequireFolder();
        return await VerifiedAudio.Check(PathOf(recordingId), recordingId, DigestsOf(recordingId), cancellation);
    }

    /// <summary>The recordings that are there, a subfolder's at a time.</summary>
    public IEnumerable<string[]> Kept() => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, "??").Select(below => Directory.EnumerateFiles(below, $"*{Audio}")
            .Select(file => Path.GetFileNameWithoutExtension(file)).Where(IsName).ToArray())
        : [];

    public bool IsOlder(string recordingId, DateTimeOffset than) =>
        File.Exists(PathOf(recordingId)) && File.GetLastWriteTimeUtc(PathOf(recordingId)) < than.UtcDateTime;

    /// <summary>Out of sight, and kept for a while: a database that was restored may be restored again, to a later time.</summary>
    public void MoveAside(string recordingId, DateTimeOffset now)
    {
        var aside = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, Unclaimed)).FullName, recordingId + Audio);
        File.Delete(DigestsOf(recordingId));
        File.Move(PathOf(recordingId), aside, overwrite: true);
        File.SetLastWriteTimeUtc(aside, now.UtcDateTime);
    }

    public void Delete(string recordingId)
    {
        File.Delete(DigestsOf(recordingId));
        File.Delete(PathOf(recordingId));
    }

    /// <summary>What was moved aside before an instant.</summary>
    public IReadOnlyList<FileInfo> UnclaimedBefore(DateTimeOffset instant) =>
        new DirectoryInfo(Path.Combine(folder, Unclaimed)) is { Exists: true } aside
            ? [.. aside.EnumerateFiles().Where(file => file.LastWriteTimeUtc < instant.UtcDateTime)] : [];

    private static bool IsName(string recordingId) => recordingId.Length == 64 && recordingId.All(char.IsAsciiHexDigitLower);

    // A share that is not mounted is an empty folder, and nobody may say of all recordings that they are lost.
    private void RequireFolder()
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateDirectories(folder, "??").Any())
            throw new IOException("The folder of recordings is empty or not there.");
    }

    // By its first two digits, so that no folder grows too large to look through.
    private string PathOf(string recordingId) => Path.Combine(folder, recordingId[..2], recordingId + Audio);

    private string DigestsOf(string recordingId) => Path.Combine(folder, recordingId[..2], $"{recordingId}.sha256");
}
