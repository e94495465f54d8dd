using System.ComponentModel.DataAnnotations;
using CallCenter.Attendance.Projects;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Attendance.Clockings.ClockingDecider;

namespace CallCenter.Attendance.Clockings;

internal static class ClockingEndpoints
{
    internal static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapClockings()
        {
            var clockings = routes.MapGroup("/clockings")
                .WithTag("Clockings", "When people came and went, as clocks and people tell it.");

            clockings.MapPost("/", Clock).Describe("Say that somebody came or went: agents of themselves and now, others of any time",
                new ClockingRequest(new("0199aaaa-0000-7000-8000-000000000001"), "A-1042", ClockingKind.In,
                    new DateTimeOffset(2026, 3, 9, 8, 55, 0, TimeSpan.FromHours(8)), "Gate 2"),
                ["unknown-project", "unknown-agent", "in-the-future", "clocking-own", "clocking-voided"]);
            clockings.MapGet("/", List).Describe("Who came and went when; agents see their own");
            clockings.MapGet("/{id:guid}", Get).Describe("One clocking");
            clockings.MapHistory("/{id:guid}", Get);
            clockings.MapPost("/{id:guid}/voiding", Void).Describe(
                "Take a wrong clocking out of account; the right one is added as another",
                new VoidingRequest("The card of somebody else."), ["clocking-voided"]);
        }
    }

    /// <param name="Agent">Staff number or employee id.</param>
    /// <param name="Kind">Whether they came or went.</param>
    /// <param name="At">When; now when left out, which is all that agents may say.</param>
    /// <param name="Device">What they clocked in with.</param>
    public sealed record ClockingRequest(
        Guid ProjectId, [StringLength(100, MinimumLength = 1), Line] string Agent, ClockingKind Kind, DateTimeOffset? At = null,
        [StringLength(100, MinimumLength = 1), Line] string? Device = null);

    public sealed record VoidingRequest([property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

    public static readonly Visibility<Clocking> Visible = new(
        (clocking, projects) => clocking.ProjectId.IsOneOf(projects), own: (clocking, agent) => clocking.AgentId == agent,
        ownIsTheirs: true);

    private static async Task<PlacedResult> Clock(
        ClockingRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.RequireProject("/projectId", request.ProjectId, cancellation);
        var agent = await session.RequireAgent("/agent", request.Agent, request.ProjectId, cancellation);
        if (caller.SeesOnlyOwn && (agent.Id != caller.Id || request.At is not null))
            throw new RefusedException("clocking-own", "Agents clock in and out themselves, and when they do it.");
        if (request.At > caller.Now + Ahead)
            throw new InvalidException("/at", "in-the-future", "This has not happened yet.");

        var at = request.At ?? caller.Now;
        var command = new Clock(
            Clocking.IdOf(request.ProjectId, agent.Id, request.Kind, at), request.ProjectId, agent.Id, request.Kind, at, request.Device,
            caller.Now);
        var version = await session.Start<Clocking>(command.ClockingId, state => Decide(command, state), cancellation);

        return new(version, $"/clockings/{command.ClockingId}");
    }

    private static async Task<WriteResult> Void(
        Guid id, VoidingRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        new(await session.Decide<Clocking>(id, expected.Value, clocking =>
            Decide(new VoidClocking(request.Reason, caller.Now), caller.MustSee(clocking, Visible)), cancellation));

    /// <param name="From">Then or later.</param>
    /// <param name="To">Before then.</param>
    public sealed record ClockingFilter(Guid? ProjectId, Guid? AgentId, DateTimeOffset? From, DateTimeOffset? To);

    private static async Task<Ok<Page<Clocking>>> List(
        [AsParameters] ClockingFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var clockings = session.Query<Clocking>().VisibleTo(caller, Visible, filter.ProjectId);
        if (filter.AgentId is { } agent)
            clockings = clockings.Where(c => c.AgentId == agent);
        if (filter.From is { } from)
            clockings = clockings.Where(c => c.ClockedAt >= from);
        if (filter.To is { } to)
            clockings = clockings.Where(c => c.ClockedAt < to);

        return TypedResults.Ok(await clockings.ToPage(page, c => c.Id, cancellation));
    }

    private static async Task<Versioned<Clocking>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var clocking = caller.MustSee(await session.LoadAsync<Clocking>(id, cancellation), Visible);

        return new(clocking, clocking.Version);
    }
}
