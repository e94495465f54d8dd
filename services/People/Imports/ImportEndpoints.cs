using System.ComponentModel;
using CallCenter.EventSourcing;
using CallCenter.People.Teams;
using CallCenter.Web;
using Marten;

namespace CallCenter.People.Imports;

internal static class ImportEndpoints
{
    private static readonly UploadRule Rule = UploadRule.Text(8 << 20, "text/csv");

    private const string Example = """
        staff_number,name,hired_on,grade,teams,skills,weekly_hours,zone
        A-1042,张伟,2025-03-03,junior,Billing 1,billing:3;complaints:2,40,Asia/Shanghai
        """;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapImports() => routes.MapPost("/employees/imports", Import).WithTags("Employees")
            .Takes(Rule)
            .Produces<ImportReport>().Produces<ImportReport>(StatusCodes.Status207MultiStatus)
            .Describe("Take employees from a CSV file: good rows are taken, bad ones reported", Example,
                ["unknown-column", "duplicate-column", "missing-column", "too-many-rows", "empty-file"]);
    }

    private static async Task<IResult> Import(
        HttpRequest request, Caller caller, IDocumentStore store, CancellationToken cancellation,
        [Description("Report only, store nothing.")] bool dryRun = false)
    {
        using var upload = await Upload.Save(request, Rule, Path.GetTempPath(), cancellation);
        await using var query = store.QuerySession();
        var teams = await query.Query<Team>().Where(t => !t.Dissolved).ToListAsync(cancellation);
        await using var file = File.OpenRead(upload.Path);
        var sheet = EmployeeFile.Read(file, teams);
        Actor.Current = Actor.Import("employees", caller.Id, reason: Actor.Current?.Reason);
        var report = await new EmployeeImport(store, sheet, teams, dryRun, caller.Now).Run(cancellation);

        return TypedResults.Json(report, statusCode: report.Rejected == 0 ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus);
    }
}
