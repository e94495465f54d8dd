using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CallCenter.Conventions.Tests;

/// <summary>Whoever reads an API document, a service's own or the gateway's of all, finds all they need in it.</summary>
public sealed partial class ApiDocumentTests(ApiDocuments documents) : IClassFixture<ApiDocuments>
{
    private static readonly string[] WithoutBody = ["201", "202", "204", "304"];

    public static TheoryData<string> Names => [.. ApiDocuments.Names];

    [Theory, MemberData(nameof(Names))]
    public void the_document_says_what_it_is_about_and_declares_its_tags(string name)
    {
        var document = documents[name];
        var used = Operations(document).SelectMany(o => Texts(o.Operation["tags"])).ToHashSet();
        var declared = document["tags"]!.AsArray().ToDictionary(tag => tag!["name"]!.GetValue<string>(), tag => tag!["description"]);
        var undescribed = declared.Where(tag => !Said(tag.Value)).Select(tag => tag.Key);
        var left = new[] { "title", "version", "description", "license", "contact" }.Where(part => document["info"]![part] is null);

        declared.Keys.Should().BeEquivalentTo(used);
        undescribed.Should().BeEmpty();
        left.Should().BeEmpty();
        document["servers"]!.AsArray().Should().NotBeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public void every_operation_is_described(string name)
    {
        var operations = Operations(documents[name]).ToList();
        var missing = operations.SelectMany(o => Missing(o.Operation).Select(what => $"{o.Name}: {what}"));

        operations.Should().NotBeEmpty();
        operations.Select(o => o.Operation["operationId"]?.GetValue<string>()).Should().OnlyHaveUniqueItems().And.NotContainNulls();
        missing.Should().BeEmpty();

        static IEnumerable<string> Missing(JsonNode operation) =>
            new[] { "summary", "description" }.Where(part => !Said(operation[part]))
                .Concat(Texts(operation["tags"]).Any() ? [] : ["tags"])
                .Concat(IsSecure(operation) ? [] : ["security"]);
    }

    [Theory, MemberData(nameof(Names))]
    public void every_parameter_and_body_is_described(string name)
    {
        var operations = Operations(documents[name]).ToList();
        var parameters = operations.SelectMany(o => Parameters(o.Operation)
            .Where(p => !Said(p["description"]) || IsOpen(p["schema"])).Select(p => $"{o.Name}: {p["name"]}"));
        var bodies = operations.SelectMany(o => Media(o.Operation["requestBody"])
            .Where(media => IsOpen(media.Value!["schema"])).Select(media => $"{o.Name}: {media.Key}"));

        parameters.Should().BeEmpty();
        bodies.Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public void every_answer_is_described_and_every_refusal_is_a_problem(string name)
    {
        var problem = name == ApiDocuments.Merged ? @"^#/components/schemas/[a-z]+\.Problem$" : "^#/components/schemas/Problem$";
        var answers = Operations(documents[name]).SelectMany(o => o.Operation["responses"]!.AsObject()
            .Where(r => !Said(r.Value!["description"]) || (r.Key[0] < '4' ? !IsAnswer(r.Key, r.Value) : !IsProblem(r.Value)))
            .Select(r => $"{o.Name}: {r.Key}"));

        answers.Should().BeEmpty();

        static bool IsAnswer(string status, JsonNode answer) =>
            Media(answer) is var media && (media.Any() || WithoutBody.Contains(status)) && media.All(m => !IsOpen(m.Value!["schema"]));

        bool IsProblem(JsonNode answer) => Media(answer) is [("application/problem+json", { } media)]
            && Regex.IsMatch(media["schema"]?["$ref"]?.GetValue<string>() ?? "", problem);
    }

    [Theory, MemberData(nameof(Names))]
    public void every_member_of_a_schema_has_a_type_and_a_description(string name)
    {
        var members = Schemas(documents[name]).SelectMany(schema => Members(schema.Value!)
            .Where(member => IsOpen(member.Value) || !Said(member.Value!["description"])).Select(member => $"{schema.Key}.{member.Key}"));

        members.Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public void every_component_is_used(string name)
    {
        var document = documents[name];
        var used = Reference().Matches(document.ToJsonString()).Select(match => match.Groups[1].Value).ToHashSet();
        var unused = Schemas(document).Select(schema => schema.Key).Except(used);

        unused.Should().BeEmpty();
        document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key).Should().Equal("bearer");
    }

    [Fact]
    public void the_merged_document_has_every_operation_once()
    {
        var merged = Operations(documents[ApiDocuments.Merged]).Select(o => o.Name);

        merged.Should().BeEquivalentTo(Product.Services.Keys.SelectMany(service => Operations(documents[service]).Select(o =>
            o.Name.Replace(" /operations-desk", $" /services/{service}/operations-desk", StringComparison.Ordinal))));
    }

    private static IEnumerable<(string Name, JsonNode Operation)> Operations(JsonObject document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Select(operation => ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!)));

    private static IEnumerable<JsonNode> Parameters(JsonNode operation) => (operation["parameters"]?.AsArray() ?? []).Select(p => p!);

    private static JsonObject Schemas(JsonObject document) => document["components"]!["schemas"]!.AsObject();

    private static JsonObject Members(JsonNode schema) => schema["properties"]?.AsObject() ?? [];

    private static IReadOnlyList<KeyValuePair<string, JsonNode?>> Media(JsonNode? body) => [.. body?["content"]?.AsObject() ?? []];

    private static IEnumerable<string> Texts(JsonNode? list) => (list?.AsArray() ?? []).Select(text => text!.GetValue<string>());

    private static bool Said(JsonNode? text) => text?.GetValue<string>().Trim().Length > 0;

    // Whoever needs no sign-in is told so, too.
    private static bool IsSecure(JsonNode operation) =>
        operation["security"]?.AsArray() is { } asked && (Texts(operation["x-roles"]).Contains("-") ? asked.Count == 0 : asked.Count > 0);

    // A schema that takes everything says nothing; a list or a dictionary says what is in it.
    private static bool IsOpen(JsonNode? schema) => schema is null
        || (schema["$ref"] is null && schema["type"] is null && schema["oneOf"] is null && schema["anyOf"] is null)
        || (Types(schema).Contains("array") && IsOpen(schema["items"]))
        || (Types(schema).Contains("object") && schema["properties"] is null && IsOpen(schema["additionalProperties"]));

    private static IEnumerable<string> Types(JsonNode schema) =>
        schema["type"] switch { JsonArray several => Texts(several), { } one => [one.GetValue<string>()], null => [] };

    [GeneratedRegex("\"#/components/schemas/([^\"/]+)\"")]
    private static partial Regex Reference();
}
