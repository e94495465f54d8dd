using System.Net;
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
public abstract class RouteTests(ServiceFixture api, string service)
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
        var type = store.Options.Events.AllKnownEventTypes().First(e => e.EventType.Namespace!.StartsWith("CallCenter.", StringComparison.Ordinal)).EventType;
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
    [InlineData("501")]
    public async Task a_reason_that_is_none_is_refused(string reason)
    {
        using var client = api.As(Guid.CreateVersion7(), "admin");
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Reason", reason == "501" ? new string('a', 501) : reason);

        await (await client.PostAsync(new Uri("/republications", UriKind.Relative), null)).ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    private static bool IsAt(string route, string[] segments) =>
        route.Split('/')[1..] is var pattern && pattern.Length == segments.Length &&
        pattern.Zip(segments).All(s => s.First == s.Second || (s.First.StartsWith('{') && s.Second.StartsWith("{{", StringComparison.Ordinal)));
}
