using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.Time;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

public enum TrialResult
{
    /// <summary>It says something of a call or an agent.</summary>
    Taken,

    /// <summary>It is not one of ours.</summary>
    Ignored,

    /// <summary>It would stand in the report of rejected rows.</summary>
    Rejected,
}

/// <param name="Line">The line on which the row begins.</param>
/// <param name="Result">What becomes of it.</param>
/// <param name="Column">The column that is wrong, when it is rejected.</param>
/// <param name="Code">Why it is rejected, by the codes of the reports.</param>
/// <param name="Message">Why, for people.</param>
public sealed record TrialRow(long Line, TrialResult Result, string? Column, string? Code, string? Message);

/// <param name="CallId">The source's own id.</param>
/// <param name="Call">What is known of it.</param>
public sealed record TrialCall(string CallId, CallView Call);

/// <param name="AgentId">The employee, or an id that follows from the name where there is none.</param>
/// <param name="State">What the agent does from then on.</param>
/// <param name="At">When it begins.</param>
/// <param name="Channel">Of which channel it speaks; null when of all.</param>
/// <param name="Queue">Of which queue it speaks; null when of all.</param>
public sealed record TrialState(Guid AgentId, AgentState State, DateTimeOffset At, string? Channel, string? Queue);

/// <summary>What the first rows of a file would become, as if there were no other.</summary>
/// <param name="Rows">The rows, 100 at most.</param>
/// <param name="Calls">The calls that they add up to.</param>
/// <param name="States">The changes of agents' states that they tell, in order of time.</param>
public sealed record MappingTrial(IReadOnlyList<TrialRow> Rows, IReadOnlyList<TrialCall> Calls, IReadOnlyList<TrialState> States)
{
    private const int Most = 100;

    internal static MappingTrial Of(Upload upload, Mapping mapping, ProjectView project, DateTimeOffset now)
    {
        var fields = new RowMapper(mapping, mapping.Zone is { } zone ? LocalCalendar.Of(zone) : project.Calendar);
        var changes = new ImportTranslator(Guid.Empty, project.Id, mapping, project, now);
        using var rows = ImportFolder.Open(upload, mapping, fields.Columns);

        switch (mapping.Kind)
        {
            case MappingKind.AgentStates:
                var (told, days) = Read<AgentDay>(rows, fields, changes.State);
                return new(told, [], [.. days.SelectMany(day => day.State.Changes.Select(change => new TrialState(
                        day.State.AgentId, change.Value.State, change.Key.At, change.Key.Channel, change.Key.Queue)))
                    .OrderBy(state => state.At).ThenBy(state => state.AgentId)]);
            default:
                var (read, calls) = Read<Call>(rows, fields, mapping.Kind is MappingKind.Calls ? changes.Leg : changes.Reports);
                return new(read, [.. calls.Select(call => new TrialCall(
                    call.State.ExternalId, CallView.Of(call.State with { Id = call.Id, Version = call.Version })))], []);
        }
    }

    private static (List<TrialRow> Rows, List<(Guid Id, TState State, long Version)> States) Read<TState>(
        IRows rows, RowMapper fields, Func<RowMapper, RowPlace, Change<TState>?> map) where TState : class, IFolds<TState>, new()
    {
        var batch = new BatchReader<TState>(rows, fields, map, Most).Next();
        var decided = batch.Changes.GroupBy(change => change.Id).Select(group => Decided<TState>.Of([.. group], [])).ToList();
        var wrong = batch.Rejections.Select(rejection => (rejection.Row, rejection.Error))
            .Concat(decided.SelectMany(d => d.Refused).Select(r => (r.Row, new RowError("", r.Error.Code, r.Error.Message))))
            .DistinctBy(rejected => rejected.Row).ToDictionary();

        return (
            [.. batch.Rows.Take(Most).Select(row => wrong.TryGetValue(row, out var error)
                ? new TrialRow(row.Line, TrialResult.Rejected, error.Column, error.Code, error.Message)
                : new TrialRow(row.Line, batch.Ignored.Contains(row) ? TrialResult.Ignored : TrialResult.Taken, null, null, null))],
            [.. decided.SelectMany(d => d.Streams).Select(stream => (
                stream.Id, stream.Events.Aggregate(new TState(), (state, e) => state.Evolve(e)), (long)stream.Events.Count))]);
    }
}
