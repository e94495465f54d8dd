using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace CallCenter.Web;

/// <summary>What the API document says of each operation: its id, who may call it, what it takes and what it may answer.</summary>
internal static partial class ApiOperations
{
    // Where a route says no more than the status.
    private static readonly Dictionary<string, string> Done = new()
    {
        ["200"] = "What was asked for.",
        ["201"] = "Made; Location is where it is.",
        ["202"] = "Taken on; Location is where to read how far it is.",
        ["204"] = "Done; there is nothing to say.",
        ["207"] = "Some was done, some was not: the answer says which.",
        ["206"] = "The bytes that Range asked for.",
        ["304"] = "If-None-Match named the newest version.",
    };

    // The refusals by the state of things that a reading meets, too.
    private static readonly string[] NotToBeRead =
        ["project-unknown", "no-forecast", "calibration-open", "second-is-blind", "judged-blind", "not-shown-to-agents", "too-few-labels"];

    public static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var services = context.ApplicationServices;
        var method = context.Description.HttpMethod!;
        var route = "/" + context.Description.RelativePath!.Trim('/');
        var described = context.Description.ActionDescriptor.EndpointMetadata.OfType<Description>().LastOrDefault();
        var endpoint = services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .FirstOrDefault(e => described is not null && ReferenceEquals(e.Metadata.GetMetadata<Description>(), described));
        var roles = services.GetRequiredService<AccessTable>()
            .Roles(method, endpoint is null ? route : AccessTable.RouteOf(endpoint)) ?? new HashSet<string>();
        var problems = described?.Problems ?? [];

        operation.OperationId = IdOf(method, route);
        operation.Responses ??= [];
        var needs = roles.Contains("-") ? "No sign-in."
            : roles.Contains("*") ? "Anybody signed in." : $"Roles: {string.Join(", ", roles.Order())}.";
        operation.Description = string.Join("\n\n", new[]
        {
            operation.Description, needs,
            problems.Count == 0 ? null : $"May be refused with: {string.Join(", ", problems.Select(p => $"`{p}`"))}.",
        }.Where(text => !string.IsNullOrEmpty(text)));
        operation.AddExtension("x-roles", new JsonNodeExtension(new JsonArray([.. roles.Order().Select(r => (JsonNode)r)])));
        operation.Security = roles.Contains("-")
            ? [] : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];

        var body = operation.RequestBody is not null;
        var writes = method is not "GET";
        ApiParameters.Complete(
            operation, route, context.Description.ActionDescriptor.EndpointMetadata.OfType<IParameterBindingMetadata>(), writes);

        var produces = context.Description.ActionDescriptor.EndpointMetadata.OfType<IProducesResponseTypeMetadata>();
        foreach (var (status, response) in operation.Responses.Where(r => r.Value.Description == ReasonOf(r.Key)))
            response.Description = produces.FirstOrDefault(p => $"{p.StatusCode}" == status && p.Description is not null)?.Description
                ?? Done.GetValueOrDefault(status, response.Description!);

        Answer("400", "Cannot be read, or breaks the wire contract.", true);
        Answer("401", "No valid token.", !roles.Contains("-"));
        Answer("403", "None of the caller's roles may do this.", !roles.Contains("-") && !roles.Contains("*"));
        Answer("404", "No such thing, or none that the caller may see.", body || operation.Parameters!.Any(p =>
            p.In is ParameterLocation.Path || p.Name is "project" or "agent" || p.Name!.EndsWith("Id", StringComparison.Ordinal)));
        Answer("408", "The body did not arrive in time.", body);
        Answer("409", "Refused by a rule.", writes || problems.Intersect(NotToBeRead).Any());
        Answer("410", "It was there, and is lost.", context.Description.ActionDescriptor.EndpointMetadata.OfType<Losable>().Any());
        Answer("412", "The version is no longer the newest.", writes || operation.Responses.ContainsKey("206"));
        Answer("413", "The body is larger than this route takes.", body);
        Answer("415", "Of another type than the route takes, compressed, or not in UTF-8.", body);
        Answer("416", "None of the bytes that Range asked for are there.", operation.Responses.ContainsKey("206"));
        Answer("422", "Readable, but breaks a rule of the trade.",
            body || problems.Count > 0
            || operation.Parameters!.Any(p => (p.In is ParameterLocation.Query && p.Name is not ("limit" or "cursor"))
                || (p.In is ParameterLocation.Path && p.Schema?.Format is "date" or "date-time")));
        Answer("428", "If-Match is missing.", operation.Parameters!.Any(p => p.Name == "If-Match"));
        Answer("429", "Asked too fast; see Retry-After.", true);
        Answer("503", "Something needed is away for a moment; see Retry-After.", true);

        if (described?.Example is { } example && operation.RequestBody?.Content is { } content)
            foreach (var media in content.Values)
                media.Example = JsonSerializer.SerializeToNode(
                    example, services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);

        return Task.CompletedTask;

        void Answer(string status, string description, bool applies)
        {
            if (applies && !operation.Responses.ContainsKey(status))
                operation.Responses[status] = new OpenApiResponse
                {
                    Description = description,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ApiDocument.Problem, context.Document) },
                    },
                };
        }
    }

    private static string ReasonOf(string status) => ReasonPhrases.GetReasonPhrase(int.Parse(status, CultureInfo.InvariantCulture));

    // GET /calls/{id}/history is getCallsByIdHistory: as lasting and as much one of a kind as method and path are.
    [GeneratedRegex(@":[^}]+(?=\})")]
    private static partial Regex Constraint();

    private static string IdOf(string method, string route)
    {
        var words = Constraint().Replace(route, "")
            .Replace("{", "by-", StringComparison.Ordinal).Split('/', '.', '-', '}').Where(word => word.Length > 0);

        return method.ToLowerInvariant() + string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
