using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Sampling.SamplingPlanDecider;

namespace CallCenter.Quality.Sampling;

internal static class SamplingPlanEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapSamplingPlans()
        {
            var plans = routes.MapGroup("/sampling-plans")
                .WithTag("Sampling plans", "Which calls of a week are drawn for evaluation, and why these.");

            plans.MapPost("/", Make).Describe(
                "Make a plan: so many calls of each agent and week, drawn at random",
                new MakeRequest(FormExample.ProjectId, Example, "spring"),
                ["malformed-queues", "duplicate-inspector", Staff.UnknownInspector, Staff.InspectorLeft, "queues-unknown", "form-retired"]);
            plans.MapPut("/{id:guid}/rules", Change).Describe(
                "Change the rules for weeks not drawn yet", new ChangeRequest(Example),
                ["plan-ended", "malformed-queues", "duplicate-inspector", Staff.UnknownInspector, Staff.InspectorLeft, "queues-unknown", "form-retired"]);
            plans.MapPost("/{id:guid}/ending", End).Describe("Draw no more");
            plans.MapGet("/", List).Describe("The plans of the caller's projects");
            plans.MapGet("/{id:guid}", Get).Describe("A plan");
            plans.MapHistory("/{id:guid}", Get);
        }
    }

    /// <param name="Rules">What is drawn.</param>
    /// <param name="Seed">What the sample keys are mixed with; one is made up when it is left out. It never changes.</param>
    public sealed record MakeRequest(Guid ProjectId, SamplingRules Rules,
        [RegularExpression("[A-Za-z0-9._-]{1,64}"), VisibleText] string? Seed = null);

    /// <param name="Rules">What is drawn from now on.</param>
    public sealed record ChangeRequest(SamplingRules Rules);

    /// <param name="Seed">What sample keys are mixed with; it never changes.</param>
    /// <param name="PlanVersion">Raised with each change of the rules; part of every sample key.</param>
    /// <param name="Rules">What is drawn.</param>
    /// <param name="Ended">Whether nothing more is drawn by it.</param>
    /// <param name="Waits">Why it draws nothing now, though it has not ended; null where nothing is in its way.</param>
    public sealed record PlanView(
        Guid Id, long Version, Guid ProjectId, string Seed, int PlanVersion, SamplingRules Rules, bool Ended, DateTimeOffset MadeAt,
        PlanWait? Waits)
    {
        internal static PlanView Of(SamplingPlan plan, PlanWait? waits) =>
            new(plan.Id, plan.Version, plan.ProjectId, plan.Seed, plan.PlanVersion, plan.Rules, plan.Ended, plan.MadeAt, waits);
    }

    private static readonly SamplingRules Example = new(
        "Three calls a week", FormExample.FormId, CallsPerAgent: 3, Queues: ["billing"], CallDirection.Inbound,
        MinTalkSeconds: 30, RecordingRequired: true, Inspectors: []);

    /// <summary>Their project's.</summary>
    public static readonly Visibility<SamplingPlan> Visible = new((plan, projects) => plan.ProjectId.IsOneOf(projects));

    private static async Task<WriteResult> Make(
        MakeRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        request.Rules.Check();
        await request.Rules.Named.MustBeThere(null, request.ProjectId, caller, session, cancellation);
        var seed = request.Seed ?? id.Value.ToString("N");
        var command = new MakeSamplingPlan(id.Value, request.ProjectId, seed, request.Rules, caller.Id, caller.Now);

        return new(await session.Start<SamplingPlan>(id.Value, state => Decide(command, state), cancellation),
            $"/sampling-plans/{id.Value}");
    }

    private static async Task<WriteResult> Change(
        Guid id, ChangeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var plan = caller.MustSee(await session.LoadAsync<SamplingPlan>(id, cancellation), Visible);
        request.Rules.Check();
        await request.Rules.Named.MustBeThere(plan.Rules.Named, plan.ProjectId, caller, session, cancellation);
        var command = new ChangeSamplingPlan(request.Rules, caller.Id, caller.Now);

        return new(await session.Decide<SamplingPlan>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> End(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new EndSamplingPlan(caller.Id, caller.Now);

        return new(await session.Decide<SamplingPlan>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<Page<PlanView>> List(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await session.Query<SamplingPlan>().VisibleTo(caller, Visible, projectId).ToPage(page, plan => plan.Id, cancellation);

        var waits = await session.WaitsOf(found.Items, caller.Now, cancellation);
        return new([.. found.Items.Select(plan => PlanView.Of(plan, waits.GetValueOrDefault(plan.Id)))], found.Next);
    }

    private static async Task<Versioned<PlanView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var plan = caller.MustSee(await session.LoadAsync<SamplingPlan>(id, cancellation), Visible);

        var waits = await session.WaitsOf([plan], caller.Now, cancellation);
        return new(PlanView.Of(plan, waits.GetValueOrDefault(plan.Id)), plan.Version, complete: false);
    }
}
