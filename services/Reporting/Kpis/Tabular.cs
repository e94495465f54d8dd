using System.Globalization;
using System.Text;
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

/// <summary>RFC 4180, and safe to open in a spreadsheet: a text that would be read as a formula gets an apostrophe.</summary>
internal sealed class CsvTable(params string[] header)
{
    private readonly StringBuilder text = new(string.Join(',', header) + "\r\n");

    public void Add(params object?[] cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    public override string ToString() => text.ToString();

    private static string Cell(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string s => Quoted(s is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + s : s),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoted(value.ToString()!),
    };

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
