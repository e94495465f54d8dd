using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Recordings;

/// <summary>The audio, each file under the hash of its content: one folder that all instances see.</summary>
internal sealed class RecordingFolder(IConfiguration configuration)
{
    private readonly string folder = Path.GetFullPath(configuration["Recordings:Folder"] ?? "recordings");

    public WatchedFolder Watched => new("recordings", folder);

    /// <summary>A WAV; largest recording in bytes: 256 MiB unless configured, four and a half hours of 8 kHz PCM.</summary>
    public UploadRule Rule { get; } = new(configuration.GetValue("Recordings:MaxBytes", 256L << 20), typeof(Stream),
        file => Wav.Read(file), "audio/wav", "audio/x-wav", "audio/vnd.wave");

    public Task<Upload> Save(HttpRequest request, CancellationToken cancellation) => Upload.Save(request, Rule, folder, cancellation);

    public void Keep(Upload upload) => upload.Keep(PathOf(upload.Sha256));

    /// <exception cref="StreamNotFoundException">404: not the name of anything.</exception>
    public static string Require(string recordingId) => recordingId.Length == 64 && recordingId.All(char.IsAsciiHexDigitLower)
        ? recordingId : throw new StreamNotFoundException(Guid.Empty);

    // By its first two digits, so that no folder grows too large to look through.
    public string PathOf(string recordingId) => Path.Combine(folder, recordingId[..2], $"{recordingId}.wav");
}
