using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Training.Resources.TrainingResourceDecider;

namespace CallCenter.Training.Resources;

internal static class ResourceEndpoints
{
    private static readonly Guid Id = new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20");

    private static readonly Visibility<TrainingResource> Visible = new((resource, projects) => resource.ProjectId.IsOneOf(projects));

    extension(IEndpointRouteBuilder routes)
    {
        public void MapResources()
        {
            var resources = routes.MapGroup("/training-resources").WithTag("Training resources",
                "The rooms, with their seats, and the equipment, with its pieces, that a project trains with.");

            resources.MapPost("/", Add).Produces(StatusCodes.Status201Created).Describe("Add a room or equipment to what there is",
                new ResourceRequest(Id, ResourceKind.Equipment, "Projector", 2), ["name", "resource-exists", "unknown-project"]);
            resources.MapGet("/", List).Describe("The rooms and equipment of the caller's projects");
            resources.MapGet("/{id:guid}", Get).Describe("One room or kind of equipment");
            resources.MapHistory("/{id:guid}", Get);
            resources.MapPut("/{id:guid}/count", Recount).Describe("Say how many seats or pieces there are now", new CountRequest(3));
            resources.MapPost("/{id:guid}/withdrawal", Withdraw).Describe(
                "Use it no more; sessions that need it say that it is missing", new ResourceWithdrawalRequest("It is broken."));
        }
    }

    /// <param name="Name">By which sessions and lesson plans name it.</param>
    /// <param name="Count">Seats of a room, pieces of equipment: 1 to 500.</param>
    public sealed record ResourceRequest(Guid ProjectId, ResourceKind Kind, [MaxLength(1000)] string Name, [Range(1, 500)] int Count);

    /// <param name="Count">Seats of a room, pieces of equipment: 1 to 500.</param>
    public sealed record CountRequest([Range(1, 500)] int Count);

    /// <param name="Reason">Why.</param>
    public sealed record ResourceWithdrawalRequest([Required, VisibleText, MaxLength(1000)] string Reason);

    private static async Task<WriteResult> Add(
        ResourceRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.RequireProject("/projectId", request.ProjectId, cancellation);
        var name = Names.Require("/name", request.Name);
        var id = TrainingResource.IdOf(request.ProjectId, request.Kind, name);
        var command = new AddResource(id, request.ProjectId, request.Kind, name, request.Count, caller.Id, caller.Now);

        return new(await session.Start<TrainingResource>(id, state => Decide(command, state), cancellation), $"/training-resources/{id}");
    }

    private static async Task<Ok<Page<TrainingResource>>> List(
        Guid? projectId, ResourceKind? kind, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var resources = session.Query<TrainingResource>().VisibleTo(caller, Visible);
        if (projectId is { } project)
            resources = resources.Where(r => r.ProjectId == project);
        if (kind is { } wanted)
            resources = resources.Where(r => r.Kind == wanted);

        return TypedResults.Ok(await resources.ToPage(page, r => r.Id, cancellation));
    }

    private static async Task<Versioned<TrainingResource>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var resource = caller.MustSee(await session.LoadAsync<TrainingResource>(id, cancellation), Visible);
        return new(resource, resource.Version);
    }

    private static async Task<WriteResult> Recount(
        Guid id, CountRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<TrainingResource>(id, expected.Value,
            state => Decide(new RecountResource(request.Count, caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));

    private static async Task<WriteResult> Withdraw(
        Guid id, ResourceWithdrawalRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        new(await session.Decide<TrainingResource>(id, expected.Value,
            state => Decide(new WithdrawResource(request.Reason, caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));
}
