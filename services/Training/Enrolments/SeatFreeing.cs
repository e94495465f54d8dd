using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Training.Needs;
using CallCenter.Training.Sessions;
using Marten;
using Quartz;
using static CallCenter.Training.Needs.TrainingNeedDecider;

namespace CallCenter.Training.Enrolments;

/// <summary>
/// Frees seats in sessions to come that were given only for a need that never was one: its evaluation was voided, or corrected so that it
/// passes. Where an earlier failure stands for it, the seat goes with that need.
/// </summary>
internal sealed class SeatFreeing(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "seats-without-need";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var withdrawn = await query.Query<TrainingNeed>().Where(need => need.Status == NeedStatus.Withdrawn && !need.SessionIds.IsEmpty())
            .ToListAsync(cancellationToken);

        await fence.Each(Name, withdrawn, need => $"need {need.Id}", Turn, cancellationToken);
    }

    private async Task Turn(TrainingNeed seen, CancellationToken cancellation)
    {
        foreach (var id in seen.SessionIds)
        {
            await using var session = store.LightweightSession();
            await session.Lock([seen.AgentId], cancellation);
            if (await session.LoadAsync<TrainingNeed>(seen.Id, cancellation) is not { Status: NeedStatus.Withdrawn } need
                || await session.LoadAsync<TrainingSession>(id, cancellation) is not { } training || training.Status is SessionStatus.Held)
                continue;

            var others = await session.Query<TrainingNeed>()
                .Where(n => n.AgentId == need.AgentId && n.Id != need.Id && n.Status != NeedStatus.Withdrawn && n.SessionIds.Contains(id))
                .AnyAsync(cancellation);
            var only = training.Enrolments.Any(e => e.EmployeeId == need.AgentId && e.NeedId == need.Id) && !others;
            if (only && training.Status is SessionStatus.Planned && training.Plan.StartsAt > clock.GetUtcNow())
                await session.FreeSeat(training, need.AgentId, clock.GetUtcNow(), cancellation);
            else if (!only)
            {
                session.Events.Append(need.Id, need.Version + 1, Decide(new UnlinkSession(id), need));
                await session.SaveChangesAsync(cancellation);
            }
        }
    }
}
