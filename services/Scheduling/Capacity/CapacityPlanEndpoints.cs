using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Capacity.CapacityPlanDecider;

namespace CallCenter.Scheduling.Capacity;

/// <param name="Assumptions">What the plan takes to be so.</param>
/// <param name="Reason">Why.</param>
public sealed record CapacityPlanRequest(
    Guid ProjectId, [Required] CapacityAssumptions Assumptions,
    [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

/// <param name="Assumptions">What the plan takes to be so, all of it.</param>
/// <param name="Reason">Why it is changed.</param>
public sealed record CapacityPlanChange(
    [Required] CapacityAssumptions Assumptions, [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

/// <param name="Assumptions">What the plan takes to be so.</param>
/// <param name="Reason">Why it was stated so.</param>
/// <param name="At">When it was stated last.</param>
/// <param name="Lines">What it comes to, month by month.</param>
public sealed record CapacityPlanView(
    Guid Id, long Version, Guid ProjectId, CapacityAssumptions Assumptions, string Reason, DateTimeOffset At,
    IReadOnlyList<CapacityLine> Lines);

internal static class CapacityPlanEndpoints
{
    private static readonly CapacityAssumptions Example = new("Spring", 42,
        [new(new(2026, 3, 1), Calls: 52_000, HandleSeconds: 240, Hires: 4), new(new(2026, 4, 1), AgentHours: 4_300)], Attrition: 0.02);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCapacityPlans()
        {
            var plans = routes.MapGroup("/capacity-plans").WithTag("Capacity",
                "Agents over months: the work there is, who comes and goes, and how many are missing.");

            plans.MapPost("/", State).Describe("State what a capacity plan takes to be so",
                new CapacityPlanRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), Example, "For the budget"),
                ["project-unknown", "month-out-of-order", "work-unclear", "plan-exists"]);
            plans.MapGet("/", List).Describe("The capacity plans of a project");
            plans.MapGet("/{id:guid}", Get).Describe("A capacity plan: agents required, available and missing by month");
            plans.MapHistory("/{id:guid}", Get);
            plans.MapPut("/{id:guid}", Change).Describe("Take other things to be so, with the reason; what it was stays in its history",
                new CapacityPlanChange(Example with { Shrinkage = 0.32 }, "Sick leave of the last quarter"),
                ["month-out-of-order", "work-unclear"]);
        }
    }

    private static async Task<WriteResult> State(
        CapacityPlanRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.Project(request.ProjectId, cancellation);
        var command = new StateCapacityPlan(id.Value, request.ProjectId, request.Assumptions, request.Reason, caller.Id, caller.Now);

        return new(await session.Start<CapacityPlan>(id.Value, state => Decide(command, state, first: true), cancellation),
            $"/capacity-plans/{id.Value}");
    }

    private static async Task<Page<CapacityPlan>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return await session.Query<CapacityPlan>().Where(p => p.ProjectId == projectId).ToPage(page, p => p.Id, cancellation);
    }

    private static async Task<Versioned<CapacityPlanView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var plan = await session.LoadAsync<CapacityPlan>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(plan.ProjectId);

        return new(new CapacityPlanView(
            plan.Id, plan.Version, plan.ProjectId, plan.Assumptions, plan.Reason, plan.At, Lines(plan.Assumptions)), plan.Version);
    }

    private static async Task<WriteResult> Change(
        Guid id, CapacityPlanChange request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        new(await session.Decide<CapacityPlan>(id, expected.Value, plan =>
        {
            caller.MustSee(plan.ProjectId);
            var command = new StateCapacityPlan(id, plan.ProjectId, request.Assumptions, request.Reason, caller.Id, caller.Now);
            return Decide(command, plan, first: false);
        }, cancellation));
}
