using CallCenter.EventSourcing;
using CallCenter.Planning;
using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Requirements;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Rosters;

/// <summary>
/// What callers will feel on a day of a roster: its shifts and breaks are played against the forecast in force, as often as it takes
/// to know the service level to two points. Handle time and patience are exponential and agents missing as the requirement has
/// them, so what differs from its goals is the roster's doing.
/// </summary>
/// <param name="Replications">Simulated days.</param>
/// <param name="Occupancy">Of all agents; null where nobody works.</param>
/// <param name="Queues">Queue by queue.</param>
public sealed record PredictedDay(
    Guid RosterId, DateOnly Date, int Replications, PredictedShare? Occupancy, IReadOnlyList<PredictedQueue> Queues)
{
    private static readonly SimulationLimits Limits = new(ServiceLevelHalfWidth: 0.02, MaxReplications: 200, Time: TimeSpan.FromSeconds(3));

    /// <param name="forecast">In force.</param>
    /// <exception cref="InvalidException">With the code of the <see cref="PlanningException"/>.</exception>
    public static PredictedDay Of(
        Roster roster, RosterContext context, StaffingRequirement requirement, IReadOnlyList<ForecastedQueue> forecast, DateOnly date,
        CancellationToken cancellation)
    {
        var quarters = context.Frame.Calendar.QuartersOf(date);
        CallStream[] streams = [.. requirement.Queues.Select(
            q => Stream(q, forecast.Single(f => f.Queue == q.Queue).Days.Single(d => d.Date == date)))];
        var calls = streams.Sum(s => s.Calls.Sum());
        var absence = calls > 0 ? requirement.Queues.Zip(streams, (queue, stream) => queue.Goals.Shrinkage * stream.Calls.Sum())
            .Sum() / calls : 0;
        var centre = RosteredDay.Of(context.Problem, context.Frame.Assignments(roster), context.Frame.DayOf(date), streams, absence);

        // The same seed draws the same calls, so that queues with other answer times are measured on the same days.
        var played = requirement.Queues.Select(Level).Distinct()
            .ToDictionary(level => level, level => Play(centre, level, cancellation));
        var shown = played[Level(requirement.Queues[0])];

        return new(roster.Id, date, shown.Replications, PredictedShare.Of(shown.Occupancy),
            [.. requirement.Queues.Select((queue, i) => PredictedQueue.Of(queue, i, streams[i], played[Level(queue)], quarters))]);

        CallStream Stream(StaffedQueue queue, ForecastedDay day) => new(queue.Queue,
            [.. quarters.Select((start, i) => context.Project.IsOpenAt(date, context.Frame.Calendar.TimeOf(start)) ? day.Calls[i] : 0)],
            new Duration.ByInterval([.. day.HandleSeconds.Select(seconds => new Duration.Exponential(Math.Max(1, seconds)))]),
            Duration.None,
            queue.Goals.PatienceSeconds is { } patience ? new Duration.Exponential(patience) : null);
    }

    private static SimulationResult Play(SimulatedCentre centre, SimulatedServiceLevel level, CancellationToken cancellation)
    {
        try
        {
            return Simulator.Run(centre, level, Limits, cancellation);
        }
        catch (PlanningException e)
        {
            throw new InvalidException("date", e.Code, e.Message);
        }
    }

    private static SimulatedServiceLevel Level(StaffedQueue queue) => new(queue.Goals.WithinSeconds, queue.Goals.Definition);
}

/// <param name="Goal">Of the requirement.</param>
/// <param name="WithinSeconds">The T of "x % within T seconds".</param>
/// <param name="Definition">How the service level is counted.</param>
/// <param name="Calls">Expected on the day.</param>
/// <param name="ServiceLevel">Of the whole day; null without calls.</param>
/// <param name="AverageSpeedOfAnswer">Seconds, of those answered; null where none is.</param>
/// <param name="Abandonment">Share of calls whose callers hang up; null without calls.</param>
/// <param name="Intervals">The quarter hours in which calls are expected.</param>
public sealed record PredictedQueue(
    string Queue, double? Goal, double WithinSeconds, ServiceLevelDefinition Definition, double Calls, PredictedShare? ServiceLevel,
    double? AverageSpeedOfAnswer, PredictedShare? Abandonment, IReadOnlyList<PredictedInterval> Intervals)
{
    internal static PredictedQueue Of(
        StaffedQueue queue, int stream, CallStream calls, SimulationResult played, IReadOnlyList<DateTimeOffset> quarters)
    {
        var day = played.Streams[stream];
        return new(queue.Queue, queue.Goals.ServiceLevel, queue.Goals.WithinSeconds, queue.Goals.Definition,
            Math.Round(calls.Calls.Sum(), 1),
            PredictedShare.Of(day.ServiceLevel), SpeedOf(day), PredictedShare.Of(day.Abandonment),
            [
                .. played.StreamIntervals[stream].Select((interval, i) => new PredictedInterval(quarters[i], Math.Round(calls.Calls[i], 1),
                    PredictedShare.Of(interval.ServiceLevel), SpeedOf(interval), PredictedShare.Of(interval.Abandonment)))
                        .Where(i => i.Calls > 0),
            ]);
    }

    private static double? SpeedOf(CallMeasures calls) =>
        calls.AverageSpeedOfAnswer is { OfNothing: false } speed ? Math.Round(speed.Value, 1) : null;
}

/// <summary>A quarter hour in which calls are expected.</summary>
/// <param name="Calls">Expected.</param>
/// <param name="ServiceLevel">Of the calls of this quarter hour; null without any.</param>
/// <param name="AverageSpeedOfAnswer">Seconds, of those answered; null where none is.</param>
/// <param name="Abandonment">Share of calls whose callers hang up; null without any.</param>
public sealed record PredictedInterval(
    DateTimeOffset StartsAt, double Calls, PredictedShare? ServiceLevel, double? AverageSpeedOfAnswer, PredictedShare? Abandonment);

internal static class Prediction
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPrediction() => routes.MapGet("/rosters/{id:guid}/predicted-service", Get).WithTags("Rosters").Describe(
            "Predict the service level of a day of the roster by simulation", problems: ["outside-roster", "calls-out-of-range", "no-forecast"]);
    }

    private static async Task<Ok<PredictedDay>> Get(
        Guid id, DateOnly date, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await session.LoadAsync<Roster>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(roster.ProjectId);
        if (date < roster.From || date > roster.To)
            throw new InvalidException("date", "outside-roster", $"The roster is for {roster.From:yyyy-MM-dd} to {roster.To:yyyy-MM-dd}.");

        var context = await RosterContext.For(roster, session, cancellation);
        var requirement = await session.LoadAsync<StaffingRequirement>(roster.RequirementId, cancellation)
            ?? throw new StreamNotFoundException(roster.RequirementId);
        if (requirement.IsByHand)
            throw new RefusedException("no-forecast",
                "The requirement was stated by hand: without calls that are expected there is nothing to predict.");
        var forecast = await session.LoadAsync<Forecast>(requirement.ForecastId, cancellation)
            ?? throw new StreamNotFoundException(requirement.ForecastId);

        return TypedResults.Ok(PredictedDay.Of(
            roster, context, requirement, [.. forecast.InForce(context.Frame.Calendar)], date, cancellation));
    }
}
