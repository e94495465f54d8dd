using System.Net;
using System.Text.Json;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public sealed class RoutesTests(QualityApi api) : IClassFixture<QualityApi>
{
    [Fact]
    public void every_route_names_its_roles_and_every_line_of_the_table_is_a_route()
    {
        var table = api.App.Services.GetRequiredService<AccessTable>();

        table.Routes.Should().BeEquivalentTo(Routes().Select(r => (r.Method, AccessTable.RouteOf(r.Endpoint))));
    }

    [Fact]
    public void every_route_says_what_it_does() =>
        Routes().Should().OnlyContain(r => r.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() != null);

    [Fact]
    public void every_route_is_in_the_http_file()
    {
        var file = File.ReadAllText(Path.Combine(Repository, "services", "Quality", "Quality.http"));
        var requests = file.Split('\n').Select(line => line.Split(' ')).Where(words => words is ["GET" or "POST" or "PUT", _])
            .Select(words => (Method: words[0], Segments: words[1].Split('?')[0].Split('/')[1..])).ToList();

        Routes().Where(r => AccessTable.RouteOf(r.Endpoint) is var route && !requests.Any(request =>
                request.Method == r.Method && route.Split('/')[1..] is var pattern && pattern.Length == request.Segments.Length &&
                pattern.Zip(request.Segments).All(s => s.First.StartsWith('{') || s.First == s.Second)))
            .Select(r => $"{r.Method} {AccessTable.RouteOf(r.Endpoint)}").Should().BeEmpty();
    }

    [Fact]
    public async Task the_examples_of_the_api_document_can_be_sent_as_they_stand()
    {
        var document = await api.Anonymous().Get<JsonElement>("/openapi.json");
        var admin = api.As(Guid.CreateVersion7(), "admin");

        var form = await admin.Send(HttpMethod.Post, "/evaluation-forms", body: Example("/evaluation-forms", "post"));
        form.StatusCode.Should().Be(HttpStatusCode.Created, await form.Content.ReadAsStringAsync());
        var redraft = await admin.Send(HttpMethod.Put, $"{form.Headers.Location}/draft", 1, Example("/evaluation-forms/{id}/draft", "put"));
        redraft.StatusCode.Should().Be(HttpStatusCode.NoContent, await redraft.Content.ReadAsStringAsync());
        var trial = await admin.Send(HttpMethod.Post, $"{form.Headers.Location}/trial", body: Example("/evaluation-forms/{id}/trial", "post"));
        trial.StatusCode.Should().Be(HttpStatusCode.OK, await trial.Content.ReadAsStringAsync());

        JsonElement Example(string path, string method) => document.GetProperty("paths").GetProperty(path).GetProperty(method)
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
    }

    [Fact]
    public async Task the_form_we_ship_can_be_activated_and_is_in_both_languages()
    {
        var world = new World(api);
        var content = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository, "docs", "how-to", "inbound-form.json"))).RootElement;

        var url = await World.Created(world.Inspector, "/evaluation-forms", new { projectId = world.Project, content });
        var activated = await world.Inspector.Send(HttpMethod.Post, $"{url}/activation", 1);

        activated.StatusCode.Should().Be(HttpStatusCode.NoContent);
        Titles(content).Should().OnlyContain(title => title.GetProperty("en").GetString() != "" && title.GetProperty("zh-CN").GetString() != "");
        content.GetProperty("sections").EnumerateArray().Select(s => s.GetProperty("code").GetString())
            .Should().Equal("opening", "understanding", "resolution", "compliance", "closing");
    }

    [Fact]
    public async Task a_form_can_be_tried_before_anybody_is_judged_by_it()
    {
        var world = new World(api);
        var url = await World.Created(world.Inspector, "/evaluation-forms", new { projectId = world.Project, content = Samples.Inbound });
        var before = await api.EventCount();

        var tried = await world.Inspector.Send(HttpMethod.Post, $"{url}/trial", body: new
        {
            answers = new object[] { new { question = "greeting", answer = new { choice = "p1" } }, new { question = "identity", answer = new { yes = false } } },
        });

        using var result = JsonDocument.Parse(await tried.Content.ReadAsStringAsync());
        result.RootElement.GetProperty("score").GetDecimal().Should().Be(33.3m);
        result.RootElement.GetProperty("autoFailed").GetBoolean().Should().BeTrue();
        (await api.EventCount()).Should().Be(before);
    }

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "CallCenter.sln")))
                folder = folder.Parent!;
            return folder.FullName;
        }
    }

    private static IEnumerable<JsonElement> Titles(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name is "title" or "instructions" ? [member.Value] : Titles(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Titles),
        _ => [],
    };

    private IEnumerable<(string Method, RouteEndpoint Endpoint)> Routes() => api.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is null)
        .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => (method, e)));
}
