using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Web;

/// <summary>One answer in two forms: JSON, or the same figures as CSV for those who ask for <c>text/csv</c>.</summary>
/// <param name="next">The cursor of the next page, which a table has no place for but the header <c>Link</c>; null on the last.</param>
public sealed class Tabular<T>(T value, Func<T, CsvTable> table, string? next = null) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Vary = "Accept";
        if (next is not null)
        {
            var others = httpContext.Request.Query.Where(part => part.Key != "cursor");
            httpContext.Response.Headers.Link = $"<{QueryString.Create(others).Add("cursor", next)}>; rel=\"next\"";
        }

        return httpContext.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/csv")
            ? Results.Text(table(value).ToString(), "text/csv", Encoding.UTF8).ExecuteAsync(httpContext)
            : Results.Ok(value).ExecuteAsync(httpContext);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json", "text/csv"]));
}
