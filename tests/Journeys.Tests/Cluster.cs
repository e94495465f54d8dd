using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CallCenter.DevToken;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>The product as it runs in production, except that anything may be killed: processes, broker and database.</summary>
public sealed class Cluster(PrivateServers servers) : IAsyncLifetime
{
    private readonly string folder = Path.Combine(PrivateServers.Home, $"cluster-{Guid.CreateVersion7():N}");
    private readonly List<ServiceProcess> processes = [];
    private readonly List<HttpClient> clients = [];
    private DevelopmentKeys keys = null!;

    public PrivateServers Servers => servers;

    /// <summary>Every fact that was published, as it passed.</summary>
    public Facts Facts { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        keys = DevelopmentKeys.In(Path.Combine(folder, "keys"));
        await servers.Empty();
        Facts = await Facts.Listen(servers.Broker);
    }

    /// <summary>Starts an instance of the service; of one that runs already, another.</summary>
    /// <param name="telemetry">Whether it records spans, for a collector that is not there.</param>
    /// <param name="listening">Whether to wait until it listens to the others; in vain while the broker is away.</param>
    /// <param name="release">Where an earlier release was built, if it is to be one of that.</param>
    public async Task<ServiceProcess> Start(string service, bool telemetry = false, bool listening = true, string? release = null)
    {
        var process = Prepare(service, telemetry, release);
        process.Start();
        await process.Ready();
        if (listening)
            await Eventually.True(async () => await process.Health("consumers") == "listening", $"{service} to listen to the others");
        return process;
    }

    /// <summary>As above for several services at a time.</summary>
    public Task<Dictionary<string, ServiceProcess>> Start(params IReadOnlyList<string> services) => Start(services, release: null);

    /// <summary>As above, of an earlier release.</summary>
    public async Task<Dictionary<string, ServiceProcess>> Start(IReadOnlyList<string> services, string? release) =>
        (await Task.WhenAll(services.Select(service => Start(service, release: release)))).ToDictionary(process => process.Service);

    private ServiceProcess Prepare(string service, bool telemetry, string? release)
    {
        var environment = new Dictionary<string, string>(PrivateServers.Environment(service.ToLowerInvariant(), release is not null))
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Auth__Issuer"] = DevelopmentKeys.Issuer,
            ["Auth__Audience"] = DevelopmentKeys.Audience,
            ["Auth__KeysFile"] = DevelopmentKeys.PublicFile(Path.Combine(folder, "keys")),
            ["Recordings__Folder"] = Path.Combine(folder, "recordings"),
            ["Imports__Folder"] = Path.Combine(folder, "imports"),
            ["Smtp__Host"] = "127.0.0.1",
            ["Smtp__Port"] = "9", // nobody reads mail here
        };
        if (telemetry)
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9";
        var process = new ServiceProcess(service, FreePort(), Path.Combine(folder, $"{service}-{processes.Count}.log"), environment,
            release ?? Repository.Root);
        processes.Add(process);
        return process;
    }

    /// <summary>A client signed in as a new person. Its address is the process's.</summary>
    public HttpClient As(ServiceProcess process, string roles, params Guid[] projects)
    {
        var client = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromSeconds(15) };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", keys.Token(Guid.CreateVersion7(), roles.Split(','), projects));
        clients.Add(client);
        return client;
    }

    /// <summary>What the newest instance of a service has logged so far.</summary>
    public string LogOf(string service) =>
        processes.LastOrDefault(process => process.Service == service) is { } newest && File.Exists(newest.Log)
            ? File.ReadAllText(newest.Log) : "";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        processes.ForEach(p => p.Dispose());
        clients.ForEach(c => c.Dispose());
        await Facts.DisposeAsync();
        foreach (var log in Directory.GetFiles(folder, "*.log"))
            File.Move(log, Path.Combine(PrivateServers.Home, "log", Path.GetFileName(log)), overwrite: true);
        Directory.Delete(folder, recursive: true);
    }
}
