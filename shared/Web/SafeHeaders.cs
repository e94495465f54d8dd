using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Web;

/// <summary>
/// What every answer tells browsers and whatever lies between: types are not guessed at, addresses are not passed on, what needs a
/// sign-in is kept by nobody, and a page loads nothing but what it holds itself. A route that knows better says so itself.
/// </summary>
public static class SafeHeaders
{
    // Pages of ours have their styles and pictures inside.
    private const string PagePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseSafeHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                return Task.CompletedTask;

            if (headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = PagePolicy;
            return Task.CompletedTask;
        });
        return next(context);
    });
}
