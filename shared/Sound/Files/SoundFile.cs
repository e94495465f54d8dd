namespace CallCenter.Sound.Files;

/// <summary>The file is not the sound that it says it is.</summary>
/// <param name="message">What is wrong, as a sentence.</param>
public sealed class SoundException(string message) : Exception(message);

public enum SoundKind { Wav, Mp3, OggOpus, Gsm }

/// <summary>What a file is, borne out by its bytes.</summary>
/// <param name="SampleRate">At which it is read.</param>
/// <param name="Seconds">To the millisecond.</param>
public sealed record SoundFormat(SoundKind Kind, int Channels, int SampleRate, decimal Seconds)
{
    /// <summary>Of the type under which browsers play it.</summary>
    public string MediaType => Kind switch
    {
        SoundKind.Wav => "audio/wav",
        SoundKind.Mp3 => "audio/mpeg",
        SoundKind.OggOpus => "audio/ogg",
        _ => "audio/x-gsm",
    };
}

/// <summary>
/// Reads the samples of a sound file from its beginning to its end, a block at a time: memory does not grow with its length.
/// </summary>
public abstract class SoundFile : IDisposable
{
    private const int LongestHours = 24;

    public abstract SoundFormat Format { get; }

    /// <summary>The largest sample that the coding can say.</summary>
    public virtual float FullScale => 1;

    /// <summary>
    /// Looks at the whole structure of a file, believing what it says of itself only as far as its bytes bear it out. What kind it is
    /// the bytes say, not its name.
    /// </summary>
    /// <param name="file">Can seek; is disposed of with what is returned.</param>
    /// <exception cref="SoundException">It is none of the kinds that are read, is cut off, or contradicts itself.</exception>
    public static SoundFile Open(Stream file)
    {
        var sound = OfKind(file);
        return sound.Format.Seconds <= LongestHours * 3600 ? sound : throw new SoundException($"It is longer than {LongestHours} hours.");
    }

    /// <summary>The next samples from −1 to 1, those of a moment beside each other; empty at the end. Valid until the next call.</summary>
    /// <exception cref="SoundException">The sound itself is broken.</exception>
    public abstract ReadOnlySpan<float> Next();

    private static SoundFile OfKind(Stream file)
    {
        Span<byte> head = stackalloc byte[4];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        return head.StartsWith("OggS"u8) ? new OpusFile(file)
            : head.StartsWith("ID3"u8) || Mp3Header.TryRead(head, out _) ? new Mp3File(file)
            : GsmFile.Is(file) ? new GsmFile(file)
            : new WavFile(file);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
