using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.OnCall;

/// <summary>Why a turn changed may tell of who had it: the reasons of the requests are taken out.</summary>
internal static class OnCallErasure
{
    public static readonly TextsAbout Texts = new("on-call-texts", [typeof(OnCallChanged)],
        @event => @event is OnCallChanged changed
            ? changed.Changes.SelectMany(change => new[] { change.AgentId, change.Was ?? change.AgentId }).Distinct() : [],
        async (query, about, cancellation) =>
        {
            var found = new HashSet<Guid>();
            foreach (var agent in about)
                found.UnionWith(await query.Query<OnCallRoster>().Where(roster => roster.Agents.Contains(agent))
                    .Select(roster => roster.Id).ToListAsync(cancellation));
            return [.. found];
        });
}
