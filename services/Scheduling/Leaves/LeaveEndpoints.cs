using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Leaves.LeaveDecider;

namespace CallCenter.Scheduling.Leaves;

/// <param name="FirstDay">First day off.</param>
/// <param name="LastDay">Last day off.</param>
/// <param name="Kind">What the days are for.</param>
/// <param name="Paid">Whether the days count towards contracted hours.</param>
/// <param name="Half">Only that half of the one day.</param>
/// <param name="From">Only from then on, on the one day: by the wall clock of the project.</param>
/// <param name="To">With <paramref name="From"/>: the first time after it, 00:00 for the end of the day.</param>
/// <param name="Note">The slip: what it is for, in the agent's words.</param>
public sealed record LeaveRequest(
    Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, DayHalf? Half = null,
    TimeOnly? From = null, TimeOnly? To = null, [property: FreeText] [VisibleText, MaxLength(1000)] string? Note = null);

public sealed record DeclineRequest([property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

internal static class LeaveEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapLeaves()
        {
            var leaves = routes.MapGroup("/leaves").WithTag("Leave", "Days off that agents ask for, and who approves them.");

            leaves.MapGet("/", List).Describe("List the leave of a project; an agent sees their own");
            leaves.MapGet("/{id:guid}", Get).Describe("Read a leave");
            leaves.MapHistory("/{id:guid}", Get);
            leaves.MapPost("/outlook", Look).Describe(
                "What would become of a leave: the balance, the limits it meets, the place in the line, the rule in the way, who approves it",
                Example, ["days-reversed", .. PartReading.Codes, "project-unknown"]);
            leaves.MapPost("/{id:guid}/refusal", Decline).Describe("Decline a leave, with a reason",
                new DeclineRequest("Two others of the team are away."), ["leave-closed"]);
        }
    }

    public static readonly LeaveRequest Example = new(
        Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), Guid.Parse("0199aaaa-0000-7000-8000-000000000003"),
        new(2026, 3, 12), new(2026, 3, 13), LeaveKind.Annual, Paid: true);

    public static readonly Visibility<Leave> Visible = new(
        (leave, projects) => leave.ProjectId.IsOneOf(projects), own: (leave, agent) => leave.AgentId == agent);

    private static async Task<Page<LeaveView>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var leaves = await session.Query<Leave>().Where(l => l.ProjectId == projectId)
            .VisibleTo(caller, Visible).ToPage(page, l => l.Id, cancellation);

        return new(await session.Views(leaves.Items, cancellation), leaves.Next);
    }

    private static async Task<Versioned<LeaveView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var leave = caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), Visible);

        return new((await session.Views([leave], cancellation))[0], leave.Version, complete: false);
    }

    private static async Task<Ok<LeaveOutlook>> Look(
        LeaveRequest request, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var agent = await session.AgentOf(request, caller, cancellation);
        var asked = await session.Read(request, Guid.Empty, caller.Now, cancellation);
        var known = await session.CaseOf(asked, agent, caller.Now, cancellation);
        try
        {
            known.MustBeAllowed(caller.Id, Actor.Current?.Reason, _ => null);
            return TypedResults.Ok(LeaveOutlook.Of(known, null, null));
        }
        catch (RefusedException refused)
        {
            return TypedResults.Ok(LeaveOutlook.Of(known, refused.Code, refused.Message));
        }
        catch (InvalidException invalid)
        {
            return TypedResults.Ok(LeaveOutlook.Of(known, invalid.Errors[0].Code, invalid.Errors[0].Message));
        }
    }

    private static async Task<WriteResult> Decline(
        Guid id, DeclineRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var asked = caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), Visible);
        if (asked.Status is LeaveStatus.Requested)
            session.Tell(asked.ProjectId, asked.AgentId, NoticeKind.LeaveDeclined, $"/leaves/{id}", asked.FirstDay, caller.Now);

        return new(await session.Decide<Leave>(id, expected.Value, leave =>
            Decide(new DeclineLeave(request.Reason, caller.Id, caller.Now), caller.MustSee(leave, Visible)), cancellation));
    }

    extension(IQuerySession session)
    {
        /// <exception cref="StreamNotFoundException">404: nobody of the project, or nobody that an agent asks for.</exception>
        public async Task<EmployeeV1> AgentOf(LeaveRequest request, Caller caller, CancellationToken cancellation)
        {
            caller.MustSee(request.ProjectId);
            var agent = await session.LoadAsync<EmployeeV1>(request.AgentId, cancellation);

            return agent?.ProjectIds.Contains(request.ProjectId) == true && (!caller.SeesOnlyOwn || request.AgentId == caller.Id)
                ? agent : throw new StreamNotFoundException(request.AgentId);
        }

        /// <summary>The leave that a request means, before anything is decided of it.</summary>
        public async Task<Leave> Read(LeaveRequest request, Guid id, DateTimeOffset now, CancellationToken cancellation)
        {
            var policy = (await session.LeavePolicyOf(request.ProjectId, cancellation)).On(request.FirstDay);
            if (request.LastDay < request.FirstDay)
                throw new InvalidException("/lastDay", "days-reversed", "The last day comes before the first.");

            return new()
            {
                Id = id, ProjectId = request.ProjectId, AgentId = request.AgentId, FirstDay = request.FirstDay, LastDay = request.LastDay,
                Kind = request.Kind, Paid = request.Paid, RequestedAt = now,
                Part = PartReading.Read(request.FirstDay, request.LastDay, request.Half, request.From, request.To, policy.PartDays),
            };
        }
    }
}
