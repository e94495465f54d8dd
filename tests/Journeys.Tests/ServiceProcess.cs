using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>One instance of a service as an operating system process, at an address that it keeps over restarts.</summary>
/// <param name="root">The repository it was built in.</param>
public sealed class ServiceProcess(
    string service, int port, string log, IReadOnlyDictionary<string, string> environment, string root) : IDisposable
{
    // Debug or release, whichever these tests were built as.
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
    private Process? process;

    public string Service => service;
    public Uri Address => http.BaseAddress!;
    public string Log => log;

    public bool Runs => process is { HasExited: false };

    public void Start()
    {
        var folder = Path.Combine(root, "artifacts", "bin", service, Configuration);
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "exec dotnet \"$0\" >> \"$1\" 2>&1 < /dev/null", $"CallCenter.{service}.dll", log])
        {
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();

        process = Process.Start(start)!;
    }

    public async Task Ready()
    {
        await Eventually.True(async () => !Runs || await Answers("/health/ready"), $"{service} to be ready; its log: {log}");
        Runs.Should().BeTrue($"{service} should run; its log ends: {Tail()}");
    }

    /// <summary>kill -9</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
    }

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>Asks it to end, as an orchestrator does, and waits until it has.</summary>
    public async Task Stop()
    {
        Signal("TERM");
        await process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
    }

    /// <summary>Whether it says that it leads its kind: runs the projections and publishes.</summary>
    public async Task<bool> Leads() => await Health("daemon") == "leading";

    /// <summary>What <c>/health</c> says about a check; null when it does not answer.</summary>
    public async Task<string?> Health(string check)
    {
        try
        {
            var health = await http.GetFromJsonAsync<JsonElement>(new Uri("/health", UriKind.Relative));
            return health.GetProperty("checks").GetProperty(check).GetProperty("description").GetString();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public string Tail() => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "(no log)";

    private async Task<bool> Answers(string path)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        Runs.Should().BeTrue($"{service} should run; its log ends: {Tail()}");
        using var kill = Process.Start("kill", [$"-{name}", $"{process!.Id}"]);
        kill.WaitForExit();
        kill.ExitCode.Should().Be(0);
    }

    public void Dispose()
    {
        if (Runs)
            Kill();
        process?.Dispose();
        http.Dispose();
    }
}
