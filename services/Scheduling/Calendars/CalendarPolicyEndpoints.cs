using System.ComponentModel;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Calendars.CalendarPolicyDecider;

namespace CallCenter.Scheduling.Calendars;

/// <summary>Which calendar a project works by from a day on: it replaces what was entered from that day.</summary>
/// <param name="From">The first local day on which it holds.</param>
/// <param name="CalendarId">The calendar; none when left out.</param>
public sealed record CalendarPolicyRequest(DateOnly From, Guid? CalendarId);

internal static class CalendarPolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapCalendarPolicies()
        {
            var policies = routes.MapGroup("/calendar-policies").WithTag("Calendar policies",
                "Which calendar of holidays a project works by, from which day on.");

            policies.MapGet("/{projectId:guid}", Get).Describe("Which calendars a project works by; version 0 is none");
            policies.MapHistory("/{id:guid}", Get, CalendarPolicies.IdOf);
            policies.MapGet("/{projectId:guid}/days", GetDays).Describe(
                "What the project's calendar says of some days; of a year that is not published it says so", problems: ["span-too-long"]);
            policies.MapPut("/{projectId:guid}", Set).Describe("Say which calendar a project works by from a day on, past or to come",
                new CalendarPolicyRequest(new(2026, 1, 1), China.Id), ["project-unknown", "calendar-unknown"]);
            policies.MapDelete("/{projectId:guid}/days/{from}", TakeBack).Describe(
                "Take back what was entered from a day on; what held before goes on");
        }
    }

    private static async Task<Versioned<CalendarPolicies>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var policies = await session.LoadAsync<CalendarPolicies>(CalendarPolicies.IdOf(projectId), cancellation)
            ?? new CalendarPolicies { Id = CalendarPolicies.IdOf(projectId), ProjectId = projectId };

        return new(policies, policies.Version);
    }

    private static async Task<Ok<IReadOnlyList<DayView>>> GetDays(
        Guid projectId, DateOnly from, DateOnly to, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return TypedResults.Ok(DayView.Of(await session.DaysOf(projectId, cancellation), from, to));
    }

    private static async Task<WriteResult> Set(
        Guid projectId, CalendarPolicyRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.Project(projectId, cancellation);
        if (request.CalendarId is { } id && await session.Calendar(id, cancellation) is null)
            throw new InvalidException("/calendarId", "calendar-unknown", "There is no such calendar; GET /calendars lists them.");
        var command = new SetCalendarPolicy(projectId, request.From, request.CalendarId, caller.Id, caller.Now);

        return new(await session.StartOrDecide<CalendarPolicies>(
            CalendarPolicies.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> TakeBack(
        Guid projectId, DateOnly from, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return new(await session.Decide<CalendarPolicies>(CalendarPolicies.IdOf(projectId), expected.Value,
            state => Decide(new TakeBackCalendarPolicy(from, caller.Id, caller.Now), state), cancellation));
    }
}
