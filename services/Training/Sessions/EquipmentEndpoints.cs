using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Resources;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Sessions.SessionEquipmentDecider;

namespace CallCenter.Training.Sessions;

internal static class EquipmentEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapSessionEquipment() => routes.MapGroup("/training-sessions/{id:guid}").WithTags("Training sessions")
            .MapPut("/equipment", Book).Describe("Book the equipment of a planned session, all of it or none; what is not named is given back",
                new EquipmentRequest([new(new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20"), 1)]),
                ["unknown-resource", "resource-twice", "equipment-taken", "session-held", "session-cancelled"]);
    }

    /// <param name="ResourceId">The kind of equipment.</param>
    /// <param name="Count">How many pieces, 1 to 500.</param>
    public sealed record PiecesRequest(Guid ResourceId, [Range(1, 500)] int Count);

    /// <param name="Items">All that the session has from now on; nothing gives everything back.</param>
    public sealed record EquipmentRequest([MaxLength(20)] IReadOnlyList<PiecesRequest> Items);

    private static async Task<WriteResult> Book(
        Guid id, EquipmentRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var training = caller.MustSee(await session.LoadAsync<TrainingSession>(id, cancellation), SessionViewEndpoints.Visible);
        await session.RequireEquipment("/items", training.ProjectId,
            [.. request.Items.Select(item => new BookedEquipment(item.ResourceId, item.Count))], cancellation);

        var booking = SessionEquipment.IdOf(id);
        await session.Lock([booking], cancellation);
        var before = await session.LoadAsync<SessionEquipment>(booking, cancellation) ?? new();
        var command = new BookEquipment(
            training, [.. request.Items.Select(item => new BookedEquipment(item.ResourceId, item.Count))], caller.Id, caller.Now);
        if (Decide(command, before) is not [])
            await session.Hold(id, training.Plan, before.Items, command.Items, cancellation);

        return new(await session.Start<SessionEquipment>(booking, state => Decide(command, state), cancellation));
    }
}
