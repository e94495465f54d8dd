using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Terms;

/// <summary>Why terms were entered may tell of who they are for: the reasons of the requests are taken out.</summary>
internal static class StandingTermsErasure
{
    public static readonly TextsAbout Texts = new(
        "standing-terms-texts", [typeof(StandingTermsSet), typeof(StandingTermsTakenBack)], About, Find);

    private static IEnumerable<Guid> About(object @event) => @event switch
    {
        StandingTermsSet e => [e.AgentId],
        StandingTermsTakenBack e => [e.AgentId],
        _ => [],
    };

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation) =>
        [.. (await query.LoadManyAsync<StandingTerms>(cancellation, about.Select(StandingTerms.IdOf).ToArray())).Select(terms => terms.Id)];
}
