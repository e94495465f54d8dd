using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CallCenter.DevToken;
using Npgsql;

namespace CallCenter.Bench;

/// <summary>The servers that <c>deploy/local/bench</c> has started, emptied, and the services as processes of their own.</summary>
internal sealed class Site : IAsyncDisposable
{
    public static readonly string[] Services = ["People", "Calls", "Quality", "Training", "Scheduling", "Attendance", "Reporting"];

    private readonly string folder = Directory.CreateTempSubdirectory("callcenter-bench-").FullName;
    private readonly Dictionary<string, Instance> running = [];
    private readonly DevelopmentKeys keys;

    private Site() => keys = DevelopmentKeys.In(Path.Combine(folder, "keys"));

    public static async Task<Site> Open()
    {
        var site = new Site();
        await using (var admin = NpgsqlDataSource.Create(Admin("postgres")))
        {
            await Recreate(admin, "bench", "admin");
            foreach (var service in Services)
                await Recreate(admin, service.ToLowerInvariant(), $"{service.ToLowerInvariant()}_owner");
        }

        await Migrate();

        await EmptyBroker();
        return site;
    }

    private static async Task Recreate(NpgsqlDataSource admin, string database, string owner)
    {
        await admin.CreateCommand($"drop database if exists {database} with (force)").ExecuteNonQueryAsync();
        await admin.CreateCommand($"create database {database} owner {owner}").ExecuteNonQueryAsync();
    }

    // As make bench does with its own set, whose folder the services' settings are in.
    private static async Task Migrate()
    {
        var set = Path.GetFileName(Path.GetDirectoryName(Folder("CALLCENTER_TEST_SERVICES")))!;
        var script = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "deploy", "local", "services");
        using var migration = Process.Start(script, ["migrate", set]);
        await migration.WaitForExitAsync();
        if (migration.ExitCode != 0)
            throw new InvalidOperationException($"'{script} migrate {set}' ended with {migration.ExitCode}.");
    }

    // The definitions bring back the virtual host with its users' permissions.
    private static async Task EmptyBroker()
    {
        var pages = new Uri(Variable("CALLCENTER_TEST_RABBITMQ_MANAGEMENT"));
        using var management = new HttpClient { BaseAddress = new UriBuilder(pages) { UserName = "", Password = "" }.Uri };
        management.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pages.UserInfo)));
        (await management.DeleteAsync(new Uri("api/vhosts/callcenter", UriKind.Relative))).EnsureSuccessStatusCode();
        using var definitions = new StringContent(
            await File.ReadAllTextAsync(Path.Combine(Folder("CALLCENTER_TEST_SERVICES"), "..", "rabbitmq", "definitions.json")),
            Encoding.UTF8, "application/json");
        (await management.PostAsync(new Uri("api/definitions", UriKind.Relative), definitions)).EnsureSuccessStatusCode();
    }

    /// <summary>A database of the benchmark's own on the same server, for what Marten can do by itself.</summary>
    public static string Own => Admin("bench");

    /// <summary>The service's database, as the administrator.</summary>
    public static NpgsqlDataSource Database(string service) => NpgsqlDataSource.Create(Admin(service));

    private static string Admin(string database) =>
        new NpgsqlConnectionStringBuilder(Variable("CALLCENTER_TEST_POSTGRES")) { Database = database, MaxPoolSize = 60 }.ConnectionString;

    /// <summary>Starts it unless it runs, and waits until it is ready.</summary>
    public async Task<Instance> Start(string service)
    {
        if (running.TryGetValue(service, out var instance))
            return instance;

        instance = running[service] = new Instance(service, Environment(service), Path.Combine(folder, $"{service}.log"));
        await instance.Ready();
        return instance;
    }

    public async Task Stop(string service)
    {
        if (running.Remove(service, out var instance))
            await instance.DisposeAsync();
    }

    public async Task StopServices()
    {
        foreach (var service in running.Keys.ToList())
            await Stop(service);
    }

    /// <summary>A client signed in as somebody new.</summary>
    public HttpClient As(Instance service, string roles, params Guid[] projects) =>
        As(service, Guid.CreateVersion7(), roles, projects);

    public HttpClient As(Instance service, Guid person, string roles, params Guid[] projects)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32 }) { BaseAddress = service.Address,
            Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", keys.Token(person, roles.Split(','), projects));
        return client;
    }

    /// <summary>Opens a project and waits until the services named know of it.</summary>
    public async Task<Guid> Project(params string[] known)
    {
        using var people = As(await Start("People"), "admin");
        foreach (var service in known)
            await Start(service);

        var opened = await people.PostAsJsonAsync(new Uri("/projects", UriKind.Relative), new
        {
            name = $"Bench {Guid.CreateVersion7()}", client = "Bench", zone = "UTC", openingHours = Array.Empty<object>(),
            queues = new[] { new { code = "billing", name = "Billing", channel = "voice", serviceLevelSeconds = 20 } },
        });
        var project = Guid.Parse(opened.EnsureSuccessStatusCode().Headers.Location!.ToString()[^36..]);

        foreach (var service in known.Select(s => s.ToLowerInvariant()))
        {
            await using var database = Database(service);
            await Until(async () => await Count(database, $"select count(*) from {service}.mt_doc_projectv1 where id = '{project}'") == 1);
        }

        return project;
    }

    public static async Task<long> Count(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), null);
    }

    /// <summary>
    /// Waits until the publisher and the projections of Calls have caught up, so that they do not weigh on another's round.
    /// </summary>
    public static async Task Settled()
    {
        await using var calls = Database("calls");
        await Until(async () => await Count(calls, """
            select (select coalesce(max(seq_id), 0) from calls.mt_events) - coalesce(min(last_seq_id), -1) from calls.mt_event_progression where name like '%:All'
            """) <= 0);
    }

    public static async Task Until(Func<Task<bool>> condition, int everyMilliseconds = 50)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(15))
                throw new TimeoutException("The benchmark has waited for 15 minutes.");
            await Task.Delay(everyMilliseconds);
        }
    }

    private Dictionary<string, string> Environment(string service) => new(
        File.ReadLines(Path.Combine(Folder("CALLCENTER_TEST_SERVICES"), $"{service.ToLowerInvariant()}.env"))
            .Select(line => line.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], parts[1].Trim('\''))))
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["Auth__Issuer"] = DevelopmentKeys.Issuer,
        ["Auth__Audience"] = DevelopmentKeys.Audience,
        ["Auth__KeysFile"] = DevelopmentKeys.PublicFile(Path.Combine(folder, "keys")),
        ["Imports__Folder"] = Path.Combine(folder, "imports"),
        ["Recordings__Folder"] = Path.Combine(folder, "recordings"),
    };

    private static string Folder(string variable) => Path.GetFullPath(Variable(variable));

    private static string Variable(string name) => System.Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: run the benchmark by 'make bench'.");

    public async ValueTask DisposeAsync()
    {
        await StopServices();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One service as a process.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly Process process;
    private readonly string log;
    private readonly long started = Stopwatch.GetTimestamp();

    public Instance(string service, IReadOnlyDictionary<string, string> environment, string log)
    {
        this.log = log;
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "exec dotnet \"$0\" >> \"$1\" 2>&1 < /dev/null", $"CallCenter.{service}.dll", log])
        {
            WorkingDirectory = Path.Combine(
                AppContext.BaseDirectory, "..", "..", service, new DirectoryInfo(AppContext.BaseDirectory).Name),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        process = Process.Start(start)!;
    }

    public Uri Address { get; }

    /// <summary>From the start of the process to the first ready answer.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public async Task Ready()
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        await Site.Until(async () =>
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The service ended: {string.Join('\n', File.ReadLines(log).TakeLast(10))}");
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                return false;
            }
        }, everyMilliseconds: 20);
        ReadyAfter = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Resident memory in MB: now (<c>VmRSS</c>) or at its highest (<c>VmHWM</c>).</summary>
    public double Memory(string field = "VmRSS") => Megabytes("status", field);

    /// <summary>
    /// Its share in MB: as <see cref="Memory"/>, but what processes have in common, the runtime's code above all, is divided among them.
    /// </summary>
    public double Share() => Megabytes("smaps_rollup", "Pss:");

    private double Megabytes(string file, string field) => File.ReadLines($"/proc/{process.Id}/{file}")
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], null) / 1024).Single();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var term = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }

        process.Dispose();
    }
}
