using CallCenter.EventSourcing;
using CallCenter.People.Teams;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace CallCenter.People.Imports;

internal static class ImportEndpoints
{
    private const long MaxBytes = 8 << 20;

    private const string Example = """
        staff_number,name,hired_on,grade,teams,skills,weekly_hours,zone
        A-1042,张伟,2025-03-03,junior,Billing 1,billing:3;complaints:2,40,Asia/Shanghai
        """;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapImports() => routes.MapPost("/employees/imports", Import).WithTags("Employees")
            .Accepts<string>("text/csv")
            .Produces<ImportReport>().Produces<ImportReport>(StatusCodes.Status207MultiStatus)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
            .Describe("Take employees from a CSV file: good rows are taken, bad ones reported", Example,
                ["unknown-column", "duplicate-column", "missing-column", "too-many-rows"]);
    }

    /// <param name="dryRun">Report only, store nothing.</param>
    private static async Task<IResult> Import(
        HttpRequest request, Caller caller, IDocumentStore store, CancellationToken cancellation, bool dryRun = false)
    {
        EnsureUtf8(request);
        await using var query = store.QuerySession();
        var teams = await query.Query<Team>().Where(t => !t.Dissolved).ToListAsync(cancellation);
        var sheet = await EmployeeFile.Read(request.Body, teams, cancellation);
        Actor.Current = Actor.Import("employees", caller.Id, reason: Actor.Current?.Reason);
        var report = await new EmployeeImport(store, sheet, teams, dryRun, caller.Now).Run(cancellation);

        return TypedResults.Json(report, statusCode: report.Rejected == 0 ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus);
    }

    private static void EnsureUtf8(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            throw new BadHttpRequestException("Content-Type: text/csv", StatusCodes.Status415UnsupportedMediaType);

        var charset = type.Charset;

        if (charset.HasValue && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException($"The file is declared to be {charset}. Save it as \"CSV UTF-8\" and say charset=utf-8.");
    }
}
