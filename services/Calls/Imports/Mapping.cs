using System.Text.Json;
using System.Text.Json.Serialization;
using CallCenter.Web;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CallCenter.Calls.Imports;

public enum MappingKind
{
    /// <summary>One row is one whole leg.</summary>
    Calls,

    /// <summary>One row is one thing that happened to a leg; several make it up.</summary>
    CallEvents,

    /// <summary>One row is one change of an agent's state.</summary>
    AgentStates,
}

/// <summary>How the rows of a source become ours: a new source needs such a file and no code.</summary>
/// <param name="Description">Which source it is for, for people.</param>
/// <param name="Kind">What a row becomes.</param>
/// <param name="Source">Name of the system the rows come from; part of each call's identity, so two mappings of one system share
/// it.</param>
/// <param name="Format">How the rows are written; CSV with a header when left out.</param>
/// <param name="Zone">IANA zone of local times; the project's when left out.</param>
/// <param name="ClockSkewSeconds">By how much a row's times may be out of order before the row is rejected; within it they are put in
/// order.</param>
/// <param name="Reject">Rows that are not wanted, looked at before anything else.</param>
/// <param name="Ignore">Rows that are not ours: passed over, where those of <paramref name="Reject"/> are reported.</param>
/// <param name="Version">Which copy of a record a row is: one with a lower number or an earlier time corrects nothing.</param>
/// <param name="Rank">Which of several rows of one call counts, whatever their order.</param>
/// <param name="Fields">Our fields, each with one rule or several alternatives, the first that yields a value counts.</param>
public sealed record Mapping(
    string Description, MappingKind Kind, string Source, IReadOnlyDictionary<string, FieldRules> Fields,
    RowFormat? Format = null, string? Zone = null, int ClockSkewSeconds = 2, IReadOnlyList<RejectRule>? Reject = null,
    VersionRule? Version = null, RankRule? Rank = null, IReadOnlyList<IgnoreRule>? Ignore = null)
{
    /// <summary>Whether a row of call events may become a report of this kind; a column that is taken as it is may hold any.</summary>
    internal bool CanBe(string report) => Fields.GetValueOrDefault("type")?.Alternatives.Any(rule => rule switch
    {
        { Values: { } values } => values.Values.Any(kinds => kinds.Split(' ').Contains(report)),
        { Constant: { } kinds } => kinds.Split(' ').Contains(report),
        _ => true,
    }) ?? false;
}

/// <param name="When">Column values that must all hold.</param>
public sealed record IgnoreRule(IReadOnlyDictionary<string, IReadOnlyList<string>> When);

/// <param name="Column">The column that tells a record's copies apart.</param>
/// <param name="Format">How its times are written; a number when left out.</param>
public sealed record VersionRule(string Column, string? Format = null);

/// <param name="Column">The column whose value ranks the rows.</param>
/// <param name="Order">Its values, the best first; others come after them.</param>
public sealed record RankRule(string Column, IReadOnlyList<string> Order);

/// <summary>
/// How rows are written. The first four are of CSV, the last two of JSON, whose members are named in the rows.
/// </summary>
/// <param name="Delimiter">One ASCII character.</param>
/// <param name="Header">Whether the first line names the columns.</param>
/// <param name="Quotes">Whether a field may stand in double quotes.</param>
/// <param name="Columns">Names for the columns by position, when there is no header.</param>
/// <param name="Optional">Columns, or members of JSON, that a file may lack.</param>
/// <param name="Encoding">
/// What files without a byte order mark are written in: utf-16le, utf-16be, latin-1, windows-1252, gb18030; UTF-8 when left out.
/// </param>
/// <param name="List">The member of a page of the source's API that is the list of rows; files without pages are read as well.</param>
/// <param name="Each">Which part of a record is a row, where a record has several.</param>
public sealed record RowFormat(
    string Delimiter = ",", bool Header = true, bool Quotes = true, IReadOnlyList<string>? Columns = null,
    IReadOnlyList<string>? Optional = null, string? Encoding = null, string? List = null, EachRule? Each = null);

/// <summary>
/// A record is as many rows as there are such elements in one of its lists. Each row has all of the record, but of the list what stands
/// before the first of them, its own and what follows that until the next.
/// </summary>
/// <param name="List">The member that is the list.</param>
/// <param name="When">Values of an element's members that must all hold.</param>
/// <param name="By">A path in the elements by whose value they are put in order first; as they stand when left out.</param>
public sealed record EachRule(string List, IReadOnlyDictionary<string, IReadOnlyList<string>> When, string? By = null);

/// <param name="Code">What a row so rejected is listed under.</param>
/// <param name="Message">Why it is not wanted, for people.</param>
/// <param name="When">Column values that must all hold.</param>
/// <param name="Negative">Columns of which one holds a negative number.</param>
public sealed record RejectRule(
    string Code, string Message, IReadOnlyDictionary<string, IReadOnlyList<string>>? When = null, IReadOnlyList<string>? Negative = null);

public enum Otherwise
{
    /// <summary>The row is rejected.</summary>
    Reject,

    /// <summary>The field is left empty.</summary>
    LeaveOut,

    /// <summary>The row is not one of ours and is passed over.</summary>
    Ignore,
}

/// <summary>How a value is wrapped up.</summary>
public enum Decoding
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As in addresses: <c>%40</c> is @.</summary>
    Url,
}

public enum DurationUnit
{
    Seconds,
    Milliseconds,
    Minutes,
}

/// <summary>Where one of our fields comes from.</summary>
/// <param name="Column">The column that holds it.</param>
/// <param name="Columns">Instead: several columns, joined by <paramref name="Separator"/>.</param>
/// <param name="Separator">What stands between them.</param>
/// <param name="Constant">The value itself.</param>
/// <param name="Values">Their value to ours.</param>
/// <param name="Empty">Values that mean nothing is there.</param>
/// <param name="Otherwise">What to do with a value that cannot be used.</param>
/// <param name="Format">Times: <c>iso</c> (with offset), <c>epoch</c> (seconds or smaller parts, told by their size), <c>rfc2822</c>, or a
/// pattern such as <c>yyMMdd H:mm:ss</c>, local in the zone unless it has an offset.</param>
/// <param name="After">Times: an earlier time field. A time of day more than 12 hours before it belongs to the next day; with <paramref
/// name="Plus"/> it is counted from there.</param>
/// <param name="Plus">Times: a column with a duration that is added.</param>
/// <param name="Minus">Times: a column with a duration that is taken away.</param>
/// <param name="From">Durations: the column of the time at which it begins, <paramref name="To"/> that of its end; both by <paramref
/// name="Format"/>.</param>
/// <param name="To">Durations: the column of the time at which it ends.</param>
/// <param name="Unit">Durations: what plain numbers count; seconds when left out.</param>
/// <param name="Decode">How the column's value is wrapped up.</param>
/// <param name="StripPrefixes">Beginnings of the value that are taken off, the first that it has.</param>
/// <param name="StripSuffixes">Endings of the value that are taken off, the first that it has.</param>
/// <param name="Pattern">A regular expression; the value is what its first group finds, or all that it finds when it has none.</param>
/// <param name="When">The rule applies only when all these columns have one of these values.</param>
/// <param name="Unless">The rule does not apply when all these columns have one of these values.</param>
public sealed record FieldRule(
    string? Column = null, IReadOnlyList<string>? Columns = null, string Separator = " ", string? Constant = null,
    IReadOnlyDictionary<string, string>? Values = null, IReadOnlyList<string>? Empty = null, Otherwise Otherwise = Otherwise.Reject,
    string? Format = null, string? After = null, string? Plus = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? When = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Unless = null,
    string? Minus = null, string? From = null, string? To = null, DurationUnit Unit = DurationUnit.Seconds,
    Decoding Decode = Decoding.None, IReadOnlyList<string>? StripPrefixes = null, IReadOnlyList<string>? StripSuffixes = null,
    string? Pattern = null)
{
    /// <summary>Every column the rule looks at.</summary>
    internal IEnumerable<string> AllColumns() =>
        [.. Sources(), .. new[] { Plus, Minus, From, To }.OfType<string>(), .. When?.Keys ?? [], .. Unless?.Keys ?? []];

    internal IReadOnlyList<string> Sources() => Column is not null ? [Column] : Columns ?? [];
}

/// <summary>A rule, or a list of alternatives.</summary>
[JsonConverter(typeof(FieldRulesConverter))]
public sealed record FieldRules(IReadOnlyList<FieldRule> Alternatives);

internal sealed class FieldRulesConverter : JsonConverter<FieldRules>
{
    public override FieldRules Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.TokenType is JsonTokenType.StartArray
            ? Whole(Read<List<FieldRule>>(ref reader, options))
            : [Read<FieldRule>(ref reader, options)]);

    // Not by JsonSerializer.Deserialize: what is wrong inside would be told from there instead of from the body's start.
    private static T Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        ((JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options)!;

    private static List<FieldRule> Whole(List<FieldRule> rules) =>
        rules.IndexOf(null!) is var missing and >= 0 ? throw new TextException("The value may not be null.", $"/{missing}") : rules;

    public override void Write(Utf8JsonWriter writer, FieldRules value, JsonSerializerOptions options)
    {
        if (value.Alternatives is [var only])
            JsonSerializer.Serialize(writer, only, options);
        else
            JsonSerializer.Serialize(writer, value.Alternatives, options);
    }

    /// <summary>What it reads and writes, for the API document: one rule or a list of them.</summary>
    internal static async Task Describe(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.AddComponent(nameof(FieldRule), await context.GetOrCreateSchemaAsync(typeof(FieldRule), null, cancellation));
        var rule = new OpenApiSchemaReference(nameof(FieldRule), document);
        document.Components!.Schemas![nameof(FieldRules)] = new OpenApiSchema
        {
            OneOf = [rule, new OpenApiSchema { Type = JsonSchemaType.Array, Items = rule }],
        };
    }
}
