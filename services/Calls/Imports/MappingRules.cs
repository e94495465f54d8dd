using System.Text.RegularExpressions;

namespace CallCenter.Calls.Imports;

/// <summary>A mapping's rules with the places of their columns in a row, so that none is looked up by its name for each row.</summary>
internal sealed class MappingRules
{
    public MappingRules(Mapping mapping)
    {
        Columns = [.. mapping.Fields.Values.SelectMany(f => f.Alternatives).SelectMany(r => r.AllColumns())
            .Concat((mapping.Reject ?? []).SelectMany(r => (r.When?.Keys ?? []).Concat(r.Negative ?? [])))
            .Concat((mapping.Ignore ?? []).SelectMany(r => r.When.Keys))
            .Concat(new[] { mapping.Version?.Column, mapping.Rank?.Column }.OfType<string>()).Distinct()];
        Version = mapping.Version is { } version ? (Place(version.Column), version.Format) : null;
        Rank = mapping.Rank is { } rank ? (Place(rank.Column), rank.Order) : null;
        Fields = mapping.Fields.ToDictionary(f => f.Key, f => f.Value.Alternatives.Select(Compiled).ToArray());
        Rejects = [.. (mapping.Reject ?? []).Select(r => (r, Conditions(r.When), (r.Negative ?? []).Select(Place).ToArray()))];
        Ignores = [.. (mapping.Ignore ?? []).Select(r => Conditions(r.When))];
    }

    /// <summary>The columns that the rules look at, in the order of a row's cells.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What makes each field; of several rules the first that gives a value.</summary>
    public IReadOnlyDictionary<string, Rule[]> Fields { get; }

    public (RejectRule Rule, Condition[] When, int[] Negative)[] Rejects { get; }

    public Condition[][] Ignores { get; }

    public (int Cell, string? Format)? Version { get; }

    public (int Cell, IReadOnlyList<string> Order)? Rank { get; }

    internal sealed record Condition(int Cell, IReadOnlyList<string> Values);

    internal sealed record Rule(
        int[] Sources, string Separator, string? Constant, IReadOnlyDictionary<string, string>? Values, IReadOnlyList<string> Empty,
        Otherwise Otherwise, string? Format, string? After, int Plus, int Minus, int From, int To, DurationUnit Unit,
        Decoding Decode, IReadOnlyList<string> Prefixes, IReadOnlyList<string> Suffixes, Regex? Pattern,
        Condition[] When, Condition[] Unless)
    {
        /// <summary>The value without its wrapping; empty when it is not of the pattern.</summary>
        public string Plain(string text)
        {
            if (Decode is Decoding.Url)
                text = Uri.UnescapeDataString(text);
            if (Prefixes.FirstOrDefault(prefix => text.StartsWith(prefix, StringComparison.Ordinal)) is { } begins)
                text = text[begins.Length..];
            if (Suffixes.FirstOrDefault(suffix => text.EndsWith(suffix, StringComparison.Ordinal)) is { } ends)
                text = text[..^ends.Length];
            return Pattern?.Match(text) is not { } found ? text : found.Groups.Count > 1 ? found.Groups[1].Value : found.Value;
        }
    }

    private Rule Compiled(FieldRule r) => new(
        [.. r.Sources().Select(Place)], r.Separator, r.Constant, r.Values, r.Empty ?? [], r.Otherwise, r.Format, r.After,
        PlaceOr(r.Plus), PlaceOr(r.Minus), PlaceOr(r.From), PlaceOr(r.To), r.Unit,
        r.Decode, r.StripPrefixes ?? [], r.StripSuffixes ?? [], r.Pattern is { } pattern ? Patterns.Of(pattern) : null,
        Conditions(r.When), Conditions(r.Unless));

    private int PlaceOr(string? column) => column is null ? -1 : Place(column);

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
