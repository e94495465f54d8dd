using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Posts;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Employment;

internal static class PositionEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPositions()
        {
            var employees = routes.MapGroup("/employees").WithTags("Employees");

            employees.MapPut("/{id:guid}/position", Place).Describe(
                "Say which posts somebody holds, in which department, whom they report to and who is their mentor, from a day on",
                new PositionRequest(["customer-service-agent"], "售后服务部", new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b02"), null,
                    new(2026, 3, 1)),
                ["unknown-post", "duplicate-post", "name", "unknown-manager", "unknown-mentor", "reports-to-themselves",
                 "from-before-hire", "erased"]);
            employees.MapPut("/{id:guid}/qualifications", Qualify).Describe("Say what somebody brings along; no rule asks for it",
                new QualificationsRequest("大专", 3, 1, ["普通话一级乙等"]), ["name", "erased"]);
            employees.MapGet("/{id:guid}/qualifications", Qualified).Describe("What somebody brings along; agents see their own");
        }
    }

    /// <param name="Posts">Codes, see <c>GET /posts</c>; several may be held.</param>
    /// <param name="Department">None when left out.</param>
    /// <param name="ManagerId">Whom they report to.</param>
    /// <param name="MentorId">Who helps them along.</param>
    /// <param name="From">First day, in the employee's zone: past, to correct, or to come. Today when left out.</param>
    public sealed record PositionRequest(
        [MaxLength(20)] IReadOnlyList<string> Posts, [MaxLength(1000)] string? Department = null,
        Guid? ManagerId = null, Guid? MentorId = null, DateOnly? From = null);

    /// <param name="Education">As it is called where it was had.</param>
    /// <param name="Experience">Years in such work.</param>
    /// <param name="Management">Years of them as somebody's superior.</param>
    /// <param name="Certificates">As they are called where they were had.</param>
    public sealed record QualificationsRequest(
        [MaxLength(1000)] string? Education = null, [Range(0, 80)] int? Experience = null, [Range(0, 80)] int? Management = null,
        [MaxLength(50)] IReadOnlyList<string>? Certificates = null);

    private static async Task<WriteResult> Place(
        Guid id, PositionRequest request, ExpectedVersion expected, Caller caller, PostList posts, IDocumentSession session,
        CancellationToken cancellation)
    {
        foreach (var (i, post) in request.Posts.Index())
        {
            if (!posts.Has(post))
                throw new InvalidException($"/posts/{i}", "unknown-post", $"There is no post '{post}'.");

            if (request.Posts.Take(i).Contains(post))
                throw new InvalidException($"/posts/{i}", "duplicate-post", $"The post '{post}' is named twice.");
        }

        var employee = await session.ReadAt(id, expected, cancellation);
        await session.RequireManager(id, request.ManagerId, cancellation);
        if (request.MentorId is { } mentor && (mentor == id || await session.LoadAsync<Employee>(mentor, cancellation) is null))
            throw new InvalidException("/mentorId", "unknown-mentor", $"There is no other employee {mentor}.");

        var department = request.Department is { } name ? Names.Require("/department", name) : null;
        var command = new SetPosition(
            new(request.Posts, department, request.ManagerId, request.MentorId), request.From ?? employee.DayOf(caller.Now), caller.Now);

        return new(await session.Decide<Employee>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Qualify(
        Guid id, QualificationsRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var qualifications = new Qualifications(
            request.Education is { } education ? Names.Require("/education", education) : null, request.Experience, request.Management,
            [.. (request.Certificates ?? []).Select((certificate, i) => Names.Require($"/certificates/{i}", certificate))]);
        var employee = await session.ReadAt(id, expected, cancellation);
        var details = await session.LoadAsync<PersonDetails>(id, cancellation) ?? new(id, "");
        var command = new RecordQualifications(!qualifications.IsSame(details.Qualifications ?? Qualifications.None), caller.Now);

        if (!employee.Erased)
            session.Store(details with { Qualifications = qualifications });

        return new(await session.Decide<Employee>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<Versioned<Qualifications>> Qualified(
        Guid id, Caller caller, PostList posts, IQuerySession session, CancellationToken cancellation)
    {
        var employee = await session.MustSee(id, caller, posts, cancellation);

        return new((await session.LoadAsync<PersonDetails>(id, cancellation))?.Qualifications ?? Qualifications.None, employee.Version);
    }

    // Whoever reports to somebody who reports to them has nobody above.
    private static async Task RequireManager(this IQuerySession session, Guid id, Guid? managerId, CancellationToken cancellation)
    {
        HashSet<Guid> chain = [];

        for (var next = managerId; next is { } above && chain.Add(above);)
        {
            if (above == id)
                throw new InvalidException("/managerId", "reports-to-themselves", "The employee would report to themselves in the end.");

            var manager = await session.LoadAsync<Employee>(above, cancellation);
            next = manager is not null || above != managerId
                ? manager?.ManagerId
                : throw new InvalidException("/managerId", "unknown-manager", $"There is no employee {above}.");
        }
    }
}
