using System.ComponentModel.DataAnnotations;
using CallCenter.Attendance.Projects;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Attendance.Handovers.HandoverDecider;

namespace CallCenter.Attendance.Handovers;

internal static class HandoverEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapHandovers()
        {
            var handovers = routes.MapGroup("/handovers").WithTag("Handovers", "What one shift tells the next, and who has taken note.");
            var matter = new MatterRequest("Switch", "Line 3 is out; calls go over line 4 until noon.", Key: true);

            handovers.MapPost("/", Write).Describe("Hand over a shift with what the next one has to know",
                new HandoverRequest(new("0199aaaa-0000-7000-8000-000000000001"), new(2026, 3, 9), [matter]),
                ["unknown-project", "unknown-team", "handover-written"]);
            handovers.MapGet("/", List).Describe("Handovers of a project; those that nobody has acknowledged, where asked");
            handovers.MapGet("/{id:guid}", Get).Describe("One handover");
            handovers.MapHistory("/{id:guid}", Get);
            handovers.MapPost("/{id:guid}/matters", Add).Describe("Add a matter; it is to be acknowledged again", matter,
                ["too-many-matters"]);
            handovers.MapPost("/{id:guid}/acknowledgement", Acknowledge).Describe(
                "Take note of all that it says, for the shift that goes on", problems: ["own-handover"]);
        }
    }

    /// <param name="Subject">What it is about, in a line.</param>
    /// <param name="Text">What there is to know, and to do.</param>
    /// <param name="Key">Whether nobody may begin without knowing it.</param>
    public sealed record MatterRequest(
        [property: FreeText] [Required, Line, StringLength(200, MinimumLength = 1)] string Subject,
        [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Text, bool Key = false)
    {
        internal Matter ToMatter() => new(Subject, Text, Key);
    }

    /// <param name="Date">Local day on which the shift began that hands over.</param>
    /// <param name="Matters">What the next shift has to know.</param>
    /// <param name="TeamId">Of which team's shift it is; the project's when left out.</param>
    public sealed record HandoverRequest(
        Guid ProjectId, DateOnly Date, [MinLength(1), MaxLength(50)] IReadOnlyList<MatterRequest> Matters, Guid? TeamId = null);

    /// <param name="Open">Those that nobody has acknowledged, or those that somebody has; all when left out.</param>
    /// <param name="From">The first local day.</param>
    /// <param name="To">The last local day.</param>
    public sealed record HandoverFilter(Guid ProjectId, bool? Open, DateOnly? From, DateOnly? To);

    // The matters of a shift are everybody's who works in the project.
    public static readonly Visibility<Handover> Visible = new(
        (handover, projects) => handover.ProjectId.IsOneOf(projects), own: (_, _) => true);

    private static async Task<WriteResult> Write(
        HandoverRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.RequireProject("/projectId", request.ProjectId, cancellation);
        if (request.TeamId is { } team && (await session.LoadAsync<TeamV1>(team, cancellation))?.ProjectId != request.ProjectId)
            throw new InvalidException("/teamId", "unknown-team", $"The project has no team {team}.");
        var command = new WriteHandover(
            id.Value, request.ProjectId, request.TeamId, request.Date, [.. request.Matters.Select(m => m.ToMatter())], caller.Id,
            caller.Now);
        await session.Lock([request.ProjectId], cancellation);
        if ((await session.Query<Handover>().Where(h => h.Id != id.Value && h.ProjectId == request.ProjectId && h.Date == request.Date
            && h.WrittenBy == caller.Id && !h.Acknowledged).ToListAsync(cancellation))
            .FirstOrDefault(h => h.TeamId == request.TeamId && h.Matters.SequenceEqual(command.Matters)) is { } same)
            throw new RefusedException("handover-written", "The same is handed over already.", $"/handovers/{same.Id}");

        return new(await session.Start<Handover>(id.Value, state => Decide(command, state), cancellation), $"/handovers/{id.Value}");
    }

    private static async Task<Page<Handover>> List(
        [AsParameters] HandoverFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var handovers = session.Query<Handover>().VisibleTo(caller, Visible, filter.ProjectId);
        if (filter.Open is { } open)
            handovers = handovers.Where(h => h.Acknowledged != open);
        if (filter.From is { } from)
            handovers = handovers.Where(h => h.Date >= from);
        if (filter.To is { } to)
            handovers = handovers.Where(h => h.Date <= to);

        return await handovers.ToPage(page, h => h.Id, cancellation);
    }

    private static async Task<Versioned<Handover>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var handover = caller.MustSee(await session.LoadAsync<Handover>(id, cancellation), Visible);

        return new(handover, handover.Version);
    }

    private static async Task<WriteResult> Add(
        Guid id, MatterRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        new(await session.Decide<Handover>(id, expected.Value, state =>
            Decide(new AddMatter(request.ToMatter(), caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));

    private static async Task<WriteResult> Acknowledge(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<Handover>(id, expected.Value, state =>
            Decide(new AcknowledgeHandover(caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));
}
