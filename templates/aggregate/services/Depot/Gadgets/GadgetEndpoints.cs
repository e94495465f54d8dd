using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Depot.Gadgets.GadgetDecider;

namespace CallCenter.Depot.Gadgets;

internal static class GadgetEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapGadgets()
        {
            var gadgets = routes.MapGroup("/gadgets").WithTag("Gadgets", "What a gadget is to people.");
            var example = new GadgetRequest(Guid.Empty, "First");

            gadgets.MapPost("/", Open).Describe("Open one", example, ["name"]);
            gadgets.MapPut("/{id:guid}", Rename).Describe("Call it otherwise", example, ["name"]);
            gadgets.MapGet("/", List).Describe("Those of a project");
            gadgets.MapGet("/{id:guid}", Get).Describe("One");
            gadgets.MapHistory("/{id:guid}", Get);
        }
    }

    public sealed record GadgetRequest(Guid ProjectId, [MaxLength(200)] string Name);

    private static async Task<WriteResult> Open(
        GadgetRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var command = new OpenGadget(id.Value, request.ProjectId, Names.Require("/name", request.Name), caller.Now);

        return new(await session.Start<Gadget>(id.Value, state => Decide(command, state), cancellation), $"/gadgets/{id.Value}");
    }

    private static async Task<WriteResult> Rename(
        Guid id, GadgetRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new RenameGadget(Names.Require("/name", request.Name), caller.Now);

        return new(await session.Decide<Gadget>(id, expected.Value, state =>
        {
            caller.MustSee(state.ProjectId);
            return Decide(command, state);
        }, cancellation));
    }

    private static async Task<Ok<Page<Gadget>>> List(
        Guid projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);

        return TypedResults.Ok(await session.Query<Gadget>().Where(gadget => gadget.ProjectId == projectId)
            .ToPage(page, gadget => gadget.Id, cancellation));
    }

    private static async Task<Versioned<Gadget>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var gadget = await session.LoadAsync<Gadget>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(gadget.ProjectId);

        return new(gadget, gadget.Version);
    }
}
