using CallCenter.EventSourcing;
using Marten;
using Marten.Events;

namespace CallCenter.Quality.Inputs;

/// <summary>What somebody wrote, and what they were answered, goes with them; that there was an input, and when, stays.</summary>
internal static class QualityInputErasure
{
    public static readonly TextsAbout Texts = new(
        "input-texts", [typeof(InputGiven), typeof(InputAnswered)],
        @event => @event is InputGiven given ? [given.By] : [],
        async (query, about, cancellation) =>
        {
            var people = about.ToArray();
            return await query.Query<QualityInput>().Where(input => input.By.IsOneOf(people)).Select(input => input.Id)
                .ToListAsync(cancellation);
        },
        async (session, streams, cancellation) => session.Store<QualityInput>(
            [.. (await session.LoadManyAsync<QualityInput>(cancellation, [.. streams])).Select(found => found with
            {
                Text = "", Answer = found.Answer is null ? null : "",
            })]));

    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<InputGiven>(e => e with { Text = "" });
        events.AddMaskingRuleForProtectedInformation<InputAnswered>(e => e with { Answer = "" });
    }
}
