using JasperFx.Core;
using Weasel.Core;
using Weasel.Postgresql.Functions;
using Weasel.Postgresql.Tables;

namespace CallCenter.EventSourcing;

/// <summary>
/// What has to be added to Marten's tables, functions and indexes. Marten itself would also take away what it does not know, which a
/// newer version may have put there.
/// </summary>
/// <param name="Script">Tables, columns and functions, in one transaction.</param>
/// <param name="Indexes">Of tables that have rows: each by itself and concurrently, so that nobody waits for it.</param>
internal sealed record SchemaChanges(string Script, IReadOnlyList<string> Indexes)
{
    /// <exception cref="InvalidOperationException">Something would have to be changed: that takes a script of its own.</exception>
    public static SchemaChanges Of(SchemaMigration migration, Migrator migrator)
    {
        var (script, indexes) = (new StringWriter(), new List<string>());
        migrator.WriteSchemaCreationSql(migration.Schemas, script);
        foreach (var delta in migration.Deltas)
            switch (delta)
            {
                case { Difference: SchemaPatchDifference.None }:
                    break;
                case { Difference: SchemaPatchDifference.Create } or FunctionDelta:
                    delta.SchemaObject.WriteCreateStatement(migrator, script);
                    break;
                case TableDelta { Expected: var wanted, Actual: { } found }:
                    foreach (var column in NewColumns(wanted, found))
                        script.WriteLine(column.AddColumnSql(wanted));
                    indexes.AddRange(NewIndexes(wanted, found));
                    break;
                default:
                    throw Refused(delta.SchemaObject.Identifier.QualifiedName);
            }

        return new SchemaChanges(script.ToString(), indexes);
    }

    private static IEnumerable<TableColumn> NewColumns(Table wanted, Table found)
    {
        if (!wanted.PrimaryKeyColumns.SequenceEqual(found.PrimaryKeyColumns, StringComparer.OrdinalIgnoreCase))
            throw Refused($"{wanted.Identifier}'s primary key");

        foreach (var column in wanted.Columns)
        {
            var there = found.ColumnFor(column.Name);
            // The version before writes rows without it.
            if (there is null ? !column.CanAdd() : !column.Equals(there))
                throw Refused($"{wanted.Identifier}.{column.Name}");
            if (there is null)
                yield return column;
        }
    }

    private static IEnumerable<string> NewIndexes(Table wanted, Table found)
    {
        foreach (var index in wanted.Indexes)
        {
            if (found.Indexes.FirstOrDefault(i => i.Name.EqualsIgnoreCase(index.Name)) is { } there)
            {
                if (!index.Matches(there, wanted))
                    throw Refused($"the index {index.Name}");
                continue;
            }

            index.IsConcurrent = true;
            yield return index.ToCreateSql(wanted);
            index.IsConcurrent = false; // the version of the schema is that of new tables
        }
    }

    private static InvalidOperationException Refused(string what) => new(
        $"{what} would have to change, and a migration only adds: put the change into a numbered script (docs/decisions/0018).");
}
