using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallCenter.Web;
using FluentAssertions;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CallCenter.Testing;

/// <summary>What holds for every route of a service.</summary>
/// <param name="service">Its folder under <c>services/</c>.</param>
public abstract partial class RouteTests(ServiceFixture api, string service)
{
    protected IEnumerable<(string Method, RouteEndpoint Endpoint)> Routes => api.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null)
        .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => (method, e)));

    [Fact]
    public void every_route_names_its_roles_and_every_line_of_the_table_is_a_route() =>
        api.App.Services.GetRequiredService<AccessTable>().Routes
            .Should().BeEquivalentTo(Routes.Select(r => (r.Method, AccessTable.RouteOf(r.Endpoint))));

    [Fact]
    public void every_route_says_what_it_does() =>
        Routes.Should().OnlyContain(r => r.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() != null);

    [Fact]
    public async Task every_route_is_in_the_api_document()
    {
        using var client = api.Anonymous();
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi.json");
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}")).ToHashSet();

        Routes.Where(r => r.Endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true)
            .Select(r => $"{r.Method} {Constraint().Replace(AccessTable.RouteOf(r.Endpoint), "}")}").Should().BeSubsetOf(described);
    }

    [GeneratedRegex(@":[^}]*\}")]
    private static partial Regex Constraint();

    [Fact]
    public void every_route_is_in_the_http_file()
    {
        var requests = File.ReadLines(Path.Combine(Repository.Root, "services", service, $"{service}.http"))
            .Select(line => line.Split(' ')).Where(words => words is ["GET" or "POST" or "PUT" or "DELETE", _])
            .Select(words => (Method: words[0], Segments: words[1].Split('?')[0].Split('/')[1..])).ToList();

        Routes.Where(r => !requests.Any(request => request.Method == r.Method && IsAt(AccessTable.RouteOf(r.Endpoint), request.Segments)))
            .Select(r => $"{r.Method} {AccessTable.RouteOf(r.Endpoint)}").Should().BeEmpty();
    }

    [Fact]
    public async Task an_event_of_nobody_is_refused()
    {
        var store = api.App.Services.GetRequiredService<IDocumentStore>();
        // Always the same, and one that begins a stream, as it names it first: which is known first depends on what was used first.
        var type = store.Options.Events.AllKnownEventTypes().Select(e => e.EventType)
            .Where(e => e.Namespace!.StartsWith("CallCenter.", StringComparison.Ordinal))
            .OrderByDescending(e => e.GetConstructors()[0].GetParameters() is [{ Name: { } name }, ..]
                && name.EndsWith("Id", StringComparison.Ordinal))
            .ThenBy(e => e.Name, StringComparer.Ordinal).First();
        await using var session = store.LightweightSession();
        session.Events.StartStream(Guid.CreateVersion7(), StoredExample.Bare(type, store.Options.Serializer()));

        await session.Awaiting(s => s.SaveChangesAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*who makes them*");
    }

    // Why something was done is kept for ever: nothing half-read may get in.
    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("100% sure")]
    [InlineData("%FF%FE")]
    [InlineData("a%0Ab")]
    [InlineData("a%EF%BF%BEb")]
    [InlineData("501")]
    public async Task a_reason_that_is_none_is_refused(string reason)
    {
        using var client = api.As(Guid.CreateVersion7(), "admin");
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Reason", reason == "501" ? new string('a', 501) : reason);

        await (await client.PostAsync(new Uri("/republications", UriKind.Relative), null)).ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    public static TheoryData<string, HttpStatusCode, string> BadValues => new()
    {
        { "cursor=a", HttpStatusCode.BadRequest, "unreadable" },
        { "nul=%00", HttpStatusCode.BadRequest, "unreadable" },
        { "text=%ff", HttpStatusCode.BadRequest, "unreadable" },
        { "text=a%ED%A0%80b", HttpStatusCode.BadRequest, "unreadable" },
        { "text=", HttpStatusCode.BadRequest, "unreadable" },
        { "text=%20%E2%80%8B", HttpStatusCode.BadRequest, "unreadable" },
        { "Nov 3", HttpStatusCode.BadRequest, "unreadable" },
        { "10:00", HttpStatusCode.BadRequest, "unreadable" },
        { "11/23/2026", HttpStatusCode.BadRequest, "unreadable" },
        { "0001-01-01", HttpStatusCode.UnprocessableEntity, "date-out-of-range" },
        { "9999-12-31", HttpStatusCode.UnprocessableEntity, "date-out-of-range" },
    };

    /// <summary>
    /// A cursor of nowhere for every list; for every day and instant of an address one that is none or lies outside all time; for every
    /// text what is none or says nothing.
    /// </summary>
    [Theory, MemberData(nameof(BadValues))]
    public async Task every_address_is_read_strictly(string value, HttpStatusCode status, string code)
    {
        foreach (var (method, endpoint) in Routes.Where(
            r => r.Method == "GET" && !AccessTable.RouteOf(r.Endpoint).Contains("/feed", StringComparison.Ordinal)))
        {
            var parameters = endpoint.Metadata.OfType<IParameterBindingMetadata>().ToList();
            var days = parameters.Where(p => IsDate(p.ParameterInfo.ParameterType)).ToList();
            var sent = value.StartsWith("text", StringComparison.Ordinal)
                ? parameters.Where(p => IsText(p.ParameterInfo.ParameterType) && !IsOf(endpoint, p.Name))
                    .Select(text => (text.Name, Value: value.Split('=')[1]))
                : !value.Contains('=', StringComparison.Ordinal) ? days.Select(day => (day.Name, Value: Written(day, value)))
                : value.StartsWith("nul", StringComparison.Ordinal)
                    || parameters.Any(p => p.ParameterInfo.ParameterType == typeof(PageRequest))
                    ? [(Name: value.Split('=')[0], Value: value.Split('=')[1])] : [];

            foreach (var bad in sent)
                await (await As(method, endpoint).GetAsync(Address(endpoint, parameters, bad.Name, bad.Value)))
                    .ShouldBeProblem(status, code);
        }
    }

    /// <summary>Whoever has read a kind in an answer asks for it by that name, and by no other.</summary>
    [Fact]
    public async Task what_an_address_chooses_from_has_the_names_that_bodies_have()
    {
        foreach (var (method, endpoint) in Routes.Where(r => r.Method == "GET"))
        {
            var parameters = endpoint.Metadata.OfType<IParameterBindingMetadata>().ToList();
            foreach (var parameter in parameters)
            {
                var type = parameter.ParameterInfo.ParameterType is { IsArray: true } several
                    ? several.GetElementType()! : parameter.ParameterInfo.ParameterType;
                type = Nullable.GetUnderlyingType(type) ?? type;
                if (!type.IsEnum)
                    continue;

                Task<HttpResponseMessage> Asked(string value) =>
                    As(method, endpoint).GetAsync(Address(endpoint, parameters, parameter.Name, value));
                foreach (var name in Enum.GetNames(type))
                    (await Asked(JsonNamingPolicy.KebabCaseLower.ConvertName(name))).StatusCode.Should()
                        .NotBe(HttpStatusCode.BadRequest, $"{AccessTable.RouteOf(endpoint)} knows {parameter.Name} {name}");
                foreach (var other in Enum.GetNames(type).Append("0").Append("none-of-them"))
                    await (await Asked(other)).ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
            }
        }
    }

    private static readonly Guid Project = Guid.CreateVersion7();

    private HttpClient As(string method, RouteEndpoint endpoint) => api.As(Guid.CreateVersion7(),
        api.App.Services.GetRequiredService<AccessTable>().Roles(method, AccessTable.RouteOf(endpoint))!
            .Select(role => role == "*" ? "supervisor" : role).First(), Project);

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]);

    private static bool IsDate(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var date && (date == typeof(DateOnly) || date == typeof(DateTimeOffset));

    private static string Written(IParameterBindingMetadata parameter, string value) => Uri.EscapeDataString(
        (Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType) == typeof(
            DateTimeOffset)
            && char.IsAsciiDigit(value[0]) && value.Contains('-', StringComparison.Ordinal) ? value + "T00:00:00Z" : value);

    // All that the route needs, and the one value that is wrong.
    private static string Address(RouteEndpoint endpoint, List<IParameterBindingMetadata> parameters, string name, string bad)
    {
        var path = string.Join('/', AccessTable.RouteOf(endpoint).Split('/').Select(part => !part.StartsWith('{') ? part
            : string.Equals(part.Trim('{', '}').Split(':')[0], name, StringComparison.OrdinalIgnoreCase) ? bad : Sample(part)));
        var query = parameters.Where(p => !p.IsOptional && p.HasTryParse && !IsOf(endpoint, p.Name))
            .Where(p => !string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(p => $"{p.Name}={Sample(p.ParameterInfo.ParameterType.Name)}");

        return $"{path}?{string.Join('&', IsOf(endpoint, name) ? query : query.Append($"{name}={bad}"))}";
    }

    private static bool IsOf(RouteEndpoint endpoint, string name) =>
        endpoint.RoutePattern.Parameters.Any(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    private static string Sample(string type) => type.Contains("guid", StringComparison.OrdinalIgnoreCase) ? $"{Project}"
        : type.Contains("DateOnly", StringComparison.Ordinal) ? "2026-03-02"
        : type.Contains("DateTimeOffset", StringComparison.Ordinal) ? "2026-03-02T00:00:00Z" : "1";

    private static bool IsAt(string route, string[] segments) =>
        route.Split('/')[1..] is var pattern && pattern.Length == segments.Length &&
        pattern.Zip(segments).All(s =>
            s.First == s.Second || (s.First.StartsWith('{') && s.Second.StartsWith("{{", StringComparison.Ordinal)));
}
