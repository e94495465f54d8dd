using CallCenter.Rules;
using CallCenter.Web;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace CallCenter.Gateway;

/// <summary>What can go wrong between a client and a service, and whose doing it was.</summary>
internal static class Forwarding
{
    private const long Large = 64 << 10;

    // Well before a service would have had to answer.
    private static readonly TimeSpan BodyLimit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A body of JSON is forwarded once it is here as a whole: what is too large, too slow or breaks off is its sender's doing, and no
    /// service waits for it.
    /// </summary>
    public static async Task TakeWhole(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
            && IsJson(context.Request) && !ServiceMap.TakesFile(context))
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                size.MaxRequestBodySize = LargeBodies.MostRead;
            context.Request.Body = await Whole(context);
        }

        await next(context);
    }

    private static async Task<MemoryStream> Whole(HttpContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(BodyLimit);
        var (whole, part, total) = (new MemoryStream(), new byte[16 << 10], 0L);
        try
        {
            // What is too large is read on all the same, or its sender would be cut off before it hears why.
            for (int read; (read = await context.Request.Body.ReadAsync(part, limit.Token)) > 0;)
                if ((total += read) <= ServiceDefaults.BodyLimit)
                    whole.Write(part, 0, read);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not arrive in time.", StatusCodes.Status408RequestTimeout);
        }

        whole.Position = 0;
        return total <= ServiceDefaults.BodyLimit ? whole
            : throw LargeBodies.TooLarge();
    }

    private static bool IsJson(HttpRequest request) => request.ContentType is null
        || (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.SubType.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            && !type.SubType.Equals("x-ndjson", StringComparison.OrdinalIgnoreCase));

    /// <summary>A file is sent on when its service has said that it takes it; else the refusal would get lost under the file.</summary>
    public static ValueTask AskBeforeLargeBodies(RequestTransformContext transform)
    {
        if (transform.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
            && transform.HttpContext.Request.ContentLength is null or > Large && !transform.HttpContext.Request.Body.CanSeek)
            transform.ProxyRequest.Headers.ExpectContinue = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>What the client did is told as such; only what is left is a service that is down, which passes.</summary>
    public static async Task Explain(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } error || context.Response.HasStarted
            || context.RequestAborted.IsCancellationRequested)
            return;

        for (var cause = error.Exception; cause is not null; cause = cause.InnerException)
            if (cause is BadHttpRequestException ofClient)
                throw ofClient;

        throw error.Error switch
        {
            ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled =>
                new BadHttpRequestException("The body broke off.", StatusCodes.Status400BadRequest),
            ForwarderError.RequestCreation =>
                new BadHttpRequestException("A header of the request cannot be passed on.", StatusCodes.Status400BadRequest),
            _ => new BusyException("The service behind this path does not answer at the moment. " + (IsSafe(context.Request)
                ? "The same request is safe to repeat."
                : "Whether the request was carried out is not known: look before it is repeated, or send an Idempotency-Key.")),
        };
    }

    private static bool IsSafe(HttpRequest request) =>
        !HttpMethods.IsPost(request.Method) || request.Headers.ContainsKey("Idempotency-Key");
}
