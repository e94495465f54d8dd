using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Sampling.SamplingDesignDecider;

namespace CallCenter.Quality.Sampling;

internal static class SamplingDesignEndpoints
{
    private static readonly string[] RulesProblems =
    [
        "malformed-queues", "duplicate-inspector", "duplicate-group", "shares-not-whole", "duplicate-risk", "risk-does-not-fit", "one-size",
        Staff.UnknownInspector, Staff.InspectorLeft, "queues-unknown", "form-retired",
    ];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapSamplingDesigns()
        {
            var designs = routes.MapGroup("/sampling-designs").WithTag("Sampling designs",
                "Draws by richer rules than a sampling plan's: percentages, teams, months, groups, spread over days, and parts among contacts at risk.");

            designs.MapPost("/", Make).Describe(
                "Make a design: a random part, and parts among contacts at risk beside it",
                new DesignRequest(FormExample.ProjectId, Example, "spring"), RulesProblems);
            designs.MapPut("/{id:guid}/rules", Change).Describe(
                "Change the rules for periods not drawn yet", new DesignChangeRequest(Example), [.. RulesProblems, "plan-ended", "period-fixed"]);
            designs.MapPost("/{id:guid}/ending", End).Describe("Draw no more");
            designs.MapGet("/", List).Describe("The designs of the caller's projects");
            designs.MapGet("/{id:guid}", Get).Describe("A design");
            designs.MapHistory("/{id:guid}", Get);
        }
    }

    /// <param name="Rules">What is drawn.</param>
    /// <param name="Seed">What the sample keys are mixed with; one is made up when it is left out. It never changes.</param>
    public sealed record DesignRequest(Guid ProjectId, DesignRules Rules,
        [RegularExpression("[A-Za-z0-9._-]{1,64}"), VisibleText] string? Seed = null);

    /// <param name="Rules">What is drawn from now on.</param>
    public sealed record DesignChangeRequest(DesignRules Rules);

    /// <param name="Seed">What sample keys are mixed with; it never changes.</param>
    /// <param name="DesignVersion">Raised with each change of the rules; part of every sample key.</param>
    /// <param name="Rules">What is drawn.</param>
    /// <param name="Ended">Whether nothing more is drawn by it.</param>
    /// <param name="Waits">Why it draws nothing now, though it has not ended; null where nothing is in its way.</param>
    /// <param name="NotFed">Risks of its rules that no service tells of yet: their parts draw nothing.</param>
    public sealed record DesignView(
        Guid Id, long Version, Guid ProjectId, string Seed, int DesignVersion, DesignRules Rules, bool Ended, DateTimeOffset MadeAt,
        PlanWait? Waits, IReadOnlyList<RiskKind> NotFed)
    {
        internal static DesignView Of(SamplingDesign design, PlanWait? waits) => new(
            design.Id, design.Version, design.ProjectId, design.Seed, design.DesignVersion, design.Rules, design.Ended, design.MadeAt,
            waits, [.. design.Rules.RiskParts().Select(risk => risk.Kind).Where(kind => !RiskPart.IsFed(kind))]);
    }

    private static readonly DesignRules Example = new(
        "Three of each agent, both ways, and who waited long", FormExample.FormId, new(Number: 3), SamplingUnit.Agent, SamplingPeriod.Week,
        Spread: true, Groups: [new(ContactChannel.Voice, CallDirection.Inbound), new(ContactChannel.Voice, CallDirection.Outbound)],
        MinTalkSeconds: 30, Risks: [new(RiskKind.LongHold, new(Number: 1), Seconds: 120)], Inspectors: []);

    /// <summary>Their project's.</summary>
    public static readonly Visibility<SamplingDesign> Visible = new((design, projects) => design.ProjectId.IsOneOf(projects));

    private static async Task<WriteResult> Make(
        DesignRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        request.Rules.Check();
        await request.Rules.Named.MustBeThere(null, request.ProjectId, caller, session, cancellation);
        var seed = request.Seed ?? id.Value.ToString("N");
        var command = new MakeSamplingDesign(id.Value, request.ProjectId, seed, request.Rules, caller.Id, caller.Now);

        return new(await session.Start<SamplingDesign>(id.Value, state => Decide(command, state), cancellation),
            $"/sampling-designs/{id.Value}");
    }

    private static async Task<WriteResult> Change(
        Guid id, DesignChangeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var design = caller.MustSee(await session.LoadAsync<SamplingDesign>(id, cancellation), Visible);
        request.Rules.Check();
        await request.Rules.Named.MustBeThere(design.Rules.Named, design.ProjectId, caller, session, cancellation);
        var command = new ChangeSamplingDesign(request.Rules, caller.Id, caller.Now);

        return new(await session.Decide<SamplingDesign>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> End(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new EndSamplingDesign(caller.Id, caller.Now);

        return new(await session.Decide<SamplingDesign>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<Page<DesignView>> List(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await session.Query<SamplingDesign>().VisibleTo(caller, Visible, projectId)
            .ToPage(page, design => design.Id, cancellation);

        var waits = await session.WaitsOf(found.Items, caller.Now, cancellation);
        return new([.. found.Items.Select(design => DesignView.Of(design, waits.GetValueOrDefault(design.Id)))], found.Next);
    }

    private static async Task<Versioned<DesignView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var design = caller.MustSee(await session.LoadAsync<SamplingDesign>(id, cancellation), Visible);

        var waits = await session.WaitsOf([design], caller.Now, cancellation);
        return new(DesignView.Of(design, waits.GetValueOrDefault(design.Id)), design.Version, complete: false);
    }
}
