using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What the approval of a leave did to shifts that were published already.</summary>
/// <param name="Freed">
/// Shifts that the agent no longer works, or a part of them: taken out of their roster, told to the agent and the other services. None
/// while another step is due.
/// </param>
public sealed record ApprovedLeave(IReadOnlyList<FreedShift> Freed);

/// <param name="RosterId">The roster that it was published with.</param>
/// <param name="Date">The local day on which it would have begun.</param>
/// <param name="Code">Of the shift.</param>
/// <param name="StartsAt">First instant that is not worked.</param>
/// <param name="EndsAt">The first instant after it.</param>
public sealed record FreedShift(
    Guid ProjectId, Guid RosterId, DateOnly Date, string Code, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>A leave is asked for and approved here, since rosters know of leave and not the other way round.</summary>
internal static class LeaveApprovals
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapLeaveApproval()
        {
            routes.MapPost("/leaves", Request).WithTags("Leave").Describe(
                "Ask for days off, a half day or hours: agents for themselves, schedulers and supervisors for others too. Sickness takes effect "
                    + "at once; where a limit is reached the request waits for its turn. For days that are over agents report sickness only; "
                    + "all else is entered by others, who say why in X-Reason",
                LeaveEndpoints.Example, ["days-reversed", "leave-too-long", "leave-over", "reason-missing", "notice-too-short", "not-employed", "leave-exists", "leave-overlaps",
                    "leave-balance", "leave-limit", .. PartReading.Codes]);
            routes.MapPost("/leaves/{id:guid}/approval", Approve).WithTags("Leave").Describe(
                "Approve a leave, or the step of it that is due: once it is approved no shift fits into it, and those published are taken out",
                problems: ["own-leave", "leave-closed", "approval-of-another-role", "approval-of-another-person", "approved-already",
                    "leave-balance", "leave-limit"]);
            routes.MapPost("/leaves/{id:guid}/withdrawal", Withdraw).WithTags("Leave").Describe(
                "Take a leave back, agents their own until it begins: published days are no leave any more; a shift that was freed stays free, "
                    + "hours are worked again",
                problems: ["leave-closed", "leave-begun"]);
        }
    }

    private static async Task<WriteResult> Request(
        LeaveRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var agent = await session.AgentOf(request, caller, cancellation);
        await session.LockLeave(request.ProjectId, request.AgentId, cancellation);
        var asked = await session.Read(request, id.Value, caller.Now, cancellation);
        var again = await session.LoadAsync<Leave>(id.Value, cancellation) is not null;
        var known = await session.CaseOf(asked, agent, caller.Now, cancellation);
        if (!again)
            known.MustBeAllowed(caller.Id, Actor.Current?.Reason, other => caller.Sees(other, LeaveEndpoints.Visible) ? $"/leaves/{other.Id}" : null);

        var command = new RequestLeave(id.Value, asked.ProjectId, asked.AgentId, asked.FirstDay, asked.LastDay, asked.Kind, asked.Paid,
            caller.Id, caller.Now, asked.Part, known.DecidedBecause);
        if (!again && command.DecidedBecause is not null)
            await session.TakeEffect(asked, caller.Id, caller.Now, cancellation);
        if (!again && request.Note is { } note)
            session.Store(LeaveSlip.Of(asked, note, known.Policy));

        return new(await session.Start<Leave>(id.Value, state => LeaveDecider.Decide(command, state), cancellation), $"/leaves/{id.Value}");
    }

    private static async Task<Versioned<ApprovedLeave>> Approve(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var asked = caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), LeaveEndpoints.Visible);
        await session.LockLeave(asked.ProjectId, asked.AgentId, cancellation); // a roster that is being published sees it, or is seen
        var leave = (await session.WholeLeave(id, cancellation))!;
        var agent = await session.LoadAsync<EmployeeV1>(leave.AgentId, cancellation) ?? throw new StreamNotFoundException(leave.AgentId);
        var known = await session.CaseOf(leave, agent, caller.Now, cancellation);
        var command = new ApproveLeave(known.Steps, known.Limit, await session.ApproverOf(leave, caller, cancellation), caller.Now);

        IReadOnlyList<FreedShift> freed = [];
        if (leave.Version == expected.Value && LeaveDecider.Decide(command, leave) is [.., LeaveApproved { Final: true }])
            freed = await session.TakeEffect(leave, caller.Id, caller.Now, cancellation);

        var version = await session.Decide<Leave>(
            id, expected.Value, state => LeaveDecider.Decide(command, caller.MustSee(state, LeaveEndpoints.Visible)), cancellation);

        return new(new ApprovedLeave([.. freed.Where(shift => caller.Sees(shift.ProjectId))]), version, complete: false);
    }

    private static async Task<WriteResult> Withdraw(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var asked = caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), LeaveEndpoints.Visible);
        await session.LockLeave(asked.ProjectId, asked.AgentId, cancellation);
        var leave = (await session.WholeLeave(id, cancellation))!;
        var command = new WithdrawLeave(
            caller.Id, (await session.Project(leave.ProjectId, cancellation)).Calendar.DayOf(caller.Now), caller.Now);
        if (leave.Version == expected.Value && LeaveDecider.Decide(command, leave) is not [])
        {
            if (leave.Status is LeaveStatus.Approved)
                await session.TakeBack(leave, caller.Id, caller.Now, cancellation);
            await session.BookLeave(leave, isTaken: false, caller.Id, caller.Now, cancellation);
            if (leave.Status is LeaveStatus.Approved)
                session.TellSchedulers(leave.ProjectId, NoticeKind.LeaveWithdrawn, $"/leaves/{id}", leave.FirstDay, caller.Now);
            if (leave.AgentId != caller.Id)
                session.Tell(leave.ProjectId, leave.AgentId, NoticeKind.LeaveWithdrawn, $"/leaves/{id}", leave.FirstDay, caller.Now);
        }

        return await PublicationStore.InOnePlace(async () => new WriteResult(await session.Decide<Leave>(
            id, expected.Value, state => LeaveDecider.Decide(command, caller.MustSee(state, LeaveEndpoints.Visible)), cancellation)));
    }

    private static async Task<Approver> ApproverOf(
        this IQuerySession session, Leave leave, Caller caller, CancellationToken cancellation)
    {
        var supervisors = (await session.Query<TeamV1>().Where(team => team.ProjectId == leave.ProjectId).ToListAsync(cancellation))
            .Where(team => team.Members.Contains(leave.AgentId)).Select(team => team.SupervisorId).OfType<Guid>().ToList();
        var person = await session.LoadAsync<EmployeeV1>(caller.Id, cancellation);
        var today = (await session.Project(leave.ProjectId, cancellation)).Calendar.DayOf(caller.Now);

        return new(caller.Id, caller.Roles,
            (person?.Posts ?? []).Where(post => post.From <= today && !(post.To < today)).Select(post => post.Post).ToHashSet(),
            supervisors.Count == 0 || supervisors.Contains(caller.Id));
    }
}

internal static class LeaveEffects
{
    extension(IDocumentSession session)
    {
        /// <summary>
        /// Requests and approvals of a project wait for each other and for what changes its published days, as do those of one person: a
        /// place is given once.
        /// </summary>
        public Task LockLeave(Guid projectId, Guid agentId, CancellationToken cancellation) =>
            session.LockDays(projectId, [agentId], cancellation);

        /// <summary>
        /// Adds to the session what follows from an approval: published shifts are freed, the account is booked, agent and schedulers are
        /// told. Whoever calls it holds the lock.
        /// </summary>
        /// <param name="leave">Whole.</param>
        /// <exception cref="RefusedException"><c>leave-balance</c></exception>
        public async Task<IReadOnlyList<FreedShift>> TakeEffect(Leave leave, Guid by, DateTimeOffset now, CancellationToken cancellation)
        {
            var freed = await session.Free(leave, by, now, cancellation);
            await session.BookLeave(leave, isTaken: true, by, now, cancellation);

            session.Tell(leave.ProjectId, leave.AgentId, NoticeKind.LeaveApproved, $"/leaves/{leave.Id}", leave.FirstDay, now);
            foreach (var shift in freed)
            {
                session.Tell(shift.ProjectId, leave.AgentId, NoticeKind.ShiftFreed, $"/rosters/{shift.RosterId}", shift.Date, now);
                session.TellSchedulers(shift.ProjectId, NoticeKind.ShiftFreed, $"/rosters/{shift.RosterId}", shift.Date, now);
            }

            // Who is on call then keeps the turn until somebody gives it to another.
            var span = leave.Span((await session.Project(leave.ProjectId, cancellation)).Calendar);
            foreach (var duty in (await session.DutiesOf([leave.AgentId], span.From, span.To, cancellation))[leave.AgentId]
                .Where(duty => duty.EndsAt > span.From && duty.EndsAt > now))
                session.TellSchedulers(duty.ProjectId, NoticeKind.ShiftFreed, $"/on-call-rosters/{duty.RosterId}", leave.FirstDay, now);

            return freed;
        }
    }
}
