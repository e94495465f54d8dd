using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Leaves.LeavePolicyDecider;

namespace CallCenter.Scheduling.Leaves;

/// <summary>All that a project says of leave from a day on: it replaces what was entered from that day.</summary>
/// <param name="From">The first local day on which it holds: leave that begins then or later is decided by it.</param>
/// <param name="Policy">What holds.</param>
public sealed record LeavePolicyRequest(DateOnly From, LeavePolicy Policy);

/// <summary>What a project says of leave.</summary>
/// <param name="Current">What holds on the day asked for, default or entered.</param>
/// <param name="Entries">From which day on what holds, oldest first.</param>
public sealed record LeavePolicyView(Guid ProjectId, long Version, LeavePolicy Current, IReadOnlyList<Dated<LeavePolicy>> Entries);

internal static class LeavePolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapLeavePolicies()
        {
            var policies = routes.MapGroup("/leave-policies").WithTag("Leave policies",
                "What a project says of leave, from which day on: who approves, limits, the waiting list, half days, what is decided at once.");

            policies.MapGet("/{projectId:guid}", Get).Describe(
                "What a project says of leave; version 0 is the default", problems: ["project-unknown"]);
            policies.MapHistory("/{id:guid}", See, LeavePolicies.IdOf)
                .Describe("Who changed it, when and why, oldest first", problems: ["project-unknown"]);
            policies.MapPut("/{projectId:guid}", Set).Describe("Say what holds for leave from a day on, past or to come", Example,
                ["role-unknown", "time-unclear", "times-reversed", "days-reversed", "no-day", "project-unknown"]);
            policies.MapDelete("/{projectId:guid}/days/{from}", TakeBack).Describe(
                "Take back what was entered from a day on; what held before goes on");
        }
    }

    private static readonly LeavePolicyRequest Example = new(new(2026, 3, 1), new(
        MaxDays: 15, [new(0, "supervisor", OwnTeam: true), new(1, "operations-manager"), new(5, "admin")], NoticeDays: 3,
        PartDays: new(HoursOfADay: 8), Limits: [new(Most: 3), new(Most: 1, [DayOfWeek.Monday], From: new(9, 0), To: new(11, 0))],
        WaitingEndsDaysBefore: 7, Automatic: new([LeaveKind.Annual], MostDays: 1)));

    private static async Task<Versioned<LeavePolicyView>> Get(
        Guid projectId, DateOnly? on, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.Project(projectId, cancellation);
        var policy = await session.LeavePolicyOf(projectId, cancellation);
        var version = (await session.LoadAsync<LeavePolicies>(LeavePolicies.IdOf(projectId), cancellation))?.Version ?? 0;

        return new(
            new(projectId, version, policy.On(on ?? project.Calendar.DayOf(caller.Now)), policy.Entries), version, complete: false);
    }

    private static Task<Versioned<LeavePolicyView>> See(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation) => Get(id, null, caller, session, cancellation);

    private static async Task<WriteResult> Set(
        Guid projectId, LeavePolicyRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.Project(projectId, cancellation);
        var command = new SetLeavePolicy(projectId, request.From, request.Policy, caller.Id, caller.Now);

        return new(await session.StartOrDecide<LeavePolicies>(
            LeavePolicies.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> TakeBack(
        Guid projectId, DateOnly from, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return new(await session.Decide<LeavePolicies>(LeavePolicies.IdOf(projectId), expected.Value,
            state => Decide(new TakeBackLeavePolicy(from, caller.Id, caller.Now), state), cancellation));
    }
}
