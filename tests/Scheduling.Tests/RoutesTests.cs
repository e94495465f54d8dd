using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Scheduling.Tests;

public sealed class RoutesTests(SchedulingApi api) : IClassFixture<SchedulingApi>
{
    [Fact]
    public void every_route_names_its_roles_and_every_line_of_the_table_is_a_route() =>
        api.App.Services.GetRequiredService<AccessTable>().Routes.Should().BeEquivalentTo(Routes().Select(r => (r.Method, r.Route)));

    [Fact]
    public void every_route_is_in_the_http_file()
    {
        var file = File.ReadAllText(Path.Combine(Repository, "services", "Scheduling", "Scheduling.http"));
        var requests = file.Split('\n').Select(line => line.Split(' ')).Where(words => words is ["GET" or "POST" or "PUT" or "DELETE", _])
            .Select(words => (Method: words[0], Segments: words[1].Split('?')[0].Split('/')[1..])).ToList();

        Routes().Where(route => !requests.Any(request => request.Method == route.Method
                && route.Route.Split('/')[1..] is var pattern && pattern.Length == request.Segments.Length
                && pattern.Zip(request.Segments).All(s => s.First.StartsWith('{') || s.First == s.Second)))
            .Should().BeEmpty();
    }

    [Fact]
    public void every_request_in_the_api_document_has_an_example() =>
        Routes().Where(r => r.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null && r.Endpoint.Metadata.GetMetadata<Description>()?.Example is null)
            .Select(r => r.Route).Should().BeEmpty();

    private IEnumerable<(string Method, string Route, RouteEndpoint Endpoint)> Routes() => api.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null)
        .SelectMany(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()!.HttpMethods.Select(method => (method, AccessTable.RouteOf(e), e)));

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
}
