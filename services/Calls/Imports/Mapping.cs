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
/// <param name="Fields">Our fields, each with one rule or several alternatives, the first that yields a value counts.</param>
public sealed record Mapping(
    string Description, MappingKind Kind, string Source, IReadOnlyDictionary<string, FieldRules> Fields,
    RowFormat? Format = null, string? Zone = null, int ClockSkewSeconds = 2, IReadOnlyList<RejectRule>? Reject = null);

/// <summary>
/// How CSV rows are written. For NDJSON only <paramref name="Columns"/> and <paramref name="Optional"/> do not apply: members are named in
/// the rows.
/// </summary>
/// <param name="Delimiter">One ASCII character.</param>
/// <param name="Header">Whether the first line names the columns.</param>
/// <param name="Quotes">Whether a field may stand in double quotes.</param>
/// <param name="Columns">Names for the columns by position, when there is no header.</param>
/// <param name="Optional">Columns that a file may lack.</param>
public sealed record RowFormat(
    string Delimiter = ",", bool Header = true, bool Quotes = true, IReadOnlyList<string>? Columns = null,
    IReadOnlyList<string>? Optional = null);

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

/// <summary>Where one of our fields comes from.</summary>
/// <param name="Column">The column that holds it.</param>
/// <param name="Columns">Instead: several columns, joined by <paramref name="Separator"/>.</param>
/// <param name="Separator">What stands between them.</param>
/// <param name="Constant">The value itself.</param>
/// <param name="Values">Their value to ours.</param>
/// <param name="Empty">Values that mean nothing is there.</param>
/// <param name="Otherwise">What to do with a value that cannot be used.</param>
/// <param name="Format">Times: <c>iso</c> (with offset), <c>epoch</c> (seconds), or a pattern such as <c>yyMMdd H:mm:ss</c>, local in the
/// zone.</param>
/// <param name="After">Times: an earlier time field. A time of day more than 12 hours before it belongs to the next day; with <paramref
/// name="Plus"/> it is counted from there.</param>
/// <param name="Plus">Times: a column with a duration, in seconds or as h:mm:ss.</param>
/// <param name="When">The rule applies only when all these columns have one of these values.</param>
/// <param name="Unless">The rule does not apply when all these columns have one of these values.</param>
public sealed record FieldRule(
    string? Column = null, IReadOnlyList<string>? Columns = null, string Separator = " ", string? Constant = null,
    IReadOnlyDictionary<string, string>? Values = null, IReadOnlyList<string>? Empty = null, Otherwise Otherwise = Otherwise.Reject,
    string? Format = null, string? After = null, string? Plus = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? When = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Unless = null)
{
    /// <summary>Every column the rule looks at.</summary>
    internal IEnumerable<string> AllColumns() =>
        [.. Sources(), .. Plus is null ? [] : new[] { Plus }, .. When?.Keys ?? [], .. Unless?.Keys ?? []];

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
