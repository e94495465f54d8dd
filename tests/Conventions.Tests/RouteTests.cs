using CallCenter.Web;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Conventions.Tests;

public sealed class RouteTests
{
    public static TheoryData<string> Services => [.. Product.Services.Keys];

    [Theory, MemberData(nameof(Services))]
    public void every_route_is_in_the_access_table_and_every_line_of_it_is_a_route(string service)
    {
        var mapped = Product.Routes.Where(r => r.Service == service).Select(r => (r.Method, r.Route));

        Product.Access(service).Routes.Should().BeEquivalentTo(mapped);
    }

    [Theory, MemberData(nameof(Services))]
    public void the_access_table_names_only_roles_that_exist(string service)
    {
        var table = Product.Access(service);

        foreach (var (method, route) in table.Routes)
            table.Roles(method, route).Should().NotBeEmpty().And.BeSubsetOf([.. Product.Roles, "*", "-"], $"of {method} {route}");
    }

    [Theory, MemberData(nameof(Services))]
    public void every_route_is_reached_through_the_gateway_and_by_one_service_only(string service)
    {
        foreach (var route in Product.Routes.Where(r => r.Service == service && r.Route != "/republications"))
            Product.Gateway.Services.Where(s => s.Value.Paths.Contains(route.Route.Split('/')[1])).Select(s => s.Key)
                .Should().Equal([service], route.ToString());
    }

    [Theory, MemberData(nameof(Services))]
    public void every_route_says_what_it_does_and_every_body_has_an_example(string service)
    {
        foreach (var route in Product.Routes.Where(r => r.Service == service))
        {
            var description = route.Endpoint.Metadata.GetMetadata<Description>();
            description.Should().NotBeNull(route.ToString());

            if (route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true)
                description!.Example.Should().NotBeNull($"{route} takes a body");
        }
    }

    [Theory, MemberData(nameof(Services))]
    public void every_route_is_in_the_http_file(string service)
    {
        var file = Directory.GetFiles(Product.Folder(service), "*.http").Should().ContainSingle().Subject;
        var requests = File.ReadLines(file).Select(line => line.Split(' ')).Where(words => words.Length > 1)
            .Select(words => (Method: words[0], Path: words[1].Split('?')[0])).ToList();

        foreach (var route in Product.Routes.Where(r => r.Service == service && r.Route != "/republications"))
            requests.Should().Contain(r => r.Method == route.Method && Matches(r.Path, route.Route), route.ToString());
    }

    // {{gateway}}/calls/{{call}} is an example of /calls/{id:guid}.
    private static bool Matches(string path, string route)
    {
        var written = path[(path.IndexOf('/', path.StartsWith("{{", StringComparison.Ordinal) ? 0 : 8) + 1)..].Trim('/').Split('/');
        var mapped = route.Trim('/').Split('/');
        return written.Length == mapped.Length &&
            written.Zip(mapped).All(p => p.Second.Contains('{', StringComparison.Ordinal) || p.First == p.Second);
    }
}
