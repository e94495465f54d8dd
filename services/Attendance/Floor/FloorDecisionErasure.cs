using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Attendance.Floor;

/// <summary>Why something was decided may tell of whose shift it was. That it was decided stays.</summary>
internal static class FloorDecisionErasure
{
    public static readonly TextsAbout Texts = new("floor-decision-texts", [typeof(FloorDecided)], About, Find, ForgetReasons);

    private static IEnumerable<Guid> About(object @event) => @event is FloorDecided { Move.AgentId: { } agent } ? [agent] : [];

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var agents = about.ToArray();
        return await query.Query<FloorDecision>().Where(d => d.Move.AgentId != null && d.Move.AgentId.Value.IsOneOf(agents))
            .Select(d => d.Id).ToListAsync(cancellation);
    }

    private static async Task ForgetReasons(IDocumentSession session, IReadOnlyList<Guid> decisions, CancellationToken cancellation) =>
        session.Store((await session.LoadManyAsync<FloorDecision>(cancellation, decisions.ToArray()))
            .Where(d => d.Reason != "").Select(d => d with { Reason = "" }).ToArray());
}
