using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Web;

/// <summary>Which bodies are taken: by each route its own types, by none what is compressed or in another encoding than UTF-8.</summary>
internal static class Media
{
    // Compressed bodies would have to be counted unpacked, and other encodings guessed at. A route that takes no body looks at none.
    public static void UseReadableMedia(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Request.Headers;
        var readable = context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null || (headers.ContentEncoding.Count == 0 &&
            (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || IsUtf8(type)
                || !type.SubType.EndsWith("json", StringComparison.OrdinalIgnoreCase)));

        if (readable)
            return next(context);

        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    });

    /// <summary>Whether text of the type is in UTF-8, said in quotes or not, or not said.</summary>
    public static bool IsUtf8(MediaTypeHeaderValue type) => type.Charset.Length == 0
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the route of a request takes, for one that sent something else.</summary>
    public static string TakenBy(HttpContext context)
    {
        var types = context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => IsOf(context.Request, route))
            .SelectMany(route => route.Metadata.OfType<IAcceptsMetadata>()).SelectMany(accepts => accepts.ContentTypes).Distinct().ToList();

        return $"This route takes {(types.Count == 0 ? "application/json" : string.Join(" or ", types))}, " +
            $"{(types.Exists(type => type.StartsWith("audio/", StringComparison.Ordinal)) ? "" : "text in UTF-8 and ")}nothing compressed.";
    }

    // Where the type is none that the route takes, the router answers with an endpoint of its own, which knows neither.
    private static bool IsOf(HttpRequest request, RouteEndpoint route) =>
        route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(request.Method) == true
        && new TemplateMatcher(new RouteTemplate(route.RoutePattern), []).TryMatch(request.Path, []);
}
