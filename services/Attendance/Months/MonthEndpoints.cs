using System.ComponentModel;
using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Projects;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Attendance.Months;

/// <summary>An agent's month so far.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="PolicyVersion">The version of the project's policy that it is told by.</param>
/// <param name="Shifts">Shifts that have begun, and those that leave or excuses have all of.</param>
/// <param name="LeaveDays">Days of approved leave.</param>
/// <param name="LateSeconds">Of all latenesses that are known and not excused.</param>
/// <param name="PayableSeconds">Time to pay of the shifts of which it is known.</param>
/// <param name="UnpaidKnown">Shifts that are over and of which the time to pay is not known.</param>
/// <param name="Charged">What the policy charges, and what it lets pass.</param>
/// <param name="Ledgers">The month by the roster as known then, and as amended since.</param>
public sealed record MonthView(
    Guid ProjectId, Guid AgentId, DateOnly Month, long PolicyVersion, int Shifts, int LeaveDays, long LateSeconds, long PayableSeconds,
    int UnpaidKnown, MonthOfCharges Charged, MonthLedgers Ledgers);

internal static class MonthEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapMonths() => routes.MapGet("/attendance/month", Get).WithTags("Attendance")
            .Describe("An agent's month by the policy of the project; agents see their own", problems: ["unknown-project"]);
    }

    private static async Task<Ok<MonthView>> Get(
        Guid projectId, Guid agentId, [Description("Any day of the month.")] DateOnly month, Caller caller, IQuerySession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        if (caller.SeesOnlyOwn && agentId != caller.Id)
            throw new StreamNotFoundException(agentId);
        var project = await session.RequireProject("projectId", projectId, cancellation);
        var (first, last) = (new DateOnly(month.Year, month.Month, 1), new DateOnly(month.Year, month.Month, 1).AddMonths(1).AddDays(-1));
        var days = await session.Query<RosterHistory>()
            .Where(d => d.ProjectId == projectId && d.AgentId == agentId && d.Date >= first && d.Date <= last)
            .OrderBy(d => d.Id).ToListAsync(cancellation);
        if (days.Count == 0 && await session.LoadAsync<EmployeeV1>(agentId, cancellation) is null)
            throw new StreamNotFoundException(agentId);
        var policy = await session.PolicyOf(projectId, cancellation);

        var waits = await session.WaitsOf(projectId, [agentId], project.Calendar, first, last, caller.Now, cancellation);

        return TypedResults.Ok(
            Of(projectId, agentId, first, policy, await session.Lines(days, caller.Now, cancellation), [.. waits[agentId]], caller.Now));
    }

    internal static MonthView Of(
        Guid projectId, Guid agentId, DateOnly month, AttendancePolicy policy, IReadOnlyList<SheetLine> lines,
        IReadOnlyList<ReplyWait> waits, DateTimeOffset now)
    {
        var ledgers = new MonthLedgers(
            MonthLedger.Of(lines.Select(line => line.Ledgers.Raw), now), MonthLedger.Of(lines.Select(line => line.Ledgers.Excused), now),
            MonthLedger.Of(lines.Select(line => line.Ledgers.Amended), now));
        var (begun, excused) = (lines.Where(line => MonthLedger.HasBegun(line.Ledgers.Excused)), ledgers.Excused);

        return new(projectId, agentId, month, policy.Version, excused.Shifts, lines.Count(line => line.IsLeave), excused.LateSeconds,
            excused.PayableSeconds, excused.UnpaidKnown,
            MonthCharges.Of(policy.On, begun.Select(line =>
                new ShiftOfMonth(line.Day.Id, line.Day.Date, line.Ledgers.Excused, line.IsLeave)), waits),
            ledgers);
    }
}
