using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Scheduling.Leaves;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What the approval of a leave did to shifts that were published already.</summary>
/// <param name="Freed">
/// Shifts that the agent no longer works: taken out of their roster, told to the agent and the other services. None while another step
/// is due.
/// </param>
public sealed record ApprovedLeave(IReadOnlyList<FreedShift> Freed);

/// <param name="RosterId">The roster that it was published with.</param>
/// <param name="Date">The local day on which it would have begun.</param>
/// <param name="Code">Of the shift.</param>
public sealed record FreedShift(
    Guid ProjectId, Guid RosterId, DateOnly Date, string Code, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>A leave is approved here, since rosters know of leave and not the other way round.</summary>
internal static class LeaveApprovals
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapLeaveApproval() => routes.MapPost("/leaves/{id:guid}/approval", Approve).WithTags("Leave").Describe(
            "Approve a leave, or the step of it that is due: once it is approved no shift fits into it, and those published are taken out",
            problems: ["own-leave", "leave-closed", "approval-of-another-role", "approved-already", "leave-balance"]);
    }

    private static async Task<Versioned<ApprovedLeave>> Approve(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var asked = caller.MustSee(await session.LoadAsync<Leave>(id, cancellation), LeaveEndpoints.Visible);
        await session.Lock([asked.AgentId], cancellation); // a roster that is being published either sees the leave or is seen
        var rules = await session.LeaveRulesOf(asked.ProjectId, cancellation);
        var command = new ApproveLeave(rules, caller.Id, caller.Roles, caller.Now);

        var leave = await session.LoadAsync<Leave>(id, cancellation);
        IReadOnlyList<FreedShift> freed = [];
        if (leave!.Version == expected.Value && LeaveDecider.Decide(command, leave) is [.., LeaveApproved { Final: true }])
        {
            freed = await session.Free(leave, caller, cancellation);
            await session.BookLeave(leave, isTaken: true, caller, cancellation);
        }

        var version = await session.Decide<Leave>(
            id, expected.Value, state => LeaveDecider.Decide(command, caller.MustSee(state, LeaveEndpoints.Visible)), cancellation);

        return new(new ApprovedLeave([.. freed.Where(shift => caller.Sees(shift.ProjectId))]), version, complete: false);
    }

    /// <summary>Takes the agent's published shifts out of the days of a leave, as a publication of these days would.</summary>
    private static async Task<IReadOnlyList<FreedShift>> Free(
        this IDocumentSession session, Leave leave, Caller caller, CancellationToken cancellation)
    {
        var before = leave.FirstDay.AddDays(-1); // a night may end in the leave
        var shifts = (await session.Query<PublishedDay>()
            .Where(day => day.AgentId == leave.AgentId && day.Date >= before && day.Date <= leave.LastDay)
            .ToListAsync(cancellation)).Where(day => day.Shift is not null).ToLookup(day => day.ProjectId);
        var freed = new List<FreedShift>();

        foreach (var project in shifts)
        {
            var numbers = await session.Events.FetchForWriting<Publications>(Publications.IdOf(project.Key), cancellation);
            var number = (numbers.Aggregate?.Last ?? 0) + 1;
            var told = freed.Count;
            var booked = new List<PublishedDay>();
            foreach (var days in project.GroupBy(day => day.RosterId))
            {
                var stream = await session.Events.FetchForWriting<Roster>(days.Key, cancellation);
                var roster = stream.Aggregate!;
                var gone = days.Where(day => Touches(leave, day.Shift!, LocalCalendar.Of(roster.Zone))).ToList();
                if (gone.Count == 0)
                    continue;

                stream.AppendMany(gone.Select(day => new ShiftFreed(
                    roster.Id, leave.AgentId, day.Date, leave.Id, number, caller.Id, caller.Now)));
                booked.AddRange(await session.StoreFreed(roster, gone, leave, number, caller.Now, cancellation));
                freed.AddRange(gone.Select(day => new FreedShift(
                    day.ProjectId, roster.Id, day.Date, day.Shift!.Code, day.Shift.StartsAt, day.Shift.EndsAt)));
            }

            await session.BookDays(booked, project.Key, caller.Id, caller.Now, cancellation);
            if (freed.Count > told)
                numbers.AppendOne(new PublicationNumbered(project.Key, freed[told].RosterId, number, caller.Now));
        }

        return freed;
    }

    private static bool Touches(Leave leave, RosterShift shift, LocalCalendar calendar) =>
        shift.EndsAt > calendar.StartOf(leave.FirstDay) && shift.StartsAt < calendar.StartOf(leave.LastDay.AddDays(1));
}
