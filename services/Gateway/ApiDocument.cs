using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CallCenter.Gateway;

/// <summary>The services' API documents as one.</summary>
public sealed class ApiDocument(HttpClient http, ServiceMap map)
{
    public async Task<IResult> Merged(CancellationToken cancellation)
    {
        var info = await Web.ApiDocument.Info("CallCenter").SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellation);
        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = JsonNode.Parse(info),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject { ["schemas"] = new JsonObject(), ["securitySchemes"] = new JsonObject() },
        };

        // A tag that two services have is about the same.
        var tags = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (service, (address, _, _)) in map.Services)
        {
            var document = await Fetch(new Uri(address, "openapi.json"), cancellation);
            Merge(merged, service, document);
            foreach (var tag in document["tags"]?.AsArray() ?? [])
                tags.TryAdd(tag!["name"]!.GetValue<string>(), tag.DeepClone());
        }

        merged["tags"] = new JsonArray([.. tags.Values]);
        return Results.Json(merged);
    }

    /// <summary>Which services are not ready, if any.</summary>
    public async Task<IResult> Ready(CancellationToken cancellation)
    {
        var waiting = new List<string>();
        foreach (var (service, (address, _, _)) in map.Services)
            if (!await IsReady(new Uri(address, "health/ready"), cancellation))
                waiting.Add(service);

        return waiting.Count == 0 ? Results.Ok("ready")
            : Results.Problem($"Waiting for {string.Join(", ", waiting)}.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    // Two services may name a schema alike; each keeps its own under its service's name.
    private static void Merge(JsonObject merged, string service, JsonObject document)
    {
        var prefixed = JsonNode.Parse(document.ToJsonString()
            .Replace("#/components/schemas/", $"#/components/schemas/{service}.", StringComparison.Ordinal))!.AsObject();

        // What every service has stands under its service's name.
        foreach (var (path, operations) in prefixed["paths"]?.AsObject() ?? [])
        {
            var ofAll = path.StartsWith("/operations-desk", StringComparison.Ordinal);
            var own = merged["paths"]![ofAll ? $"/services/{service}{path}" : path] = operations!.DeepClone();
            if (ofAll)
                foreach (var (_, operation) in own.AsObject())
                    operation!["operationId"] = $"{operation["operationId"]}Of{char.ToUpperInvariant(service[0])}{service[1..]}";
        }

        Take(prefixed["components"]?["schemas"], merged["components"]!["schemas"]!, service + ".");
        Take(prefixed["components"]?["securitySchemes"], merged["components"]!["securitySchemes"]!, "");
    }

    private static void Take(JsonNode? from, JsonNode to, string prefix)
    {
        foreach (var (name, value) in from?.AsObject() ?? [])
            to[prefix + name] = value!.DeepClone();
    }

    private async Task<JsonObject> Fetch(Uri address, CancellationToken cancellation)
    {
        try
        {
            return (await http.GetFromJsonAsync<JsonObject>(address, cancellation))!;
        }
        catch (Exception e) when (IsAway(e, cancellation))
        {
            return []; // a service that is away is missing from the document until it is back
        }
    }

    private async Task<bool> IsReady(Uri address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var response = await http.GetAsync(address, limit.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsAway(e, cancellation))
        {
            return false;
        }
    }

    private static bool IsAway(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested);
}
