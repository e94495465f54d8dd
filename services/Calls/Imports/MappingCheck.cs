using System.Globalization;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Calls.Imports;

/// <summary>Whether a mapping can work at all; what it makes of a row is the row's business.</summary>
internal static class MappingCheck
{
    private static readonly string[] Times = ["offeredAt", "queuedAt", "answeredAt", "endedAt", "at"];
    private static readonly string[] DurationFields = ["holdSeconds", "afterContactSeconds", "waitSeconds", "talkSeconds"];

    // Fields that take one of our own words.
    private static readonly Dictionary<string, Type> Words = new()
    {
        ["outcome"] = typeof(CallOutcome), ["stage"] = typeof(Stage), ["endReason"] = typeof(EndReason), ["state"] = typeof(AgentState),
    };

    /// <summary>What stands before the name of a reference in the name of its field.</summary>
    public const string Reference = "references.";

    private static readonly Dictionary<MappingKind, (string[] Required, string[] Allowed)> Fields = new()
    {
        [MappingKind.Calls] = (["callId", "offeredAt"],
            ["callId", "queue", "direction", "channel", "customerId", "offeredAt", "queuedAt", "answeredAt", "endedAt",
             "holdSeconds", "holds", "afterContactSeconds", "outcome", "endReason", "agent", "wrapUpCode", "linkedTo",
             "conversationId", "stage"]),
        [MappingKind.CallEvents] = (["callId", "type", "at"],
            ["callId", "type", "at", "queue", "direction", "channel", "customerId", "outcome", "endReason", "agent", "wrapUpCode",
             "linkedTo", "conversationId", "stage", "waitSeconds", "talkSeconds"]),
        [MappingKind.AgentStates] = (["agent", "state", "at"], ["agent", "state", "at", "channel", "queue"]),
    };

    /// <exception cref="InvalidException">422 with everything that is wrong.</exception>
    public static void Require(Mapping mapping)
    {
        var errors = Errors(mapping).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);

        if (mapping.Zone is { } zone)
            Zones.Require("/zone", zone);
    }

    private static IEnumerable<Error> Errors(Mapping mapping)
    {
        var (required, allowed) = Fields[mapping.Kind];
        var format = mapping.Format ?? new RowFormat();

        if (mapping.Source.Length is 0 or > 60)
            yield return new("/source", "source-length", "The source's name has 1 to 60 characters.");
        if (format.Delimiter is not [> ' ' and <= '~' or '\t'] || format.Delimiter is "\"")
            yield return new("/format/delimiter", "delimiter", "The delimiter is one ASCII character other than the quote.");
        if (!format.Header && format.Columns is not { Count: > 0 })
            yield return new("/format/columns", "columns-unnamed", "Without a header line the columns need names here.");
        if (format.Encoding is { } encoding && !Encodings.Names.Contains(encoding))
            yield return new("/format/encoding", "encoding", $"The encodings are {string.Join(", ", Encodings.Names)}.");
        if (mapping.Version?.Format is { } versions && TimeReader.Fault(versions) is { } unusable)
            yield return new("/version/format", "format-unusable", unusable);
        if (mapping.Kind is not MappingKind.Calls && (mapping.Version is not null || mapping.Rank is not null))
            yield return new(mapping.Version is null ? "/rank" : "/version", "not-for-kind", "version and rank are for mappings of calls.");
        foreach (var i in Enumerable.Range(0, mapping.Reject?.Count ?? 0)
            .Where(i => mapping.Reject![i] is { When: null or { Count: 0 }, Negative: null or { Count: 0 } }))
            yield return new($"/reject/{i}", "rule-empty", "A rule that rejects rows names a column at least.");
        foreach (var i in Enumerable.Range(0, mapping.Ignore?.Count ?? 0).Where(i => mapping.Ignore![i].When.Count == 0))
            yield return new($"/ignore/{i}/when", "rule-empty", "A rule that ignores rows names a column at least.");
        if (format.List is "")
            yield return new("/format/list", "rule-empty", "The list of rows is named by its member.");
        if (format.Each is not null && mapping.Kind is not MappingKind.Calls)
            yield return new("/format/each", "not-for-kind", "each is for mappings of calls.");
        if (format.Each is { List: "" } or { When.Count: 0 })
            yield return new("/format/each", "rule-empty", "A record's rows are told by a list and a member of its elements at least.");
        if (mapping.Rank is { Order.Count: 0 })
            yield return new("/rank/order", "rank-empty", "A rank needs at least one value.");
        var used = mapping.Fields.Values.SelectMany(f => f.Alternatives).SelectMany(rule => rule.AllColumns()).ToHashSet();
        foreach (var (list, pointer) in new[]
            { (format.Columns?.Where(used.Contains), "/format/columns"), (mapping.Rank?.Order, "/rank/order") })
            if (list?.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                yield return new(pointer, "named-twice", $"'{twice.Key}' is there twice.");
        foreach (var error in Unnamed(format, new[] { (mapping.Version?.Column, "/version"), (mapping.Rank?.Column, "/rank") }
            .Where(c => c.Item1 is not null).Select(c => (c.Item1!, c.Item2 + "/column"))
            .Concat((mapping.Ignore ?? []).SelectMany((rule, i) => rule.When.Keys.Select(column => (column, $"/ignore/{i}/when"))))))
            yield return error;
        if (mapping.ClockSkewSeconds is < 0 or > 3600)
            yield return new("/clockSkewSeconds", "clock-skew", "The clock skew is 0 to 3600 seconds.");

        if (mapping.Fields.Keys.Count(f => f.StartsWith(Reference, StringComparison.Ordinal)) > References.MaxCount)
            yield return new("/fields", "too-many-references", $"A leg has {References.MaxCount} references at most.");

        foreach (var field in required.Where(f => !mapping.Fields.ContainsKey(f)))
            yield return new($"/fields/{field}", "field-missing", $"A mapping of this kind needs a rule for {field}.");

        foreach (var (field, rules) in mapping.Fields)
        {
            if (mapping.Kind is not MappingKind.AgentStates && field.StartsWith(Reference, StringComparison.Ordinal))
            {
                if (!References.IsName(field[Reference.Length..]))
                    yield return new($"/fields/{field}", "reference-name", References.NameRule);
            }
            else if (!allowed.Contains(field))
                yield return new($"/fields/{field}", "unknown-field", $"The fields are {string.Join(", ", allowed)}.");
            if (rules.Alternatives.Count == 0)
                yield return new($"/fields/{field}", "rule-missing", "A field needs at least one rule.");

            foreach (var error in rules.Alternatives.SelectMany((rule, i) => Errors(
                field, rules.Alternatives.Count == 1 ? $"/fields/{field}" : $"/fields/{field}/{i}", rule, format, mapping.Fields)))
                yield return error;
        }
    }

    private static IEnumerable<Error> Errors(
        string field, string pointer, FieldRule rule, RowFormat format, IReadOnlyDictionary<string, FieldRules> fields)
    {
        var isTime = Times.Contains(field);
        var isDuration = DurationFields.Contains(field);
        var isBetween = isDuration && rule.From is not null;

        foreach (var (text, where) in new[] { (rule.Constant, "constant") }
            .Concat(rule.Values?.Select(value => ((string?)value.Value, $"values/{value.Key}")) ?? []))
            if (text is { Length: > 0 } && Complaint(field, rule, text) is { } complaint)
                yield return new($"{pointer}/{where}", "value-unusable", $"'{Text.Shown(text)}' {complaint}.");
        if (rule.AllColumns().Contains(""))
            yield return new(pointer, "rule-empty", "A column has a name.");

        if (rule.Constant is null && rule.Sources().Count == 0 && !(isTime && rule.After is not null) && !isBetween)
            yield return new(pointer, "rule-empty", "A rule names a column, several, or a constant.");
        if (rule.Format is null && ((isTime && rule.Sources().Count > 0) || isBetween))
            yield return new(pointer, "format-missing", "A time needs its format: iso, epoch, rfc2822 or a pattern.");
        if (rule.Format is { } times && TimeReader.Fault(times) is { } unusable)
            yield return new($"{pointer}/format", "format-unusable", unusable);
        if (!isTime && ((rule.After ?? rule.Plus ?? rule.Minus) is not null || (rule.Format is not null && !isBetween)))
            yield return new(pointer, "not-a-time", "format, after, plus and minus are for times.");
        if ((rule.From ?? rule.To) is not null && (!isDuration || rule.From is null || rule.To is null))
            yield return new(pointer, "not-a-duration", $"from and to, both, are for {string.Join(", ", DurationFields)}.");
        if (rule.Unit is not DurationUnit.Seconds && !isDuration && (rule.Plus ?? rule.Minus) is null)
            yield return new($"{pointer}/unit", "not-a-duration", "A unit is for durations: of the field, of plus or of minus.");
        if (rule.After is { } after
            && (!fields.ContainsKey(after) || Array.IndexOf(Times, after) is var place
                && (place < 0 || place >= Array.IndexOf(Times, field))))
            yield return new(pointer, "after-unknown", "'after' names a time that comes before this one.");
        if (rule.Pattern is { } pattern && Patterns.Fault(pattern) is { } fault)
            yield return new($"{pointer}/pattern", "pattern", fault);
        foreach (var error in Unnamed(format, rule.AllColumns().Select(column => (column, pointer))))
            yield return error;
    }

    // What a rule gives by itself, whatever is in a row.
    private static string? Complaint(string field, FieldRule rule, string text)
    {
        if (Words.GetValueOrDefault(field) is { } word)
            return RowMapper.IsWord(word, text) ? null : $"is none of {string.Join(", ", Enum.GetNames(word))}";
        if (field == "direction")
            return Leg.IsDirection(text) ? null : "is neither inbound nor outbound";
        if (DurationFields.Contains(field))
            return Durations.Read(text, rule.Unit) is not { } time ? Durations.Complaint : time < TimeSpan.Zero ? "is negative" : null;
        if (Times.Contains(field))
            return rule.Format is { } format && new TimeReader(LocalCalendar.Of("UTC")).Read(text, format, after: null) is not null
                ? null : "is not a time of the rule's format";
        if (field == "holds")
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "is not a number of holds";
        return RowMapper.IsText(text) ? null : RowMapper.NoText;
    }

    private static IEnumerable<Error> Unnamed(RowFormat format, IEnumerable<(string Column, string Pointer)> used) =>
        format is { Header: false, Columns: { } columns }
            ? used.Where(u => !columns.Contains(u.Column))
                .Select(u => new Error(u.Pointer, "unknown-column", $"'{u.Column}' is not among format/columns."))
            : [];
}
