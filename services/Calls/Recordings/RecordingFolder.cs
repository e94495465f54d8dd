using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Rules;
using CallCenter.Sound.Files;
using CallCenter.Web;

namespace CallCenter.Calls.Recordings;

/// <summary>The audio, each file under the hash of its content: one folder that all instances see.</summary>
internal sealed class RecordingFolder(IConfiguration configuration)
{
    // Whatever it is coded in: what kind it is its bytes say, and the version before finds it by this name.
    private const string Audio = ".wav";
    private const string Unclaimed = "unclaimed";

    private readonly string folder = Path.GetFullPath(configuration["Recordings:Folder"] ?? "recordings");

    public WatchedFolder Watched => new("recordings", folder);

    private static readonly Dictionary<string, SoundKind> Kinds = new()
    {
        ["audio/wav"] = SoundKind.Wav, ["audio/x-wav"] = SoundKind.Wav, ["audio/vnd.wave"] = SoundKind.Wav,
        ["audio/mpeg"] = SoundKind.Mp3, ["audio/ogg"] = SoundKind.OggOpus, ["audio/opus"] = SoundKind.OggOpus,
        ["audio/gsm"] = SoundKind.Gsm, ["audio/x-gsm"] = SoundKind.Gsm,
    };

    /// <summary>
    /// WAV, MP3, Opus in Ogg or GSM 6.10; largest recording in bytes: 256 MiB unless configured, four and a half hours of 8 kHz PCM.
    /// </summary>
    public UploadRule Rule { get; } = new(configuration.GetValue("Recordings:MaxBytes", 256L << 20), typeof(Stream),
        _ => { }, [.. Kinds.Keys]); // looked at when it is known what it is said to be: Inspect

    /// <summary>What an upload is, by its bytes.</summary>
    /// <exception cref="InvalidException">422 <c>not-a-wav</c> or <c>not-a-recording</c>: what is wrong with it.</exception>
    public static SoundFormat Inspect(Upload upload)
    {
        var said = Kinds[upload.MediaType];
        try
        {
            using var bytes = File.OpenRead(upload.Path);
            using var sound = SoundFile.Open(bytes);
            return sound.Format.Kind == said ? sound.Format
                : throw new SoundException($"It is {sound.Format.MediaType}, not {upload.MediaType}.");
        }
        catch (SoundException wrong)
        {
            throw new InvalidException("", said is SoundKind.Wav ? "not-a-wav" : "not-a-recording", wrong.Message);
        }
    }

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

    /// <summary>The sound of a recording, all of it compared with its name before.</summary>
    /// <exception cref="RecordingFaultException">It is lost or damaged.</exception>
    /// <exception cref="SoundException">It is no sound that is read.</exception>
    public async Task<SoundFile> Sound(string recordingId, CancellationToken cancellation)
    {
        await Check(recordingId, cancellation);
        var bytes = File.OpenRead(PathOf(recordingId));
        try
        {
            return SoundFile.Open(bytes);
        }
        catch
        {
            await bytes.DisposeAsync();
            throw;
        }
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

    /// <summary>A share that is not mounted is an empty folder, and nobody may say of all recordings that they are lost.</summary>
    /// <exception cref="IOException">It is away.</exception>
    public void RequireFolder()
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateDirectories(folder, "??").Any())
            throw new IOException("The folder of recordings is empty or not there.");
    }

    // By its first two digits, so that no folder grows too large to look through.
    private string PathOf(string recordingId) => Path.Combine(folder, recordingId[..2], recordingId + Audio);

    private string DigestsOf(string recordingId) => Path.Combine(folder, recordingId[..2], $"{recordingId}.sha256");
}
