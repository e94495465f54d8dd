using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Projects;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Employment;

internal static class EmployeeEndpoints
{
    private static readonly EmployeeRequest Example = new(
        "A-1042", "张伟", new(2025, 3, 3), Grade.Junior, 40, "Asia/Shanghai",
        [new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b10")], [new("billing", 3), new("complaints", 2)]);

    private static readonly string[] Rules =
        ["staff-number", "name", "leaves-before-hire", "weekly-hours", "unknown-zone", "unknown-team", "duplicate-team",
         "skill-code", "skill-level", "duplicate-skill", "team-dissolved", "from-before-hire"];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapEmployees()
        {
            var employees = routes.MapGroup("/employees").WithTag("Employees", "Who works here, on which terms, in which teams and posts.");

            employees.MapPost("/", Hire).Describe("Put an employee on file", Example, [.. Rules, "staff-number-taken"]);
            employees.MapPut("/{id:guid}", Change).Describe(
                "Change an employee's record; what the body says replaces what is on file", Example,
                [.. Rules, "staff-number-taken", "erased"]);
            employees.MapPost("/{id:guid}/terms", Agree).Describe(
                "Enter grade, hours or teams from a day on, past or to come; what is left out stays, and what begins later too",
                new TermsRequest(new(2026, 3, 1), Grade.Intermediate, 40, Example.TeamIds),
                ["weekly-hours", "unknown-team", "duplicate-team", "team-dissolved", "from-before-hire", "erased"]);
        }
    }

    private static async Task<WriteResult> Hire(
        EmployeeRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        EmployeeRules.Ensure(request);
        var taken = await session.HoldStaffNumbers([request.StaffNumber], cancellation);
        var holder = taken.Values.FirstOrDefault(id.Value);
        var renamed = await session.StoreName(holder, request.Name, mayChange: taken.Count == 0, cancellation);
        var record = request.ToRecord(await session.Memberships(request.TeamIds, cancellation));

        var command = new HireEmployee(holder, record, renamed, caller.Now, request.From);

        if (taken.Count == 0)
        {
            session.Insert(new StaffNumber(StaffNumber.IdOf(request.StaffNumber), holder));
            await session.Assign(TeamAssignment.Changes(new Employee(), Decide(command, new Employee())), caller.Now, cancellation);
        }

        var version = await session.Start<Employee>(holder, state => Decide(command, state), cancellation);

        return new(version, $"/employees/{holder}");
    }

    private static async Task<WriteResult> Change(
        Guid id, EmployeeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        EmployeeRules.Ensure(request);
        var employee = await session.ReadAt(id, expected, cancellation);
        await session.Renumber(employee, request.StaffNumber, cancellation);
        var renamed = await session.StoreName(id, request.Name, mayChange: true, cancellation);
        var record = request.ToRecord(await session.Memberships(request.TeamIds, cancellation));
        var command = new ChangeEmployee(record, renamed, caller.Now, request.From);

        return new(await session.DecideWithTeams(employee, state => Decide(command, state), caller.Now, cancellation));
    }

    private static async Task<WriteResult> Agree(
        Guid id, TermsRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        EmployeeRules.Ensure(request);
        var employee = await session.ReadAt(id, expected, cancellation);
        var teams = request.TeamIds is { } teamIds ? await session.Memberships(teamIds, cancellation) : null;
        var command = new SetTerms(new(request.Grade, request.WeeklyHours, teams), request.From ?? employee.DayOf(caller.Now), caller.Now);

        return new(await session.DecideWithTeams(employee, state => Decide(command, state), caller.Now, cancellation));
    }

    extension(IDocumentSession session)
    {
        // What else the request touches is computed from this version, so it must be the one the caller means.
        internal async Task<Employee> ReadAt(Guid id, ExpectedVersion expected, CancellationToken cancellation)
        {
            var employee = await session.LoadAsync<Employee>(id, cancellation) ?? throw new StreamNotFoundException(id);

            return employee.Version == expected.Value ? employee : throw new StaleVersionException(expected.Value, employee.Version);
        }

        /// <returns>Whether the name on file is another one.</returns>
        private async Task<bool> StoreName(Guid id, string name, bool mayChange, CancellationToken cancellation)
        {
            var onFile = await session.LoadAsync<PersonDetails>(id, cancellation);
            var renamed = onFile?.Name != Text.Bare(name);

            if (renamed && mayChange)
                session.Store((onFile ?? new(id, "")) with { Name = Text.Bare(name) });

            return renamed;
        }

        private async Task Renumber(Employee employee, string staffNumber, CancellationToken cancellation)
        {
            var (before, after) = (StaffNumber.IdOf(employee.StaffNumber), StaffNumber.IdOf(staffNumber));
            if (before == after)
                return;

            if ((await session.HoldStaffNumbers([staffNumber], cancellation)).Count > 0)
                throw new RefusedException("staff-number-taken", $"Staff number '{staffNumber}' belongs to somebody else.");

            session.Delete<StaffNumber>(before);
            session.Insert(new StaffNumber(after, employee.Id));
        }
    }
}
