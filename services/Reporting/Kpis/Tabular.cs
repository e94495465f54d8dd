using System.Text;
using CallCenter.Web;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Reporting.Kpis;

/// <summary>One answer in two forms: JSON, or the same figures as CSV for those who ask for <c>text/csv</c>.</summary>
internal sealed class Tabular<T>(T value, Func<T, CsvTable> table) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Vary = "Accept";

        return httpContext.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/csv")
            ? Results.Text(table(value).ToString(), "text/csv", Encoding.UTF8).ExecuteAsync(httpContext)
            : Results.Ok(value).ExecuteAsync(httpContext);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json", "text/csv"]));
}
