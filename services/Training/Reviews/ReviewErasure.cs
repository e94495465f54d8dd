using CallCenter.EventSourcing;
using Marten;
using Marten.Events;

namespace CallCenter.Training.Reviews;

/// <summary>What somebody wrote of a session tells of them: it is taken out; the points stay.</summary>
internal static class ReviewErasure
{
    public static readonly TextsAbout Texts = new(
        "session-feedback-texts", [typeof(FeedbackGiven), typeof(SessionConcluded)],
        @event => @event is FeedbackGiven given ? [given.By] : [],
        async (query, about, cancellation) =>
        {
            var found = new HashSet<Guid>();
            foreach (var one in about)
                found.UnionWith(await query.Query<SessionReview>().Where(review => review.Feedback.Any(given => given.EmployeeId == one))
                    .Select(review => review.Id).ToListAsync(cancellation));
            return [.. found];
        },
        async (session, streams, cancellation) => session.Store<SessionReview>(
            [.. (await session.LoadManyAsync<SessionReview>(cancellation, [.. streams])).Select(found => found with
            {
                Feedback = [.. found.Feedback.Select(given => given with { Comment = null })],
            })]));

    public static void Mask(IEventStoreOptions events) =>
        events.AddMaskingRuleForProtectedInformation<FeedbackGiven>(e => e with { Comment = null });
}
