using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Attendance.Clockings;

/// <summary>Why a clocking was voided tells of who clocked. That they came and went stays: figures are made of it.</summary>
internal static class ClockingErasure
{
    public static readonly TextsAbout Texts = new(
        "clocking-texts", [typeof(Clocked), typeof(ClockingVoided)], About, Find, ForgetReasons);

    private static IEnumerable<Guid> About(object @event) => @event is Clocked e ? [e.AgentId] : [];

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var agents = about.ToArray();
        return await query.Query<Clocking>().Where(c => c.AgentId.IsOneOf(agents)).Select(c => c.Id).ToListAsync(cancellation);
    }

    private static async Task ForgetReasons(IDocumentSession session, IReadOnlyList<Guid> clockings, CancellationToken cancellation) =>
        session.Store((await session.LoadManyAsync<Clocking>(cancellation, clockings.ToArray()))
            .Where(c => c.Voided is not (null or "")).Select(c => c with { Voided = "" }).ToArray());
}
