using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Web;

/// <summary>An answer that goes on: server-sent events, each with a <typeparamref name="T"/>.</summary>
public sealed class EventStream<T>(IAsyncEnumerable<SseItem<T>> events) : IResult, IEndpointMetadataProvider
{
    public const string MediaType = "text/event-stream";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (!httpContext.IsHead)
            return TypedResults.ServerSentEvents(events).ExecuteAsync(httpContext);

        httpContext.Response.ContentType = MediaType; // who asks for the head alone would wait for its end
        return Task.CompletedTask;
    }

    static void IEndpointMetadataProvider.PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [MediaType]));
}
