using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace CallCenter.Web;

/// <summary>What every API document of the product says in the same way.</summary>
public static class ApiDocument
{
    internal const string Problem = "Problem";

    private const string Bearer = "bearer";

    private const string Rules = """
        Bodies are JSON in UTF-8, read strictly: a member that is not named here is refused. Days are written `2026-03-02`; instants
        name their offset. Whatever goes wrong is answered as `application/problem+json`, whose `type` ends in a code that stays the
        same. A thing's version is its `ETag`, which a change names in `If-Match`. With an `Idempotency-Key` a creation is safe to
        repeat. Lists come in pages: `next` is the `cursor` of the following one.
        """;

    /// <summary>What stands at the top of a document.</summary>
    /// <param name="title">Of the product, or of one service.</param>
    public static OpenApiInfo Info(string title) => new()
    {
        Title = title,
        Version = "1",
        Description = Rules,
        Contact = new OpenApiContact { Name = "The maintainers of CallCenter" },
        License = new OpenApiLicense { Name = "Apache License 2.0", Identifier = "Apache-2.0" },
    };

    /// <summary>
    /// Completes the document that <c>AddOpenApi()</c> makes. A service calls that itself: it brings the comments of the calling
    /// assembly along, which become the descriptions of schemas and their members.
    /// </summary>
    internal static void AddApiDocument(this WebApplicationBuilder builder, string service) =>
        // After all others, as the last word is had on what they leave open.
        builder.Services.PostConfigure<OpenApiOptions>("v1", options =>
        {
            options.AddSchemaTransformer(ApiSchemas.NameTypes);
            options.AddSchemaTransformer(ApiSchemas.RequireKinds);
            options.AddOperationTransformer(ApiOperations.Complete);
            options.AddDocumentTransformer((document, context, _) =>
            {
                Complete(document, context, $"CallCenter {char.ToUpperInvariant(service[0])}{service[1..]}");
                return Task.CompletedTask;
            });
        });

    private static void Complete(OpenApiDocument document, OpenApiDocumentTransformerContext context, string title)
    {
        document.Info = Info(title);
        // Wherever the document is read from: behind the gateway a service does not know its address.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent(Problem, ApiSchemas.Problem);
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "An access token of the sign-in.",
        });

        ApiSchemas.DescribeMembers(document);
        document.Tags = context.DescriptionGroups.SelectMany(group => group.Items)
            .SelectMany(api => api.ActionDescriptor.EndpointMetadata.OfType<TagDescription>())
            .DistinctBy(tag => tag.Tag).OrderBy(tag => tag.Tag, StringComparer.Ordinal)
            .Select(tag => new OpenApiTag { Name = tag.Tag, Description = tag.Text }).ToHashSet();
    }
}
