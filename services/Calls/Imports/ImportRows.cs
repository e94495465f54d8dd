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
        OperationRun run, ImportInput input, ProjectView project, Func<RowMapper, RowPlace, Change<TState>?> map,
        CancellationToken cancellation)
        where TState : class, IFolds<TState>, new()
    {
        var from = run.Checkpoint<ImportCheckpoint>() ?? new(0, 0, 0);
        var fields = new RowMapper(input.Mapping, input.Mapping.Zone is { } zone ? LocalCalendar.Of(zone) : project.Calendar);
        using var rows = folder.OpenRows(run.Id, input, fields.Columns, new RowPosition(from.Offset, from.Line));
        using var rejections = folder.OpenRejections(run.Id, input, rows, from.Rejected);

        var reader = new BatchReader<TState>(rows, fields, map);
        var writer = new ImportWriter<TState>(store, database);
        var counts = new Counts(run.Counts);
        var writing = Task.CompletedTask;

        // One batch is read while the one before it is written.
        for (var more = true; more;)
        {
            var batch = reader.Next();
            more = batch.More;
            await writing;
            if (batch.Rows.Count == 0)
                break;

            var (sofar, written) = (counts, rejections.Length);
            writing = Task.Run(async () =>
            {
                await writer.Write(batch.Changes, (session, tally, refused) =>
                {
                    var rejected = batch.Rejections.Concat(refused.Select(Refused)).OrderBy(rejection => rejection.Line).ToList();
                    rejections.GoTo(written);
                    rejected.ForEach(rejections.Add);

                    counts = sofar + new Counts(
                        batch.Rows.Count, rejected.Count, batch.Ignored.Count, tally + new Tally(0, 0, batch.Unchanged));
                    run.Report(session, (int)Math.Min(99, 100 * batch.End.Offset / Math.Max(1, input.Bytes)), counts.ByName,
                        new ImportCheckpoint(
                            batch.End.Offset, batch.End.Line, rejected.Count > 0 ? rejections.Flush() : rejections.Length));
                }, cancellation);
                meter.Add(RowsRead, batch.Rows.Count);
                meter.Add(RowsRejected, counts.Rejected - sofar.Rejected);
            }, cancellation);
        }

        await writing;

        Rejection Refused((RowPlace Row, Error Error) refusal) => new(
            refusal.Row,
            new(fields.ColumnsOf(input.Mapping.Kind is MappingKind.Calls ? ImportTranslator.FieldOf(refusal.Error.Code) : "at"),
                refusal.Error.Code, refusal.Error.Message),
            folder.OriginalOf(run.Id, input, fields.Columns, refusal.Row.Start));
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
