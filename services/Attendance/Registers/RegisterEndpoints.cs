using System.ComponentModel.DataAnnotations;
using CallCenter.Attendance.Months;
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
using static CallCenter.Attendance.Registers.CorrectionDecider;
using static CallCenter.Attendance.Registers.RegisterDecider;

namespace CallCenter.Attendance.Registers;

/// <summary>A project's month as it was closed, and as it stands with what was put right since.</summary>
/// <param name="Register">As it was closed.</param>
/// <param name="Corrections">What was put right since, in no order.</param>
/// <param name="Rows">The rows with the corrections.</param>
public sealed record RegisterView(
    MonthRegister Register, IReadOnlyList<RegisterCorrection> Corrections, IReadOnlyList<AgentMonth> Rows);

/// <summary>What an agent is to be paid for, in the register's month.</summary>
/// <param name="AgentId">The employee.</param>
/// <param name="Hours">Time to pay with the corrections, to a hundredth of an hour.</param>
/// <param name="LeaveDays">Days of approved leave.</param>
/// <param name="Charged">What is charged, with the corrections.</param>
/// <param name="FullAttendance">Whether nothing has taken it away; null where something is unknown.</param>
/// <param name="UnknownShifts">Shifts of which the time to pay is not known, and is not in it.</param>
public sealed record PayableHours(
    Guid AgentId, string StaffNumber, decimal Hours, int LeaveDays, decimal Charged, bool? FullAttendance, int UnknownShifts);

internal static class RegisterEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRegisters()
        {
            var registers = routes.MapGroup("/attendance-registers")
                .WithTag("Attendance registers", "The month of a project, closed and signed; what is wrong in it is put right beside it.");

            registers.MapPost("/", Close).Describe("Close a month that is over",
                new RegisterRequest(new("0199aaaa-0000-7000-8000-000000000001"), new(2026, 3, 1)),
                ["unknown-project", "month-not-over", "register-closed"]);
            registers.MapGet("/", List).Describe("The registers of a project");
            registers.MapGet("/{id:guid}", Get).Describe("One register, as closed and as it stands");
            registers.MapGet("/{id:guid}/history", History).Describe(
                "Who closed, signed and put right what, when and why, oldest first; versions count these entries");
            registers.MapPost("/{id:guid}/signature", Sign).Describe("Sign it: somebody else than who closed it",
                problems: ["register-signed", "own-register"]);
            registers.MapPost("/{id:guid}/corrections", Correct).Describe("Put something right in a closed month, with a reason",
                new CorrectionRequest(new("0199aaaa-0000-7000-8000-000000000003"), 1800, -20, "The gate was broken on the 9th."),
                ["not-in-register", "correction-of-nothing"]);
            registers.MapGet("/{id:guid}/hours", Hours).Describe("The hours to pay, as JSON or as CSV (Accept: text/csv)");
        }
    }

    /// <param name="Month">Any day of it.</param>
    public sealed record RegisterRequest(Guid ProjectId, DateOnly Month);

    /// <param name="PayableSeconds">So much more time to pay; less where negative.</param>
    /// <param name="Charged">So much more is charged; less where negative.</param>
    public sealed record CorrectionRequest(
        Guid AgentId, [Range(-2_678_400, 2_678_400)] long PayableSeconds, [Range(-100_000.0, 100_000.0)] decimal Charged,
        [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

    private static readonly Visibility<MonthRegister> Visible = new((register, projects) => register.ProjectId.IsOneOf(projects));

    private static async Task<PlacedResult> Close(
        RegisterRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.RequireProject("/projectId", request.ProjectId, cancellation);
        var month = new DateOnly(request.Month.Year, request.Month.Month, 1);
        if (project.Calendar.StartOf(month.AddMonths(1)) > caller.Now)
            throw new RefusedException("month-not-over", $"The month of {month:yyyy-MM} is not over.");

        var last = month.AddMonths(1).AddDays(-1);
        var days = await session.Query<RosterHistory>().Where(d => d.ProjectId == project.Id && d.Date >= month && d.Date <= last)
            .OrderBy(d => d.Id).ToListAsync(cancellation);
        var lines = await session.Lines(days, caller.Now, cancellation);
        if (lines.Any(line => line.Ledgers.Excused.EndsAt > caller.Now))
            throw new RefusedException("month-not-over", "A shift that began in the month goes on.");

        // Who had no shift has a row too: nobody is forgotten when hours are paid.
        var employed = await session.Query<EmployeeV1>().Where(e => e.ProjectIds.Contains(project.Id)
            && e.HiredOn <= last && (e.LeftOn == null || e.LeftOn >= month)).OrderBy(e => e.Id).Select(e => e.Id).ToListAsync(cancellation);
        var policy = await session.PolicyOf(project.Id, cancellation);
        var byAgent = lines.ToLookup(line => line.Day.AgentId);
        List<Guid> agents = [.. employed.Union(byAgent.Select(agent => agent.Key)).Order()];
        var waits = await session.WaitsOf(project.Id, agents, project.Calendar, month, last, caller.Now, cancellation);
        var command = new CloseRegister(
            MonthRegister.IdOf(project.Id, month), project.Id, month, policy.Version,
            [
                .. agents.Select(agent =>
                    Row(MonthEndpoints.Of(project.Id, agent, month, policy, [.. byAgent[agent]], [.. waits[agent]], caller.Now))),
            ],
            caller.Id, caller.Now);
        var version = await session.Start<MonthRegister>(command.RegisterId, state => Decide(command, state), cancellation);

        return new(version, $"/attendance-registers/{command.RegisterId}");
    }

    private static AgentMonth Row(MonthView month) => new(
        month.AgentId, month.Shifts, month.LeaveDays, month.LateSeconds, month.PayableSeconds, month.Charged.Amount,
        month.Charged.FullAttendance, month.UnpaidKnown);

    private static async Task<Page<MonthRegister>> List(
        Guid projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        await session.Query<MonthRegister>().VisibleTo(caller, Visible, projectId).ToPage(page, r => r.Id, cancellation);

    private static async Task<Versioned<RegisterView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var register = caller.MustSee(await session.LoadAsync<MonthRegister>(id, cancellation), Visible);
        var corrections = await session.CorrectionsOf(id, cancellation);

        return new(new(register, corrections, register.With(corrections)), register.Version, complete: false);
    }

    private static async Task<Page<HistoryEntry>> History(
        Guid id, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<MonthRegister>(id, cancellation), Visible);

        return await session.History(
            [id, .. (await session.CorrectionsOf(id, cancellation)).Select(correction => correction.Id)], page, cancellation);
    }

    private static async Task<WriteResult> Sign(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<MonthRegister>(id, expected.Value, state =>
            Decide(new SignRegister(caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));

    private static async Task<WriteResult> Correct(
        Guid id, CorrectionRequest request, NewId correction, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var register = caller.MustSee(await session.LoadAsync<MonthRegister>(id, cancellation), Visible);
        var command = new CorrectRegister(
            correction.Value, request.AgentId, request.PayableSeconds, request.Charged, request.Reason, caller.Id, caller.Now);

        return new(await session.Start<RegisterCorrection>(
            correction.Value, state => Decide(command, register, state), cancellation), $"/attendance-registers/{id}");
    }

    private static async Task<Tabular<IReadOnlyList<PayableHours>>> Hours(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var register = caller.MustSee(await session.LoadAsync<MonthRegister>(id, cancellation), Visible);
        var agents = (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. register.Rows.Select(row => row.AgentId)]))
            .ToDictionary(agent => agent.Id, agent => agent.StaffNumber);

        return new(
            [
                .. register.With(await session.CorrectionsOf(id, cancellation)).Select(row => new PayableHours(
                    row.AgentId, agents.GetValueOrDefault(row.AgentId, ""), Hundredths(row.PayableSeconds), row.LeaveDays, row.Charged,
                    row.FullAttendance, row.UnknownShifts)),
            ], Table);
    }

    // Half away from zero, as money is rounded.
    private static decimal Hundredths(long seconds) => Math.Round(seconds / 3600m, 2, MidpointRounding.AwayFromZero);

    private static Table Table(IReadOnlyList<PayableHours> rows)
    {
        var table = new Table("staff_number", "agent_id", "payable_hours", "leave_days", "charged", "full_attendance", "unknown_shifts");
        foreach (var row in rows)
            table.Add(row.StaffNumber, row.AgentId, row.Hours, row.LeaveDays, row.Charged, row.FullAttendance, row.UnknownShifts);

        return table;
    }

    private static async Task<IReadOnlyList<RegisterCorrection>> CorrectionsOf(
        this IQuerySession session, Guid register, CancellationToken cancellation) =>
        await session.Query<RegisterCorrection>().Where(c => c.RegisterId == register).OrderBy(c => c.Id).ToListAsync(cancellation);
}
