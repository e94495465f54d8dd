using System.Text.RegularExpressions;
using CallCenter.EventSourcing;
using CallCenter.Generate;
using CallCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Conventions.Tests;

/// <summary>Two instances of each service, and a tenth to spare, fit into what the database server takes.</summary>
public sealed partial class ConnectionBudgetTests
{
    private const int Instances = 2;
    private const int Superusers = 3; // kept free by PostgreSQL
    private const double Spare = 0.1;

    private static readonly IReadOnlyList<ServiceEntry> Services = ServiceEntry.Read(Repository.Root);

    private static readonly string[] Sources =
    [
        .. new[] { "shared", "services" }
            .SelectMany(top => Directory.EnumerateFiles(Path.Combine(Repository.Root, top), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)),
    ];

    [Theory]
    [InlineData("deploy/compose.yaml")]
    [InlineData("deploy/compose.backup.yaml")]
    [InlineData("deploy/local/postgres.sh")]
    public void two_instances_of_each_service_fit_with_a_reserve(string server)
    {
        var most = int.Parse(MaxConnections().Match(File.ReadAllText(Path.Combine(Repository.Root, server))).Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);

        var wanted = Instances * Services.Sum(service => Connections.Of(service.Connections, HasOperations(service)));

        wanted.Should().BePositive().And.BeLessThanOrEqualTo((int)((most - Superusers) * (1 - Spare)));
    }

    [Fact]
    public async Task each_service_takes_its_pool_from_its_configuration_and_no_more_without()
    {
        foreach (var service in Services)
        {
            (await PoolOf(service)).Should().Be(Connections.Pool);
            (await PoolOf(service, $"--Database:MaxPoolSize={service.Connections}")).Should().Be(service.Connections);
        }
    }

    // Each is counted in Connections; another needs to be.
    [Fact]
    public void nothing_opens_connections_that_are_not_counted()
    {
        Sources.Where(file => Opened().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(Repository.Root, file))
            .Should().BeEquivalentTo("shared/EventSourcing/EventStore.cs", "shared/EventSourcing/LockSession.cs", "shared/Jobs/Work.cs",
                "shared/EventSourcing/Schema.cs", "shared/Jobs/JobScheduler.cs"); // the last two by a migration, which serves nobody
        Sources.SelectMany(file => Locked().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)
            .Should().BeEquivalentTo("daemon-leader", "operations-desk", "operation");
    }

    private static async Task<int> PoolOf(ServiceEntry service, params string[] settings)
    {
        await using var app = Product.Services[service.Name](
        [
            "--environment=Development", "--ConnectionStrings:Database=Host=127.0.0.1;Port=1;Database=none",
            "--ConnectionStrings:Broker=amqp://127.0.0.1:1/none", "--Log=Fatal", .. settings,
        ]);
        return new NpgsqlConnectionStringBuilder(app.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString).MaxPoolSize;
    }

    private static bool HasOperations(ServiceEntry service) =>
        File.ReadAllText(Path.Combine(Repository.Root, "services", service.Project, $"{service.Project}Service.cs"))
            .Contains("work.Handle<", StringComparison.Ordinal);

    [GeneratedRegex(@"max_connections ?= ?(\d+)")]
    private static partial Regex MaxConnections();

    [GeneratedRegex(@"new NpgsqlConnection\(|NpgsqlDataSource\.Create\(|NpgsqlDataSourceBuilder\(|UsePostgres\(")]
    private static partial Regex Opened();

    [GeneratedRegex(@"locks\.Open\(""([\w-]+)""")]
    private static partial Regex Locked();
}
