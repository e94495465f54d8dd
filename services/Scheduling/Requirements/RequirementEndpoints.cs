using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Planning.Staffing;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Projects;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Requirements.RequirementDecider;

namespace CallCenter.Scheduling.Requirements;

/// <param name="Goals">Per queue; a queue left out, or a member left out, has its default.</param>
public sealed record RequirementRequest(Guid ForecastId, [MaxLength(100)] IReadOnlyList<GoalsRequest>? Goals = null);

/// <param name="ServiceLevel">Default: the project's target for service-level on the first day, else 0.8.</param>
/// <param name="WithinSeconds">Default: the queue's own answer time.</param>
/// <param name="Definition">How the service level is counted.</param>
/// <param name="MaxAverageSpeedOfAnswer">Seconds; no such goal when left out.</param>
/// <param name="MaxOccupancy">Default 0.9.</param>
/// <param name="MaxAbandonment">Share, 0 to 1; no such goal when left out.</param>
/// <param name="PatienceSeconds">Mean patience of callers; when left out nobody is taken to hang up.</param>
/// <param name="Shrinkage">Unplanned absence only; default 0.</param>
/// <param name="Minimum">Agents whenever the project is open.</param>
/// <param name="Pool">Queues of one name are staffed as one, with the same goals, for the same agents take them all; each is given its share
/// by its load.</param>
public sealed record GoalsRequest(
    string Queue, double? ServiceLevel = null, double? WithinSeconds = null,
    ServiceLevelDefinition Definition = ServiceLevelDefinition.AnsweredOfOffered, double? MaxAverageSpeedOfAnswer = null,
    double? MaxOccupancy = null, double? MaxAbandonment = null, double? PatienceSeconds = null, double Shrinkage = 0,
    [Range(0, 1000)] int Minimum = 1, [StringLength(100, MinimumLength = 1), Line] string? Pool = null);

/// <param name="ForecastId">Null where it was stated by hand; the history says by whom and why.</param>
/// <param name="Queues">Queue by queue.</param>
public sealed record RequirementView(
    Guid Id, Guid ProjectId, Guid? ForecastId, string Zone, DateOnly From, int Days, DateTimeOffset At,
    IReadOnlyList<QueueRequirementView> Queues);

/// <param name="Goals">What the queue is staffed for.</param>
/// <param name="Hours">Agent hours to schedule in all.</param>
/// <param name="Days">Day by day.</param>
public sealed record QueueRequirementView(string Queue, QueueGoals Goals, double Hours, IReadOnlyList<RequirementDayView> Days);

/// <param name="Hours">Agent hours to schedule on the day.</param>
/// <param name="Intervals">Quarter hour by quarter hour.</param>
public sealed record RequirementDayView(DateOnly Date, double Hours, IReadOnlyList<RequirementIntervalView> Intervals);

/// <param name="Agents">Who must be there.</param>
/// <param name="Required">Who must be scheduled, shrinkage added.</param>
public sealed record RequirementIntervalView(DateTimeOffset StartsAt, int Agents, int Required);

internal static class RequirementEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRequirements()
        {
            var requirements = routes.MapGroup("/requirements")
                .WithTag("Requirements", "How many agents a forecast needs, by queue and quarter hour.");

            requirements.MapPost("/", Make).Describe(
                "Compute the agents needed per quarter hour for a forecast",
                new RequirementRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000002"),
                    [new GoalsRequest("billing", ServiceLevel: 0.8, WithinSeconds: 20, PatienceSeconds: 180, MaxAbandonment: 0.05,
                        Shrinkage: 0.1)]),
                ["queue-unknown", "queue-twice", "queue-dropped", "pool-goals-differ", "target-out-of-range", "shrinkage-out-of-range", "patience-out-of-range",
                 "threshold-out-of-range", "goal-unreachable", "load-out-of-range", "calls-out-of-range", "handle-time-out-of-range",
                 "requirement-exists"]).TakesLong();
            requirements.MapGet("/", List).Describe("List the staffing requirements of a project");
            requirements.MapGet("/{id:guid}", Get).Describe("Read a staffing requirement and the goals behind it");
            requirements.MapHistory("/{id:guid}", Get);
        }
    }

    private static async Task<WriteResult> Make(
        RequirementRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var forecast = await session.LoadAsync<Forecast>(request.ForecastId, cancellation)
            ?? throw new StreamNotFoundException(request.ForecastId);
        caller.MustSee(forecast.ProjectId);
        var project = await session.Project(forecast.ProjectId, cancellation);
        var calendar = LocalCalendar.Of(forecast.Zone);

        List<ForecastedQueue> expected = [.. forecast.InForce(calendar)];
        var queues = QueuePool.Of(StaffingGoalsOf.Each(request.Goals ?? [], expected, project, forecast.From))
            .SelectMany(q => QueueStaffing.Staff(q.At, q.Queue, q.Goals, project, calendar, cancellation).Shared(q.Members))
            .OrderBy(staffed => expected.FindIndex(queue => queue.Queue == staffed.Queue));

        var command = new MakeRequirement(id.Value, forecast.ProjectId, forecast.Id, forecast.Zone, forecast.From, forecast.Days,
            [.. queues], caller.Id, caller.Now);

        return new(await session.Start<StaffingRequirement>(id.Value, state => Decide(command, state), cancellation),
            $"/requirements/{id.Value}");
    }

    private static async Task<Page<RequirementSummary>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return await session.Query<RequirementSummary>().Where(r => r.ProjectId == projectId).ToPage(page, r => r.Id, cancellation);
    }

    private static async Task<Versioned<RequirementView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var requirement = await session.LoadAsync<StaffingRequirement>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(requirement.ProjectId);

        return new(View(requirement, LocalCalendar.Of(requirement.Zone)), requirement.Version);
    }

    private static RequirementView View(StaffingRequirement made, LocalCalendar calendar) => new(
        made.Id, made.ProjectId, made.IsByHand ? null : made.ForecastId, made.Zone, made.From, made.Days, made.At,
        [.. made.Queues.Select(q =>
            new QueueRequirementView(q.Queue, q.Goals, q.Days.Sum(Hours), [.. q.Days.Select(d => new RequirementDayView(d.Date, Hours(d),
            [.. calendar.QuartersOf(d.Date).Select((start, i) => new RequirementIntervalView(start, d.Agents[i], d.Required[i]))]))]))]);

    private static double Hours(StaffedDay day) => day.Required.Sum() * LocalCalendar.QuarterMinutes / 60.0;
}
