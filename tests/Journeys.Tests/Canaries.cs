using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using CallCenter.Testing;
using Npgsql;

namespace CallCenter.Journeys.Tests;

/// <summary>Words that occur nowhere else, and where in all that the product keeps they are found.</summary>
internal sealed class Canaries(PrivateServers servers, string folder)
{
    private readonly List<string> planted = [];

    public IReadOnlyList<string> Planted => planted;

    public string Word(string where)
    {
        var word = $"canary.{where}.{planted.Count}";
        planted.Add(word);
        return word;
    }

    /// <summary>A recording in which a word is found.</summary>
    public static byte[] Wav(string spoken)
    {
        var samples = new byte[1600];
        Encoding.ASCII.GetBytes(spoken, samples);
        var header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 36 + samples.Length);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), 1 << 16 | 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), 8000);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(32), 16 << 16 | 2);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), samples.Length);
        return [.. header, .. samples];
    }

    /// <summary>Those that are in any database, queue, file or log, as text or as base64.</summary>
    public async Task<IReadOnlyList<string>> Found()
    {
        var haystacks = new List<byte[]>();
        foreach (var service in Repository.Services)
            haystacks.Add(await Dump(service));
        foreach (var (queue, count) in await servers.Queues())
            if (count > 0)
                haystacks.Add(Encoding.UTF8.GetBytes(string.Join('\n', await servers.Peek(queue))));
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            haystacks.Add(await ReadShared(file));

        return [.. planted.Where(word => Forms(word).Any(form => haystacks.Any(hay => hay.AsSpan().IndexOf(form) >= 0)))];
    }

    private static async Task<byte[]> ReadShared(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var all = new MemoryStream();
        await file.CopyToAsync(all);
        return all.ToArray();
    }

    private static IEnumerable<byte[]> Forms(string word)
    {
        var plain = Encoding.UTF8.GetBytes(word);
        yield return plain;
        for (var before = 0; before < 3; before++)
        {
            // What of its base64 does not hang on its neighbours.
            var encoded = Convert.ToBase64String([.. new byte[before], .. plain]);
            yield return Encoding.ASCII.GetBytes(encoded[4..^4]);
        }
    }

    private static async Task<byte[]> Dump(string service)
    {
        var database = new NpgsqlConnectionStringBuilder(PrivateServers.Environment(service, owner: true)["ConnectionStrings__Database"]);
        using var dump = Process.Start(new ProcessStartInfo("pg_dump",
            ["-h", database.Host!, "-p", $"{database.Port}", "-U", database.Username!, "-d", database.Database!, "--exclude-schema=quartz"])
        {
            RedirectStandardOutput = true,
            Environment = { ["PGPASSWORD"] = database.Password },
        })!;
        using var all = new MemoryStream();
        await dump.StandardOutput.BaseStream.CopyToAsync(all);
        await dump.WaitForExitAsync();
        dump.ExitCode.Should().Be(0);
        return all.ToArray();
    }
}
