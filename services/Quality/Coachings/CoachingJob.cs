using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Projects;
using Marten;
using Marten.Linq.MatchesSql;
using Quartz;
using static CallCenter.Quality.Coachings.CoachingDecider;

namespace CallCenter.Quality.Coachings;

/// <summary>
/// Closes coachings that a later evaluation has passed, opens those again whose evaluation counts no more, and names what fell due. What
/// there is to do is read from the evaluations, whoever wrote them and whenever, so that nothing is missed and nothing is done twice.
/// </summary>
internal sealed class CoachingJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "coachings";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var coachings = await Concerned(query, cancellationToken);
        var rechecks = await Rechecked(coachings, query, cancellationToken);
        var projects = (await query.LoadManyAsync<ProjectV1>(cancellationToken, [.. coachings.Select(c => c.ProjectId).Distinct()]))
            .ToDictionary(project => project.Id);

        await fence.Each(Name, [.. coachings.Where(IsToDo)], coaching => $"coaching {coaching.Id}", Turn, cancellationToken);

        bool IsToDo(Coaching coaching) => Due(coaching) is { Length: > 0 };

        object[] Due(Coaching coaching)
        {
            object[] restated = Decide(new RestateCoaching(rechecks[coaching.Id], clock.GetUtcNow()), coaching);
            return restated is [] && projects.TryGetValue(coaching.ProjectId, out var project)
                ? Decide(new MarkOverdue(project.Calendar.DayOf(clock.GetUtcNow()), null, clock.GetUtcNow()), coaching)
                : restated;
        }

        async Task Turn(Coaching coaching, CancellationToken stopping)
        {
            await using var session = store.LightweightSession();
            var now = clock.GetUtcNow();
            var today = projects.GetValueOrDefault(coaching.ProjectId)?.Calendar.DayOf(now);
            var supervisor = today is { } day ? await session.SupervisorOf(coaching.AgentId, coaching.ProjectId, day, stopping) : null;
            await session.Decide<Coaching>(coaching.Id, state =>
            {
                var restated = Decide(new RestateCoaching(rechecks[coaching.Id], now), state);
                return restated is [] && today is { } due ? Decide(new MarkOverdue(due, supervisor, now), state) : restated;
            }, stopping);
        }
    }

    // All that are open; of the others those whose evaluation was judged anew since.
    private static async Task<IReadOnlyList<Coaching>> Concerned(IQuerySession query, CancellationToken cancellation)
    {
        var options = query.DocumentStore.Options;
        var open = await query.Query<Coaching>().Where(c => c.Status == CoachingStatus.Open || c.Status == CoachingStatus.Signed)
            .ToListAsync(cancellation);
        var judgedAnew = await query.Query<Coaching>().Where(c => c.Status == CoachingStatus.Passed && c.MatchesSql(
            $"""
            exists (select 1 from {options.Events.DatabaseSchemaName}.mt_events judged
                where judged.stream_id = (d.data -> 'Recheck' ->> 'EvaluationId')::uuid
                    and judged.type in ('evaluation_voided', 'evaluation_corrected', 'dispute_resolved'))
            """)).ToListAsync(cancellation);

        return [.. open, .. judgedAnew];
    }

    private static async Task<IReadOnlyDictionary<Guid, Recheck?>> Rechecked(
        IReadOnlyList<Coaching> coachings, IQuerySession query, CancellationToken cancellation)
    {
        if (coachings.Count == 0)
            return new Dictionary<Guid, Recheck?>();

        var (agents, first) = (coachings.Select(c => c.AgentId).Distinct().ToArray(), coachings.Min(c => c.Plan.TalkAt));
        var later = await query.Query<EvaluationSummary>()
            .Where(e => e.AgentId.IsOneOf(agents) && e.SubmittedAt > first && e.Status != EvaluationStatus.Voided)
                .ToListAsync(cancellation);
        var judged = (await query.Judged([.. later.Where(e => coachings.Any(c => c.AgentId == e.AgentId && e.SubmittedAt > c.Plan.TalkAt))],
            cancellation)).ToLookup(contact => contact.Evaluation.AgentId);

        return coachings.ToDictionary(c => c.Id, c => Rechecks.Of(c, judged[c.AgentId]));
    }
}
