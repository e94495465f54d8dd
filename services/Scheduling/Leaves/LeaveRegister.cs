using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Leaves;

/// <summary>A leave that was taken in a month, as the register at its end shows it.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="LeaveId">The leave.</param>
/// <param name="Kind">What the days are for.</param>
/// <param name="Paid">Whether the days count towards contracted hours.</param>
/// <param name="FirstDay">First day off, in this month or one before.</param>
/// <param name="LastDay">Last day off, in this month or one after.</param>
/// <param name="From">Of a part of the day; null for whole days.</param>
/// <param name="To">First time after that part; null for whole days.</param>
/// <param name="Days">Calendar days of it in the month.</param>
/// <param name="Taken">Of these what the account has given.</param>
/// <param name="Approved">By which roles it was approved, or why the project's policy did.</param>
/// <param name="HasSlip">Whether its slip is kept.</param>
public sealed record LeaveRegisterRow(
    Guid AgentId, string StaffNumber, string Name, Guid LeaveId, LeaveKind Kind, bool Paid, DateOnly FirstDay, DateOnly LastDay,
    TimeOnly? From, TimeOnly? To, decimal Days, decimal Taken, string Approved, bool HasSlip)
{
    /// <param name="leave">Whole.</param>
    public static LeaveRegisterRow Of(Leave leave, EmployeeV1? person, Account account, bool hasSlip, DateOnly first)
    {
        var last = first.AddMonths(1).AddDays(-1);
        var (from, to) = (leave.FirstDay > first ? leave.FirstDay : first, leave.LastDay < last ? leave.LastDay : last);

        return new(leave.AgentId, person?.StaffNumber ?? "", person?.Name ?? "", leave.Id, leave.Kind, leave.Paid, leave.FirstDay,
            leave.LastDay, leave.Part?.From, leave.Part?.To, leave.Part?.Days ?? to.DayNumber - from.DayNumber + 1,
            -account.Entries.Where(e => e.Cause is EntryCause.Leave && e.CauseId == leave.Id && from <= e.Day && e.Day <= to)
                .Sum(e => e.Amount),
            leave.DecidedBecause ?? string.Join(' ', leave.Approvals.Select(step => step.Role)), hasSlip);
    }
}

internal static class LeaveRegister
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapLeaveRegister() => routes.MapGet("/leaves/register", Get).WithTags("Leave").Describe(
            "The register of a project at the end of a month: all leave that was taken in it, as JSON or CSV (Accept: text/csv)");
    }

    private static async Task<Tabular<Page<LeaveRegisterRow>>> Get(
        Guid projectId, [Description("Calendar year."), Range(1950, 2200)] int year,
        [Description("Month of the year, from 1."), Range(1, 12)] int month, PageRequest page, Caller caller, IQuerySession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var first = new DateOnly(year, month, 1);
        var last = first.AddMonths(1).AddDays(-1);
        var found = await session.Query<Leave>().Where(l => l.ProjectId == projectId && l.Status == LeaveStatus.Approved
            && l.FirstDay <= last && l.LastDay >= first).ToPage(page, l => l.Id, cancellation);
        var leaves = await session.Whole(found.Items, cancellation);
        var agents = leaves.Select(leave => leave.AgentId).Distinct().ToArray();
        var people = (await session.LoadManyAsync<EmployeeV1>(cancellation, agents)).ToDictionary(person => person.Id);
        var accounts = await session.AccountsOf(agents, cancellation);
        var slips = (await session.LoadManyAsync<LeaveSlip>(cancellation, leaves.Select(leave => leave.Id).ToArray()))
            .Select(slip => slip.Id).ToHashSet();

        return new(new Page<LeaveRegisterRow>(
            [
                .. leaves.Select(leave => LeaveRegisterRow.Of(leave, people.GetValueOrDefault(leave.AgentId),
                    accounts.GetValueOrDefault(leave.AgentId) ?? new(), slips.Contains(leave.Id), first))
                    .OrderBy(row => row.StaffNumber, StringComparer.Ordinal).ThenBy(row => row.FirstDay),
            ], found.Next), Table, found.Next);
    }

    private static Table Table(Page<LeaveRegisterRow> page)
    {
        var table = new Table("staff_number", "name", "agent", "leave", "kind", "paid", "first_day", "last_day", "from", "to", "days",
            "taken", "approved", "slip");
        foreach (var row in page.Items)
            table.Add(row.StaffNumber, row.Name, row.AgentId, row.LeaveId, row.Kind.Code, row.Paid, row.FirstDay, row.LastDay,
                $"{row.From:HH:mm}", $"{row.To:HH:mm}", row.Days, row.Taken, row.Approved, row.HasSlip);
        return table;
    }
}
