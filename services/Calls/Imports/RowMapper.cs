using System.Globalization;
using CallCenter.Rules;
using CallCenter.Time;
using static CallCenter.Calls.Imports.MappingRules;

namespace CallCenter.Calls.Imports;

/// <summary>
/// A mapping's rules, applied to one row at a time. The first thing that is wrong with a row is kept in
/// <see cref="Error"/>; what is asked for after that no longer matters.
/// </summary>
internal sealed class RowMapper(Mapping mapping, LocalCalendar calendar)
{
    private const int LongestText = 200;

    private readonly MappingRules rules = new(mapping);
    private readonly TimeReader reader = new(calendar);
    private readonly Dictionary<string, DateTimeOffset> times = [];
    private Row row = null!;

    /// <summary>The columns that the rules look at, in the order of a row's cells.</summary>
    public IReadOnlyList<string> Columns => rules.Columns;

    public RowError? Error { get; private set; }

    /// <summary>The row is not one of ours.</summary>
    public bool Ignored { get; private set; }

    /// <summary>Which copy of a record the row is; null where nothing says so.</summary>
    public decimal? Revision
    {
        get
        {
            if (rules.Version is not { } rule || row.Cells[rule.Cell] is not { Length: > 0 } text)
                return null;

            decimal? revision = rule.Format is { } format ? reader.Read(text, format, after: null)?.UtcTicks
                : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
            if (revision is null)
                Error ??= new RowError(Columns[rule.Cell], "unreadable-value", $"'{text}' is no version by the mapping.");
            return revision;
        }
    }

    /// <summary>Which row of its record it is, where a record has several.</summary>
    public int Part => row.Part;

    /// <summary>Which of several rows of one call it is, 0 the best; null where nothing says so.</summary>
    public int? Rank => rules.Rank is not { } rule ? null
        : Enumerable.Range(0, rule.Order.Count).FirstOrDefault(i => rule.Order[i] == row.Cells[rule.Cell], rule.Order.Count);

    public void Start(Row next)
    {
        row = next;
        Error = next.Broken;
        times.Clear();
        Ignored = Error is null && Array.Exists(rules.Ignores, Holds);
        if (Error is null && !Ignored)
            Error = rules.Rejects.Where(r => Unwanted(r.When, r.Negative)).Select(r => new RowError(
                string.Join('+', r.When.Select(c => c.Cell).Concat(r.Negative.Where(IsNegative)).Select(i => Columns[i])),
                r.Rule.Code, r.Rule.Message)).FirstOrDefault();
    }

    public void Fail(string field, string code, string message) => Error ??= new RowError(ColumnsOf(field), code, message);

    /// <summary>Whether a value of the field that cannot be used is left out rather than held against the row.</summary>
    public bool LeavesOut(string field) =>
        rules.Fields.TryGetValue(field, out var alternatives) && alternatives.Any(r => r.Otherwise is Otherwise.LeaveOut);

    public string Required(string field)
    {
        var text = Text(field);
        if (text is null)
            Fail(field, "missing-value", $"A value for {field} is needed.");
        return text ?? "";
    }

    /// <returns>Null when nothing is there.</returns>
    public string? Text(string field) => Value(field, (_, text) => IsText(text) ? text : null, NoText);

    internal static readonly string NoText = $"is not text of at most {LongestText} characters";

    internal static bool IsText(string text) =>
        text.Length <= LongestText && Rules.Text.IsLine(text) && Rules.Text.Fault(text) is null;

    /// <summary>One of our own words.</summary>
    public TEnum? Word<TEnum>(string field) where TEnum : struct, Enum => Value(field, (_, text) =>
        IsWord(typeof(TEnum), text) ? Enum.Parse<TEnum>(Spelt(text), ignoreCase: true) : (TEnum?)null,
        $"is none of {string.Join(", ", Enum.GetNames<TEnum>())}");

    internal static bool IsWord(Type words, string text) =>
        !char.IsAsciiDigit(text[0]) && Enum.TryParse(words, Spelt(text), ignoreCase: true, out _);

    private static string Spelt(string text) => text.Replace("-", "", StringComparison.Ordinal);

    public TimeSpan? Duration(string field) => Value(field, (rule, text) => Durations.Read(text, rule.Unit), Durations.Complaint, Between);

    /// <summary>
    /// A duration of which nothing is 0 where the row has a place for it, and null where it has none or what stands there is left out.
    /// </summary>
    public TimeSpan? DurationOrNone(string field) => Duration(field)
        ?? (rules.Fields.TryGetValue(field, out var alternatives) && alternatives.Any(IsEmptyPlace) ? TimeSpan.Zero : null);

    private bool IsEmptyPlace(Rule rule)
    {
        int[] cells = [.. rule.Sources, .. new[] { rule.From, rule.To }.Where(cell => cell >= 0)];
        return cells.Length > 0 && cells.All(cell => row.IsThere[cell])
            && cells.Any(cell => row.Cells[cell] is var text && (text.Length == 0 || rule.Empty.Contains(text)));
    }

    public int? Number(string field) => Value(field, (_, text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? (int?)number : null,
        "is not a whole number");

    public DateTimeOffset? Time(string field)
    {
        var time = Value(field, (rule, text) => rule.Format is { } format && reader.Read(text, format, Known(rule.After)) is { } read
            ? Shifted(rule, read) : null, "is not a time of the mapping's format", Derived);
        if (time is not { } known || Error is not null)
            return null;

        if (Ranges.Instants.Check(field, known) is { } broken)
            Fail(field, broken.Code, broken.Message);
        return times[field] = known;
    }

    private delegate T? Reading<T>(Rule rule, string text);

    private T? Value<T>(string field, Reading<T> read, string complaint, Func<Rule, T?>? without = null)
    {
        if (Error is not null || !rules.Fields.TryGetValue(field, out var alternatives))
            return default;

        foreach (var rule in alternatives)
        {
            if (!Holds(rule.When) || (rule.Unless.Length > 0 && Holds(rule.Unless)))
                continue;

            if (rule.Sources.Length == 0 && rule.Constant is null)
            {
                if (without is not null && without(rule) is { } derived)
                    return derived;
                continue;
            }

            var text = rule.Constant ?? rule.Plain(Joined(rule));
            if (text.Length == 0 || rule.Empty.Contains(text) || TimeReader.IsUnset(rule.Format, text))
                continue;

            var ours = rule.Values is null ? text : rule.Values.GetValueOrDefault(text);
            if (ours is { Length: > 0 } && read(rule, ours) is { } value)
                return value;

            switch (rule.Otherwise)
            {
                case Otherwise.LeaveOut:
                    continue;
                case Otherwise.Ignore:
                    Ignored = true;
                    return default;
                default:
                    Fail(field, ours is null ? "unknown-value" : "unreadable-value", ours is null
                        ? $"'{text}' is not among the mapping's values for {field}." : $"'{text}' {complaint}.");
                    return default;
            }
        }

        return default;
    }

    // A time that is not in the file but follows from another one.
    private DateTimeOffset? Derived(Rule rule) => Known(rule.After) is { } start ? Shifted(rule, start) : null;

    private DateTimeOffset? Shifted(Rule rule, DateTimeOffset time) =>
        Moved(rule, rule.Plus, time, 1) is { } later ? Moved(rule, rule.Minus, later, -1) : null;

    // Nothing where the duration is empty; the row is rejected where it is none.
    private DateTimeOffset? Moved(Rule rule, int cell, DateTimeOffset time, int sign)
    {
        if (cell < 0)
            return time;

        var text = row.Cells[cell];
        if (text.Length == 0)
            return null;

        if (Durations.Read(text, rule.Unit) is { } duration && duration >= TimeSpan.Zero)
            return time.UtcTicks + sign * duration.Ticks is var ticks and > 0 && ticks < DateTimeOffset.MaxValue.UtcTicks
                ? new DateTimeOffset(ticks, TimeSpan.Zero) : time;

        Error ??= new RowError(Columns[cell], text.StartsWith('-') ? "negative-duration" : "unreadable-value",
            $"'{text}' {Durations.Complaint}.");
        return null;
    }

    // A duration that is not in the file but the difference of two times.
    private TimeSpan? Between(Rule rule)
    {
        if (rule.From < 0 || row.Cells[rule.From].Length == 0 || row.Cells[rule.To].Length == 0)
            return null;

        var times = new[] { rule.From, rule.To }
            .Select(cell => (cell, At: reader.Read(row.Cells[cell], rule.Format!, after: null))).ToList();
        if (times[1].At - times[0].At is { } duration)
            return duration;

        Error ??= new RowError(Columns[times.First(time => time.At is null).cell], "unreadable-value",
            $"'{row.Cells[times.First(time => time.At is null).cell]}' is not a time of the mapping's format.");
        return null;
    }

    private DateTimeOffset? Known(string? field) => field is not null && times.TryGetValue(field, out var time) ? time : null;

    private string Joined(Rule rule)
    {
        if (rule.Sources is [var only])
            return row.Cells[only];

        return rule.Sources.Any(i => row.Cells[i].Length == 0) ? "" : string.Join(rule.Separator, rule.Sources.Select(i => row.Cells[i]));
    }

    private bool Holds(Condition[] conditions)
    {
        foreach (var condition in conditions)
            if (!condition.Values.Contains(row.Cells[condition.Cell]))
                return false;
        return true;
    }

    private bool Unwanted(Condition[] when, int[] negative) => negative.Length > 0 ? Holds(when) && negative.Any(IsNegative) : Holds(when);

    private bool IsNegative(int cell) =>
        decimal.TryParse(row.Cells[cell], NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && number < 0;

    /// <summary>The columns that a field is made of, for a report.</summary>
    public string ColumnsOf(string field) => rules.Fields.TryGetValue(field, out var alternatives)
        ? string.Join('+', alternatives.SelectMany(r => r.Sources.Concat([r.Plus, r.Minus, r.From, r.To]))
            .Where(i => i >= 0).Distinct().Select(i => Columns[i]))
        : field;
}
