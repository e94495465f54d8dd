using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CallCenter.Quality.Forms;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>What is sent as a file: recordings, rows of calls, rows of people.</summary>
internal static class Files
{
    public const string Calls = "call_id,queue,offered_at,answered_at,ended_at,agent\n";

    public static byte[] For(Operation operation, Random random) => operation.Path switch
    {
        "/calls/{id}/recordings" => Recording(random.Next()),
        "/employees/imports" => Encoding.UTF8.GetBytes("staff_number,name,hired_on,grade,teams,skills,weekly_hours,zone\n"
            + $"I-{random.Next(100_000)},Wang Wei,2025-03-03,junior,,billing:3,40,Asia/Shanghai\n"),
        "/clockings/imports" => Encoding.UTF8.GetBytes(
            Clockings($"A-{random.Next(8)}", TimeProvider.System.GetUtcNow().AddMinutes(-random.Next(1, 40_000)))),
        "/evaluation-forms/imports" or "/evaluation-forms/{id}/draft/file" => Form(),
        "/learning-statements/imports" => Encoding.UTF8.GetBytes(Results($"A-{random.Next(8)}")),
        _ => Encoding.UTF8.GetBytes(Calls + Call($"more-{random.Next(100_000)}", TimeProvider.System.GetUtcNow().AddHours(-random.Next(1, 400)), "")),
    };

    public static byte[] Broken(Random random) => random.Next(9) switch
    {
        0 => [],
        1 => Encoding.UTF8.GetBytes("a,b\n\"1,2\n3"),
        2 => Encoding.Unicode.GetBytes(Calls),
        3 => Encoding.UTF8.GetBytes(Calls + "x,billing,0001-01-01T00:00:00Z,,9999-12-31T00:00:00Z,\0\n=1+1,,,,,\n"),
        4 => Recording(random.Next())[..random.Next(60)],
        5 => "PK\u0003\u0004zip"u8.ToArray(),
        6 => "{\"a\":[{}]}\n{"u8.ToArray(),
        7 => Encoding.UTF8.GetBytes(new string(',', 5000) + "\n"),
        _ => [0xFF, 0xFE, 0x00],
    };

    public static string Call(string id, DateTimeOffset offered, string agent) => string.Create(CultureInfo.InvariantCulture,
        $"{id},billing,{offered:O},{(agent.Length > 0 ? $"{offered.AddSeconds(9):O}" : "")},{offered.AddSeconds(200):O},{agent}\n");

    public static string Clockings(string agent, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture,
        $"staff_number,kind,time,device\n{agent},in,{at:yyyy-MM-ddTHH:mm:sszzz},Gate 2\n");

    /// <summary>The workbook of a form that the product ships.</summary>
    public static byte[] Form()
    {
        var options = new JsonSerializerOptions();
        Json.Strict(options);
        var content = JsonSerializer.Deserialize<FormContent>(
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "how-to", "inbound-form.json")), options)!;
        using var workbook = new MemoryStream();
        FormSheet.Of(content).Write(workbook, CancellationToken.None).Wait();
        return workbook.ToArray();
    }

    public static string Results(string agent) => "staff_number,at,activity,title,score,passed\n"
        + $"{agent},2026-03-09T16:00:00+08:00,https://lms.example/data-protection,Data protection,90,yes\n";

    public static byte[] Recording(int seed)
    {
        var wav = new byte[44 + 16_000];
        "RIFF"u8.CopyTo(wav);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        "data"u8.CopyTo(wav.AsSpan(36));
        (int At, int Value)[] fields =
            [(4, wav.Length - 8), (16, 16), (20, 1 | (1 << 16)), (24, 8000), (28, 16_000), (32, 2 | (16 << 16)), (40, 16_000), (44, seed)];
        foreach (var (at, value) in fields)
            BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(at), value);
        return wav;
    }
}
