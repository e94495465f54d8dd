using CallCenter.People.Employees;
using CallCenter.People.Posts;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.People.Employment;

/// <param name="Name">Empty once erased.</param>
/// <param name="From">Since when they hold it.</param>
/// <param name="To">Last day; null while no end is known.</param>
public sealed record PostHolder(Guid EmployeeId, string StaffNumber, string Name, DateOnly From, DateOnly? To);

internal static class PostEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPosts()
        {
            var posts = routes.MapGroup("/posts").WithTag("Posts", "The posts of the organisation and who holds them.");

            posts.MapGet("/", (PostList all) => TypedResults.Ok(all.All))
                .Describe("The posts of the organisation, whom each reports to, and the role that goes with it");
            posts.MapGet("/{post}/holders", Holders)
                .Describe("Who holds a post on a day, today unless said otherwise: the director is a person");
        }
    }

    private static async Task<Ok<IReadOnlyList<PostHolder>>> Holders(
        string post, DateOnly? on, Caller caller, PostList posts, IQuerySession session, CancellationToken cancellation)
    {
        if (!posts.Has(post))
            throw new StreamNotFoundException(Guid.Empty);

        var everHeld = await session.Query<Employee>().Where(e => e.PostDates.Any(h => h.Of == post))
            .OrderBy(e => e.Id).ToListAsync(cancellation);
        var holders = everHeld.Where(caller.MayName)
            .Select(e => (Employee: e, Day: on ?? e.DayOf(caller.Now))).Where(h => h.Employee.WorksOn(h.Day))
            .SelectMany(h => h.Employee.PostDates.Periods().Where(p => p.Of == post && p.From <= h.Day && !(p.To < h.Day))
                .Select(p => (h.Employee, Period: p)))
            .ToArray();
        var details = (await session.LoadManyAsync<PersonDetails>(cancellation, holders.Select(h => h.Employee.Id)))
            .ToDictionary(d => d.Id);

        return TypedResults.Ok<IReadOnlyList<PostHolder>>(
        [
            .. holders.Select(h => new PostHolder(
                h.Employee.Id, h.Employee.StaffNumber, details.GetValueOrDefault(h.Employee.Id)?.Name ?? "", h.Period.From, h.Period.To)),
        ]);
    }
}
