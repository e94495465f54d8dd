using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Scheduling.Tests;

public sealed class SchedulingRoutes(SchedulingApi api) : RouteTests(api, "Scheduling")
{
    [Fact]
    public void every_request_in_the_api_document_has_an_example() =>
        Routes.Where(r => r.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null
            && r.Endpoint.Metadata.GetMetadata<Description>()?.Example is null)
            .Select(r => AccessTable.RouteOf(r.Endpoint)).Should().BeEmpty();
}
