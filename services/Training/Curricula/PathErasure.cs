using CallCenter.EventSourcing;
using Marten;
using Marten.Events;

namespace CallCenter.Training.Curricula;

/// <summary>What trainers wrote of a learner tells of them: it is taken out; what they learnt, and when, stays.</summary>
internal static class PathErasure
{
    public static readonly TextsAbout Texts = new(
        "learning-path-texts", [typeof(PathBegun), typeof(ModuleAssessed), typeof(PathEnded)],
        @event => @event is PathBegun begun ? [begun.EmployeeId] : [],
        async (query, about, cancellation) =>
        {
            var people = about.ToArray();
            return await query.Query<LearningPath>().Where(path => path.EmployeeId.IsOneOf(people)).Select(path => path.Id)
                .ToListAsync(cancellation);
        },
        async (session, streams, cancellation) => session.Store<LearningPath>(
            [.. (await session.LoadManyAsync<LearningPath>(cancellation, [.. streams])).Select(found => found with
            {
                Assessments = [.. found.Assessments.Select(assessed => assessed with { Note = "" })],
                EndedFor = found.EndedFor is null ? null : "",
            })]));

    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<ModuleAssessed>(e => e with { Note = "" });
        events.AddMaskingRuleForProtectedInformation<PathEnded>(e => e with { Reason = "" });
    }
}
