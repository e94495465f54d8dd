using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Leaves;

/// <summary>What an agent wrote of what a leave is for. It is in no event: it is kept for its month and then deleted.</summary>
/// <param name="Id">The leave's.</param>
/// <param name="FirstDay">First day off.</param>
/// <param name="LastDay">Last day off.</param>
/// <param name="Text">In the agent's words.</param>
/// <param name="KeptThrough">Last day on which it is kept, unless a legal hold covers the leave.</param>
public sealed record LeaveSlip(
    Guid Id, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, string Text, DateOnly KeptThrough)
{
    public static LeaveSlip Of(Leave leave, string text, LeavePolicy policy)
    {
        var monthEnd = new DateOnly(leave.LastDay.Year, leave.LastDay.Month, 1).AddMonths(1).AddDays(-1);
        return new(leave.Id, leave.ProjectId, leave.AgentId, leave.FirstDay, leave.LastDay, text, monthEnd.AddDays(policy.SlipDays));
    }
}

internal static class LeaveSlipEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapLeaveSlips() => routes.MapGet("/leaves/{id:guid}/slip", Get).WithTags("Leave")
            .Describe("The slip of a leave: what it is for, as long as it is kept");
    }

    private static async Task<Ok<LeaveSlip>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), LeaveEndpoints.Visible);
        return TypedResults.Ok(await session.LoadAsync<LeaveSlip>(id, cancellation) ?? throw new StreamNotFoundException(id));
    }
}

/// <summary>Deletes slips the day after the last on which they are kept; not what a legal hold covers.</summary>
internal sealed class LeaveSlips(IDocumentStore store, HeardRetention heard) : IRetained
{
    public static string Name => "LeaveSlips";

    public static TimeSpan Period => TimeSpan.FromDays(1);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(before.UtcDateTime);
        await using var session = store.LightweightSession();
        var due = await session.Query<LeaveSlip>().Where(slip => slip.KeptThrough < today).ToListAsync(cancellation);
        if (due.Count == 0)
            return 0;

        await heard.Ask(cancellation); // or this run fails, and says why
        var said = (await session.LoadManyAsync<RetentionV1>(cancellation, due.Select(slip => slip.ProjectId).Distinct().ToArray()))
            .ToDictionary(retention => retention.Id);
        var gone = due.Where(slip => said.GetValueOrDefault(slip.ProjectId)?.LegalHolds
            .Any(hold => hold.Covers(slip.FirstDay, slip.LastDay)) != true).ToList();
        foreach (var slip in gone)
            session.Delete(slip);
        await session.SaveChangesAsync(cancellation);
        return gone.Count;
    }
}
