using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Leaves;

/// <summary>
/// Why leave was declined tells of who asked for it, and is taken out of the events. The days stay: rosters are made of them.
/// </summary>
internal static class LeaveErasure
{
    public static readonly TextsAbout Texts = new(
        "leave-texts", [typeof(LeaveRequested), typeof(LeaveApproved), typeof(LeaveDeclined), typeof(LeaveWithdrawn)], About, Find,
        ForgetReasons);

    private static IEnumerable<Guid> About(object @event) => @event is LeaveRequested e ? [e.AgentId] : [];

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var agents = about.ToArray();
        return await query.Query<Leave>().Where(leave => leave.AgentId.IsOneOf(agents)).Select(leave => leave.Id).ToListAsync(cancellation);
    }

    public static async Task ForgetReasons(IDocumentSession session, IReadOnlyList<Guid> leaves, CancellationToken cancellation) =>
        session.Store((await session.LoadManyAsync<Leave>(cancellation, leaves.ToArray()))
            .Where(leave => leave.Reason is not (null or "")).Select(leave => leave with { Reason = "" }).ToArray());
}
