using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning.Staffing;
using CallCenter.Planning;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Projects;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Requirements.RequirementDecider;

namespace CallCenter.Scheduling.Requirements;

/// <summary>How many agents somebody wants to be there, without a forecast: what a contract asks for, or an experience.</summary>
/// <param name="From">First local day.</param>
/// <param name="Days">How many local days.</param>
/// <param name="Reason">Where the numbers come from.</param>
/// <param name="Queues">Queue by queue; a queue left out needs nobody.</param>
public sealed record RequirementByHandRequest(
    Guid ProjectId, DateOnly From, [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason,
    [MinLength(1), MaxLength(100)] IReadOnlyList<StaffByHand> Queues, [Range(1, 92)] int Days = 7);

/// <param name="Agents">Where several hold for a quarter hour, the last does; where none does, nobody is needed.</param>
/// <param name="Shrinkage">Unplanned absence only; default 0.</param>
public sealed record StaffByHand(
    [Required, VisibleText, Line] string Queue, [MinLength(1), MaxLength(200)] IReadOnlyList<AgentsByHand> Agents, double Shrinkage = 0);

/// <param name="Agents">Who must be there.</param>
/// <param name="On">Weekdays; every day when left out.</param>
/// <param name="From">By the wall clock, on a quarter hour; the first of the day when left out.</param>
/// <param name="To">Where it ends; the end of the day when left out, or 00:00.</param>
public sealed record AgentsByHand(
    [Range(0, 10_000)] int Agents, IReadOnlyList<DayOfWeek>? On = null, TimeOnly? From = null, TimeOnly? To = null)
{
    internal WeekSpan Span => new(On, From, To);
}

internal static class RequirementByHand
{
    /// <param name="goals">What the queue is answered by; that so many agents reach it nobody has computed.</param>
    public static StaffedQueue Of(StaffByHand stated, QueueGoals goals, DateOnly from, int days, LocalCalendar calendar)
    {
        return new(stated.Queue, goals, [.. Enumerable.Range(0, days).Select(from.AddDays).Select(Day)]);

        StaffedDay Day(DateOnly date)
        {
            var agents = WeekSpan.Over(stated.Agents, a => a.Span, date, calendar).Select(a => a?.Agents ?? 0).ToList();
            return new(date, [.. agents], [.. agents.Select(a => AgentsNeeded.Scheduled(a, goals.Shrinkage))]);
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        public void MapRequirementsByHand() => routes.MapGroup("/requirements").WithTags("Requirements").MapPost("/by-hand", State).Describe(
            "State the agents that are needed where there is no forecast",
            new RequirementByHandRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), new(2026, 3, 9), "What the contract asks for",
                [new("billing", [new(5, [DayOfWeek.Monday], new(9, 0), new(17, 0))], Shrinkage: 0.1)]),
            ["project-unknown", "queue-unknown", "queue-twice", "not-a-quarter", "span-reversed", "shrinkage-out-of-range",
             "requirement-exists"]);
    }

    private static async Task<WriteResult> State(
        RequirementByHandRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.Project(request.ProjectId, cancellation);
        var queues = new List<StaffedQueue>();
        foreach (var (i, stated) in request.Queues.Index())
        {
            var queue = project.Queue($"/queues/{i}/queue", stated.Queue);
            if (queues.Exists(q => q.Queue == stated.Queue))
                throw new InvalidException($"/queues/{i}/queue", "queue-twice", $"The agents of the queue '{stated.Queue}' are stated already.");
            foreach (var (s, agents) in stated.Agents.Index())
                agents.Span.Check($"/queues/{i}/agents/{s}");
            if (!(stated.Shrinkage is >= 0 and <= 0.9))
                throw new InvalidException($"/queues/{i}/shrinkage", "shrinkage-out-of-range", "Unplanned absence is 0 to 0.9.");

            var goals = StaffingGoalsOf.Complete(new(stated.Queue, Shrinkage: stated.Shrinkage, Minimum: 0), queue, project, request.From);
            try
            {
                queues.Add(Of(stated, goals, request.From, request.Days, project.Calendar));
            }
            catch (PlanningException e)
            {
                throw new InvalidException($"/queues/{i}", e.Code, $"Queue '{stated.Queue}': {e.Message}");
            }
        }

        var command = new MakeRequirement(id.Value, project.Id, Guid.Empty, project.Zone, request.From, request.Days, [.. queues],
            caller.Id, caller.Now, request.Reason);

        return new(await session.Start<StaffingRequirement>(id.Value, state => Decide(command, state), cancellation),
            $"/requirements/{id.Value}");
    }
}
