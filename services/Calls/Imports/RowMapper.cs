using System.Globalization;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Calls.Imports;

/// <summary>
/// A mapping's rules, applied to one row at a time. The first thing that is wrong with a row is kept in
/// <see cref="Error"/>; what is asked for after that no longer matters.
/// </summary>
internal sealed class RowMapper
{
    private const int LongestText = 200;

    private readonly Dictionary<string, Rule[]> rules;
    private readonly (RejectRule Rule, Condition[] When, int[] Negative)[] rejects;
    private readonly Dictionary<string, DateTimeOffset> times = [];
    private readonly TimeReader reader;
    private Row row = null!;

    public RowMapper(Mapping mapping, LocalCalendar calendar)
    {
        reader = new TimeReader(calendar);
        Columns = [.. mapping.Fields.Values.SelectMany(f => f.Alternatives).SelectMany(r => r.AllColumns())
            .Concat((mapping.Reject ?? []).SelectMany(r => (r.When?.Keys ?? []).Concat(r.Negative ?? []))).Distinct()];
        rules = mapping.Fields.ToDictionary(f => f.Key, f => f.Value.Alternatives.Select(Compiled).ToArray());
        rejects = [.. (mapping.Reject ?? []).Select(r => (r, Conditions(r.When), (r.Negative ?? []).Select(Place).ToArray()))];
    }

    /// <summary>The columns that the rules look at, in the order of a row's cells.</summary>
    public IReadOnlyList<string> Columns { get; }

    public RowError? Error { get; private set; }

    /// <summary>The row is not one of ours.</summary>
    public bool Ignored { get; private set; }

    public void Start(Row next)
    {
        row = next;
        Error = next.Broken;
        Ignored = false;
        times.Clear();
        if (Error is null)
            Error = rejects.Where(r => Unwanted(r.When, r.Negative)).Select(r => new RowError(
                string.Join('+', r.When.Select(c => c.Cell).Concat(r.Negative.Where(IsNegative)).Select(i => Columns[i])),
                r.Rule.Code, r.Rule.Message)).FirstOrDefault();
    }

    public void Fail(string field, string code, string message) => Error ??= new RowError(ColumnsOf(field), code, message);

    /// <summary>Whether a value of the field that cannot be used is left out rather than held against the row.</summary>
    public bool LeavesOut(string field) =>
        rules.TryGetValue(field, out var alternatives) && alternatives.Any(r => r.Otherwise is Otherwise.LeaveOut);

    public string Required(string field)
    {
        var text = Text(field);
        if (text is null)
            Fail(field, "missing-value", $"A value for {field} is needed.");
        return text ?? "";
    }

    /// <returns>Null when nothing is there.</returns>
    public string? Text(string field) => Value(field, (_, text) =>
        text.Length > LongestText || text.Any(char.IsControl) ? null : text, $"is not text of at most {LongestText} characters");

    /// <summary>One of our own words.</summary>
    public TEnum? Word<TEnum>(string field) where TEnum : struct, Enum => Value(field, (_, text) =>
        Enum.TryParse<TEnum>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var word) && !char.IsAsciiDigit(text[0])
            ? (TEnum?)word : null, $"is none of {string.Join(", ", Enum.GetNames<TEnum>())}");

    public int? Seconds(string field) => Value(field, (_, text) => TimeReader.Seconds(text), "is neither seconds nor h:mm:ss");

    public int? Number(string field) => Value(field, (_, text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? (int?)number : null,
        "is not a whole number");

    public DateTimeOffset? Time(string field)
    {
        var time = Value(field, (rule, text) => rule.Format is { } format
            ? reader.Read(text, format, Known(rule.After)) : null, "is not a time of the mapping's format", Derived);
        if (time is not { } known)
            return null;

        if (Ranges.Instants.Check(field, known) is { } broken)
            Fail(field, broken.Code, broken.Message);
        return times[field] = known;
    }

    private delegate T? Reading<T>(Rule rule, string text);

    private T? Value<T>(string field, Reading<T> read, string complaint, Func<Rule, T?>? without = null)
    {
        if (Error is not null || !rules.TryGetValue(field, out var alternatives))
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

            var text = rule.Constant ?? Joined(rule);
            if (text.Length == 0 || rule.Empty.Contains(text))
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
    private DateTimeOffset? Derived(Rule rule)
    {
        if (Known(rule.After) is not { } start || rule.Plus < 0)
            return Known(rule.After);

        var text = row.Cells[rule.Plus];
        if (text.Length == 0)
            return null;

        if (TimeReader.Seconds(text) is { } seconds and >= 0)
            return start.AddSeconds(seconds);

        Error ??= new RowError(Columns[rule.Plus], text.StartsWith('-') ? "negative-duration" : "unreadable-value",
            $"'{text}' is not a duration in seconds or h:mm:ss.");
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

    private string ColumnsOf(string field) => rules.TryGetValue(field, out var alternatives)
        ? string.Join('+', alternatives.SelectMany(r => r.Sources.Append(r.Plus)).Where(i => i >= 0).Distinct().Select(i => Columns[i]))
        : field;

    private sealed record Condition(int Cell, IReadOnlyList<string> Values);

    private sealed record Rule(
        int[] Sources, string Separator, string? Constant, IReadOnlyDictionary<string, string>? Values, IReadOnlyList<string> Empty,
        Otherwise Otherwise, string? Format, string? After, int Plus, Condition[] When, Condition[] Unless);

    private Rule Compiled(FieldRule r) => new(
        [.. r.Sources().Select(Place)], r.Separator, r.Constant, r.Values, r.Empty ?? [], r.Otherwise, r.Format, r.After,
        r.Plus is null ? -1 : Place(r.Plus), Conditions(r.When), Conditions(r.Unless));

    private Condition[] Conditions(IReadOnlyDictionary<string, IReadOnlyList<string>>? conditions) =>
        [.. (conditions ?? new Dictionary<string, IReadOnlyList<string>>()).Select(c => new Condition(Place(c.Key), c.Value))];

    private int Place(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (Columns[i] == column)
                return i;
        throw new InvalidOperationException($"'{column}' is not among the columns.");
    }
}
