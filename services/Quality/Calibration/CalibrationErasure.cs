using CallCenter.EventSourcing;
using Marten;
using Marten.Events;

namespace CallCenter.Quality.Calibration;

/// <summary>Comments on calls of somebody tell of them: they are taken out, answers and scores stay.</summary>
internal static class CalibrationErasure
{
    public static readonly TextsAbout Texts = new(
        "calibration-texts", [typeof(CalibrationCalled), typeof(CalibrationChanged), typeof(CalibrationScored), typeof(CalibrationClosed)],
        @event => @event is CalibrationCalled called ? called.Calls.SelectMany(call => new[] { call.AgentId, call.CallId }) : [],
        async (query, about, cancellation) =>
        {
            var found = new HashSet<Guid>();
            foreach (var one in about)
                found.UnionWith(await query.Query<CalibrationSession>()
                    .Where(session => session.Calls.Any(call => call.AgentId == one || call.CallId == one))
                    .Select(session => session.Id).ToListAsync(cancellation));
            return [.. found];
        },
        async (session, streams, cancellation) => session.Store<CalibrationSession>(
            [.. (await session.LoadManyAsync<CalibrationSession>(cancellation, [.. streams])).Select(found => found with
            {
                Scores = [.. found.Scores.Select(score => score with { Answers = [.. score.Answers.Select(Emptied)] })],
            })]));

    public static void Mask(IEventStoreOptions events) => events.AddMaskingRuleForProtectedInformation<CalibrationScored>(
        e => e with { Answers = [.. e.Answers.Select(Emptied)] });

    private static Forms.GivenAnswer Emptied(Forms.GivenAnswer answer) => answer.Emptied() with { Comment = null };
}
