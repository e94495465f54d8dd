using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Calls.Tests;

public sealed class CallsRoutes(CallsApi api) : RouteTests(api, "Calls")
{
    [Fact]
    public async Task the_examples_of_the_api_document_can_be_sent_as_they_stand()
    {
        using var anonymous = api.Anonymous();
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        var document = await anonymous.Get<JsonElement>("/openapi.json");
        // The desk, which every service has, needs something that failed: its bodies are sent in DeskTests.
        var examples = from path in document.GetProperty("paths").EnumerateObject()
                       where !path.Name.StartsWith("/operations-desk", StringComparison.Ordinal)
                       from operation in path.Value.EnumerateObject()
                       where operation.Value.TryGetProperty("requestBody", out _)
                       from media in operation.Value.GetProperty("requestBody").GetProperty("content").EnumerateObject()
                       where media.Value.TryGetProperty("example", out _)
                       let asked = operation.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : []
                       select (path.Name, Method: operation.Name, Example: media.Value.GetProperty("example"),
                           OfProject: asked.Any(parameter => parameter.GetProperty("name").GetString() == "project"));
        var project = await api.Project();

        foreach (var (path, method, example, ofProject) in examples.Where(e => !e.Name.Contains("{id}", StringComparison.Ordinal)))
        {
            var body = JsonDocument.Parse(example.GetRawText()
                .Replace("0197a8c0-0000-7000-8000-000000000001", project.ToString(), StringComparison.Ordinal)).RootElement;
            var url = path.Replace("{name}", "example", StringComparison.Ordinal)
                .Replace("{projectId}", $"{project}", StringComparison.Ordinal) + (ofProject ? $"?project={project}" : "");
            var answer = await admin.Send(
                HttpMethod.Parse(method), url, version: path.Contains("-policies/", StringComparison.Ordinal) ? 0 : null, body: body);
            answer.IsSuccessStatusCode.Should().BeTrue($"{method} {path} answered {await answer.Content.ReadAsStringAsync()}");
        }

        examples.Count().Should().Be(10);
    }
}
