using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Web;

/// <summary>
/// One answer in three forms: JSON, or the same figures as CSV for those who ask for <c>text/csv</c>, or as a workbook (XLSX).
/// </summary>
/// <param name="next">The cursor of the next page, which a table has no place for but the header <c>Link</c>; null on the last.</param>
/// <param name="marked">Whether CSV begins with a byte order mark, without which some spreadsheets take Chinese for another encoding.</param>
public sealed class Tabular<T>(T value, Func<T, Table> table, string? next = null, bool marked = false) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Vary = "Accept";
        if (next is not null)
        {
            var others = httpContext.Request.Query.Where(part => part.Key != "cursor");
            httpContext.Response.Headers.Link = $"<{QueryString.Create(others).Add("cursor", next)}>; rel=\"next\"";
        }

        var asked = httpContext.Request.GetTypedHeaders().Accept.Select(accepted => accepted.MediaType.Value).FirstOrDefault(IsTable);
        switch (asked)
        {
            case null:
                await Results.Ok(value).ExecuteAsync(httpContext);
                break;

            case Table.Workbook:
                using (var workbook = new MemoryStream())
                {
                    await table(value).Write(workbook, httpContext.RequestAborted);
                    await Results.Bytes(workbook.ToArray(), Table.Workbook).ExecuteAsync(httpContext);
                }

                break;

            default:
                await Results.Text((marked ? "\uFEFF" : "") + table(value), asked, Encoding.UTF8).ExecuteAsync(httpContext);
                break;
        }
    }

    static void IEndpointMetadataProvider.PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json", Csv, Table.Workbook]));

    private const string Csv = "text/csv";

    private static bool IsTable(string? media) => media is Csv or Table.Workbook;
}
