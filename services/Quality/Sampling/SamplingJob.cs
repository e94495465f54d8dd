using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using Marten;
using Quartz;

namespace CallCenter.Quality.Sampling;

/// <summary>
/// Draws each plan's weeks, and each design's periods, when they are over and late calls have had time to come in. Weeks that had ended
/// when the plan was made are drawn only by hand. A week that is drawn already stays as it is; one that could not be drawn, for want of a
/// form or because nothing ran, waits however long that lasts.
/// </summary>
internal sealed class SamplingJob(
    IDocumentStore store, TimeProvider clock, IConfiguration configuration, Fence fence, ILogger<SamplingJob> log) : IJob
{
    private readonly TimeSpan settle = configuration.GetValue("Sampling:Settle", TimeSpan.FromHours(6));

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var plans = await query.Query<SamplingPlan>().Where(plan => !plan.Ended).ToListAsync(cancellationToken);
        var projects = (await query.LoadManyAsync<ProjectV1>(cancellationToken, plans.Select(plan => plan.ProjectId).Distinct()))
            .ToDictionary(project => project.Id);
        await fence.Each("sampling", plans, plan => $"plan {plan.Id}", (plan, stopping) =>
            projects.TryGetValue(plan.ProjectId, out var project) ? DrawDue(plan, project, query, stopping) : Task.CompletedTask,
            cancellationToken);

        var designs = await query.Query<SamplingDesign>().Where(design => !design.Ended).ToListAsync(cancellationToken);
        var theirs = (await query.LoadManyAsync<ProjectV1>(cancellationToken, designs.Select(design => design.ProjectId).Distinct()))
            .ToDictionary(project => project.Id);
        await fence.Each("sampling", designs, design => $"design {design.Id}", (design, stopping) =>
            theirs.TryGetValue(design.ProjectId, out var project) ? DrawDue(design, project, query, stopping) : Task.CompletedTask,
            cancellationToken);
    }

    private async Task DrawDue(SamplingDesign design, ProjectV1 project, IQuerySession query, CancellationToken cancellation)
    {
        var drawn = await query.DrawnPeriods(design, cancellation);
        foreach (var due in design.DuePeriods(project.Calendar, clock.GetUtcNow() - settle, drawn))
            await Draw(design, due, cancellation);
    }

    private async Task Draw(SamplingDesign design, DueWeek due, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        try
        {
            var draw = await session.Draw(design, due.Week, by: null, clock.GetUtcNow(), configuration.DrawTerms(), cancellation);

            log.LogInformation("Drew {Parts} parts of the period of {First} for design {Design}", draw.Parts.Count, due.Week, design.Id);
        }
        catch (RefusedException e) when (e.Code is SamplingExtensions.CallsUnknown or SamplingExtensions.CallsArriving
            or SamplingExtensions.EvidenceArriving)
        {
            // Asked again at the next run, as long as contacts may come in.
            if (due.Last)
                await Skip(design, due.Week, cancellation);
        }
    }

    private async Task Skip(SamplingDesign design, DateOnly first, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var command = new SkipPeriod(design, first, "no-calls", clock.GetUtcNow());
        await session.Start<DesignDraw>(
            DesignDrawDecider.IdOf(design.Id, first), state => DesignDrawDecider.Decide(command, state), cancellation);
        log.LogInformation("Skipped the period of {First} for design {Design}: no contact of it is known", first, design.Id);
    }

    private async Task DrawDue(SamplingPlan plan, ProjectV1 project, IQuerySession query, CancellationToken cancellation)
    {
        var drawn = await query.DrawnWeeks(plan, cancellation);
        foreach (var due in plan.DueWeeks(project.Calendar, clock.GetUtcNow() - settle, drawn))
            await Draw(plan, due, cancellation);
    }

    private async Task Draw(SamplingPlan plan, DueWeek due, CancellationToken cancellation)
    {
        var week = due.Week;
        await using var session = store.LightweightSession();
        try
        {
            var draw = await session.Draw(plan, week, by: null, clock.GetUtcNow(), configuration.Quiet(), cancellation);

            log.LogInformation("Drew {Calls} calls of the week of {Week} for plan {Plan}",
                draw.Agents.Sum(agent => agent.Drawn.Count), week, plan.Id);
        }
        catch (RefusedException e) when (e.Code is SamplingExtensions.CallsUnknown or SamplingExtensions.CallsArriving)
        {
            // Asked again at the next run, as long as calls may come in.
            if (due.Last)
                await Skip(plan, week, cancellation);
        }
    }

    private async Task Skip(SamplingPlan plan, DateOnly week, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var command = new SkipWeek(plan, week, "no-calls", clock.GetUtcNow());
        await session.Start<SamplingDraw>(
            SamplingDrawDecider.IdOf(plan.Id, week), state => SamplingDrawDecider.Decide(command, state), cancellation);
        log.LogInformation("Skipped the week of {Week} for plan {Plan}: no call of it is known", week, plan.Id);
    }
}
