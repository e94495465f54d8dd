using CallCenter.EventSourcing;
using CallCenter.Testing;
using CallCenter.Web;
using Npgsql;

namespace CallCenter.Shared.Tests;

/// <summary>Versions that come and go, on one database.</summary>
public sealed class SchemaTests(QuietNotesApi api) : IClassFixture<QuietNotesApi>
{
    [Fact]
    public async Task a_service_changes_no_table()
    {
        await using var service = NpgsqlDataSource.Create(api.Connection);

        foreach (var change in new[]
        {
            "alter table notes.mt_events drop column data", "create table notes.mine ()", "create table mine ()", "drop table told",
            "truncate notes.mt_events", "create schema mine", "create index on notes.mt_events (version)",
        })
            (await service.Awaiting(s => s.CreateCommand(change).ExecuteNonQueryAsync()).Should().ThrowAsync<PostgresException>())
                .Which.SqlState.Should().Be(PostgresErrorCodes.InsufficientPrivilege, change);
    }

    [Fact]
    public async Task a_service_waits_until_its_version_has_been_brought()
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        var versions = new List<string>();
        var restarted = api.Restart(async () => versions = await Rows(database, "delete from schema_version returning version"));

        await Eventually.True(async () => (await Rows(database, """
            select query from pg_stat_activity where application_name = 'notes' and datname = current_database() and query ~ 'from schema_version'
            """)).Count > 0, "the service to ask for its version");
        restarted.IsCompleted.Should().BeFalse();

        await api.Migrate();
        await restarted;

        (await Rows(database, "select version from schema_version")).Should().Equal(versions);
        using var client = api.As(Guid.CreateVersion7(), "admin");
        (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode.Should().BeTrue();
    }

    [Fact]
    public async Task a_migration_takes_nothing_away_that_another_version_needs()
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        await Execute(database, """
            alter table notes.mt_events add column of_the_next_version text;
            alter table notes.mt_doc_idempotentrequest add column of_the_next_version text;
            create index of_the_next_version on notes.mt_events (version);
            create table notes.mt_doc_of_the_next_version (id uuid primary key);
            delete from schema_version;
            """);

        await api.Migrate();

        (await Rows(database, "select relname::text from pg_class where relname ~ 'of_the_next_version$'")).Should().BeEquivalentTo(
            "of_the_next_version", "mt_doc_of_the_next_version");
        (await Rows(database, "select attrelid::regclass::text from pg_attribute where attname = 'of_the_next_version' order by 1"))
            .Should().Equal("notes.mt_doc_idempotentrequest", "notes.mt_events");
    }

    [Fact]
    public async Task what_is_missing_is_added_while_others_read_and_write()
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        var (column, index) = ("started_at", (await Rows(database,
            "select indexname::text from pg_indexes where tablename = 'mt_doc_idempotentrequest' and indexname ~ 'started_at'")).Single());
        await Execute(database, $"""
            drop index notes.{index};
            alter table notes.mt_doc_idempotentrequest drop column {column};
            delete from schema_version;
            """);

        await using var reader = await database.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await new NpgsqlCommand("select count(*) from notes.mt_doc_idempotentrequest", reader).ExecuteScalarAsync();
        var migration = api.Migrate();
        await Eventually.True(
            async () => (await Rows(database, "select 1::text from pg_locks where not granted and relation is not null")).Count > 0,
            "the migration to wait for the reader");

        await Execute(database, "insert into notes.mt_doc_idempotentrequest (id, data) values (gen_random_uuid(), '{}')");
        migration.IsCompleted.Should().BeFalse();
        await reading.RollbackAsync();
        await migration;

        (await Rows(database, $"select attname::text from pg_attribute where attname = '{column}' and attnum > 0 "
            + "and attrelid = 'notes.mt_doc_idempotentrequest'::regclass")).Should().Equal(column);
        (await Rows(database, $"select indexname::text from pg_indexes where indexname = '{index}'")).Should().Equal(index);
    }

    [Fact]
    public async Task what_would_have_to_change_is_refused_and_named()
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        await Execute(database, """
            alter table notes.mt_doc_idempotentrequest rename column mt_dotnet_type to other;
            alter table notes.mt_doc_idempotentrequest add column mt_dotnet_type int;
            delete from schema_version;
            """);

        (await api.Awaiting(a => a.Migrate()).Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("notes.mt_doc_idempotentrequest.mt_dotnet_type would have to change*");

        await Execute(database, """
            alter table notes.mt_doc_idempotentrequest drop column mt_dotnet_type;
            alter table notes.mt_doc_idempotentrequest rename column other to mt_dotnet_type;
            """);
        await api.Migrate();
    }

    private static async Task Execute(NpgsqlDataSource database, string sql) => await database.CreateCommand(sql).ExecuteNonQueryAsync();

    private static async Task<List<string>> Rows(NpgsqlDataSource database, string sql)
    {
        var rows = new List<string>();
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
