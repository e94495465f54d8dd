using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace CallCenter.Web;

/// <param name="Example">A request body that works as it stands.</param>
/// <param name="Problems">Codes of the refusals and rules this route knows.</param>
public sealed record Description(string Summary, object? Example, IReadOnlyList<string> Problems);

public static class Describing
{
    /// <summary>Puts the route into the API document: a summary, an example of its body, and what it may refuse.</summary>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder route, string summary, object? example = null, IEnumerable<string>? problems = null) =>
        route.WithSummary(summary).WithMetadata(new Description(summary, example, [.. problems ?? []]));

    internal static void AddApiDocument(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = $"CallCenter {char.ToUpperInvariant(service[0])}{service[1..]}", Version = "1" };
                document.Servers = [];
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
                };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(Complete);
            options.AddSchemaTransformer(NameEnums);
            options.AddSchemaTransformer(RequireKinds);
        });
    }

    private static Task NameEnums(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. EnumConverter.Names(type).Select(name => (JsonNode)name)]);

        return Task.CompletedTask;
    }

    // The generator knows which kind of a closed hierarchy a schema is of, but not that it has to be said.
    private static Task RequireKinds(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (context.JsonTypeInfo.Type.BaseType is { } parent && parent.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false))
            (schema.Required ??= new HashSet<string>()).Add(
                context.JsonTypeInfo.Options.GetTypeInfo(parent).PolymorphismOptions!.TypeDiscriminatorPropertyName);

        return Task.CompletedTask;
    }

    private static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var services = context.ApplicationServices;
        var route = "/" + context.Description.RelativePath!.Trim('/');
        var described = context.Description.ActionDescriptor.EndpointMetadata.OfType<Description>().LastOrDefault();
        var endpoint = services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .FirstOrDefault(e => described is not null && ReferenceEquals(e.Metadata.GetMetadata<Description>(), described));
        var roles = services.GetRequiredService<AccessTable>()
            .Roles(context.Description.HttpMethod!, endpoint is null ? route : AccessTable.RouteOf(endpoint)) ?? new HashSet<string>();
        var problems = described?.Problems ?? [];

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
        var writes = context.Description.HttpMethod is not "GET";
        ApiParameters.Complete(
            operation, context.Description.ActionDescriptor.EndpointMetadata.OfType<IParameterBindingMetadata>(), writes);

        Answer("400", "Cannot be read, or breaks the wire contract.", true);
        Answer("401", "No valid token.", !roles.Contains("-"));
        Answer("403", "None of the caller's roles may do this.", !roles.Contains("-") && !roles.Contains("*"));
        Answer("404", "No such thing, or none that the caller may see.", route.Contains('{', StringComparison.Ordinal));
        Answer("409", "Refused by a rule.", writes);
        Answer("412", "The version is no longer the newest.", writes);
        Answer("415", "Not JSON in UTF-8.", body);
        Answer("422", "Readable, but breaks a rule of the trade.", body);
        Answer("428", "If-Match is missing.", operation.Parameters!.Any(p => p.Name == "If-Match"));
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
                    Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() },
                };
        }
    }
}
