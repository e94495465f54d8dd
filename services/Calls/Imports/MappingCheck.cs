using CallCenter.Calls.Contacts;
using CallCenter.Rules;

namespace CallCenter.Calls.Imports;

/// <summary>Whether a mapping can work at all; what it makes of a row is the row's business.</summary>
internal static class MappingCheck
{
    private static readonly string[] Times = ["offeredAt", "queuedAt", "answeredAt", "endedAt", "at"];

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
             "linkedTo", "conversationId", "stage"]),
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

            foreach (var error in rules.Alternatives.SelectMany(rule => Errors(field, rule, format, mapping.Fields)))
                yield return error;
        }
    }

    private static IEnumerable<Error> Errors(string field, FieldRule rule, RowFormat format, IReadOnlyDictionary<string, FieldRules> fields)
    {
        var pointer = $"/fields/{field}";
        var isTime = Times.Contains(field);

        if (rule.Constant is null && rule.Sources().Count == 0 && !(isTime && rule.After is not null))
            yield return new(pointer, "rule-empty", "A rule names a column, several, or a constant.");
        if (isTime && rule.Sources().Count > 0 && rule.Format is null)
            yield return new(pointer, "format-missing", "A time needs its format: iso, epoch or a pattern.");
        if (!isTime && (rule.Format ?? rule.After ?? rule.Plus) is not null)
            yield return new(pointer, "not-a-time", "format, after and plus are for times.");
        if (rule.After is { } after
            && (!fields.ContainsKey(after) || Array.IndexOf(Times, after) is var place
                && (place < 0 || place >= Array.IndexOf(Times, field))))
            yield return new(pointer, "after-unknown", "'after' names a time that comes before this one.");
        if (!format.Header && format.Columns is { } columns)
            foreach (var column in rule.AllColumns().Except(columns))
                yield return new(pointer, "unknown-column", $"'{column}' is not among format/columns.");
    }
}
