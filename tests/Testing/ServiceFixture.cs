using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.DevToken;
using CallCenter.EventSourcing;
using CallCenter.Web;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace CallCenter.Testing;

/// <summary>
/// One service, running for real: its own database, its own RabbitMQ virtual host, a free port. The servers are those of
/// <c>CALLCENTER_TEST_POSTGRES</c>, <c>CALLCENTER_TEST_RABBITMQ</c> and <c>…_MANAGEMENT</c>, which <c>make test</c> starts.
/// </summary>
/// <param name="beside">Shares this one's virtual host: the two hear of each other.</param>
public abstract class ServiceFixture(string service, Func<string[], WebApplication> build, ServiceFixture? beside = null) : IAsyncLifetime
{
    private const string Role = "callcenter_test_service";
    private static readonly SemaphoreSlim OneHostAtATime = new(1);

    // As in production, a service may read and write rows and change no table.
    private const string CreateRole = $"""
        do $$
        begin
            create role {Role} login password '{Role}';
        exception
            when duplicate_object or unique_violation then null;
        end $$
        """;

    private readonly string name = $"t_{service}_{Guid.CreateVersion7():N}"[..40];
    private readonly string folder = Directory.CreateTempSubdirectory("callcenter-test-").FullName;
    private readonly ConcurrentBag<object> published = [];
    private IBusControl bus = null!;
    private string broker = null!;
    private DevelopmentKeys keys = null!;
    private HttpClient management = null!;

    public WebApplication App { get; private set; } = null!;
    public Uri Address { get; private set; } = null!;

    /// <summary>A folder of this fixture's own, gone afterwards.</summary>
    public string Folder => folder;

    /// <summary>People is away, and says nothing of what it has told.</summary>
    public bool PeopleIsSilent { get; set; }

    /// <summary>Further settings as <c>--Key=value</c>.</summary>
    protected virtual IEnumerable<string> Settings => [];

    /// <summary>The service's database, as an administrator.</summary>
    public string Database { get; private set; } = null!;

    /// <summary>The same as the service.</summary>
    public string Connection =>
        new NpgsqlConnectionStringBuilder(Database) { Username = Role, Password = Role }.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        keys = DevelopmentKeys.In(Path.Combine(folder, "keys"));
        broker = beside?.broker ?? await CreateVirtualHost();
        var server = new NpgsqlConnectionStringBuilder(Variable("CALLCENTER_TEST_POSTGRES"));
        await using (var admin = NpgsqlDataSource.Create(server))
        {
            await admin.CreateCommand(CreateRole).ExecuteNonQueryAsync();
            var template = IsNew ? await DatabaseTemplate.Of(service, build, server, Migrate) : "template1";
            await admin.CreateCommand($"create database {name} template {template}").ExecuteNonQueryAsync();
        }

        server.Database = name;
        Database = server.ConnectionString;
        await using (var database = NpgsqlDataSource.Create(server))
            await Prepare(database);
        if (!IsNew)
            await Migrate(Database);

        await StartService();
        if (beside is null)
            await Listen(broker);
    }

    /// <summary>Whether the database begins with this version's schema, and not empty.</summary>
    protected virtual bool IsNew => true;

    /// <summary>What is in the database before the service starts for the first time.</summary>
    protected virtual Task Prepare(NpgsqlDataSource database) => Task.CompletedTask;

    /// <summary>The service ends and starts again, on what it has stored.</summary>
    /// <param name="meanwhile">What happens while nothing of it runs.</param>
    public async Task Restart(Func<Task>? meanwhile = null)
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (meanwhile is not null)
            await meanwhile();
        await StartService();
    }

    /// <summary>Keeps a copy of the database, while the service does not run.</summary>
    public Task CopyDatabase() => OnServer($"drop database if exists {name}_copy", $"create database {name}_copy template {name}");

    /// <summary>Puts the copy into the database's place, while the service does not run.</summary>
    public Task RestoreDatabase() => OnServer($"drop database {name} with (force)", $"create database {name} template {name}_copy");

    private async Task OnServer(params string[] commands)
    {
        NpgsqlConnection.ClearAllPools();
        await using var admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database) { Database = "postgres" });
        foreach (var command in commands.Prepend(
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"))
            await admin.CreateCommand(command).ExecuteNonQueryAsync();
    }

    private async Task StartService()
    {
        App = await OneHost(async () =>
        {
            var app = Build(Connection, $"--ConnectionStrings:Broker={broker}");
            await app.StartServiceAsync();
            return app;
        });
        Address = new Uri(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await App.Services.GetRequiredService<ConsumerHost>().Ready.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Brings the schema of this build to the database, beside the service.</summary>
    public Task Migrate() => Migrate(Database);

    private Task Migrate(string database) => Build(database, "--Migrate=true", $"--Database:Role={Role}").MigrateAsync();

    // MassTransit's log context is static: a host that is gone must not be logged to.
    private static async Task<T> OneHost<T>(Func<Task<T>> use)
    {
        await OneHostAtATime.WaitAsync();
        try
        {
            LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);
            return await use();
        }
        finally
        {
            OneHostAtATime.Release();
        }
    }

    private WebApplication Build(string database, params string[] more) => build(
    [
        "--urls=http://127.0.0.1:0", "--environment=Development", "--Log=Error",
        $"--ConnectionStrings:Database={database}", "--Database:MaxPoolSize=20",
        "--Requests:Deadline=00:05:00", // however busy the machine is
        $"--Auth:Issuer={DevelopmentKeys.Issuer}", $"--Auth:KeysFile={DevelopmentKeys.PublicFile(Path.Combine(folder, "keys"))}",
        .. Settings, .. more,
    ]);

    // Every fact anybody publishes in this virtual host, caught as it passes.
    private async Task Listen(string broker)
    {
        bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(broker));
            rabbit.ReceiveEndpoint("test-listener", endpoint =>
            {
                endpoint.Handler<RestoredV1>(context =>
                {
                    published.Add(context.Message);
                    return SayRetention();
                });
                Catch<HoldStandsV1>(endpoint);
                foreach (var fact in typeof(IFact).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IFact)) && t.IsClass))
                    typeof(ServiceFixture).GetMethod(nameof(Catch), BindingFlags.NonPublic | BindingFlags.Instance)!
                        .MakeGenericMethod(fact).Invoke(this, [endpoint]);
            });
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
    }

    private void Catch<TMessage>(IReceiveEndpointConfigurator endpoint) where TMessage : class =>
        endpoint.Handler<TMessage>(context =>
        {
            published.Add(context.Message);
            return Task.CompletedTask;
        });

    /// <summary>A client signed in as somebody. Roles separated by commas.</summary>
    public HttpClient As(Guid person, string roles, params Guid[] projects)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(person, roles, projects));
        return client;
    }

    public string Token(Guid person, string roles, params Guid[] projects) => keys.Token(person, roles.Split(','), projects);

    public HttpClient Anonymous() => new() { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Sends facts of other services to the one under test.</summary>
    public async Task Publish(params IFact[] facts)
    {
        foreach (var fact in facts)
            await bus.Publish(fact, fact.GetType(), context => context.MessageId = NameId.Of(fact.GetType().Name, fact.Id, fact.Version));
    }

    // As People would, of what was published here in its place: nothing is deleted by who has not heard of all legal holds.
    private async Task SayRetention()
    {
        if (PeopleIsSilent)
            return;

        var newest = published.OfType<RetentionV1>().GroupBy(said => said.Id).Select(of => of.MaxBy(said => said.Version)!).ToList();
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand("""
            select get_byte(uuid_send(id), 15), count(*), bit_xor(hashtextextended(id::text || ' ' || version, 0))
            from unnest($1, $2) as told(id, version) group by 1
            """);
        command.Parameters.AddWithValue(newest.Select(said => said.Id).ToArray());
        command.Parameters.AddWithValue(newest.Select(said => said.Version).ToArray());
        var buckets = new List<FactBucket>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            buckets.Add(new FactBucket(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)));
        await Say(new FactsToldV1("people", nameof(RetentionV1), buckets));
    }

    /// <summary>Says something to the service that is no fact.</summary>
    public Task Say(object message) => bus.Publish(message, message.GetType());

    /// <summary>Loses a queue with all that is in it.</summary>
    public async Task LoseQueue(string queue) =>
        (await management.DeleteAsync(new Uri($"api/queues/{name}/{queue}", UriKind.Relative))).EnsureSuccessStatusCode();

    /// <summary>Waits until the service has published such a fact.</summary>
    public Task<TFact> Published<TFact>(Func<TFact, bool> which) where TFact : class, IFact => Eventually.Some(
        () => Task.FromResult(published.OfType<TFact>().Where(which).MaxBy(f => f.Version)), $"a {typeof(TFact).Name}");

    /// <summary>All of a kind that has passed so far.</summary>
    public IReadOnlyList<TMessage> AllPublished<TMessage>() where TMessage : class => [.. published.OfType<TMessage>()];

    /// <summary>How many events the service has stored.</summary>
    public async Task<long> EventCount()
    {
        await using var source = NpgsqlDataSource.Create(Database);
        return (long)(await source.CreateCommand($"select count(*) from {service}.mt_events").ExecuteScalarAsync())!;
    }

    /// <summary>Messages in the service's error queues.</summary>
    public async Task<long> ErrorCount()
    {
        var queues = await management.GetStringAsync(new Uri($"api/queues/{name}", UriKind.Relative));
        using var json = JsonDocument.Parse(queues);
        return json.RootElement.EnumerateArray()
            .Where(q =>
                q.GetProperty("name").GetString()!.EndsWith("_error", StringComparison.Ordinal) && q.TryGetProperty("messages", out _))
            .Sum(q => q.GetProperty("messages").GetInt64());
    }

    /// <summary>Messages of a queue that its consumer has taken and not yet answered for.</summary>
    public async Task<long> InHand(string queue)
    {
        using var json = JsonDocument.Parse(await management.GetStringAsync(new Uri($"api/queues/{name}/{queue}", UriKind.Relative)));
        return json.RootElement.TryGetProperty("messages_unacknowledged", out var count) ? count.GetInt64() : 0;
    }

    private async Task<string> CreateVirtualHost()
    {
        var address = new Uri(Variable("CALLCENTER_TEST_RABBITMQ_MANAGEMENT"));
        management = new HttpClient { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Path)) };
        management.BaseAddress = new UriBuilder(address) { UserName = "", Password = "", Path = "/" }.Uri;
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));

        using var empty = new StringContent("{}", Encoding.UTF8, "application/json");
        (await management.PutAsync(new Uri($"api/vhosts/{name}", UriKind.Relative), empty)).EnsureSuccessStatusCode();

        return $"{Variable("CALLCENTER_TEST_RABBITMQ").TrimEnd('/')}/{name}";
    }

    private static string Variable(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException(
            $"{variable} is not set: run the tests by 'make test', or start the servers first (CONTRIBUTING.md).");

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (beside is null)
            await bus.StopAsync();
        await App.StopAsync();
        await App.DisposeAsync();
        if (beside is null)
        {
            await management.DeleteAsync(new Uri($"api/vhosts/{name}", UriKind.Relative));
            management.Dispose();
        }

        var server = new NpgsqlConnectionStringBuilder(Database) { Database = "postgres" };
        await using (var admin = NpgsqlDataSource.Create(server))
            foreach (var database in new[] { name, $"{name}_copy" })
                await admin.CreateCommand($"drop database if exists {database} with (force)").ExecuteNonQueryAsync();
        Directory.Delete(folder, recursive: true);
    }
}
