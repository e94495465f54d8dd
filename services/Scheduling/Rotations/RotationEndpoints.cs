using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning;
using CallCenter.Planning.Rostering;
using CallCenter.Planning.Rotations;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Rotations.RotationDecider;

namespace CallCenter.Scheduling.Rotations;

/// <param name="Shifts">The shifts, and how many groups work them on each weekday.</param>
/// <param name="Rules">What it keeps.</param>
/// <param name="Groups">Groups, and weeks until each is where it began; the fewest that there is a rotation for when left out.</param>
/// <param name="FreeWeekends">Whether to look for as many weekends off as there is time for.</param>
/// <param name="Seconds">How long to look at most.</param>
public sealed record RotationRequest(
    Guid ProjectId, [Required, VisibleText, MaxLength(100)] string Name,
    [MinLength(1), MaxLength(8)] IReadOnlyList<RotationShift> Shifts, RotationRules Rules, [Range(1, 200)] int? Groups = null,
    bool FreeWeekends = false, [Range(1, 20)] int Seconds = 10);

internal static class RotationEndpoints
{
    private static readonly RotationRequest Example = new(
        Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "Early and late",
        [
            new("E", [3, 3, 3, 3, 3, 2, 2], new(2, 5)), new("L", [2, 2, 2, 2, 2, 2, 2], new(2, 5)),
        ], new(new(4, 6), new(2, 3), [new("L", "E")]), FreeWeekends: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapRotations()
        {
            var rotations = routes.MapGroup("/rotations").WithTag("Rotations",
                "Rosters that go round: groups that work the same weeks one after another, found or proved impossible.");

            rotations.MapPost("/", Make).Describe(
                "Make a rotation, or be told that there is none and which rules are in the way", Example,
                ["project-unknown", "shift-unknown", "code-twice", "least-above-most", "need-out-of-range", "nothing-needed",
                    "rotation-impossible", "rotation-undecided", "rotation-too-wide", "rotation-exists"]).TakesLong();
            rotations.MapGet("/", List).Describe("List the rotations of a project");
            rotations.MapGet("/{id:guid}", Get).Describe("Read a rotation: the weeks, and what they keep");
            rotations.MapHistory("/{id:guid}", Get);
        }
    }

    private static async Task<WriteResult> Make(
        RotationRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.Project(request.ProjectId, cancellation);
        MustBeShifts(request.Shifts, await session.RulesOf(project, cancellation));
        var problem = Problem(request.Shifts, request.Rules, request.Groups ?? 0);
        var found = await Task.Run(() => Solve(problem, request), cancellation);
        var command = new MakeRotation(id.Value, project.Id, request.Name, [.. request.Shifts], request.Rules, found.Days!,
            request.FreeWeekends ? found.MostFreeWeekends : null, caller.Id, caller.Now);

        return new(await session.Start<Rotation>(id.Value, state => Decide(command, state), cancellation), $"/rotations/{id.Value}");
    }

    private static RotationResult Solve(RotationProblem problem, RotationRequest request)
    {
        var limit = TimeSpan.FromSeconds(request.Seconds);
        try
        {
            if (request.Groups is null)
            {
                var (fewest, rotation) = RotationConflicts.Fewest(problem, limit);
                if (fewest is not { } groups)
                    throw rotation.Answer is RotationAnswer.Impossible
                        ? new RefusedException("rotation-impossible", WhyOfAny(problem, request))
                        : Undecided(request);
                if (!request.FreeWeekends)
                    return rotation;
                var better = RotationSearch.Solve(problem with { Groups = groups }, freeWeekends: true, limit);
                return better.Answer is RotationAnswer.Found ? better : rotation with { MostFreeWeekends = groups };
            }

            var found = RotationSearch.Solve(problem, request.FreeWeekends, limit);
            return found.Answer switch
            {
                RotationAnswer.Found => found,
                RotationAnswer.Undecided => throw Undecided(request),
                _ => throw new RefusedException("rotation-impossible", Why(RotationConflicts.Explain(problem, limit), problem, request)),
            };
        }
        catch (PlanningException e)
        {
            throw new InvalidException("/shifts", e.Code, e.Message);
        }
    }

    private static RefusedException Undecided(RotationRequest request) =>
        new("rotation-undecided", $"Whether there is a rotation was not decided in {request.Seconds} s.");

    // For the fewest groups that the need leaves possible: with fewer there are more rules in the way.
    private static string WhyOfAny(RotationProblem problem, RotationRequest request)
    {
        var least = problem with { Groups = RotationNeed.Of(problem).LeastGroups };
        return "No number of groups up to 200 has a rotation that keeps these rules. "
            + Why(RotationConflicts.Explain(least, TimeSpan.FromSeconds(request.Seconds)), least, request);
    }

    private static string Why(RotationConflict conflict, RotationProblem problem, RotationRequest request)
    {
        var need = RotationNeed.Of(problem);
        var byNeed = conflict.Rules.IsEmpty && problem.Groups < need.LeastGroups;
        return $"No rotation of {problem.Groups} groups keeps these rules for this need"
            + (byNeed ? $": {need.Says}"
                : conflict.Rules.IsEmpty ? $". Which rules are in the way was not found in {request.Seconds} s."
                : $": {string.Join(", ", conflict.Rules)} are in the way.")
            + (byNeed && conflict.FewestGroups is { } enough ? $" Least change: groups from {problem.Groups} to {enough}." : "")
            + (conflict.Cheapest.IsEmpty ? "" : $" Least change: {string.Join(" and ", conflict.Cheapest.Select(Change))}.")
            + (conflict.FewestGroups is { } groups ? $" Under the same rules {groups} groups are the fewest for which there is one." : "");

        static string Change(Relaxation change) => change.Rule + (change.Shifts.Length == 0 ? "" : $" ({change.Shifts})")
            + (change.To is { } to ? $" from {change.From} to {to}" : " dropped");
    }

    /// <summary>Every shift is one of the project's on each weekday on which somebody works it.</summary>
    private static void MustBeShifts(IReadOnlyList<RotationShift> shifts, ShiftRuleBook book)
    {
        // Any week does: templates know weekdays, and no dates.
        var monday = new DateOnly(2026, 1, 5);
        foreach (var (i, shift) in shifts.Index())
            for (var day = 0; day < Math.Min(shift.Needed.Count, RotationProblem.Week); day++)
                if (shift.Needed[day] > 0 && !TemplateRules.ShiftsOn(monday.AddDays(day), book).Contains(shift.Shift))
                    throw new InvalidException($"/shifts/{i}/shift", "shift-unknown",
                        $"The project has no shift '{shift.Shift}' on {monday.AddDays(day).DayOfWeek}s. There are: "
                            + $"{string.Join(", ", TemplateRules.ShiftsOn(monday.AddDays(day), book))}.");
    }

    private static async Task<Page<Rotation>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return await session.Query<Rotation>().Where(r => r.ProjectId == projectId).ToPage(page, r => r.Id, cancellation);
    }

    private static async Task<Versioned<Rotation>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var rotation = await session.LoadAsync<Rotation>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(rotation.ProjectId);
        return new(rotation, rotation.Version);
    }
}
