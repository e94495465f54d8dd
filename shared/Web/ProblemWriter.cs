using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace CallCenter.Web;

/// <summary>
/// Writes a problem whatever the caller accepts: who asked for a table, a page or audio is told as well why there is none. The
/// framework's own writer would leave the answer empty.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        context.ProblemDetails.Status ??= response.StatusCode;
        context.ProblemDetails.Title ??= ReasonPhrases.GetReasonPhrase(response.StatusCode);
        Problems.Shape(context);

        // Whole, and whatever has been cancelled: a request whose deadline has passed is told so as well.
        response.ContentType = "application/problem+json";
        await response.Body.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(context.ProblemDetails, context.ProblemDetails.GetType(), json.Value.SerializerOptions),
            CancellationToken.None);
    }
}
