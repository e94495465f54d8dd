using System.ComponentModel;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Imports;

internal static class ImportEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapImports(UploadRule rows)
        {
            var imports = routes.MapGroup("/imports").WithTag("Imports", "Records from files, and the mappings by which they are read.");

            imports.MapPost("/", Start)
                .Takes(rows)
                .Describe("Import call records or agent states, row by row, through a mapping",
                    problems: ["missing-column", "empty-file", "unreadable-header", "not-utf-8"]);
            imports.MapGet("/{id:guid}/rejected", Rejected)
                .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/x-ndjson")
                .Describe("The rows that were not taken, as they came, with the reason: mend them and send the report itself")
                .TakesLong();
            routes.MapOperations("/imports", ImportRows.Kind);
        }
    }

    private static async Task<Accepted> Start(
        Guid project, [Description("Name of the mapping that reads the rows.")] string mapping, NewId id, HttpRequest request,
        Caller caller, ImportFolder folder, Projects projects, Mappings mappings, Operations operations, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(project);
        await projects.Get(project, cancellation);
        var rules = await mappings.Find(project, mapping, session, cancellation);

        using var upload = await folder.Save(request, rules, cancellation);
        var isCsv = ImportFolder.IsCsv(upload);
        ImportFolder.Check(upload, rules);
        await folder.Keep(upload, id.Value, session, cancellation);

        var input = new ImportInput(mapping, rules, isCsv, upload.Sha256, upload.Bytes);
        await operations.Queue(session, id.Value, ImportRows.Kind, project, caller.Id, input, cancellation);
        await session.SaveChangesAsync(cancellation);

        return TypedResults.Accepted($"/imports/{id.Value}");
    }

    private static async Task<PhysicalFileHttpResult> Rejected(
        Guid id, Caller caller, ImportFolder folder, IQuerySession session, CancellationToken cancellation)
    {
        var operation = await session.LoadAsync<Operation>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(operation.ProjectId);
        var input = (await ImportFolder.InputOf(id, session, cancellation))!;

        return TypedResults.PhysicalFile(
            folder.ExistingReport(id), input.IsCsv ? "text/csv; charset=utf-8" : "application/x-ndjson",
            $"rejected-{id}.{(input.IsCsv ? "csv" : "ndjson")}");
    }
}
