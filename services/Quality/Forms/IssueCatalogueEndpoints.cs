using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Forms.IssueCatalogueDecider;

namespace CallCenter.Quality.Forms;

/// <param name="Categories">Up to 100; those that are left out can be named no more, and stay in answers that name them.</param>
/// <param name="Reason">Why it is written so.</param>
public sealed record IssueCatalogueRequest(
    [MaxLength(100)] IReadOnlyList<IssueCategory> Categories,
    [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

internal static class IssueCatalogueEndpoints
{
    private static readonly IssueCatalogueRequest Example = new(
    [
        new("attitude", FormExample.Text("Attitude", "态度"),
            [new("haste", FormExample.Text("In a hurry", "急于结束")), new("mood", FormExample.Text("Bad mood", "情绪不佳"))]),
        new("knowledge", FormExample.Text("Did not know", "业务不熟"), [new("training", FormExample.Text("Never trained in it", "未培训"))]),
    ], "Agreed at the calibration of March.");

    extension(IEndpointRouteBuilder routes)
    {
        public void MapIssueCatalogues()
        {
            var catalogues = routes.MapGroup("/issue-catalogues")
                .WithTag("Issue catalogues", "What can go wrong in the calls of a project and why, for inspectors to name.");

            catalogues.MapGet("/{projectId:guid}", Get).Describe("The issues of a project; version 0 where none are written");
            catalogues.MapHistory("/{id:guid}", Get, IssueCatalogue.IdOf);
            catalogues.MapPut("/{projectId:guid}", Write).Describe(
                "Write the issues of a project anew, with a reason", Example,
                ["duplicate-code", "malformed-code", "text-missing", "text-length", "unknown-language", "wrong-count"]);
        }
    }

    extension(IQuerySession session)
    {
        public async Task<IssueCatalogue> IssuesOf(Guid projectId, CancellationToken cancellation) =>
            await session.Events.AggregateStreamAsync<IssueCatalogue>(IssueCatalogue.IdOf(projectId), token: cancellation)
            ?? new() { ProjectId = projectId };
    }

    private static async Task<Versioned<IssueCatalogue>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var catalogue = await session.IssuesOf(projectId, cancellation);

        return new(catalogue, catalogue.Version);
    }

    private static async Task<WriteResult> Write(
        Guid projectId, IssueCatalogueRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        Check(request.Categories);
        var command = new WriteIssueCatalogue(projectId, request.Categories, request.Reason, caller.Id, caller.Now);

        return new(await session.Start<IssueCatalogue>(
            IssueCatalogue.IdOf(projectId), expected.Value, _ => Decide(command), cancellation));
    }
}
