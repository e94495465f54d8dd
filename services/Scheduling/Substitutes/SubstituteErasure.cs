using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Substitutes;

/// <summary>Why somebody stands in for another may tell of who it is for: the reasons of the requests are taken out.</summary>
internal static class SubstituteErasure
{
    public static readonly TextsAbout Texts = new(
        "substitute-texts", [typeof(SubstitutesSet), typeof(SubstitutesTakenBack)],
        @event => @event switch
        {
            SubstitutesSet e => [e.AgentId],
            SubstitutesTakenBack e => [e.AgentId],
            _ => [],
        },
        async (query, about, cancellation) =>
            [.. (await query.LoadManyAsync<SubstitutePlan>(cancellation, about.Select(SubstitutePlan.IdOf).ToArray()))
                .Select(plan => plan.Id)]);
}
