using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CallCenter.Rules;

namespace CallCenter.Reporting.Backups;

/// <summary>
/// Runs what makes and reads backups, such as <c>deploy/local/backup {kind}</c> with <c>full</c>, <c>incr</c> or <c>verify</c> in
/// the place of <c>{kind}</c>. It ends with 0 when all is well. The last line of its output may be JSON with <c>kind</c>,
/// <c>label</c>, <c>bytes</c>, <c>files</c> and <c>repositories</c>.
/// </summary>
/// <param name="command">Program and arguments, separated by blanks.</param>
/// <param name="deadline">After this long it is ended, and what it was doing has failed.</param>
internal sealed class BackupCommand(string command, TimeSpan deadline)
{
    private const int MostWords = 4000;

    private sealed record Told(string? Kind, string? Label, long? Bytes, long? Files, string[]? Repositories);

    public Task<BackupReport> Make(BackupKind kind, CancellationToken cancellation) =>
        Run(kind is BackupKind.Full ? "full" : "incr", cancellation);

    public Task<BackupReport> Verify(CancellationToken cancellation) => Run("verify", cancellation);

    private async Task<BackupReport> Run(string kind, CancellationToken cancellation)
    {
        var words = command.Replace("{kind}", kind, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], words[1..])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            return await Report(process, cancellation);
        }
        catch (Win32Exception e)
        {
            return new("", Failure: $"{words[0]} cannot be started: {e.Message}");
        }
    }

    private async Task<BackupReport> Report(Process process, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline);
        var said = new StringBuilder();
        var (output, faults) = (Read(process.StandardOutput, said), Read(process.StandardError, said));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return new("", Failure: $"It was ended after {deadline}, its deadline. {Shown(said)}");
        }

        var last = await output;
        await faults;
        if (process.ExitCode != 0)
            return new("", Failure: Shown(said) is { Length: > 0 } why ? why : $"It ended with {process.ExitCode} and said nothing.");

        var told = last.StartsWith('{') ? TryRead(last) : null;
        return new(Shown(said), null, told?.Kind switch { "full" => BackupKind.Full, "incr" => BackupKind.Incremental, _ => null },
            told?.Label, told?.Bytes, told?.Files, told?.Repositories);
    }

    /// <returns>The last line.</returns>
    private static async Task<string> Read(StreamReader lines, StringBuilder said)
    {
        var last = "";
        while (await lines.ReadLineAsync() is { } line)
            lock (said)
            {
                said.AppendLine(last = line);
                // The end says how it came out.
                if (said.Length > 4 * MostWords)
                    said.Remove(0, said.Length - MostWords);
            }

        return last;
    }

    private static string Shown(StringBuilder said)
    {
        string all;
        lock (said)
            all = said.ToString().Trim();
        if (all.Length > MostWords)
            all = all[^MostWords..];

        return Text.Fault(all) is null ? all : string.Concat(all.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) || c is '\n'));
    }

    private static Told? TryRead(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Told>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
