using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using Marten;
using Quartz;

namespace CallCenter.Quality.Sampling;

/// <summary>
/// Draws each plan's weeks when they are over and late calls have had time to come in. Weeks that had ended when
/// the plan was made are drawn only by hand. A week that is drawn already stays as it is.
/// </summary>
internal sealed class SamplingJob(
    IDocumentStore store, TimeProvider clock, IConfiguration configuration, Fence fence, ILogger<SamplingJob> log) : IJob
{
    private readonly TimeSpan settle = configuration.GetValue("Sampling:Settle", TimeSpan.FromHours(6));

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var plans = await query.Query<SamplingPlan>().Where(plan => !plan.Ended).ToListAsync(cancellationToken);
        await fence.Each("sampling", plans, plan => $"plan {plan.Id}", (plan, stopping) =>
            DrawDue(plan, query, stopping), cancellationToken);
    }

    private async Task DrawDue(SamplingPlan plan, IQuerySession query, CancellationToken cancellation)
    {
        if (await query.LoadAsync<ProjectV1>(plan.ProjectId, cancellation) is not { } project)
            return;

        foreach (var week in plan.DueWeeks(project.Calendar, clock.GetUtcNow() - settle))
            if (await query.LoadAsync<DrawnWeek>(SamplingDrawDecider.IdOf(plan.Id, week), cancellation) is null or { Agents: 0 })
                await Draw(plan, week, cancellation);
    }

    private async Task Draw(SamplingPlan plan, DateOnly week, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        try
        {
            var draw = await session.Draw(plan, week, by: null, clock.GetUtcNow(), configuration.Quiet(), cancellation);

            log.LogInformation("Drew {Calls} calls of the week of {Week} for plan {Plan}",
                draw.Agents.Sum(agent => agent.Drawn.Count), week, plan.Id);
        }
        catch (RefusedException e) when (e.Code is SamplingExtensions.CallsUnknown or SamplingExtensions.CallsArriving)
        {
            // Asked again at the next run, as long as the week is due.
        }
    }
}
