using CallCenter.Attendance.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Attendance.Floor;

internal static class FloorEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapFloor()
        {
            var floor = routes.MapGroup("/floor").WithTag("Floor",
                "How a project stands now: who is there, who waits, and how the day goes.");

            floor.MapGet("/", Get).Describe("The floor of a project now", problems: ["unknown-project"]);
            floor.MapGet("/stream", Follow).TakesLong().Describe(
                "The floor and every change of it, as server-sent events; it ends after some minutes, ask again then",
                problems: ["unknown-project"]);
        }
    }

    private static async Task<Ok<FloorView>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);
        var agents = await session.AgentsNow(project, null, caller.Now, cancellation);

        return TypedResults.Ok(new FloorView(projectId, caller.Now, await session.HeardAt(projectId, caller.Now, cancellation), agents,
            await session.QueuesNow(project, agents, caller.Now, cancellation)));
    }

    private static async Task<EventStream<FloorChange>> Follow(
        Guid projectId, Caller caller, IQuerySession session, FloorFeeds feeds, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);

        return new(feeds.Follow(project, cancellation));
    }
}
