using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>Where a row stands in its upload.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Part">Which row of its record it is, where a record has several.</param>
internal readonly record struct RowPlace(long Line, RowPosition Start, int Part = 0);

/// <summary>A row that was not taken, as it came.</summary>
internal sealed record Rejection(RowPlace Row, RowError Error, string Original)
{
    public long Line => Row.Line;
}

/// <summary>What one row asks for: a decision on a stream, or on one of several that a source knows by one name.</summary>
/// <param name="Streams">The streams' ids by number; only the first where a name is one stream.</param>
/// <param name="Choose">Which of the states that exist it speaks of: their number for one more, null for none.</param>
/// <param name="Decide">The events of the stream with this number and state.</param>
/// <param name="IsAnswered">Of the rows of one call that follow each other the answered one counts; null where others have a say.</param>
internal sealed record Change<TState>(
    RowPlace Row, Func<int, Guid> Streams, Func<IReadOnlyList<TState>, int?> Choose, Func<int, TState, object[]> Decide,
    bool Several = false, bool? IsAnswered = null)
{
    /// <summary>The first of its streams.</summary>
    public Guid Id { get; } = Streams(0);

    public static Change<TState> Of(RowPlace row, Guid stream, Func<TState, object[]> decide, bool? isAnswered = null) =>
        new(row, _ => stream, _ => 0, (_, state) => decide(state), IsAnswered: isAnswered);
}

/// <summary>How many rows did what.</summary>
internal readonly record struct Tally(long Created, long Changed, long Unchanged)
{
    public static Tally operator +(Tally a, Tally b) => new(a.Created + b.Created, a.Changed + b.Changed, a.Unchanged + b.Unchanged);
}

/// <summary>What the rows of one name make of its streams.</summary>
internal sealed class Decided<TState>(Guid first) where TState : class, Intake.IFolds<TState>, new()
{
    private readonly List<TState> states = [];

    /// <summary>The stream that the rows ask for first.</summary>
    public Guid First => first;

    /// <summary>The streams by number, with the version they had and the events that they get.</summary>
    public List<(Guid Id, long Version, List<object> Events)> Streams { get; } = [];

    public Tally Tally { get; private set; }

    /// <summary>Rows that contradict what is known, and the reason.</summary>
    public List<(RowPlace Row, Error Error)> Refused { get; } = [];

    /// <param name="known">The states and versions that exist, by number.</param>
    public static Decided<TState> Of(
        IReadOnlyCollection<Change<TState>> changes, IReadOnlyList<(Guid Id, TState State, long Version)> known)
    {
        var all = new Decided<TState>(changes.First().Id);
        foreach (var (id, state, version) in known)
        {
            all.states.Add(state);
            all.Streams.Add((id, version, []));
        }

        var left = changes.Count;
        foreach (var change in changes)
            all.Take(change, isLast: --left == 0);
        return all;
    }

    public IReadOnlyList<TState> States => states;

    private void Take(Change<TState> change, bool isLast)
    {
        if (change.Choose(states) is not { } number)
        {
            Tally += new Tally(0, 0, 1);
            return;
        }

        var isNew = number == states.Count;
        var state = isNew ? new TState() : states[number];
        object[] events;
        try
        {
            events = change.Decide(number, state);
        }
        catch (InvalidException e)
        {
            Refused.Add((change.Row, e.Errors[0]));
            return;
        }

        if (isNew)
        {
            states.Add(state);
            Streams.Add((change.Streams(number), 0, []));
        }

        var (_, version, asked) = Streams[number];
        Tally += events.Length == 0 ? new(0, 0, 1) : version == 0 && asked.Count == 0 ? new(1, 0, 0) : new(0, 1, 0);
        asked.AddRange(events);

        // Folded only for those that follow: nearly always there is but one row.
        if (!isLast)
            states[number] = events.Aggregate(state, (folded, e) => folded.Evolve(e));
    }
}
