using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CallCenter.Rules;
using CallCenter.Web;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Conventions.Tests;

/// <summary>
/// What holds over all services; what holds for the routes of one is in <see cref="Testing.RouteTests"/>, which each service's tests run.
/// </summary>
public sealed partial class RouteTests
{
    public static TheoryData<string> Services => [.. Product.Services.Keys];

    [Theory, MemberData(nameof(Services))]
    public void the_access_table_names_only_roles_that_exist(string service)
    {
        var table = Product.Access(service);

        foreach (var (method, route) in table.Routes)
            table.Roles(method, route).Should().NotBeEmpty().And.BeSubsetOf([.. Product.Roles, "*", "-"], $"of {method} {route}");
    }

    // An agent whose token names more sees more only where that role would let them in without being an agent.
    [Theory, MemberData(nameof(Services))]
    public void an_agent_sees_only_their_own_unless_the_route_admits_them_as_something_else(string service)
    {
        var table = Product.Access(service);
        foreach (var (method, route) in table.Routes.Where(r => !table.Roles(r.Method, r.Route)!.Contains("-")))
        {
            var admits = table.Roles(method, route)!;
            foreach (var other in Product.Roles.Except(["agent"])
                .Concat(["offline_access", "uma_authorization", "Supervisor", "admin ", "*", "-", ""]))
            {
                var caller = new Caller(Guid.CreateVersion7(), default, table.Admitted(method, route, ["agent", other]),
                    new HashSet<Guid>());
                var admittedAs = Product.Roles.Contains(other) && (admits.Contains(other) || admits.Contains("*"));

                caller.SeesOnlyOwn.Should().Be(!admittedAs, $"{method} {route} as agent and '{other}'");
            }
        }
    }

    [Theory, MemberData(nameof(Services))]
    public void every_route_is_reached_through_the_gateway_and_by_one_service_only(string service)
    {
        foreach (var route in Product.Routes.Where(r =>
            r.Service == service && r.Route.Split('/')[1] is ("republications" or "operations-desk")))
            Product.Gateway.Routes().Where(r => r.ClusterId == service).Select(r => r.Match.Path!.Replace("/{**rest}", "")).Should()
                .Contain($"/services/{service}/{route.Route.Split('/')[1]}", "every service has it, each under its own name");

        foreach (var route in Product.Routes.Where(r =>
            r.Service == service && r.Route.Split('/')[1] is not ("republications" or "operations-desk")))
            Product.Gateway.Services.Where(s => s.Value.Paths.Contains(route.Route.Split('/')[1])).Select(s => s.Key)
                .Should().Equal([service], route.ToString());
    }

    // Elsewhere the gateway takes a body of JSON whole before it is sent on, and refuses what is large.
    [Theory, MemberData(nameof(Services))]
    public void the_gateway_knows_where_json_is_a_file(string service) => Product.Routes
        .Where(route => route.Service == service && route.Endpoint.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null
            && route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()!.ContentTypes.Contains("application/json"))
        .Select(route => route.Route.Trim('/')).Should().BeEquivalentTo(Product.Gateway.Services[service].Files);

    [Fact]
    public void a_text_that_a_request_must_have_is_one_that_can_be_seen() => Product.Services.Values
        .SelectMany(service => service.Method.DeclaringType!.Assembly.GetTypes())
        .SelectMany(type => type.GetConstructors().SelectMany(made => made.GetParameters())
            .Where(member => member.ParameterType == typeof(string) && member.GetCustomAttributes(true) is var rules
                && rules.Any(rule => rule is RequiredAttribute or StringLengthAttribute { MinimumLength: > 0 })
                && !rules.Any(rule => rule is VisibleTextAttribute or LineAttribute))
            .Select(member => $"{type.Name}.{member.Name}"))
        .Should().BeEmpty();

    // Between whole numbers a fraction is rounded before it is compared, so that -0.4 is taken for 0.
    [Fact]
    public void a_number_with_fractions_has_a_range_with_fractions() => Product.Services.Values
        .SelectMany(service => service.Method.DeclaringType!.Assembly.GetTypes())
        .SelectMany(type => type.GetConstructors().SelectMany(made => made.GetParameters())
            .Where(member => (Nullable.GetUnderlyingType(member.ParameterType) ?? member.ParameterType) is var number
                && (number == typeof(double) || number == typeof(decimal))
                && member.GetCustomAttributes(true).OfType<RangeAttribute>().Any(range => range.OperandType == typeof(int)))
            .Select(member => $"{type.Name}.{member.Name}"))
        .Should().BeEmpty();

    [Theory, MemberData(nameof(Services))]
    public void every_route_says_what_it_does_and_every_body_has_an_example(string service)
    {
        foreach (var route in Product.Routes.Where(r => r.Service == service))
        {
            var description = route.Endpoint.Metadata.GetMetadata<Description>();
            description.Should().NotBeNull(route.ToString());

            // A file of rows may be JSON too; it is no body of ours.
            if (route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is ["application/json", ..])
                description!.Example.Should().NotBeNull($"{route} takes a body");
        }
    }

    [Theory, MemberData(nameof(Services))]
    public void what_needs_no_token_needs_none_at_the_gateway_either(string service) =>
        Product.Gateway.Routes().Where(r => r.ClusterId == service && r.AuthorizationPolicy == "anonymous").Select(r => r.Match.Path)
            .Should().BeEquivalentTo(Product.Routes.Where(r => r.Service == service && Product.Access(service).Roles(r.Method, r.Route)
                is { Count: 1 } roles && roles.Contains("-")).Select(r => r.Route));

    // Kept as documents: who changed them is not on record. What was played is on record of the recording.
    private static readonly string[] NotAggregates = ["/mappings/{}", "/imports/{}", "/scheduling-operations/{}", "/plays/{}", "/machine-answers/{}"];

    [Theory, MemberData(nameof(Services))]
    public void every_aggregate_has_a_history_and_only_its_readers_read_it(string service)
    {
        var roles = Product.Routes.Where(r => r.Service == service && r.Method == "GET")
            .ToDictionary(r => Parameter().Replace(r.Route, "{}"), r => Product.Access(service).Roles("GET", r.Route)!);
        var aggregates = roles.Keys.Where(route => route.Split('/') is [_, _, "{}"] && !NotAggregates.Contains(route)).ToList();

        aggregates.Should().NotBeEmpty();
        foreach (var aggregate in aggregates)
        {
            roles.Should().ContainKey($"{aggregate}/history");
            if (!roles[aggregate].Contains("*"))
                roles[$"{aggregate}/history"].Should().BeSubsetOf(roles[aggregate], aggregate);
        }
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
