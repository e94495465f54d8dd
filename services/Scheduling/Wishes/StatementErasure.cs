using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Wishes;

/// <summary>Why wishes were stated late may tell of whose they are. The days stay: rosters are made of them.</summary>
internal static class StatementErasure
{
    public static readonly TextsAbout Texts = new("statement-texts", [typeof(WishesStated)], About, Find);

    private static IEnumerable<Guid> About(object @event) => @event is WishesStated e ? [e.AgentId] : [];

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var agents = about.ToArray();
        return await query.Query<AgentStatement>().Where(statement => statement.AgentId.IsOneOf(agents)).Select(statement => statement.Id)
            .ToListAsync(cancellation);
    }
}
