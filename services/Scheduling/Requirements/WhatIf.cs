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

namespace CallCenter.Scheduling.Requirements;

/// <summary>A grid of questions about a forecast: each of the volumes with each of the handle times and goals.</summary>
/// <param name="Goals">Per queue, as of a requirement; a queue left out, or a member left out, has its default.</param>
/// <param name="Volumes">So many times the calls that are expected; as expected when left out.</param>
/// <param name="HandleTimes">So many times the handle time that is expected; as expected when left out.</param>
/// <param name="ServiceLevels">In place of each queue's own goal, which holds when left out.</param>
/// <param name="CostAnHour">Of an hour of an agent; without it nothing is said of costs.</param>
public sealed record WhatIfRequest(
    Guid ForecastId, [MaxLength(100)] IReadOnlyList<GoalsRequest>? Goals = null,
    [MinLength(1), MaxLength(9)] IReadOnlyList<double>? Volumes = null,
    [MinLength(1), MaxLength(9)] IReadOnlyList<double>? HandleTimes = null,
    [MinLength(1), MaxLength(9)] IReadOnlyList<double>? ServiceLevels = null, [Range(0.0, 1_000_000.0)] double? CostAnHour = null);

/// <param name="Cells">By volume, then handle time, then goal, in the order in which these were asked.</param>
public sealed record WhatIfView(Guid ForecastId, Guid ProjectId, DateOnly From, int Days, IReadOnlyList<WhatIfCell> Cells);

/// <param name="Volume">Times the calls that are expected.</param>
/// <param name="HandleTime">Times the handle time that is expected.</param>
/// <param name="ServiceLevelGoal">Of all queues; null where each has its own.</param>
/// <param name="All">Of all queues together.</param>
/// <param name="Queues">Queue by queue; those of a pool as one, by its name.</param>
public sealed record WhatIfCell(
    double Volume, double HandleTime, double? ServiceLevelGoal, WhatIfFigures All, IReadOnlyList<WhatIfQueue> Queues);

/// <param name="Figures">What it would come to.</param>
public sealed record WhatIfQueue(string Queue, WhatIfFigures Figures);

/// <param name="Calls">Expected in all while the project is open.</param>
/// <param name="Hours">Agent hours to schedule, as of a requirement.</param>
/// <param name="MostAgents">To schedule in the busiest quarter hour.</param>
/// <param name="Cost">Of these hours; null without a cost of an hour.</param>
/// <param name="ServiceLevel">Of the calls, with the agents who must be there; null without calls.</param>
/// <param name="AverageSpeedOfAnswer">Seconds, of those answered; null where none is.</param>
/// <param name="Abandonment">Share of calls whose callers hang up; null without calls.</param>
/// <param name="Occupancy">Share of their time that agents are busy; null without agents.</param>
public sealed record WhatIfFigures(
    double Calls, double Hours, int MostAgents, double? Cost, double? ServiceLevel, double? AverageSpeedOfAnswer, double? Abandonment,
    double? Occupancy);

/// <summary>
/// What staffing would come to if calls, handle times or goals were others. Computed when asked, by what computes requirements, and
/// kept nowhere: it is no decision.
/// </summary>
internal static class WhatIf
{
    // Some ten seconds of computing: a quarter hour takes the longer the more agents it needs, twice as long from 100 erlangs on.
    private const int MostWork = 2_000_000;
    private const double ErlangsOfOneMore = 100;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapWhatIf() => routes.MapGroup("/requirements").WithTags("Requirements").MapPost("/what-if", Ask).Describe(
            "What agents, cost and service level would be with other volumes, handle times or goals",
            new WhatIfRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000002"), Volumes: [0.9, 1, 1.2], HandleTimes: [1, 1.1],
                ServiceLevels: [0.8, 0.9], CostAnHour: 24),
            ["queue-unknown", "queue-twice", "queue-dropped", "pool-goals-differ", "factor-out-of-range", "grid-too-large", "target-out-of-range",
             "shrinkage-out-of-range", "patience-out-of-range", "threshold-out-of-range", "goal-unreachable", "load-out-of-range",
             "calls-out-of-range", "handle-time-out-of-range"]).TakesLong();
    }

    private static async Task<Ok<WhatIfView>> Ask(
        WhatIfRequest request, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var forecast = await session.LoadAsync<Forecast>(request.ForecastId, cancellation)
            ?? throw new StreamNotFoundException(request.ForecastId);
        caller.MustSee(forecast.ProjectId);
        Check(request, forecast);
        var project = await session.Project(forecast.ProjectId, cancellation);
        var calendar = LocalCalendar.Of(forecast.Zone);
        var queues = QueuePool.Of(StaffingGoalsOf.Each(request.Goals ?? [], [.. forecast.InForce(calendar)], project, forecast.From));

        return TypedResults.Ok(new WhatIfView(forecast.Id, forecast.ProjectId, forecast.From, forecast.Days,
        [
            .. from volume in request.Volumes ?? [1]
               from handleTime in request.HandleTimes ?? [1]
               from goal in request.ServiceLevels?.Cast<double?>() ?? [null]
               select Cell(volume, handleTime, goal),
        ]));

        WhatIfCell Cell(double volume, double handleTime, double? goal)
        {
            var sums = queues.Select(q =>
            {
                var asked = Times(q.Queue, volume, handleTime);
                var goals = q.Goals with { ServiceLevel = goal ?? q.Goals.ServiceLevel };
                return Sums.Of(asked, QueueStaffing.Staff(q.At, asked, goals, project, calendar, cancellation), project, calendar);
            }).ToList();
            return new(volume, handleTime, goal, sums.Aggregate((a, b) => a.And(b)).Figures(request.CostAnHour),
                [.. queues.Zip(sums, (q, sum) => new WhatIfQueue(q.Queue.Queue, sum.Figures(request.CostAnHour)))]);
        }
    }

    private static void Check(WhatIfRequest request, Forecast forecast)
    {
        CheckFactors(request.Volumes, "/volumes");
        CheckFactors(request.HandleTimes, "/handleTimes");
        foreach (var (i, level) in (request.ServiceLevels ?? []).Index())
            if (!(level is > 0 and < 1))
                throw new InvalidException($"/serviceLevels/{i}", "target-out-of-range",
                    "The service level must lie between 0 and 1, both excluded.");

        var goals = request.ServiceLevels?.Count ?? 1;
        var (volumes, handleTimes) = (request.Volumes ?? [1], request.HandleTimes ?? [1]);
        var erlangs = forecast.Queues.Sum(queue => queue.Days.Sum(day =>
            day.Calls.Zip(day.HandleSeconds, (calls, seconds) => calls * seconds).Sum())) / (LocalCalendar.QuarterMinutes * 60);
        var quarters = forecast.Days * forecast.Queues.Length * LocalCalendar.SlotsPerDay;
        var cells = goals * volumes.Count * handleTimes.Count;
        if ((double)cells * quarters + goals * volumes.Sum() * handleTimes.Sum() * erlangs / ErlangsOfOneMore > MostWork)
            throw new InvalidException("/volumes", "grid-too-large",
                $"{cells} cells for {forecast.Queues.Length} queues and {forecast.Days} days of so many calls are too much for one answer.");
    }

    private static void CheckFactors(IReadOnlyList<double>? factors, string pointer)
    {
        foreach (var (i, factor) in (factors ?? []).Index())
            if (!(factor is > 0 and <= 10))
                throw new InvalidException($"{pointer}/{i}", "factor-out-of-range", "A factor is more than 0 and 10 at most.");
    }

    private static ForecastedQueue Times(ForecastedQueue queue, double volume, double handleTime) => queue with
    {
        Days =
        [
            .. queue.Days.Select(day => day with
            {
                Calls = [.. day.Calls.Select(calls => calls * volume)],
                HandleSeconds = [.. day.HandleSeconds.Select(seconds => seconds * handleTime)],
            }),
        ],
    };

    /// <param name="Required">By quarter hour: who must be scheduled.</param>
    /// <param name="Present">Agents there, summed over the quarter hours.</param>
    /// <param name="Busy">Of them.</param>
    /// <param name="Reached">Calls within the answer time.</param>
    /// <param name="Waited">Seconds, of those answered.</param>
    private sealed record Sums(
        IReadOnlyList<int> Required, double Calls, double Present, double Busy, double Reached, double Answered, double Waited)
    {
        public static Sums Of(ForecastedQueue asked, StaffedQueue staffed, ProjectV1 project, LocalCalendar calendar)
        {
            var sums = new Sums([.. staffed.Days.SelectMany(d => d.Required)], 0, 0, 0, 0, 0, 0);
            foreach (var (day, staff) in asked.Days.Zip(staffed.Days))
                foreach (var (i, start) in calendar.QuartersOf(day.Date).Index())
                {
                    if (!project.IsOpenAt(day.Date, calendar.TimeOf(start)))
                        continue;

                    var with = QueueStaffing.Performance(day.Calls[i], day.HandleSeconds[i], staff.Agents[i], staffed.Goals);
                    var answered = day.Calls[i] * (1 - with.Abandonment);
                    sums = sums with
                    {
                        Calls = sums.Calls + day.Calls[i],
                        Present = sums.Present + staff.Agents[i],
                        Busy = sums.Busy + staff.Agents[i] * with.Occupancy,
                        Reached = sums.Reached + day.Calls[i] * with.ServiceLevel(staffed.Goals.Definition),
                        Answered = sums.Answered + answered,
                        Waited = sums.Waited + answered * with.AverageSpeedOfAnswer,
                    };
                }

            return sums;
        }

        public Sums And(Sums other) => new([.. Required.Zip(other.Required, (a, b) => a + b)], Calls + other.Calls,
            Present + other.Present, Busy + other.Busy, Reached + other.Reached, Answered + other.Answered, Waited + other.Waited);

        public WhatIfFigures Figures(double? costAnHour)
        {
            var hours = Required.Sum() * LocalCalendar.QuarterMinutes / 60.0;
            return new(Math.Round(Calls, 1), hours, Required.DefaultIfEmpty(0).Max(),
                costAnHour is { } cost ? Math.Round(hours * cost, 2) : null,
                Share(Reached, Calls, 4), Share(Waited, Answered, 1), Share(Calls - Answered, Calls, 4), Share(Busy, Present, 4));
        }

        private static double? Share(double part, double whole, int digits) => whole > 0 ? Math.Round(part / whole, digits) : null;
    }
}
