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
public sealed record AgentDayView(Guid Id, long Version, Guid ProjectId, Guid AgentId, DateOnly Date, IReadOnlyList<AgentSegment> Segments);

internal static class AgentStateEndpoints
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapAgentStates()
        {
            routes.MapPost("/agent-states", Report).WithTags("Agent states")
                .Describe("Report that an agent's state changed: in any order, and as often as you like",
                    new AgentStateRequest(new Guid("0197a8c0-0000-7000-8000-000000000001"), "1042", AgentState.Break,
                        new DateTimeOffset(2026, 3, 2, 10, 30, 0, TimeSpan.Zero)), ["in-the-future"]);
            routes.MapGet("/agent-days/{id:guid}", Get).WithTags("Agent states")
                .Describe("What an agent did in one day, from first sign-in to last sign-off");
            routes.MapHistory("/agent-days/{id:guid}", Get).WithTags("Agent states");
        }
    }

    /// <param name="Agent">Staff number or employee id.</param>
    /// <param name="At">When the state began.</param>
    public sealed record AgentStateRequest(Guid ProjectId, [StringLength(100, MinimumLength = 1)] string Agent, AgentState State, DateTimeOffset At);

    private static async Task<Written> Report(
        AgentStateRequest request, Caller caller, Projects projects, GroupCommit<AgentDay> intake, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await projects.Get(request.ProjectId, cancellation);
        var change = Past(request, caller.Now) is var at ? project.StateChange(project.Agent(request.Agent), request.State, at) : null!;
        var id = AgentDay.IdOf(request.ProjectId, change.AgentId, change.Date);

        return new(await intake.Append(id, day => AgentDayDecider.Decide(change, day)), $"/agent-days/{id}");
    }

    private static DateTimeOffset Past(AgentStateRequest request, DateTimeOffset now) => request.At <= now + Ahead
        ? request.At : throw new InvalidException("/at", "in-the-future", "This has not happened yet.");

    private static async Task<Versioned<AgentDayView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (day, version) = (await session.Histories<AgentDay>([id], cancellation)).GetValueOrDefault(id);
        caller.MustSee(day, Visible);

        return new(new AgentDayView(id, version, day.ProjectId, day.AgentId, day.Date, day.Segments()), version);
    }

    private static readonly Visibility<AgentDay> Visible = new(
        (day, projects) => projects.Contains(day.ProjectId), own: (day, agent) => day.AgentId == agent);
}
