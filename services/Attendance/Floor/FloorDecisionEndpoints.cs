using System.ComponentModel.DataAnnotations;
using CallCenter.Attendance.Projects;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Attendance.Floor.FloorDecider;

namespace CallCenter.Attendance.Floor;

internal static class FloorDecisionEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapFloorDecisions()
        {
            var decisions = routes.MapGroup("/floor/decisions")
                .WithTag("Floor decisions", "What was done about a day while it went on, by whom, why, and with what effect.");

            decisions.MapPost("/", Decide).TakesLong().Describe(
                "Put a decision on record; its effect is simulated by what is known now",
                new DecisionRequest(new("0199aaaa-0000-7000-8000-000000000001"), FloorMoveKind.CallIn,
                    new DateTimeOffset(2026, 3, 9, 14, 0, 0, TimeSpan.FromHours(8)),
                    new DateTimeOffset(2026, 3, 9, 18, 0, 0, TimeSpan.FromHours(8)), "Three are ill.", Queue: "billing"),
                ["unknown-project", "unknown-agent", "queue-unknown", "move-reversed", "move-agent", "move-queue", "move-break"]);
            decisions.MapGet("/", List).Describe("The decisions of a project");
            decisions.MapGet("/{id:guid}", Get).Describe("One decision");
            decisions.MapHistory("/{id:guid}", Get);
        }
    }

    /// <param name="Kind">What is done.</param>
    /// <param name="From">Of the break as it is rostered, or of the time that is worked more, or from when on.</param>
    /// <param name="To">Likewise until when.</param>
    /// <param name="AgentId">Whose shift changes; left out where somebody is called in.</param>
    /// <param name="Queue">Of somebody called in, or that is taken alone; left out otherwise.</param>
    /// <param name="NewFrom">When the break begins instead; left out otherwise.</param>
    public sealed record DecisionRequest(
        Guid ProjectId, FloorMoveKind Kind, DateTimeOffset From, DateTimeOffset To,
        [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason, Guid? AgentId = null, string? Queue = null,
        DateTimeOffset? NewFrom = null)
    {
        internal FloorMove ToMove() => new(Kind, AgentId, Queue, From, To, NewFrom);
    }

    private static readonly Visibility<FloorDecision> Visible = new((decision, projects) => decision.ProjectId.IsOneOf(projects));

    private static async Task<WriteResult> Decide(
        DecisionRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.RequireProject("/projectId", request.ProjectId, cancellation);
        if (request.AgentId is { } agent)
            await session.RequireAgent("/agentId", $"{agent}", request.ProjectId, cancellation);
        if (request.Queue is { } asked && project.Queues.All(queue => queue.Queue != asked))
            throw new InvalidException("/queue", "queue-unknown", $"The project has no queue '{asked}'.");

        var move = request.ToMove();
        Check(move);
        var known = await session.LoadAsync<FloorDecision>(id.Value, cancellation);
        var effect = known is null ? await session.EffectOf(project, move, caller.Now, cancellation) : known.Effect;
        var command = new DecideFloor(id.Value, project.Id, move, request.Reason, effect, caller.Id, caller.Now);

        return new(await session.Start<FloorDecision>(id.Value, state => FloorDecider.Decide(command, state), cancellation),
            $"/floor/decisions/{id.Value}");
    }

    private static async Task<Page<FloorDecision>> List(
        Guid projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        await session.Query<FloorDecision>().VisibleTo(caller, Visible, projectId).ToPage(page, d => d.Id, cancellation);

    private static async Task<Versioned<FloorDecision>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var decision = caller.MustSee(await session.LoadAsync<FloorDecision>(id, cancellation), Visible);

        return new(decision, decision.Version);
    }
}
