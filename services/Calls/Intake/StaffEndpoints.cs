using CallCenter.Contracts.People;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Intake;

/// <summary>An employee whom a source may name as the agent of a call.</summary>
/// <param name="StaffNumber">What the source has to say; the <paramref name="Id"/> does as well.</param>
public sealed record StaffMember(Guid Id, string StaffNumber, string Name);

internal static class StaffEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapStaff() => routes.MapGet("/staff", List).WithTags("Imports").Describe(
            "Whom calls of a project can be matched to: an agent not in this list gets an id of their own");
    }

    private static async Task<Ok<Page<StaffMember>>> List(
        Guid project, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(project);
        var staff = await session.Query<EmployeeV1>().Where(e => e.ProjectIds.Contains(project)).ToPage(page, e => e.Id, cancellation);

        return TypedResults.Ok(new Page<StaffMember>(
            [.. staff.Items.Select(e => new StaffMember(e.Id, e.StaffNumber, e.Name))], staff.Next));
    }
}
