using System.Text;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.Calls.Intake;
using CallCenter.Time;

namespace CallCenter.Calls.Tests.Imports;

/// <summary>What a file becomes by a mapping, without a database.</summary>
internal sealed record Reading<TState>(Dictionary<Guid, TState> States, List<RowError> Rejected, long Ignored);

internal static class Reading
{
    public static readonly Guid Project = Guid.CreateVersion7();
    public static readonly Guid Diane = Guid.CreateVersion7();
    public static readonly Guid Eve = Guid.CreateVersion7();
    public static readonly DateTimeOffset Now = new(2026, 12, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly ProjectView View = new(
        Project, LocalCalendar.Of("Asia/Shanghai"), new Dictionary<string, Guid> { ["1042"] = Diane, ["1043"] = Eve }, Now);

    public static string Sample(string file) => Path.Combine(
        CallCenter.Testing.Repository.Root, "tests", "Calls.Tests", "Imports", "Samples", file);

    /// <summary>Legs by the source's own ids.</summary>
    public static (Dictionary<string, Leg> Legs, List<RowError> Rejected, long Ignored) Legs(
        Mapping mapping, byte[] file, bool isCsv = true, ProjectView? view = null)
    {
        var read = Of<Call>(mapping, file, isCsv, (changes, fields, row) =>
            mapping.Kind is MappingKind.Calls ? changes.Leg(fields, row) : changes.Reports(fields, row), view);
        return (read.States.Values.ToDictionary(c => c.ExternalId, c => c.Leg), read.Rejected, read.Ignored);
    }

    public static Reading<AgentDay> Days(Mapping mapping, byte[] file, ProjectView? view = null) =>
        Of<AgentDay>(mapping, file, isCsv: true, (changes, fields, row) => changes.State(fields, row), view);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static Reading<TState> Of<TState>(
        Mapping mapping, byte[] file, bool isCsv, Func<ImportTranslator, RowMapper, RowPlace, Change<TState>?> map, ProjectView? view)
        where TState : class, IFolds<TState>, new()
    {
        view ??= View;
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, file);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.DeleteOnClose);

        var fields = new RowMapper(mapping, mapping.Zone is { } zone ? LocalCalendar.Of(zone) : view.Calendar);
        var changes = new ImportTranslator(Guid.CreateVersion7(), Project, mapping, view, Now);
        var format = mapping.Format ?? new RowFormat();
        using IRows rows = isCsv ? new CsvRows(stream, format, fields.Columns, default)
            : new JsonRows(stream, format, fields.Columns, default);
        var reader = new BatchReader<TState>(rows, fields, (mapper, row) => map(changes, mapper, row));
        var (read, rejected, ignored) = (new List<Change<TState>>(), new List<RowError>(), 0L);

        for (var more = true; more;)
        {
            var batch = reader.Next();
            more = batch.More;
            read.AddRange(batch.Changes);
            rejected.AddRange(batch.Rejections.Select(r => r.Error));
            ignored += batch.Ignored.Count;
        }

        var decided = read.GroupBy(change => change.Id).Select(group => Decided<TState>.Of([.. group], [])).ToList();
        rejected.AddRange(decided.SelectMany(d => d.Refused).Select(r => new RowError("", r.Error.Code, r.Error.Message)));
        return new(
            decided.SelectMany(d => d.Streams).ToDictionary(
                stream => stream.Id, stream => stream.Events.Aggregate(new TState(), (state, e) => state.Evolve(e))),
            rejected, ignored);
    }
}
