using System.ComponentModel.DataAnnotations;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.Contracts.Calls;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Erasure;

/// <summary>A customer who wants to be forgotten, or has to be.</summary>
/// <param name="ProjectId">The project whose customer they are.</param>
/// <param name="CustomerId">As calls name them: your system's id.</param>
public sealed record ErasureRequest(Guid ProjectId, [StringLength(64, MinimumLength = 1), Line] string CustomerId);

/// <param name="Status">Of the search for their calls; the services are told when it has succeeded.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Calls">How many calls were theirs; null while they are looked for.</param>
/// <param name="Erasure">What the services have answered; null while they are not asked.</param>
public sealed record CustomerErasureView(
    Guid Id, Guid ProjectId, OperationStatus Status, string? Error, int? Calls, ErasureView? Erasure);

internal static class ErasureEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapCustomerErasure()
        {
            var erasures = routes.MapGroup("/customer-erasures")
                .WithTag("Customer erasures", "Forgetting a customer in all services; their calls stay as calls of nobody.");
            erasures.MapPost("/", Ask).Describe("Erase a customer: their id, references and audio of their calls, what was written of them",
                new ErasureRequest(new("0197a8c0-0000-7000-8000-000000000001"), "C-88213"), ["customer-id-not-opaque"]);
            erasures.MapGet("/{id:guid}", Get).Describe("How far an erasure is: which services have erased what");
            erasures.MapHistory("/{id:guid}", Get);
        }
    }

    private static async Task<Accepted> Ask(
        ErasureRequest request, NewId id, Caller caller, Projects projects, Operations operations, IDocumentSession session,
        CancellationToken cancellation)
    {
        CallIds.RequireOpaque(request.CustomerId);
        caller.MustSee(request.ProjectId);
        await projects.Get(request.ProjectId, cancellation);
        await operations.Queue(
            session, id.Value, CustomerErasureRun.Kind, request.ProjectId, caller.Id, new ErasureInput(request.CustomerId), cancellation);
        await session.SaveChangesAsync(cancellation);

        return TypedResults.Accepted($"/customer-erasures/{id.Value}");
    }

    private static async Task<Ok<CustomerErasureView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (erasure, _) = (await session.Histories<CustomerErasure>([id], cancellation)).GetValueOrDefault(id);
        var operation = await session.LoadAsync<Operation>(id, cancellation);
        if ((erasure?.ProjectId ?? (operation?.Kind == CustomerErasureRun.Kind ? operation.ProjectId : null)) is not { } project)
            throw new StreamNotFoundException(id);

        caller.MustSee(project);
        return TypedResults.Ok(new CustomerErasureView(
            id, project, operation?.Status ?? OperationStatus.Succeeded, operation?.Error, erasure?.Calls.Count,
            erasure is null ? null : await session.Erasure<CustomerErasedV1>(id, erasure.By, erasure.At, cancellation)));
    }
}
