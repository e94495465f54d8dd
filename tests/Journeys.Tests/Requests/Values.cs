using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>Values for a request: such as its schema and the things that are there ask for, and such as they do not.</summary>
internal sealed class Values(Operation operation, Things things, Random random)
{
    private static readonly string[] Days =
        ["0001-01-01", "1949-12-31", "1950-01-01", "2024-02-29", "2025-02-29", "2026-13-01", "2200-12-31", "2201-01-01", "9999-12-31", "2026-3-2"];

    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "\u0001", "a\uFFFEb", "\uFFFF", "\u200B", "\u00AD", "\u2800", "\u0301", "\u202Eabc", "a\nb", "=cmd|' /C calc'!A0", "'; drop table x;--",
        "<script>", "%00", "../../etc/passwd", "评估", "\U0001F600", "e\u0301", "ﬁ", "4111111111111111", "13800138000", "null", "-1", "NaN",
        new string('a', 101), new string('字', 1001), new string('x', 20_000),
    ];

    private static readonly string[] Numbers =
        ["0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775808", "1e308", "-1e308", "1e-320", "0.5", "0.0000000001", "1e400"];

    private static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private int few = 12;

    public static DateOnly Monday(int weeks) => Today.AddDays(7 * weeks - ((int)Today.DayOfWeek + 6) % 7);

    /// <summary>A body that was taken before or that the document shows, about things that are there.</summary>
    public JsonNode? Body(JsonObject media)
    {
        var example = random.Next(3) > 0 ? things.Taken(operation, random) : null;
        var body = example ?? media["example"]?.DeepClone() ?? Sensible(media["schema"]!.AsObject(), "");
        few = Math.Max(12, Places(body).Count()); // where there is much, most stays as it was
        return Filled(body, media["schema"]!.AsObject(), "", known: example is not null);
    }

    // Ids of the example are nobody's; what must be unique becomes so; here and there another value that the schema allows as well.
    private JsonNode? Filled(JsonNode? value, JsonObject schema, string name, bool known)
    {
        schema = operation.Resolved(schema);
        schema = (schema["oneOf"] ?? schema["anyOf"])?.AsArray().Select(choice => operation.Resolved(choice!.AsObject()))
            .FirstOrDefault(choice => choice["properties"] is not null) ?? schema;
        switch (value)
        {
            case JsonObject members:
                foreach (var (member, inner) in members.ToList())
                    if (schema["properties"]?[member] is JsonObject of && (operation.Path, member) is not ("/rosters", "seconds" or "maxRounds"))
                        members[member] = Filled(inner?.DeepClone(), of, member, known);
                return members;
            case JsonArray items when schema["items"] is JsonObject each:
                return new JsonArray([.. items.Select(item => Filled(item?.DeepClone(), each, name, known))]);
            case JsonValue text when schema["format"] is null && name is "name" or "title" or "staffNumber" or "callId" or "room"
                    && text.GetValueKind() is JsonValueKind.String:
                return $"{text.GetValue<string>().Split('-')[0]}-{random.Next(1_000_000)}";
            default:
                return Filled(schema, value, name, known);
        }
    }

    private JsonNode? Filled(JsonObject schema, JsonNode? value, string name, bool known)
    {
        var format = schema["format"]?.GetValue<string>();
        var isOfExample = !known && format is "uuid" or "date" && value is not null;

        return random.Next(few) == 0 || isOfExample || (name == "callId" && format is not null) ? Sensible(schema, name) : value?.DeepClone();
    }

    /// <summary>A value that the schema allows, of a size that makes sense.</summary>
    public JsonNode? Sensible(JsonObject schema, string name)
    {
        schema = operation.Resolved(schema);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
            return Sensible(choices[random.Next(choices.Count)]!.AsObject(), name);
        if (schema["enum"] is JsonArray allowed)
            return allowed[random.Next(allowed.Count)]?.DeepClone();

        var types = SchemaFaults.TypesOf(schema);
        return types.Contains("null") && random.Next(3) == 0 ? null : types.FirstOrDefault(type => type != "null") switch
        {
            "boolean" => random.Next(2) == 0,
            "integer" => name switch
            {
                "version" or "formVersion" => 1,
                "year" => Today.Year,
                _ => random.Next(schema["minimum"]?.GetValue<int>() ?? 1, Math.Min(schema["maximum"]?.GetValue<int>() ?? 40, 40) + 1),
            },
            "number" => Math.Round(random.NextDouble() * (random.Next(3) == 0 ? 100 : 1), 2),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Sensible(schema["items"]!.AsObject(), name))]),
            "object" => new JsonObject((schema["properties"]?.AsObject() ?? []).Where(member =>
                    schema["required"]?.AsArray().Any(required => required!.GetValue<string>() == member.Key) == true || random.Next(3) == 0)
                .Select(member => KeyValuePair.Create(member.Key, Sensible(member.Value!.AsObject(), member.Key)))),
            _ => JsonValue.Create(Text(schema["format"]?.GetValue<string>(), name)),
        };
    }

    /// <summary>A text for a member or parameter of this name.</summary>
    public string Text(string? format, string name) => (format, name) switch
    {
        ("uuid", _) => things.Any(Things.KindOf(operation.Path, name), random, Passes) ?? $"{Guid.CreateVersion7()}",
        ("date", "week") or (_, "week") or ("date", "first") => Day(Monday(-1 - random.Next(2))),
        ("date", "before") => Day(Monday(1)),
        ("date", "from" or "firstDay" or "effectiveFrom") => Day(Today.AddDays(random.Next(-20, 20))),
        ("date", "date") => Day(Monday(2).AddDays(random.Next(7))),
        ("date", _) => Day(Today.AddDays(random.Next(-10, 30))),
        ("date-time", _) => Instant(random.Next(50_000)),
        ("time", _) => $"{random.Next(24):00}:{random.Next(4) * 15:00}:00",
        (_, "id" or "token") => things.Any(Things.KindOf(operation.Path, name), random) ?? "none",
        (_, "from" or "to") when operation.Path == "/reports/calls" => Instant(name == "to" ? 0 : 20_000),
        (_, "from") => Day(Today.AddDays(-20)),
        (_, "to") => Day(Today),
        (_, "queue") => "billing",
        (_, "year") => $"{Today.Year}",
        (_, "mapping") or (_, "name") when operation.Path.StartsWith("/mappings", StringComparison.Ordinal) || name == "mapping" =>
            operation.Method is "PUT" ? "ours" : "callcenter",
        (_, "version") => "1",
        (_, "post") => "customer-service-agent",
        (_, "question") => "greeting",
        (_, "by") => new[] { "project", "queue", "team", "agent" }[random.Next(4)],
        (_, "interval") => new[] { "quarter", "day", "week" }[random.Next(3)],
        (_, "kpi") => new[] { "offered", "service-level", "aht", "qa-score" }[random.Next(4)],
        (_, "outcome") => new[] { "answered", "abandoned" }[random.Next(2)],
        (_, "status") => new[] { "planned", "open", "draft", "submitted" }[random.Next(4)],
        (_, "zone") => "Asia/Shanghai",
        (_, "section") => "opening",
        _ => $"text-{random.Next(1000)}",
    };

    /// <summary>Whether the operation ends what it is about, which the others still need.</summary>
    private bool Passes => operation.Name is "DELETE /employees/{id}/personal-data" or "DELETE /teams/{id}" or "PUT /employees/{id}"
        or "PUT /projects/{id}/queues" or "POST /sampling-plans/{id}/ending"
        or "POST /sampling-designs/{id}/ending" || operation.Path.EndsWith("/retirement", StringComparison.Ordinal);

    /// <summary>What stands in an address for a parameter of this schema, and should not.</summary>
    public string BrokenText(string? current) => random.Next(8) switch
    {
        0 => Days[random.Next(Days.Length)],
        1 => Days[random.Next(Days.Length)] + "T00:00:00Z",
        2 => Numbers[random.Next(Numbers.Length)],
        3 => things.Other(random),
        4 => $"{Guid.CreateVersion7()}",
        5 => (current ?? "a").ToUpperInvariant(),
        6 => $"{current}{current}",
        _ => Texts[random.Next(Texts.Length - 1)],
    };

    /// <summary>One thing in a body is made wrong, wherever it stands.</summary>
    public JsonNode? Break(JsonNode? body)
    {
        var places = Places(body).ToList();
        if (places.Count == 0)
            return Wrong(body);

        var (parent, name) = places[random.Next(places.Count)];
        switch (parent, random.Next(10))
        {
            case (JsonObject members, 0):
                members.Remove(name);
                break;
            case (JsonObject members, 1):
                members["notInTheContract"] = 1;
                break;
            case (JsonArray items, 0):
                items.Add(items[int.Parse(name, CultureInfo.InvariantCulture)]?.DeepClone());
                break;
            case (JsonArray items, 1):
                while (items.Count < 700)
                    items.Add(items[0]?.DeepClone());
                break;
            case (JsonObject members, _):
                members[name] = Wrong(members[name]);
                break;
            case (JsonArray items, _):
                items[int.Parse(name, CultureInfo.InvariantCulture)] = Wrong(items[int.Parse(name, CultureInfo.InvariantCulture)]);
                break;
        }

        return body;
    }

    private static IEnumerable<(JsonNode Parent, string Name)> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Places(member.Value).Prepend((members, member.Key))),
        JsonArray items => items.SelectMany((item, i) => Places(item).Prepend((items, i.ToString(CultureInfo.InvariantCulture)))),
        _ => [],
    };

    private JsonNode? Wrong(JsonNode? value) => (value?.GetValueKind(), random.Next(9)) switch
    {
        (_, 0) => null,
        (JsonValueKind.Number, < 7) => JsonNode.Parse(Numbers[random.Next(Numbers.Length)]),
        (JsonValueKind.Array, < 4) => new JsonArray(),
        (JsonValueKind.Array, < 7) => new JsonArray((JsonNode?)null),
        (JsonValueKind.String, 1) => Days[random.Next(Days.Length)],
        (JsonValueKind.String, 2) => Days[random.Next(Days.Length)] + "T23:59:59.9999999+14:00",
        (JsonValueKind.String, 3) => value!.GetValue<string>().ToUpperInvariant(),
        (JsonValueKind.String, 4) => things.Other(random),
        (JsonValueKind.String, < 8) => Texts[random.Next(Texts.Length)],
        (_, 1) => "text",
        (_, 2) => true,
        (_, 3) => JsonNode.Parse(Numbers[random.Next(Numbers.Length)]),
        (_, 4) => new JsonObject(),
        (_, 5) => new JsonArray(),
        (_, 6) => Nested(random.Next(5, 60)),
        _ => "0001-01-01",
    };

    private static JsonNode Nested(int depth) => depth == 0 ? 1
        : depth % 2 == 0 ? new JsonArray(Nested(depth - 1)) : new JsonObject { ["a"] = Nested(depth - 1) };

    private static string Instant(int minutesAgo) =>
        TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
