using System.ComponentModel.DataAnnotations;
using CallCenter.Attendance.Projects;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Attendance.Excuses.ExcuseDecider;

namespace CallCenter.Attendance.Excuses;

internal static class ExcuseEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapExcuses()
        {
            var excuses = routes.MapGroup("/excuses")
                .WithTag("Excuses", "Why somebody did not do what was rostered, and who let it count.");

            excuses.MapPost("/", Ask).Describe("Ask that some time be excused: agents of themselves, supervisors of others too",
                new ExcuseRequest(new("0199aaaa-0000-7000-8000-000000000001"), new("0199aaaa-0000-7000-8000-000000000003"),
                    ExcuseKind.Transport, new DateTimeOffset(2026, 3, 9, 9, 0, 0, TimeSpan.FromHours(8)),
                    new DateTimeOffset(2026, 3, 9, 9, 25, 0, TimeSpan.FromHours(8)), "Line 2 stood still; notice of the operator."),
                ["excuse-reversed", "excuse-too-long", "excuse-asked"]);
            excuses.MapGet("/", List).Describe("Excuses of a project or agent; agents see their own");
            excuses.MapGet("/{id:guid}", Get).Describe("One excuse");
            excuses.MapHistory("/{id:guid}", Get);
            excuses.MapPost("/{id:guid}/approval", Grant).Describe("Let it count, paid or not",
                new GrantRequest(Paid: true), ["excuse-closed", "own-excuse"]);
            excuses.MapPost("/{id:guid}/refusal", Refuse).Describe("Refuse it, with a reason",
                new RefusalRequest("The line ran by then."), ["excuse-closed", "own-excuse"]);
            excuses.MapPost("/{id:guid}/withdrawal", Withdraw).Describe("Take it back", problems: ["excuse-closed"]);
        }
    }

    /// <param name="Kind">For what reason.</param>
    /// <param name="Evidence">What there is to show for it.</param>
    public sealed record ExcuseRequest(
        Guid ProjectId, Guid AgentId, ExcuseKind Kind, DateTimeOffset From, DateTimeOffset To,
        [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Evidence);

    /// <param name="Paid">Whether the time is paid as if it had been worked.</param>
    public sealed record GrantRequest(bool Paid);

    public sealed record RefusalRequest([property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

    public static readonly Visibility<Excuse> Visible = new(
        (excuse, projects) => excuse.ProjectId.IsOneOf(projects), own: (excuse, agent) => excuse.AgentId == agent, ownIsTheirs: true);

    private static async Task<WriteResult> Ask(
        ExcuseRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        if (caller.SeesOnlyOwn && request.AgentId != caller.Id)
            throw new StreamNotFoundException(request.AgentId);
        await session.RequireAgent(request.AgentId, request.ProjectId, cancellation);
        await session.Lock([request.AgentId], cancellation);
        var (from, to) = (request.From.ToUniversalTime(), request.To.ToUniversalTime());
        if (await session.Query<Excuse>().FirstOrDefaultAsync(e => e.Id != id.Value && e.ProjectId == request.ProjectId
            && e.AgentId == request.AgentId && e.From < to && from < e.To
            && (e.Status == ExcuseStatus.Asked || e.Status == ExcuseStatus.Granted), cancellation) is { } same)
            throw new RefusedException("excuse-asked", "Some of the time is asked for or excused already.", $"/excuses/{same.Id}");
        var command = new AskExcuse(id.Value, request.ProjectId, request.AgentId, request.Kind, request.From, request.To, request.Evidence,
            caller.Id, caller.Now);

        return new(await session.Start<Excuse>(id.Value, state => Decide(command, state), cancellation), $"/excuses/{id.Value}");
    }

    public sealed record ExcuseFilter
    {
        public Guid? ProjectId { get; init; }
        public Guid? AgentId { get; init; }

        /// <summary>All when left out.</summary>
        [AllowedValues(null, "asked", "granted", "refused", "withdrawn")]
        public string? Status { get; init; }
    }

    private static async Task<Ok<Page<Excuse>>> List(
        [AsParameters] ExcuseFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var excuses = session.Query<Excuse>().VisibleTo(caller, Visible, filter.ProjectId);
        if (filter.AgentId is { } agent)
            excuses = excuses.Where(e => e.AgentId == agent);
        if (filter.Status is { } text)
        {
            var status = Enum.Parse<ExcuseStatus>(text, ignoreCase: true);
            excuses = excuses.Where(e => e.Status == status);
        }

        return TypedResults.Ok(await excuses.ToPage(page, e => e.Id, cancellation));
    }

    private static async Task<Versioned<Excuse>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var excuse = caller.MustSee(await session.LoadAsync<Excuse>(id, cancellation), Visible);

        return new(excuse, excuse.Version);
    }

    private static Task<WriteResult> Grant(
        Guid id, GrantRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        Change(id, expected, caller, session, state => Decide(new GrantExcuse(request.Paid, caller.Id, caller.Now), state), cancellation);

    private static Task<WriteResult> Refuse(
        Guid id, RefusalRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        Change(id, expected, caller, session, state =>
            Decide(new RefuseExcuse(request.Reason, caller.Id, caller.Now), state), cancellation);

    private static Task<WriteResult> Withdraw(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        Change(id, expected, caller, session, state => Decide(new WithdrawExcuse(caller.Id, caller.Now), state), cancellation);

    private static async Task<WriteResult> Change(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, Func<Excuse, object[]> decide,
        CancellationToken cancellation) =>
        new(await session.Decide<Excuse>(id, expected.Value, state => decide(caller.MustSee(state, Visible)), cancellation));
}
