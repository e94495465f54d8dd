using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace CallCenter.Web;

/// <summary>
/// What the API document says of parameters: those that our own types read from a request, which the generator can't see, and what
/// is called alike on every route.
/// </summary>
internal static class ApiParameters
{
    public static void Complete(OpenApiOperation operation, string route, IEnumerable<IParameterBindingMetadata> bound, bool writes)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            if (parameter.In is ParameterLocation.Query)
                parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            parameter.Description ??= parameter is { In: ParameterLocation.Path, Name: "id" }
                ? $"Id of the {ThingOf(route)}." : ApiWords.Of(parameter.Name!, parameter.Schema);
        }

        var types = bound.Select(p => p.ParameterInfo.ParameterType).ToHashSet();

        if (types.Contains(typeof(PageRequest)))
        {
            Add("limit", ParameterLocation.Query, "Items on a page, 1 to 500.", new() { Type = JsonSchemaType.Integer, Default = 50 });
            Add("cursor", ParameterLocation.Query, "The `next` of the page before.");
        }

        if (types.Contains(typeof(ExpectedVersion)))
            Add("If-Match", ParameterLocation.Header, "The version last read, as its ETag gave it.", required: true);

        if (types.Contains(typeof(NewId)))
            Add("Idempotency-Key", ParameterLocation.Header, "Makes the request safe to repeat: the same key gets the first answer again.");

        if (types.Contains(typeof(Language)))
            Add("Accept-Language", ParameterLocation.Header, "The language of what is for people: `en` (default) or `zh-CN`.");

        if (writes)
            Add(Acting.ReasonHeader, ParameterLocation.Header, "Why, for the history: 1 to 500 characters, percent-encoded UTF-8.");

        void Add(string name, ParameterLocation place, string description, OpenApiSchema? schema = null, bool required = false) =>
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = place,
                Description = description,
                Required = required,
                Schema = schema ?? new OpenApiSchema { Type = JsonSchemaType.String },
            });
    }

    // Of /sampling-plans/{id}/draws the sampling plan.
    private static string ThingOf(string route)
    {
        var things = route[..route.IndexOf("/{id", StringComparison.Ordinal)].Split('/')[^1];

        return things.Replace('-', ' ').TrimEnd('s');
    }
}
