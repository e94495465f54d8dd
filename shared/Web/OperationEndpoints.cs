using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CallCenter.Web;

public static class OperationEndpoints
{
    /// <summary><c>GET /{service}-operations/{id}</c> and <c>DELETE</c> to cancel.</summary>
    /// <param name="path">Where this service's operations live, unique behind the gateway.</param>
    /// <param name="kinds">Those that are read and cancelled there, at least one; others are not found.</param>
    public static void MapOperations(this IEndpointRouteBuilder routes, string path, params string[] kinds)
    {
        ArgumentOutOfRangeException.ThrowIfZero(kinds.Length);
        var operations = routes.MapGroup(path).WithTag("Operations", "Work that outlasts its request.");

        operations.MapGet("/{id:guid}", (
            Guid id, Caller caller, IQuerySession session, HttpResponse response, CancellationToken cancellation) =>
            Get(id, kinds, caller, session, response, cancellation)).Describe("How far a long piece of work is");
        operations.MapDelete("/{id:guid}", (
            Guid id, Caller caller, IDocumentSession session, HttpRequest request, CancellationToken cancellation) =>
            Cancel(id, kinds, caller, session, request, cancellation)).Describe("Cancel it; what was done stays done");
    }

    private static async Task<Ok<Operation>> Get(
        Guid id, string[] kinds, Caller caller, IQuerySession session, HttpResponse response, CancellationToken cancellation)
    {
        var operation = await Find(id, kinds, caller, session, cancellation);
        if (!operation.Ended)
            response.Headers.RetryAfter = "1";
        return TypedResults.Ok(operation);
    }

    private static async Task<Accepted> Cancel(
        Guid id, string[] kinds, Caller caller, IDocumentSession session, HttpRequest request, CancellationToken cancellation)
    {
        await Find(id, kinds, caller, session, cancellation);
        session.Store(new OperationCancellation(id, caller.Id));
        await session.SaveChangesAsync(cancellation);
        return TypedResults.Accepted(request.Path);
    }

    private static async Task<Operation> Find(
        Guid id, string[] kinds, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var operation = await session.LoadAsync<Operation>(id, cancellation);
        if (operation is null || !kinds.Contains(operation.Kind))
            throw new StreamNotFoundException(id);
        caller.MustSee(operation.ProjectId);
        return operation;
    }
}
