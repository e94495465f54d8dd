using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.Projects;
using CallCenter.Reporting.RollUps;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CallCenter.Reporting.Tests;

/// <summary>The service's tables in a database of their own, without the service.</summary>
public sealed class FactDatabase : IAsyncLifetime
{
    private readonly string name = $"t_facts_{Guid.CreateVersion7():N}";

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server($"CREATE DATABASE {name}");
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Address) { Database = name, MaxPoolSize = 8 });
        await Migrate();
        await Migrate(); // can be repeated
        foreach (var (_, sql) in CallFacts.Indexes.Append(EvaluationFacts.Index))
            await Source.CreateCommand(sql).ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Server($"DROP DATABASE {name} WITH (FORCE)");
    }

    private Task Migrate() => Migrations.Run(
        new NpgsqlConnectionStringBuilder(Address) { Database = name }.ConnectionString, typeof(ReportingService).Assembly,
        NullLogger.Instance, CancellationToken.None);

    /// <summary>Keeps the newest of each fact, as the consumers would.</summary>
    internal async Task Keep(IReadOnlyList<IFact> facts)
    {
        await CallFacts.Table.Keep(Source, Newest<CallV1>(facts));
        await EvaluationFacts.Table.Keep(Source, Newest<EvaluationV1>(facts));
        await ChatFacts.Table.Keep(Source, Newest<ChatV1>(facts));
        await TrainingFacts.Table.Keep(Source, Newest<TrainingRecordV1>(facts));
        await Timeline.AgentDays.Keep(Source, Newest<AgentDayV1>(facts));
        await Timeline.RosterDays.Keep(Source, Newest<RosterDayV1>(facts));
        await Timeline.CoverageDays.Keep(Source, Newest<CoverageDayV1>(facts));
    }

    private static List<TFact> Newest<TFact>(IReadOnlyList<IFact> facts) where TFact : IFact =>
        [.. facts.OfType<TFact>().GroupBy(fact => fact.Id).Select(versions => versions.MaxBy(fact => fact.Version)!)];

    internal async Task<RolledUp> RollUp(ProjectV1 project, TeamV1[] teams, ForcedRange? again = null)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return await RollUps.RollUps.Run(
            new ProjectRollUp(connection, ProjectDimensions.Of(project, teams), new RollUpOptions()), settled: false, again,
            CancellationToken.None);
    }

    /// <summary>Every figure that is not all zeros, without what tells how it came about.</summary>
    public Task<List<string>> Figures(Guid project) => Source.Rows($"""
        SELECT concat_ws(' ', grain, scope, day, quarter, key, {string.Join(", ", Columns.Select(c => $"trim_scale({c}::numeric)"))})
        FROM rollups.figure WHERE project_id = $1 AND NOT ({string.Join(" AND ", Columns.Select(c => $"{c} = 0"))})
        ORDER BY grain, scope, day, quarter, key
        """, row => row.GetString(0), CancellationToken.None, project);

    public Task<List<(DateOnly Day, int Quarter, string Key, Figures Figures)>> Figures(Guid project, string grain, string scope) =>
        Source.Rows($"""
            SELECT day, quarter, key, {string.Join(", ", Columns)} FROM rollups.figure
            WHERE project_id = $1 AND grain = $2 AND scope = $3 ORDER BY day, quarter, key
            """,
            row => (row.GetFieldValue<DateOnly>(0), (int)row.GetInt16(1), row.GetString(2), RollUps.Figures.Read(row, 3)),
            CancellationToken.None, project, grain, scope);

    public Task Keep(params CallV1[] calls) => CallFacts.Table.Keep(Source, calls);

    private static IEnumerable<string> Columns => RollUps.Figures.Columns;

    private static string Address => Environment.GetEnvironmentVariable("CALLCENTER_TEST_POSTGRES")
        ?? throw new InvalidOperationException("CALLCENTER_TEST_POSTGRES is not set: run the tests by 'make test'.");

    private static async Task Server(string sql)
    {
        await using var server = NpgsqlDataSource.Create(Address);
        await server.CreateCommand(sql).ExecuteNonQueryAsync();
    }
}
