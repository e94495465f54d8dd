using System.Net;
using System.Text.Json;
using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Calls.Tests;

public sealed class RoutesTests(CallsApi api) : IClassFixture<CallsApi>
{
    [Fact]
    public void every_route_names_its_roles_and_every_line_of_the_table_is_a_route() =>
        api.App.Services.GetRequiredService<AccessTable>().Routes.Should().BeEquivalentTo(Routes().Select(r => (r.Method, r.Route)));

    [Fact]
    public void every_route_says_what_it_does() =>
        Routes().Should().OnlyContain(r => r.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() != null);

    [Fact]
    public void every_route_is_in_the_http_file()
    {
        var requests = File.ReadLines(Path.Combine(SharedData.Repository, "services", "Calls", "Calls.http")).Select(line => line.Split(' '))
            .Where(words => words is ["GET" or "POST" or "PUT" or "DELETE", _])
            .Select(words => (Method: words[0], Segments: words[1].Split('?')[0].Split('/')[1..])).ToList();

        Routes().Where(r => !requests.Any(request => request.Method == r.Method && r.Route.Split('/')[1..] is var pattern &&
                pattern.Length == request.Segments.Length && pattern.Zip(request.Segments).All(s => s.First.StartsWith('{') || s.First == s.Second)))
            .Select(r => $"{r.Method} {r.Route}").Should().BeEmpty();
    }

    [Fact]
    public async Task the_examples_of_the_api_document_can_be_sent_as_they_stand()
    {
        using var anonymous = api.Anonymous();
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        var document = await anonymous.Get<JsonElement>("/openapi.json");
        var examples = from path in document.GetProperty("paths").EnumerateObject()
                       from operation in path.Value.EnumerateObject()
                       where operation.Value.TryGetProperty("requestBody", out _)
                       from media in operation.Value.GetProperty("requestBody").GetProperty("content").EnumerateObject()
                       where media.Value.TryGetProperty("example", out _)
                       select (path.Name, Method: operation.Name, Example: media.Value.GetProperty("example"));
        var project = await api.Project();

        foreach (var (path, method, example) in examples.Where(e => e.Name is not "/calls/{id}/wrap-up"))
        {
            var body = JsonDocument.Parse(example.GetRawText().Replace("0197a8c0-0000-7000-8000-000000000001", project.ToString(), StringComparison.Ordinal)).RootElement;
            var answer = await admin.Send(HttpMethod.Parse(method), $"{path.Replace("{name}", "example", StringComparison.Ordinal)}?project={project}", body: body);
            answer.IsSuccessStatusCode.Should().BeTrue($"{method} {path} answered {await answer.Content.ReadAsStringAsync()}");
        }

        examples.Count().Should().Be(4);
    }

    private IEnumerable<(string Method, string Route, RouteEndpoint Endpoint)> Routes() => api.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null)
        .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => (method, AccessTable.RouteOf(e), e)));
}
