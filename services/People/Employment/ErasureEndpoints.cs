using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Projects;
using CallCenter.People.Retention;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Employment;

internal static class ErasureEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapErasure()
        {
            var employees = routes.MapGroup("/employees").WithTags("Employees");
            employees.MapDelete("/{id:guid}/personal-data", Erase).Describe(
                "Erase what tells who somebody was who has left, in all services; the record stays under its id and staff number",
                problems: ["still-employed", "legal-hold"]);
            employees.MapGet("/{id:guid}/erasure", Get).Describe("Which services have erased somebody, and what they found where");
        }
    }

    private static async Task<WriteResult> Erase(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var employee = await session.ReadAt(id, expected, cancellation);
        await session.RequireNoHold(employee, cancellation);
        var command = new ErasePersonalData(LocalCalendar.Of(employee.Zone).DayOf(caller.Now), caller.Id, caller.Now);

        return new(await session.Forget(employee, command, expected.Value, cancellation));
    }

    private static async Task<Ok<ErasureView>> Get(Guid id, IQuerySession session, CancellationToken cancellation)
    {
        var employee = await session.LoadAsync<Employee>(id, cancellation);
        return employee is { ErasedAt: { } at }
            ? TypedResults.Ok(await session.Erasure<EmployeeErasedV1>(id, employee.ErasedBy, at, cancellation))
            : throw new StreamNotFoundException(id);
    }

    /// <summary>
    /// A restore has undone it; who was told of it says so, again and again: of somebody who has not left yet, as far as is known by now,
    /// until that is entered once more.
    /// </summary>
    public static async Task EraseOnceMore(IServiceProvider services, ErasureStandsV1 stands, CancellationToken cancellation)
    {
        Actor.Current = Actor.Job("erasure");
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        if (await session.LoadAsync<Employee>(stands.Id, cancellation) is not { Erased: false, LeftOn: not null } employee)
            return;

        var command = new ErasePersonalData(DateOnly.MaxValue, stands.By, stands.RequestedAt); // whenever that was, they had left
        await session.Forget(employee, command, employee.Version, cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    extension(IDocumentSession session)
    {
        private async Task RequireNoHold(Employee employee, CancellationToken cancellation)
        {
            var projects = employee.TeamDates.Periods().Select(period => ProjectRetention.IdOf(period.Of.ProjectId)).Distinct().ToArray();
            foreach (var project in await session.LoadManyAsync<ProjectRetention>(cancellation, projects))
                if (project.HoldsInForce.Any())
                    throw new RefusedException("legal-hold",
                        $"A legal hold of project {project.ProjectId}, in which they worked, is in force; ask again when it is released.");
        }

        private async Task<long> Forget(Employee employee, ErasePersonalData command, long expected, CancellationToken cancellation)
        {
            await session.Assign(TeamAssignment.Changes(employee, Decide(command, employee)), command.Now, cancellation);
            await session.ForgetReader(employee.Id, command.Now, cancellation);
            session.Delete<PersonDetails>(employee.Id);

            return await session.Decide<Employee>(employee.Id, expected, state => Decide(command, state), cancellation);
        }
    }
}
