using System.ComponentModel.DataAnnotations;
using CallCenter.Calls.Intake;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.AgentStates;

/// <summary>What an agent did in one local day of the project.</summary>
/// <param name="Segments">One thing at a time: of several at once the busiest. What went on over midnight ends and begins there.</param>
/// <param name="ByChannel">The same by channel and queue, beside each other; null where the source names none.</param>
public sealed record AgentDayView(
    Guid Id, long Version, Guid ProjectId, Guid AgentId, DateOnly Date, IReadOnlyList<AgentSegment> Segments,
    IReadOnlyList<AgentSegment>? ByChannel = null);

internal static class AgentStateEndpoints
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapAgentStates()
        {
            routes.MapPost("/agent-states", Report).WithTag("Agent states", "What agents did when: ready, busy, on a break.")
                .Describe("Report that an agent's state changed: in any order, and as often as you like",
                    new AgentStateRequest(new Guid("0197a8c0-0000-7000-8000-000000000001"), "1042", AgentState.Break,
                        new DateTimeOffset(2026, 3, 2, 10, 30, 0, TimeSpan.Zero)), ["in-the-future"]);
            routes.MapGet("/agent-days/{id:guid}", Get).WithTags("Agent states")
                .Describe("What an agent did in one day, from first sign-in to last sign-off");
            routes.MapHistory("/agent-days/{id:guid}", Get).WithTags("Agent states");
        }
    }

    /// <param name="Agent">Staff number or employee id.</param>
    /// <param name="State">What the agent does from then on; <c>logout</c> ends their day.</param>
    /// <param name="At">When the state began; it lasts until the next one of the person, whatever day or project that is in.</param>
    /// <param name="Channel">Of which channel it speaks, when the agent works in several at once.</param>
    /// <param name="Queue">Of which of the project's queues it speaks, when the agent is in several.</param>
    /// <param name="Turn">Of several states of one moment the one with the highest counts: your switch may tell seconds only.</param>
    public sealed record AgentStateRequest(
        Guid ProjectId, [StringLength(100, MinimumLength = 1), Line] string Agent, AgentState State, DateTimeOffset At,
        [StringLength(30, MinimumLength = 1), Line] string? Channel = null,
        [StringLength(100, MinimumLength = 1), Line] string? Queue = null,
        [Range(0, 1000)] int Turn = 0);

    private static async Task<PlacedResult> Report(
        AgentStateRequest request, Caller caller, Projects projects, GroupCommit<AgentDay> intake, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await projects.Get(request.ProjectId, cancellation);
        var change = project.StateChange(
            project.Agent(request.Agent), request.State, Past(request, caller.Now), request.Channel, request.Queue) with
        {
            Turn = request.Turn,
        };
        var id = AgentDay.IdOf(request.ProjectId, change.AgentId, change.Date);

        return new(await intake.Append(id, day => AgentDayDecider.Decide(change, day), cancellation), $"/agent-days/{id}");
    }

    private static DateTimeOffset Past(AgentStateRequest request, DateTimeOffset now) => request.At <= now + Ahead
        ? request.At : throw new InvalidException("/at", "in-the-future", "This has not happened yet.");

    private static async Task<Versioned<AgentDayView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (stored, _) = (await session.Histories<AgentDay>([id], cancellation)).GetValueOrDefault(id);
        caller.MustSee(stored, Visible);
        var day = await session.Day(stored, cancellation);

        return new(new AgentDayView(id, day.Version, day.ProjectId, day.AgentId, day.Date, day.Segments, day.ByChannel), day.Version);
    }

    private static readonly Visibility<AgentDay> Visible = new(
        (day, projects) => projects.Contains(day.ProjectId), own: (day, agent) => day.AgentId == agent);
}
