using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Leaves.LeaveDecider;

namespace CallCenter.Scheduling.Leaves;

/// <param name="FirstDay">First day off.</param>
/// <param name="LastDay">Last day off.</param>
/// <param name="Kind">What the days are for.</param>
/// <param name="Paid">Whether the days count towards contracted hours.</param>
public sealed record LeaveRequest(Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid);

public sealed record DeclineRequest([property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

internal static class LeaveEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapLeaves()
        {
            var leaves = routes.MapGroup("/leaves").WithTag("Leave", "Days off that agents ask for, and who approves them.");

            leaves.MapPost("/", Request).Describe("Ask for days off: agents for themselves, schedulers and supervisors for others too",
                new LeaveRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), Guid.Parse("0199aaaa-0000-7000-8000-000000000003"),
                    new(2026, 3, 12), new(2026, 3, 13), LeaveKind.Annual, Paid: true),
                ["days-reversed", "leave-too-long", "not-employed", "leave-exists", "leave-overlaps", "leave-balance"]);
            leaves.MapGet("/", List).Describe("List the leave of a project; an agent sees their own");
            leaves.MapGet("/{id:guid}", Get).Describe("Read a leave");
            leaves.MapHistory("/{id:guid}", Get);
            leaves.MapPost("/{id:guid}/refusal", Decline).Describe("Decline a leave, with a reason",
                new DeclineRequest("Two others of the team are away."), ["leave-closed"]);
            leaves.MapPost("/{id:guid}/withdrawal", Withdraw).Describe("Take a leave back", problems: ["leave-closed"]);
        }
    }

    public static readonly Visibility<Leave> Visible = new(
        (leave, projects) => leave.ProjectId.IsOneOf(projects), own: (leave, agent) => leave.AgentId == agent);

    private static async Task<WriteResult> Request(
        LeaveRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var agent = await MustBeIn(request.ProjectId, request.AgentId, caller, session, cancellation);
        Check(request, await session.LeaveRulesOf(request.ProjectId, cancellation));
        MustBeEmployed(agent, request);

        var command = new RequestLeave(id.Value, request.ProjectId, request.AgentId, request.FirstDay, request.LastDay,
            request.Kind, request.Paid, caller.Id, caller.Now);
        await MustBeFree(command, caller, session, cancellation);
        await MustBeAfforded(command, agent.Today(caller.Now), session, cancellation);

        return new(await session.Start<Leave>(id.Value, state => Decide(command, state), cancellation), $"/leaves/{id.Value}");
    }

    private static async Task<Page<Leave>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);

        return await session.Query<Leave>().Where(l => l.ProjectId == projectId)
            .VisibleTo(caller, Visible).ToPage(page, l => l.Id, cancellation);
    }

    private static async Task<Versioned<Leave>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var leave = caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), Visible);

        return new(leave, leave.Version);
    }

    private static Task<WriteResult> Decline(
        Guid id, DeclineRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        Change(id, expected, caller, session, leave =>
            Decide(new DeclineLeave(request.Reason, caller.Id, caller.Now), leave), cancellation);

    private static async Task<WriteResult> Withdraw(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var asked = caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), Visible);
        await session.Lock([asked.AgentId], cancellation);
        await session.BookLeave(asked, isTaken: false, caller, cancellation);

        return await Change(id, expected, caller, session, leave => Decide(new WithdrawLeave(caller.Id, caller.Now), leave), cancellation);
    }

    private static async Task<WriteResult> Change(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, Func<Leave, object[]> decide,
        CancellationToken cancellation) =>
        new(await session.Decide<Leave>(id, expected.Value, leave => decide(caller.MustSee(leave, Visible)), cancellation));

    private static async Task<EmployeeV1> MustBeIn(
        Guid projectId, Guid agentId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var agent = await session.LoadAsync<EmployeeV1>(agentId, cancellation);

        return agent?.ProjectIds.Contains(projectId) == true && (!caller.SeesOnlyOwn || agentId == caller.Id)
            ? agent : throw new StreamNotFoundException(agentId);
    }

    private static void MustBeEmployed(EmployeeV1 agent, LeaveRequest request)
    {
        if (request.FirstDay < agent.HiredOn || request.LastDay > agent.LeftOn)
            throw new InvalidException(request.FirstDay < agent.HiredOn ? "/firstDay" : "/lastDay", "not-employed",
                $"Staff number {agent.StaffNumber} is not employed on all of these days.");
    }

    // A day off counts once towards an agent's hours, whichever project it was asked for in.
    private static async Task MustBeFree(RequestLeave command, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.Lock([command.AgentId], cancellation);
        var other = await session.Query<Leave>()
            .Where(l => l.AgentId == command.AgentId && l.Id != command.LeaveId
                && (l.Status == LeaveStatus.Requested || l.Status == LeaveStatus.Approved)
                && l.FirstDay <= command.LastDay && l.LastDay >= command.FirstDay)
            .OrderBy(l => l.Id).FirstOrDefaultAsync(cancellation);

        if (other is not null)
            throw new RefusedException("leave-overlaps",
                $"There is leave from {other.FirstDay:yyyy-MM-dd} to {other.LastDay:yyyy-MM-dd} already; a day off is asked for once.",
                caller.Sees(other, Visible) ? $"/leaves/{other.Id}" : null);
    }

    // Two requests at once wait for each other: the second sees what the first asks for.
    private static async Task MustBeAfforded(
        RequestLeave command, DateOnly today, IDocumentSession session, CancellationToken cancellation)
    {
        var policy = await session.AccountPolicyOf(command.ProjectId, cancellation);
        if (command.Kind is not LeaveKind.Annual || policy.AnnualLeave is null
            || await session.LoadAsync<Leave>(command.LeaveId, cancellation) is not null)
            return;

        var account = await session.Account(command.AgentId, cancellation);
        var others = await session.Query<Leave>().Where(l => l.AgentId == command.AgentId && l.Kind == LeaveKind.Annual
            && (l.Status == LeaveStatus.Requested || l.Status == LeaveStatus.Approved)).ToListAsync(cancellation);

        // What was approved and is over without a booking was so before the project booked: the opening balance knows of it.
        var asked = others.SelectMany(leave => policy.Counted(leave.FirstDay, leave.LastDay).Where(day =>
            account.Booked(SourceOf(leave.Id, day)) == 0 && (leave.Status is LeaveStatus.Requested || day >= today)));

        AccountDecider.MustAfford(account, policy.Counted(command.FirstDay, command.LastDay), [.. asked]);
    }

    private static string SourceOf(Guid leave, DateOnly day) => $"leave:{leave}:{day:yyyy-MM-dd}";

    /// <summary>
    /// Adds to the session what a leave takes from the account, or gives back; nothing where the project does not book it.
    /// </summary>
    /// <exception cref="RefusedException"><c>leave-balance</c>: there is not so much on it any more.</exception>
    public static async Task BookLeave(
        this IDocumentSession session, Leave leave, bool isTaken, Caller caller, CancellationToken cancellation)
    {
        if (leave.Kind is not LeaveKind.Annual)
            return;

        var policy = await session.AccountPolicyOf(leave.ProjectId, cancellation);
        var account = await session.Account(leave.AgentId, cancellation);
        var days = policy.Counted(leave.FirstDay, leave.LastDay);
        if (isTaken)
            AccountDecider.MustAfford(account, [.. days.Where(day => account.Booked(SourceOf(leave.Id, day)) == 0)], []);

        // What was taken is given back, whatever counts by now.
        var booked = account.Entries.Where(e => e.Cause is EntryCause.Leave && e.CauseId == leave.Id).Select(e => e.Day);
        await session.Book(
        [
            new(leave.AgentId, EntryCause.Leave, leave.Id,
                [
                    .. (isTaken ? days : booked.Distinct()).Select(day => new BookedAmount(
                        AccountKind.AnnualLeave, SourceOf(leave.Id, day), day, isTaken ? -1 : 0)),
                ],
                MostSaved: null, caller.Id, caller.Now),
        ], cancellation);
    }

    public static async Task<LeaveRules> LeaveRulesOf(this IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        (await session.RulesOf(await session.Project(projectId, cancellation), cancellation)).Rules.Leave ?? LeaveRules.Default;

    private static void Check(LeaveRequest request, LeaveRules rules)
    {
        if (request.LastDay < request.FirstDay)
            throw new InvalidException("/lastDay", "days-reversed", "The last day comes before the first.");

        if (request.LastDay.DayNumber - request.FirstDay.DayNumber >= rules.MaxDays)
            throw new InvalidException("/lastDay", "leave-too-long", $"A leave lasts {rules.MaxDays} days at most.");
    }
}
