using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Trainings;

/// <param name="AgentIds">Who is to be trained.</param>
/// <param name="Minutes">How long, 15 to 720.</param>
/// <param name="From">First local day that is looked at.</param>
/// <param name="To">The last of them; 31 days at most.</param>
public sealed record SlotRequest(
    Guid ProjectId, [MinLength(1), MaxLength(50)] IReadOnlyList<Guid> AgentIds, [Range(15, 720)] int Minutes, DateOnly From, DateOnly To);

internal static class SlotEndpoints
{
    private const int LongestRange = 31;
    private static readonly Guid Example = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    extension(IEndpointRouteBuilder routes)
    {
        public void MapTrainingSlots() => routes.MapPost("/training-slots", Find)
            .WithTag("Training slots", "When people can be trained with the least harm to the published roster.")
            .Describe("Times at which people can be trained in their published shifts: who cannot, by which rule, and the service level of the "
                + "day before and after; the least harmful first. Nothing is changed by it",
                new SlotRequest(Example, [Example], 90, new(2026, 3, 9), new(2026, 3, 15)), ["days-reversed", "range-too-long", "project-unknown", "agent-unknown"]);
    }

    private static async Task<Ok<IReadOnlyList<TrainingSlot>>> Find(
        SlotRequest request, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        if (request.To < request.From)
            throw new InvalidException("/to", "days-reversed", "The last day comes before the first.");
        if (request.To.DayNumber - request.From.DayNumber >= LongestRange)
            throw new InvalidException("/to", "range-too-long", $"A range has at most {LongestRange} days.");
        await session.Project(request.ProjectId, cancellation);
        var ids = request.AgentIds.ToArray();
        var known = (await session.Query<EmployeeV1>().Where(e => e.Id.IsOneOf(ids) && e.ProjectIds.Contains(request.ProjectId))
            .Select(e => e.Id).ToListAsync(cancellation)).ToHashSet();
        if (request.AgentIds.Index().Where(agent => !known.Contains(agent.Item)).ToList() is { Count: > 0 } unknown)
            throw new InvalidException(unknown.Select(agent =>
                new Error($"/agentIds/{agent.Index}", "agent-unknown", "Nobody of the project has this id.")).ToList());

        return TypedResults.Ok(await session.TrainingSlots(
            new(request.ProjectId, [.. request.AgentIds.Distinct()], request.Minutes, request.From, request.To, []), caller.Now,
                cancellation));
    }
}
