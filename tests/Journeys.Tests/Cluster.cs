using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CallCenter.DevToken;
using CallCenter.Testing;
using Npgsql;

namespace CallCenter.Journeys.Tests;

/// <summary>The product as it runs in production, except that anything may be killed: processes, broker and database.</summary>
public sealed class Cluster(PrivateServers servers) : IAsyncLifetime
{
    /// <summary>What the services keep in files, and their logs.</summary>
    public string Folder => folder;

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
        var environment = new Dictionary<string, string>(PrivateServers.Environment(service.ToLowerInvariant()))
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Auth__Issuer"] = DevelopmentKeys.Issuer,
            ["Auth__Audience"] = DevelopmentKeys.Audience,
            ["Auth__KeysFile"] = DevelopmentKeys.PublicFile(Path.Combine(folder, "keys")),
            ["Recordings__Folder"] = Path.Combine(folder, "recordings"),
            ["Imports__Folder"] = Path.Combine(folder, "imports"),
            ["OpenLegs__CloseAfter"] = "10000.00:00:00", // calls of days ago are reported event by event
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
    public HttpClient As(ServiceProcess process, string roles, params Guid[] projects) =>
        As(process, Guid.CreateVersion7(), roles, projects);

    /// <summary>A client signed in as somebody.</summary>
    public HttpClient As(ServiceProcess process, Guid person, string roles, params Guid[] projects)
    {
        var client = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromSeconds(15) };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", keys.Token(person, roles.Split(','), projects));
        clients.Add(client);
        return client;
    }

    /// <summary>What the newest instance of a service has logged so far.</summary>
    public string LogOf(string service) =>
        processes.LastOrDefault(process => process.Service == service) is { } newest && File.Exists(newest.Log)
            ? File.ReadAllText(newest.Log) : "";

    /// <summary>Keeps a copy of the service's database, as a backup is one.</summary>
    public static Task BackUp(ServiceProcess service) =>
        Stopped(service, "drop database if exists {0}_backup", "create database {0}_backup template {0}");

    /// <summary>Takes the service back to its last backup.</summary>
    public static Task Restore(ServiceProcess service) => Stopped(service,
        "drop database {0} with (force)", "create database {0} template {0}_backup owner {0}_owner", "drop database {0}_backup");

    private static async Task Stopped(ServiceProcess service, params string[] meanwhile)
    {
        service.Kill();
        NpgsqlConnection.ClearAllPools();
        await using (var admin = PrivateServers.Administrator())
            foreach (var command in meanwhile.Prepend("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}'"))
                await admin.CreateCommand(string.Format(CultureInfo.InvariantCulture, command, service.Service.ToLowerInvariant()))
                    .ExecuteNonQueryAsync();
        service.Start();
        await service.Ready();
    }

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
