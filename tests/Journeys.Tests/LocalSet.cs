using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>The whole product as <c>make run</c> starts it, with servers, ports and a mailbox of its own.</summary>
public sealed class LocalSet : IAsyncLifetime
{
    private const string Set = "testdemo"; // make test ends every set whose name begins with test

    private readonly int port = FreePorts(8); // the gateway's and its services'
    private readonly int mail = FreePorts(2);
    private IReadOnlyList<(string Name, string Value)> settings = [];

    public static string Home { get; } = Path.Combine(Repository.Root, ".local", Set);

    public string MailFolder => Path.Combine(Home, "mail");

    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(MailFolder))
            Directory.Delete(MailFolder, recursive: true);
        await Succeeds(Path.Combine(Repository.Root, "deploy/local/up"), Set);
        await Succeeds(Path.Combine(Repository.Root, "deploy/local/services"), "up", Set);
    }

    /// <summary>Runs the demo's program to its end.</summary>
    /// <returns>What it said.</returns>
    public Task<string> Demo(params string[] arguments) => Succeeds("dotnet",
    [
        Path.Combine(Repository.Root, "artifacts/bin/Demo", new DirectoryInfo(AppContext.BaseDirectory).Name, "CallCenter.Demo.dll"),
        "--gateway", $"http://127.0.0.1:{port}", "--keys", Path.Combine(Home, "keys"), "--mail", MailFolder, .. arguments,
    ]);

    /// <summary>Runs one of the scripts of <c>deploy/local</c> on this set.</summary>
    /// <returns>Whether it ended well, and what it said.</returns>
    public Task<(bool Well, string Said)> Script(string name, params string[] arguments) =>
        Run(Path.Combine(Repository.Root, "deploy/local", name), [.. arguments, Set]);

    /// <summary>Ends the services and starts them again with these settings.</summary>
    public async Task StartAgain(params (string Name, string Value)[] settings)
    {
        this.settings = settings;
        await Succeeds(Path.Combine(Repository.Root, "deploy/local/services"), "down", Set);
        await Succeeds(Path.Combine(Repository.Root, "deploy/local/services"), "up", Set);
    }

    /// <summary>A client of the gateway, with this token.</summary>
    public HttpClient Client(string token) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        DefaultRequestHeaders = { Authorization = new("Bearer", token) },
    };

    private async Task<string> Succeeds(string program, params string[] arguments)
    {
        var (well, said) = await Run(program, arguments);

        well.Should().BeTrue($"{program} {string.Join(' ', arguments)} said: {said}");
        return said;
    }

    private async Task<(bool Well, string Said)> Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Any ports that are free; nobody else's.
            Environment = { ["INFRA_PORT"] = null, ["PORT"] = $"{port}", ["MAIL_PORT"] = $"{mail}" },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var said = new StringBuilder();
        process.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
        process.BeginOutputReadLine();
        var failure = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        return (process.ExitCode == 0, $"{said}{await failure}");
    }

    // Below the range from which the system gives ports to clients.
    private static int FreePorts(int count)
    {
        for (var first = 20_000 + Random.Shared.Next(8_000); ; first++)
            if (Enumerable.Range(first, count).All(Free))
                return first;
    }

    private static bool Free(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Succeeds(Path.Combine(Repository.Root, "deploy/local/services"), "down", Set);
        await Succeeds(Path.Combine(Repository.Root, "deploy/local/down"), Set);
    }
}

/// <summary>Beside the tests that kill processes: this set has servers of its own.</summary>
[CollectionDefinition(Name)]
public sealed class WholeProduct : ICollectionFixture<LocalSet>
{
    public const string Name = "the whole product";
}
