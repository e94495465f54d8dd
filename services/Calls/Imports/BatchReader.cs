using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>Rows that are written in one transaction, and what became of those that are not.</summary>
internal sealed class Batch<TState>
{
    public List<Change<TState>> Changes { get; } = [];
    public List<Rejection> Rejections { get; } = [];

    /// <summary>All its rows, of which several may stand on one line, and those that were not ours.</summary>
    public List<RowPlace> Rows { get; } = [];
    public List<RowPlace> Ignored { get; } = [];
    public long Unchanged { get; set; }

    /// <summary>Where the next batch begins.</summary>
    public RowPosition End { get; set; }
    public bool More { get; set; }
}

/// <summary>The rows of an upload in batches. Rows of one call that follow each other are in one.</summary>
internal sealed class BatchReader<TState>(
    IRows rows, RowMapper fields, Func<RowMapper, RowPlace, Change<TState>?> map, int size = BatchReader<TState>.Size)
{
    public const int Size = 3000;

    // Rows that are rejected are kept as they came until they are written.
    private const int LongestOriginals = 4 * 1024 * 1024;

    private readonly Row row = new(fields.Columns.Count);
    private Taken? held;

    private readonly record struct Taken(RowPlace Row, Change<TState>? Change, Rejection? Rejection);

    public Batch<TState> Next()
    {
        var batch = new Batch<TState>();
        var originals = 0;
        for (; ; held = null)
        {
            batch.End = rows.Position;
            var isFull = !rows.IsWithin && (batch.Rows.Count >= size || originals >= LongestOriginals);
            if (isFull && batch.Changes is not [.., { IsAnswered: not null }])
                return Ended(batch, more: true);
            if ((held ?? Read()) is not { } taken)
                return Ended(batch, more: false);

            if (isFull && taken.Change?.Id != batch.Changes[^1].Id)
            {
                held = taken;
                batch.More = true;
                return batch;
            }

            batch.Rows.Add(taken.Row);
            originals += taken.Rejection?.Original.Length ?? 0;
            Add(batch, taken);
        }
    }

    private Batch<TState> Ended(Batch<TState> batch, bool more)
    {
        (batch.End, batch.More) = (rows.Position, more);
        return batch;
    }

    private Taken? Read()
    {
        var start = rows.Position;
        if (!rows.Read(row))
            return null;

        fields.Start(row);
        var place = new RowPlace(row.Line, start, row.Part);
        var change = fields.Error is null && !fields.Ignored ? map(fields, place) : null;
        return fields.Error is { } error
            ? new Taken(place, null, new Rejection(place, error, rows.Original)) : new Taken(place, change, null);
    }

    private static void Add(Batch<TState> batch, Taken taken)
    {
        if (taken.Rejection is { } rejection)
            batch.Rejections.Add(rejection);
        else if (taken.Change is not { } change)
            batch.Ignored.Add(taken.Row);
        else if (change.IsAnswered is { } isAnswered && batch.Changes is [.., { IsAnswered: { } wasAnswered } before]
            && before.Id == change.Id && isAnswered != wasAnswered)
        {
            // A call that rang at several places is the one that was answered.
            batch.Unchanged++;
            if (isAnswered)
                batch.Changes[^1] = change;
        }
        else
            batch.Changes.Add(change);
    }
}
