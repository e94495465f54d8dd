using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CallCenter.Web;

/// <summary>What the API document says of bodies, where the generator does not know how we write JSON.</summary>
internal static partial class ApiSchemas
{
    /// <summary>The one shape of every answer that is not what was asked for.</summary>
    public static OpenApiSchema Problem => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a request was not carried out (RFC 9457).",
        Required = new HashSet<string> { "type", "title", "status", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("`/problems/{code}`: the code stays the same, for programs to go by."),
            ["title"] = Text("What kind of problem it is, for people, in the caller's language."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status again." },
            ["detail"] = Text("What is wrong here, for people, in the caller's language."),
            ["traceId"] = Text("Finds the request in the logs."),
            ["existing"] = Text("Address of the thing that is there already, as Location says too; left out where that is not why."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "What is wrong with the request, one by one; left out where there is only one reason.",
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "pointer", "code", "message" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["pointer"] = Text("Where: a JSON pointer into the body, or the name of a parameter or header."),
                        ["code"] = Text("Stays the same, for programs to go by."),
                        ["message"] = Text("What is wrong there, for people, in the caller's language."),
                    },
                },
            },
        },
    };

    private static readonly Dictionary<string, IOpenApiSchema> Nothing = [];
    private static readonly JsonNode[] Null = [JsonNullSentinel.JsonNull];

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    /// <summary>The generator leaves open what we read and write by a converter of our own, and lists and dictionaries of such.</summary>
    public static async Task NameTypes(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var declared = context.JsonTypeInfo.Type;
        var type = Nullable.GetUnderlyingType(declared) ?? declared;

        if (type.IsEnum || type == typeof(string) || type == typeof(DateOnly) || type == typeof(DateTimeOffset))
        {
            var mayBeNull = MayBeNull();
            schema.Type = mayBeNull ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            if (type.IsEnum)
                schema.Enum = [.. EnumConverter.Names(type).Select(name => (JsonNode)name), .. mayBeNull ? Null : []];
        }

        if (type == typeof(double))
        {
            schema.Type = MayBeNull() ? JsonSchemaType.Number | JsonSchemaType.Null : JsonSchemaType.Number;
            schema.Format = "double";
        }

        var info = context.JsonTypeInfo.Options.GetTypeInfo(type);
        if (info.Kind is JsonTypeInfoKind.Enumerable && Is(JsonSchemaType.Array))
            schema.Items ??= await context.GetOrCreateSchemaAsync(info.ElementType!, null, cancellation);
        if (info.Kind is JsonTypeInfoKind.Dictionary && Is(JsonSchemaType.Object))
            schema.AdditionalProperties ??= await context.GetOrCreateSchemaAsync(info.ElementType!, null, cancellation);

        bool MayBeNull() =>
            context.JsonPropertyInfo is { } member && (declared != type || member.IsGetNullable || member.IsSetNullable);

        bool Is(JsonSchemaType kind) => schema.Type?.HasFlag(kind) is true;
    }

    // The generator knows which kind of a closed hierarchy a schema is of, but not that it has to be said.
    public static Task RequireKinds(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (context.JsonTypeInfo.Type.BaseType is { } parent && parent.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false))
            (schema.Required ??= new HashSet<string>()).Add(
                context.JsonTypeInfo.Options.GetTypeInfo(parent).PolymorphismOptions!.TypeDiscriminatorPropertyName);

        return Task.CompletedTask;
    }

    /// <summary>
    /// Members that are called alike everywhere mean the same; what a type says of its own stays. A comment's lines are one.
    /// </summary>
    public static void DescribeMembers(OpenApiDocument document)
    {
        foreach (var schema in (document.Components?.Schemas ?? Nothing).Values)
        {
            schema.Description = OnOneLine(schema.Description);
            foreach (var (name, member) in schema.Properties ?? Nothing)
                member.Description = OnOneLine(Own(member) ?? member.OneOf?.Select(Own).FirstOrDefault(own => own is not null))
                    ?? ApiWords.Of(name, member);
        }
    }

    private static string? OnOneLine(string? text) => text is null ? null : Break().Replace(text, " ");

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex Break();

    // Of a member that is another schema: what is said where it is used.
    private static string? Own(IOpenApiSchema member) =>
        member is OpenApiSchemaReference used ? used.Reference.Description : member.Description;
}
