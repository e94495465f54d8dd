using CallCenter.Contracts.Scheduling;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Rosters;

/// <summary>One day of the caller's own, as published.</summary>
/// <param name="Shift">Code of the shift; null on a day off.</param>
/// <param name="StartsAt">First instant of the shift; null on a day off.</param>
/// <param name="EndsAt">First instant after it; null on a day off.</param>
/// <param name="PaidHours">What counts towards contracted hours.</param>
/// <param name="Activities">What the day is made of, in order of time.</param>
/// <param name="DayKind">A holiday or a make-up working day by the project's calendar; null on other days.</param>
/// <param name="DayName">Of the holiday; null on other days.</param>
public sealed record MyDay(
    DateOnly Date, Guid ProjectId, string? Shift, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, decimal PaidHours,
    IReadOnlyList<RosterActivity> Activities, DayKind? DayKind = null, string? DayName = null);

internal static class MyRoster
{
    private const int LongestSpan = 92;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapMyRoster() => routes.MapGet("/rosters/mine", Get).WithTags("Rosters")
            .Describe("Read one's own published days", problems: ["span-too-long"]);
    }

    private static async Task<Ok<IReadOnlyList<MyDay>>> Get(
        DateOnly from, DateOnly to, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        if (to < from || to.DayNumber - from.DayNumber >= LongestSpan)
            throw new InvalidException("to", "span-too-long", $"Ask for 1 to {LongestSpan} days.");

        var days = await session.Query<PublishedDay>().Where(d => d.AgentId == caller.Id && d.Date >= from && d.Date <= to)
            .OrderBy(d => d.Date).ToListAsync(cancellation);

        var calendars = await session.DaysOf([.. days.Select(d => d.ProjectId).Distinct()], cancellation);

        return TypedResults.Ok<IReadOnlyList<MyDay>>([.. days.Where(d => caller.Sees(d.ProjectId)).Select(d => new MyDay(
            d.Date, d.ProjectId, d.Shift?.Code, d.Shift?.StartsAt, d.Shift?.EndsAt, Math.Round(d.Shift?.PaidHours ?? 0, 2),
            d.Activities, calendars[d.ProjectId].Named(d.Date)?.Kind, calendars[d.ProjectId].Named(d.Date)?.Name))]);
    }
}
