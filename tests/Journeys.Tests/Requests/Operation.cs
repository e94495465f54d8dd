using System.Globalization;
using System.Text.Json.Nodes;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>One operation as a service's API document describes it.</summary>
internal sealed record Operation(string Service, string Method, string Path, JsonObject Described, JsonObject Document)
{
    public string Name => $"{Method} {Path}";

    public bool IsOfDesk => Path.StartsWith("/operations-desk", StringComparison.Ordinal);

    public IReadOnlyList<string> Roles { get; } = [.. Described["x-roles"]!.AsArray().Select(role => role!.GetValue<string>())];

    public IReadOnlyList<Parameter> Parameters { get; } = [.. (Described["parameters"]?.AsArray() ?? []).Select(p => new Parameter(
        p!["name"]!.GetValue<string>(), p["in"]!.GetValue<string>(), p["required"]?.GetValue<bool>() == true, p["schema"]!.AsObject()))];

    /// <summary>What bodies it takes, by media type.</summary>
    public JsonObject Bodies { get; } = Described["requestBody"]?["content"]?.AsObject() ?? [];

    public JsonObject Answers { get; } = Described["responses"]!.AsObject();

    public bool Takes(string header) => Parameters.Any(p => p.In == "header" && p.Name == header);

    /// <summary>What may follow a status: schemas by media type; null where the document does not know the status.</summary>
    public JsonObject? MediaOf(int status) => Answers[$"{status}"] is { } answer ? answer["content"]?.AsObject() ?? [] : null;

    /// <summary>The schema itself, where it only refers to one.</summary>
    public JsonObject Resolved(JsonObject schema)
    {
        while (schema["$ref"]?.GetValue<string>() is { } reference)
            schema = reference.Split('/').Skip(1).Aggregate((JsonNode)Document, (node, part) =>
                node is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : node[part]!).AsObject();

        return schema;
    }

    public static IEnumerable<Operation> In(string service, JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new Operation(service, operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject(), document);
}

internal sealed record Parameter(string Name, string In, bool Required, JsonObject Schema);
