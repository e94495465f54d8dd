using CallCenter.EventSourcing;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using CallCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CallCenter.Reporting.Tests;

/// <summary>Databases of every earlier release come to the schema that a new one gets.</summary>
public sealed class MigrationTests(FactDatabase database) : IClassFixture<FactDatabase>
{
    private const string Schema = """
        SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, is_nullable, column_default) FROM information_schema.columns
        WHERE table_schema IN ('facts', 'rollups')
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname IN ('facts', 'rollups') ORDER BY 1
        """;

    public static TheoryData<string> Releases =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests/Reporting.Tests/Migrations"), "*.sql")
            .Select(file => Path.GetFileName(file)!)];

    [Theory, MemberData(nameof(Releases))]
    public async Task the_schema_of_an_earlier_release_becomes_todays_and_keeps_its_rows(string release)
    {
        await using var earlier = await EmptyDatabase.Create();
        await earlier.Source.CreateCommand(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "tests/Reporting.Tests/Migrations", release))).ExecuteNonQueryAsync();
        await earlier.Source.CreateCommand("INSERT INTO rollups.project VALUES (gen_random_uuid(), 'Asia/Shanghai', 1, '')")
            .ExecuteNonQueryAsync();

        await Migrations.Run(earlier.Address, typeof(ReportingService).Assembly, NullLogger.Instance, CancellationToken.None);
        foreach (var (_, sql) in CallFacts.Indexes.Append(EvaluationFacts.Index))
            await earlier.Source.CreateCommand(sql).ExecuteNonQueryAsync();

        (await Rows(earlier.Source, Schema)).Should().Equal(await Rows(database.Source, Schema));
        (await Rows(earlier.Source, "SELECT zone FROM rollups.project")).Should().Equal("Asia/Shanghai");
    }

    [Fact]
    public async Task every_sum_has_its_column_and_every_column_its_sum()
    {
        var columns = await Rows(database.Source,
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'rollups' AND table_name = 'figure'");

        columns.Should().BeEquivalentTo(
            ["project_id", "grain", "scope", "day", "quarter", "key", "position", "revision", .. Figures.Columns]);
    }

    private static Task<List<string>> Rows(NpgsqlDataSource source, string sql) =>
        source.Rows(sql, row => row.GetString(0), CancellationToken.None);

    private sealed class EmptyDatabase : IAsyncDisposable
    {
        private static readonly NpgsqlConnectionStringBuilder Server = new(Environment.GetEnvironmentVariable("CALLCENTER_TEST_POSTGRES"));
        private readonly string name = $"t_migrated_{Guid.CreateVersion7():N}";

        public string Address => new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = name }.ConnectionString;

        public NpgsqlDataSource Source { get; private set; } = null!;

        public static async Task<EmptyDatabase> Create()
        {
            var empty = new EmptyDatabase();
            await Execute($"CREATE DATABASE {empty.name}");
            empty.Source = NpgsqlDataSource.Create(empty.Address);
            return empty;
        }

        private static async Task Execute(string sql)
        {
            await using var server = NpgsqlDataSource.Create(Server);
            await server.CreateCommand(sql).ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Source.DisposeAsync();
            await Execute($"DROP DATABASE {name} WITH (FORCE)");
        }
    }
}
