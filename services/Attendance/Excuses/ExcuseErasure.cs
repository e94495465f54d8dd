using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Attendance.Excuses;

/// <summary>What excuses say tells of whom they excuse. That some time was excused stays: figures are made of it.</summary>
internal static class ExcuseErasure
{
    public static readonly TextsAbout Texts = new(
        "excuse-texts", [typeof(ExcuseAsked), typeof(ExcuseGranted), typeof(ExcuseRefused), typeof(ExcuseWithdrawn)], About, Find,
        ForgetTexts);

    private static IEnumerable<Guid> About(object @event) => @event is ExcuseAsked e ? [e.AgentId] : [];

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var agents = about.ToArray();
        return await query.Query<Excuse>().Where(e => e.AgentId.IsOneOf(agents)).Select(e => e.Id).ToListAsync(cancellation);
    }

    private static async Task ForgetTexts(IDocumentSession session, IReadOnlyList<Guid> excuses, CancellationToken cancellation) =>
        session.Store((await session.LoadManyAsync<Excuse>(cancellation, excuses.ToArray()))
            .Where(e => e.Evidence != "" || e.Reason is not (null or ""))
            .Select(e => e with { Evidence = "", Reason = e.Reason is null ? null : "" }).ToArray());
}
