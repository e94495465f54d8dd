using CallCenter.Reporting.Projects;
using CallCenter.Web;
using Marten;

namespace CallCenter.Reporting.RollUps;

internal static class RollUpEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRollUps()
        {
            routes.MapPost("/roll-ups", RollUp).WithTag("Roll-ups", "The figures, computed from the facts.").Describe(
                "Roll up now what is marked, or some days again, and wait for it",
                new RollUpRequest(Guid.Parse("0198c0de-0000-7000-8000-000000000001")), ["period-backwards", "period-too-long"]).TakesLong();
            routes.MapGet("/reports/facts", Facts).WithTags("Reports").Describe(
                "What Reporting knows of a project: facts by kind, the newest position, days still to roll up");
        }
    }

    /// <param name="ProjectId">The project; the days that are marked are rolled up.</param>
    /// <param name="From">With <paramref name="To"/>: roll up these local days, marked or not.</param>
    /// <param name="To">The last of these days.</param>
    /// <param name="CurrentRules">Measure them by today's thresholds and teams instead of those of their time: a restatement.</param>
    public sealed record RollUpRequest(Guid ProjectId, DateOnly? From = null, DateOnly? To = null, bool CurrentRules = false);

    /// <param name="Facts">How many are known, by kind.</param>
    /// <param name="Position">Position of the newest fact.</param>
    /// <param name="FirstDay">Local day of the first call; null without calls.</param>
    /// <param name="LastDay">Local day of the last call.</param>
    /// <param name="DaysToRollUp">Local days that changed since they were rolled up.</param>
    public sealed record ProjectFacts(
        Guid ProjectId, IReadOnlyDictionary<string, long> Facts, long Position, DateOnly? FirstDay, DateOnly? LastDay, int DaysToRollUp);

    private static async Task<RolledUp> RollUp(
        RollUpRequest request, Caller caller, RollUps rollUps, QueueDays queueDays, IQuerySession session, CancellationToken cancellation)
    {
        var scope = await ProjectScope.Load(session, caller, request.ProjectId, cancellation);
        if (request.From.HasValue != request.To.HasValue)
            throw new UnreadableException(request.From is null ? "/from" : "/to", "A period has a first and a last day, or neither.");

        var again = request is { From: { } from, To: { } to } ? new ForcedRange(new Period(from, to).Checked("/to"), request.CurrentRules)
            : null;

        var rolled = await rollUps.Run(scope.Dimensions, settled: false, again, cancellation);
        await queueDays.Publish(scope.Dimensions, cancellation);

        return rolled;
    }

    private static async Task<ProjectFacts> Facts(
        Guid project, Caller caller, RollUps rollUps, IQuerySession session, CancellationToken cancellation)
    {
        var scope = await ProjectScope.Load(session, caller, project, cancellation);
        var facts = await rollUps.Facts(project, cancellation);
        var (first, last) = await rollUps.Calls(project, cancellation);
        DateOnly? Day(DateTimeOffset? at) => at is { } instant ? scope.Calendar.DayOf(instant) : null;

        return new ProjectFacts(project, facts.ToDictionary(kind => kind.Kind, kind => kind.Facts),
            facts.Select(kind => kind.Position).DefaultIfEmpty()
                .Max(), Day(first), Day(last), await rollUps.DaysToRollUp(scope.Dimensions, cancellation));
    }
}
