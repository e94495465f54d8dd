using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CallCenter.Testing;
using Npgsql;

namespace CallCenter.Journeys.Tests;

/// <summary>A PostgreSQL and a RabbitMQ that may be killed: nobody else uses them.</summary>
public sealed class PrivateServers : IAsyncLifetime
{
    private const string Set = "testjourneys"; // make test ends every set whose name begins with test
    private const string DatabaseSetting = "ConnectionStrings__Database";
    private HttpClient management = null!;

    /// <summary>Where the servers and what runs beside them keep their files.</summary>
    public static string Home { get; } = Path.Combine(Repository.Root, ".local", Set);

    /// <summary>The broker as its administrator.</summary>
    public Uri Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Script("down", Set);
        await Start();
        await MakeTemplates();

        var addresses = Settings(Path.Combine(Home, "env"));
        Broker = new Uri(addresses["CALLCENTER_TEST_RABBITMQ"] + "/callcenter");
        var pages = new Uri(addresses["CALLCENTER_TEST_RABBITMQ_MANAGEMENT"]);
        management = new HttpClient { BaseAddress = new UriBuilder(pages) { UserName = "", Password = "" }.Uri };
        management.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pages.UserInfo)));
    }

    /// <summary>Starts whichever of the two does not run.</summary>
    public Task Start() => Script("up", Set);

    public void KillDatabase() => Kill("postgres.pid");

    public void KillBroker() => Kill("rabbitmq.pid");

    /// <summary>The broker takes what is sent to it, and answers nothing.</summary>
    public void FreezeBroker() => Signal("STOP", [Remembered("rabbitmq.pid")]);

    /// <summary>The database takes connections and answers nothing, until <see cref="ThawDatabase"/>.</summary>
    public static void FreezeDatabase() => Signal("STOP", Family(Remembered("postgres.pid")));

    public static void ThawDatabase() => Signal("CONT", Family(Remembered("postgres.pid")));

    private static void Signal(string signal, IEnumerable<int> processes)
    {
        foreach (var id in processes)
        {
            using var kill = Process.Start("kill", [$"-{signal}", $"{id}"]);
            kill.WaitForExit();
            (kill.ExitCode == 0 || !Directory.Exists($"/proc/{id}")).Should().BeTrue("a process is told, or has ended by itself meanwhile");
        }
    }

    private static IEnumerable<int> Family(int parent) =>
    [
        parent,
        .. File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary>What <c>deploy/local/up</c> has written for the service: its own database and its own user of the broker.</summary>
    /// <param name="owner">As the role that owns the tables.</param>
    /// <param name="home">The folder of the set of servers; that of the journeys unless said otherwise.</param>
    public static IReadOnlyDictionary<string, string> Environment(string service, bool owner = false, string? home = null)
    {
        var settings = Settings(Path.Combine(home ?? Home, "services", $"{service}.env"));
        if (owner)
            settings[DatabaseSetting] = Settings(Path.Combine(home ?? Home, "services", $"{service}.migration"))[DatabaseSetting];
        return settings;
    }

    /// <summary>Who may make databases and drop them.</summary>
    public static NpgsqlDataSource Administrator() =>
        NpgsqlDataSource.Create(Settings(Path.Combine(Home, "env"))["CALLCENTER_TEST_POSTGRES"]);

    /// <summary>The service's database.</summary>
    public static NpgsqlDataSource Database(string service, string? home = null) =>
        NpgsqlDataSource.Create(Environment(service, home: home)[DatabaseSetting]);

    // Databases as the migration leaves them, to be copied for each test.
    private static async Task MakeTemplates()
    {
        await using var admin = Administrator();
        foreach (var service in Repository.Services)
        {
            await Execute(admin, $"drop database if exists {service}_new with (force)");
            await Create(admin, service, "template1");
        }

        await Migrate();
        foreach (var service in Repository.Services)
            await Execute(admin, $"alter database {service} rename to {service}_new");
    }

    /// <summary>Brings all databases to this version, whoever works on them.</summary>
    /// <param name="release">Where an earlier release was built, if it is to be that one's.</param>
    public static Task Migrate(string? release = null) =>
        Script("services", new Dictionary<string, string?> { ["RELEASE"] = release }, "migrate", Set);

    private static async Task Create(NpgsqlDataSource admin, string service, string template)
    {
        await Execute(admin, $"drop database if exists {service} with (force)");
        await Execute(admin, $"create database {service} template {template} owner {service}_owner");
        await Execute(admin, $"revoke all on database {service} from public");
        await Execute(admin, $"grant connect on database {service} to {service}");
    }

    private static async Task Execute(NpgsqlDataSource admin, string statement) =>
        await admin.CreateCommand(statement).ExecuteNonQueryAsync();

    /// <summary>New databases and a new virtual host, as <c>deploy/local/up</c> and the migration make them.</summary>
    /// <param name="migrated">False to leave the migration to an earlier release.</param>
    public async Task Empty(bool migrated = true)
    {
        await using (var admin = Administrator())
            foreach (var service in Repository.Services)
                await Create(admin, service, migrated ? $"{service}_new" : "template1");

        (await management.DeleteAsync(new Uri("api/vhosts/callcenter", UriKind.Relative))).EnsureSuccessStatusCode();
        using var definitions = new StringContent(
            await File.ReadAllTextAsync(Path.Combine(Home, "rabbitmq", "definitions.json")), Encoding.UTF8, "application/json");
        (await management.PostAsync(new Uri("api/definitions", UriKind.Relative), definitions)).EnsureSuccessStatusCode();
    }

    /// <summary>How many messages wait in each queue, by its name.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Queues()
    {
        using var queues = JsonDocument.Parse(await management.GetStringAsync(
            new Uri("api/queues/callcenter?disable_stats=true&enable_queue_totals=true", UriKind.Relative)));
        return queues.RootElement.EnumerateArray().ToDictionary(
            q => q.GetProperty("name").GetString()!, q => q.TryGetProperty("messages", out var n) ? n.GetInt64() : 0);
    }

    /// <summary>The broker lists the queue as before, and has no process for it, as now and then after it was killed.</summary>
    public static Task LoseProcess(string queue) => Script("rabbitmqctl", Set, "eval",
        $$"""ok = ra:force_delete_server(quorum_queues, {list_to_atom("callcenter_{{queue}}"), node()}).""");

    /// <summary>The messages of a queue, which keeps them.</summary>
    public async Task<IReadOnlyList<JsonElement>> Peek(string queue)
    {
        using var request = new StringContent(
            """{"count":10,"ackmode":"ack_requeue_true","encoding":"auto"}""", Encoding.UTF8, "application/json");
        var response = await management.PostAsync(new Uri($"api/queues/callcenter/{queue}/get", UriKind.Relative), request);
        using var messages = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return [.. messages.RootElement.EnumerateArray().Select(m => m.Clone())];
    }

    /// <summary>Publishes whatever it is given as if it were such a fact.</summary>
    public async Task Publish<TFact>(object content)
    {
        var type = $"{typeof(TFact).Namespace}:{typeof(TFact).Name}";
        var envelope = JsonSerializer.Serialize(
            new { MessageId = Guid.CreateVersion7(), MessageType = new[] { $"urn:message:{type}" }, Message = content },
            JsonSerializerOptions.Web);
        var request = JsonContent.Create(new Dictionary<string, object>
        {
            ["properties"] = new { content_type = "application/vnd.masstransit+json", delivery_mode = 2 },
            ["routing_key"] = "",
            ["payload"] = envelope,
            ["payload_encoding"] = "string",
        });
        var published = await management.PostAsync(
            new Uri($"api/exchanges/callcenter/{Uri.EscapeDataString(type)}/publish", UriKind.Relative), request);
        (await published.Content.ReadAsStringAsync()).Should().Contain("\"routed\":true", $"somebody should listen to {type}");
    }

    private static void Kill(string file)
    {
        using var process = Process.GetProcessById(Remembered(file));
        process.Kill();
        process.WaitForExit(TimeSpan.FromSeconds(20)).Should().BeTrue();
    }

    private static int Remembered(string file)
    {
        var remembered = File.ReadAllText(Path.Combine(Home, "run", file)).Trim().Split(' ');

        // The id may be a stranger's by now: the file remembers when ours was started.
        var fields = File.ReadAllText($"/proc/{remembered[0]}/stat").Split(") ")[^1].Split(' ');
        fields[19].Should().Be(remembered[1], $"{file} should name the process that deploy/local/up started");
        return int.Parse(remembered[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    internal static Task<string> Script(string name, params string[] arguments) =>
        Script(name, new Dictionary<string, string?>(), arguments);

    private static async Task<string> Script(string name, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "deploy", "local", name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["INFRA_PORT"] = null }, // any five that are free
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        using var script = Process.Start(start)!;
        var (said, failure) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        await script.WaitForExitAsync();
        script.ExitCode.Should().Be(0, $"deploy/local/{name} said: {await said}{await failure}");
        return (await said).Trim();
    }

    private static Dictionary<string, string> Settings(string file) => File.ReadLines(file)
        .Select(line => line.Replace("export ", "", StringComparison.Ordinal).Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1].Trim('\''));

    public async ValueTask DisposeAsync()
    {
        management?.Dispose();
        await Script("down", Set);
    }
}

[CollectionDefinition(Name)]
public sealed class RealProcesses : ICollectionFixture<PrivateServers>
{
    public const string Name = "real processes";
}
