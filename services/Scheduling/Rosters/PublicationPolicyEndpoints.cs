using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Wishes;
using CallCenter.Web;
using Marten;
using Quartz;
using static CallCenter.Scheduling.Rosters.PublicationPolicyDecider;

namespace CallCenter.Scheduling.Rosters;

/// <summary>When rosters are published from a day on: it replaces what was entered from that day.</summary>
/// <param name="From">The first local day on which it holds: of rosters that begin then or later.</param>
/// <param name="Policy">What holds.</param>
public sealed record PublicationPolicyRequest(DateOnly From, PublicationPolicy Policy);

internal static class PublicationPolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPublicationPolicies()
        {
            var policies = routes.MapGroup("/publication-policies").WithTag("Publication policies",
                "How long before their first day rosters of a project are published, from which day on.");

            policies.MapGet("/{projectId:guid}", Get).Describe("When rosters are published; version 0 is whenever");
            policies.MapHistory("/{id:guid}", Get, PublicationPolicies.IdOf);
            policies.MapPut("/{projectId:guid}", Set).Describe("Say when rosters are published from a day on, past or to come",
                new PublicationPolicyRequest(new(2026, 3, 1), new(DaysBefore: 14)), ["project-unknown"]);
            policies.MapDelete("/{projectId:guid}/days/{from}", TakeBack).Describe(
                "Take back what was entered from a day on; what held before goes on");
        }
    }

    private static async Task<Versioned<PublicationPolicies>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var policies = await session.LoadAsync<PublicationPolicies>(PublicationPolicies.IdOf(projectId), cancellation)
            ?? new PublicationPolicies { Id = PublicationPolicies.IdOf(projectId), ProjectId = projectId };

        return new(policies, policies.Version);
    }

    private static async Task<WriteResult> Set(
        Guid projectId, PublicationPolicyRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.Project(projectId, cancellation);
        var command = new SetPublicationPolicy(projectId, request.From, request.Policy, caller.Id, caller.Now);

        return new(await session.StartOrDecide<PublicationPolicies>(
            PublicationPolicies.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> TakeBack(
        Guid projectId, DateOnly from, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return new(await session.Decide<PublicationPolicies>(PublicationPolicies.IdOf(projectId), expected.Value,
            state => Decide(new TakeBackPublicationPolicy(from, caller.Id, caller.Now), state), cancellation));
    }
}

/// <summary>
/// Tells schedulers of planning periods that are to be published soon and are not, and managers of those that were to be, once each.
/// </summary>
internal sealed class PublicationReminders(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "publication-reminders";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var projects = await query.Query<PublicationPolicies>().ToListAsync(cancellationToken);
        await fence.Each(Name, projects, book => $"{book.ProjectId}",
            (book, stopping) => Remind(book, clock.GetUtcNow(), stopping), cancellationToken);
    }

    internal async Task Remind(PublicationPolicies book, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var today = (await session.Project(book.ProjectId, cancellation)).Calendar.DayOf(now);
        var yesterday = today.AddDays(-1); // where a roster may be published on its first day, the deadline is missed on the second
        var periods = await session.Query<PlanningPeriod>()
            .Where(period => period.ProjectId == book.ProjectId && !period.Cancelled && period.From >= yesterday).ToListAsync(cancellation);

        foreach (var period in periods.Where(period => book.On(period.From) is { } policy
            && today >= policy.Deadline(period.From).AddDays(-policy.RemindDays)))
            if (!await session.Query<PublishedDay>()
                .AnyAsync(day => day.ProjectId == book.ProjectId && day.Date == period.From, cancellation))
            {
                await session.RemindSchedulers(
                    book.ProjectId, NoticeKind.PublicationDue, $"/planning-periods/{period.Id}", period.From, now, cancellation);
                if (today > book.On(period.From)!.Deadline(period.From))
                    await session.RemindManagers(
                        book.ProjectId, NoticeKind.PublicationMissed, $"/planning-periods/{period.Id}", period.From, now, cancellation);
            }
        await session.SaveChangesAsync(cancellation);
    }
}
