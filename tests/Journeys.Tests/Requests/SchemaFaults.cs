using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>In what an answer is not as its schema says: types, nulls, members, enums, formats and bounds.</summary>
internal sealed class SchemaFaults(Operation operation)
{
    /// <returns>Each with the place, without its position in lists; nothing when it is as the schema says.</returns>
    public IEnumerable<string> In(JsonNode? value, JsonObject schema, string at = "")
    {
        schema = operation.Resolved(schema);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
            return OfChoice(value, choices, at);

        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
            return [$"{at}: {Shown(value)} is none of its enum"];

        if (TypesOf(schema) is { Count: > 0 } types && !types.Any(type => Is(type, value)))
            return [$"{at}: {Shown(value)} where the schema says {string.Join(" or ", types)}"];

        return value switch
        {
            JsonObject members => OfObject(members, schema, at),
            JsonArray items => OfList(items, schema, at),
            JsonValue one => OfValue(one, schema, at),
            _ => [],
        };
    }

    private List<string> OfChoice(JsonNode? value, JsonArray choices, string at)
    {
        var tried = choices.Select(choice => In(value, choice!.AsObject(), at).ToList()).ToList();
        return tried.Any(faults => faults.Count == 0) ? [] : tried.MaxBy(faults => faults.Max(fault => fault.IndexOf(':')))!;
    }

    // A member that the document does not name is a fault too: whoever reads the answer by it would not find it.
    private IEnumerable<string> OfObject(JsonObject members, JsonObject schema, string at)
    {
        var known = schema["properties"]?.AsObject();
        foreach (var required in (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()))
            if (!members.ContainsKey(required))
                yield return $"{at}/{required}: required and not there";

        foreach (var (name, value) in members)
        {
            if (known?[name] is JsonObject member)
                foreach (var fault in In(value, member, $"{at}/{name}"))
                    yield return fault;
            else if (schema["additionalProperties"] is JsonObject every)
                foreach (var fault in In(value, every, $"{at}/*"))
                    yield return fault;
            else if (known is not null)
                yield return $"{at}/{name}: not in the document";
        }
    }

    private IEnumerable<string> OfList(JsonArray items, JsonObject schema, string at)
    {
        if (items.Count > (schema["maxItems"]?.GetValue<int>() ?? int.MaxValue) || items.Count < (schema["minItems"]?.GetValue<int>() ?? 0))
            yield return $"{at}: {items.Count} items are too many or too few";
        if (schema["items"] is JsonObject every)
            foreach (var fault in items.SelectMany(item => In(item, every, $"{at}/-")).Distinct())
                yield return fault;
    }

    private static IEnumerable<string> OfValue(JsonValue value, JsonObject schema, string at)
    {
        if (value.GetValueKind() is JsonValueKind.Number && Number(value) is var number)
        {
            if (number > (schema["maximum"]?.GetValue<double>() ?? double.MaxValue)
                || number < (schema["minimum"]?.GetValue<double>() ?? double.MinValue))
                yield return $"{at}: {Shown(value)} is out of its bounds";
            if (schema["format"]?.GetValue<string>() is "int32" && number is > int.MaxValue or < int.MinValue)
                yield return $"{at}: {Shown(value)} is no int32";
        }
        else if (value.GetValueKind() is JsonValueKind.String && value.GetValue<string>() is var text)
        {
            if (schema["format"]?.GetValue<string>() is { } format && !HasFormat(text, format))
                yield return $"{at}: {Shown(value)} is no {format}";
            if (schema["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(text, pattern))
                yield return $"{at}: {Shown(value)} does not match {pattern}";
            if (text.Length > (schema["maxLength"]?.GetValue<int>() ?? int.MaxValue) || text.Length < (schema["minLength"]?.GetValue<int>() ?? 0))
                yield return $"{at}: its length is {text.Length}";
        }
    }

    private static bool HasFormat(string text, string format) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "time" => TimeOnly.TryParseExact(text, ["HH:mm:ss", "HH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => true,
    };

    public static IReadOnlyList<string> TypesOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
        { } one => [one.GetValue<string>()],
        null => [],
    };

    private static bool Is(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number)
            or ("array", JsonValueKind.Array) or ("object", JsonValueKind.Object) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => Number(value!.AsValue()) is var number && Math.Floor(number) == number,
        _ => false,
    };

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static string Shown(JsonNode? value) =>
        (value?.ToJsonString() ?? "null") is var text && text.Length > 60 ? text[..60] + "…" : text;
}
