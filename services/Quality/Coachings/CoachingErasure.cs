using CallCenter.EventSourcing;
using Marten;
using Marten.Events;

namespace CallCenter.Quality.Coachings;

/// <summary>
/// What was talked about and agreed on with somebody tells of them: it is taken out; that they were coached, when and with what end stays.
/// </summary>
internal static class CoachingErasure
{
    public static readonly TextsAbout Texts = new(
        "coaching-texts",
        [
            typeof(CoachingOpened), typeof(CoachingReplanned), typeof(CoachingAgreed), typeof(CoachingSigned), typeof(CoachingActionDone),
            typeof(CoachingWithdrawn),
        ],
        @event => @event is CoachingOpened opened ? [opened.AgentId] : [],
        async (query, about, cancellation) =>
        {
            var agents = about.ToArray();
            return await query.Query<Coaching>().Where(coaching => coaching.AgentId.IsOneOf(agents)).Select(coaching => coaching.Id)
                .ToListAsync(cancellation);
        },
        async (session, streams, cancellation) => session.Store<Coaching>(
            [.. (await session.LoadManyAsync<Coaching>(cancellation, [.. streams])).Select(found => found with
            {
                Cause = Emptied(found.Cause), Plan = Emptied(found.Plan), Agreement = Emptied(found.Agreement),
                Actions = [.. found.Actions.Select(Emptied)],
            })]));

    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<CoachingOpened>(e => e with { Cause = Emptied(e.Cause), Plan = Emptied(e.Plan) });
        events.AddMaskingRuleForProtectedInformation<CoachingReplanned>(e => e with { Plan = Emptied(e.Plan) });
        events.AddMaskingRuleForProtectedInformation<CoachingAgreed>(
            e => e with { Agreement = "", Actions = [.. e.Actions.Select(Emptied)] });
        events.AddMaskingRuleForProtectedInformation<CoachingActionDone>(e => e with { Note = Emptied(e.Note) });
        events.AddMaskingRuleForProtectedInformation<CoachingWithdrawn>(e => e with { Reason = "" });
    }

    private static CoachingCause Emptied(CoachingCause cause) => cause.Kind is CauseKind.Complaint ? cause with { Reference = "" } : cause;

    private static CoachingPlan Emptied(CoachingPlan plan) => plan with { Subject = "", Clip = null };

    private static CoachingAction Emptied(CoachingAction action) => action with { What = "" };

    // That there was one stays.
    private static string? Emptied(string? text) => text is null ? null : "";
}
