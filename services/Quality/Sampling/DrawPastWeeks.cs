using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using Marten;

namespace CallCenter.Quality.Sampling;

/// <summary>
/// Draws each plan's weeks when they are over and late calls have had time to come in. Weeks that had ended when
/// the plan was made are drawn only by hand. Every instance runs it: a week that is drawn already stays as it is.
/// </summary>
internal sealed class DrawPastWeeks(
    IDocumentStore store, TimeProvider clock, IConfiguration configuration, ILogger<DrawPastWeeks> log) : BackgroundService
{
    private readonly TimeSpan every = configuration.GetValue("Sampling:Every", TimeSpan.FromMinutes(5));
    private readonly TimeSpan settle = configuration.GetValue("Sampling:Settle", TimeSpan.FromHours(6));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Actor.Current = Actor.Job("draw-past-weeks");
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await DrawAll(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "Weeks that are over could not be drawn; trying again in {Every}", every);
            }
    }

    private async Task DrawAll(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        foreach (var plan in await query.Query<SamplingPlan>().Where(plan => !plan.Ended).ToListAsync(cancellation))
            try
            {
                await DrawDue(plan, query, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(e, "Weeks of plan {Plan} could not be drawn; trying again in {Every}", plan.Id, every); // the others are
            }
    }

    private async Task DrawDue(SamplingPlan plan, IQuerySession query, CancellationToken cancellation)
    {
        if (await query.LoadAsync<ProjectV1>(plan.ProjectId, cancellation) is not { } project)
            return;

        foreach (var week in plan.DueWeeks(project.Calendar, clock.GetUtcNow() - settle))
            if (await query.LoadAsync<DrawnWeek>(SamplingDrawDecider.IdOf(plan.Id, week), cancellation) is null)
                await Draw(plan, week, cancellation);
    }

    private async Task Draw(SamplingPlan plan, DateOnly week, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var draw = await session.Draw(plan, week, by: null, clock.GetUtcNow(), cancellation);

        log.LogInformation("Drew {Calls} calls of the week of {Week} for plan {Plan}", draw.Agents.Sum(agent => agent.Drawn.Count), week, plan.Id);
    }
}
