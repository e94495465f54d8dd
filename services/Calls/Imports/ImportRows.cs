using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Npgsql;

namespace CallCenter.Calls.Imports;

/// <param name="Mapping">As it was when the upload came; a later change does not reach into a running import.</param>
public sealed record ImportInput(string MappingName, Mapping Mapping, bool IsCsv, string Sha256, long Bytes);

/// <param name="Rejected">Length of the report of rejected rows.</param>
public sealed record ImportCheckpoint(long Offset, long Line, long Rejected);

/// <summary>
/// Works off a stored upload in batches. Each batch commits its events together with the place it got to, so an import
/// that is killed goes on from there.
/// </summary>
internal sealed class ImportRows(
    IDocumentStore store, NpgsqlDataSource database, Projects projects, ImportFolder folder, DaemonWakeup wakeup, ServiceMeter meter,
    TimeProvider clock) : IOperationHandler
{
    public const string Kind = "import";

    public static readonly Count RowsRead = new("callcenter.imports.rows", "{row}", "Rows of uploads that imports have read.");
    public static readonly Count RowsRejected = new("callcenter.imports.rows.rejected", "{row}",
        "Those of them that were not taken and stand in the imports' reports.");

    private const int BatchSize = 3000;

    public async Task<string?> Run(OperationRun run, CancellationToken cancellation)
    {
        var input = run.Input<ImportInput>();
        Actor.Current = Actor.Import(input.Mapping.Kind.Code, run.By, run.Id, run.Reason);
        var project = await projects.Get(run.ProjectId, cancellation);
        var changes = new ImportTranslator(run.Id, run.ProjectId, input.Mapping, project, clock.GetUtcNow());

        await wakeup.GoFirst(input.Mapping.Kind switch
        {
            MappingKind.Calls => Run<Call>(run, input, project, changes.Leg, cancellation),
            MappingKind.CallEvents => Run<Call>(run, input, project, changes.Reports, cancellation),
            _ => Run<AgentDay>(run, input, project, changes.State, cancellation),
        });

        return run.Counts.GetValueOrDefault("rejected") > 0 ? $"/imports/{run.Id}/rejected" : null;
    }

    private async Task Run<TState>(
        OperationRun run, ImportInput input, ProjectView project, Func<RowMapper, long, Change<TState>?> map,
        CancellationToken cancellation)
        where TState : class, IFolds<TState>, new()
    {
        var from = run.Checkpoint<ImportCheckpoint>() ?? new(0, 0, 0);
        var fields = new RowMapper(input.Mapping, input.Mapping.Zone is { } zone ? LocalCalendar.Of(zone) : project.Calendar);
        using var rows = folder.OpenRows(run.Id, input, fields.Columns, new RowPosition(from.Offset, from.Line));
        using var rejections = folder.OpenRejections(run.Id, input, rows.Header, from.Rejected);

        var writer = new ImportWriter<TState>(store, database);
        var counts = new Counts(run.Counts);
        var row = new Row(fields.Columns.Count);
        var writing = Task.CompletedTask;

        // One batch is read while the one before it is written.
        for (var more = true; more;)
        {
            var batch = new List<Change<TState>>(BatchSize);
            (more, var read) = Collect(rows, row, fields, map, rejections, batch);
            await writing;

            if (read.Rows == 0)
                break;

            counts += read;
            meter.Add(RowsRead, read.Rows);
            meter.Add(RowsRejected, read.Rejected);
            var place = new ImportCheckpoint(rows.Position.Offset, rows.Position.Line,
                read.Rejected > 0 ? rejections.Flush() : rejections.Length);
            var percent = (int)Math.Min(99, 100 * place.Offset / Math.Max(1, input.Bytes));
            var sofar = counts;
            writing = Task.Run(() => writer.Write(batch, (session, tally) =>
            {
                counts = sofar with { Written = sofar.Written + tally };
                run.Report(session, percent, counts.ByName, place);
            }, cancellation), cancellation);
        }

        await writing;
    }

    private static (bool More, Counts Read) Collect<TState>(
        IRows rows, Row row, RowMapper fields, Func<RowMapper, long, Change<TState>?> map, RejectedRowsReport rejections,
        List<Change<TState>> batch)
    {
        var (read, rejected, ignored) = (0L, 0L, 0L);
        while (read < BatchSize)
        {
            if (!rows.Read(row))
                return (false, new(read, rejected, ignored, default));

            read++;
            fields.Start(row);
            var change = fields.Error is null ? map(fields, row.Line) : null;

            if (fields.Error is { } error)
            {
                rejections.Add(row.Line, error, rows.Original);
                rejected++;
            }
            else if (change is null)
                ignored++;
            else
                batch.Add(change);
        }

        return (true, new(read, rejected, ignored, default));
    }

    private readonly record struct Counts(long Rows, long Rejected, long Ignored, Tally Written)
    {
        public Counts(IReadOnlyDictionary<string, long> names) : this(
            names.GetValueOrDefault("rows"), names.GetValueOrDefault("rejected"), names.GetValueOrDefault("ignored"),
            new(names.GetValueOrDefault("created"), names.GetValueOrDefault("changed"), names.GetValueOrDefault("unchanged")))
        {
        }

        public Dictionary<string, long> ByName => new()
        {
            ["rows"] = Rows, ["created"] = Written.Created, ["changed"] = Written.Changed, ["unchanged"] = Written.Unchanged,
            ["rejected"] = Rejected, ["ignored"] = Ignored,
        };

        public static Counts operator +(Counts a, Counts b) =>
            new(a.Rows + b.Rows, a.Rejected + b.Rejected, a.Ignored + b.Ignored, a.Written + b.Written);
    }
}
