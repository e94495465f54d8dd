using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Courses;
using CallCenter.Training.Projects;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Training.Enrolments.EnrolmentProposalDecider;

namespace CallCenter.Training.Enrolments;

internal static class ProposalEndpoints
{
    private static readonly Guid Id = new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20");

    private static readonly Visibility<EnrolmentProposal> Visible = new((proposal, projects) => proposal.ProjectId.IsOneOf(projects));

    extension(IEndpointRouteBuilder routes)
    {
        public void MapProposals()
        {
            var proposals = routes.MapGroup("/enrolment-proposals").WithTag("Enrolment proposals",
                "Who of a project needs training in a section and has no seat, and when it harms the roster least.");

            proposals.MapGet("/", List).Describe("The proposals of the caller's projects, and what became of them");
            proposals.MapGet("/{id:guid}", Get).Describe("One proposal: who, when, with what service level lost, and who is kept by which rule");
            proposals.MapHistory("/{id:guid}", Get);
            proposals.MapPost("/{id:guid}/acceptance", Accept).Describe(
                "Take a proposed time: seats in the session that is planned then, or a new session with seats, all or none",
                new AcceptanceRequest(new(2026, 3, 9, 1, 0, 0, TimeSpan.Zero), TrainerId: Id, Room: "Room 3", Seats: 12),
                ["not-proposed", "unknown-slot", "nobody-able", "session-details", "no-trainer-free", "equipment-taken", "unknown-resource", "no-seat", "overlap", "unknown-trainer", "not-employed",
                    "trainer-busy", "room-taken", "room-too-small", "course-retired", "already-enrolled", "own-session", "unknown-need", "name", "session-exists",
                    "session-held", "session-cancelled", "unknown-course", "unknown-project", "too-long", "ends-before-start"]);
            proposals.MapPost("/{id:guid}/refusal", Decline).Describe(
                "Give nobody a seat for it; it is asked again when somebody else needs the same", new RefusalRequest("The form is being revised."),
                ["not-proposed"]);
        }
    }

    /// <param name="StartsAt">When the proposed time begins.</param>
    /// <param name="TrainerId">Of a new session; left out where the time has a session, or the policy says who.</param>
    /// <param name="Room">Of a new session; likewise.</param>
    /// <param name="Seats">Of a new session, 1 to 500; likewise.</param>
    /// <param name="AgentIds">Who gets a seat; all who can when left out.</param>
    public sealed record AcceptanceRequest(
        DateTimeOffset StartsAt, Guid? TrainerId = null, [MaxLength(1000)] string? Room = null, [Range(1, 500)] int? Seats = null,
        [MaxLength(50)] IReadOnlyList<Guid>? AgentIds = null);

    /// <param name="Reason">Why not.</param>
    public sealed record RefusalRequest([Required, VisibleText, MaxLength(1000)] string Reason);

    private static async Task<Ok<Page<EnrolmentProposal>>> List(
        Guid? projectId, [Description("Code of the section that is to be trained.")] string? section, PageRequest page, Caller caller,
        IQuerySession session, CancellationToken cancellation)
    {
        var proposals = session.Query<EnrolmentProposal>().VisibleTo(caller, Visible);
        if (projectId is { } project)
            proposals = proposals.Where(p => p.ProjectId == project);
        if (section is not null)
            proposals = proposals.Where(p => p.Section == section);

        return TypedResults.Ok(await proposals.ToPage(page, p => p.Id, cancellation));
    }

    private static async Task<Versioned<EnrolmentProposal>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var proposal = caller.MustSee(await session.LoadAsync<EnrolmentProposal>(id, cancellation), Visible);
        return new(proposal, proposal.Version);
    }

    private static async Task<WriteResult> Accept(
        Guid id, AcceptanceRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        await session.Lock([id], cancellation);
        var proposal = caller.MustSee(await session.LoadAsync<EnrolmentProposal>(id, cancellation), Visible);
        if (proposal.Version != expected.Value)
            throw new StaleVersionException(expected.Value, proposal.Version);
        var slot = proposal.Slots.FirstOrDefault(s => s.StartsAt == request.StartsAt)
            ?? throw new InvalidException("/startsAt", "unknown-slot", "No proposed time begins then.");
        var learners = proposal.Able(slot).Where(learner => request.AgentIds?.Contains(learner.AgentId) != false).ToList();
        if (learners.Count == 0)
            throw new RefusedException("nobody-able", "Nobody of them can come then.");

        var (training, plan) = slot.SessionId is { } planned
            ? (await session.LoadAsync<TrainingSession>(planned, cancellation) ?? throw new StreamNotFoundException(planned), null)
            : (new TrainingSession(), await session.PlanOf(
                proposal, slot.StartsAt, slot.EndsAt, request, slot.People.Select(p => p.AgentId), caller, cancellation));
        var sessionId = plan?.SessionId ?? training.Id;
        session.Events.Append(id, expected.Value + 1,
            Decide(new TakeSeats(sessionId, learners, caller.Id, caller.Now), proposal));
        await session.GiveSeats(training, plan, [.. learners.Select(learner => new Enrolment(learner.AgentId, learner.NeedId))], caller.Now,
            cancellation);

        return new(expected.Value + 1, $"/training-sessions/{sessionId}");
    }

    // What is left out is as the project's policy says.
    private static async Task<PlanSession> PlanOf(
        this IDocumentSession session, EnrolmentProposal proposal, DateTimeOffset startsAt, DateTimeOffset endsAt,
        AcceptanceRequest request, IEnumerable<Guid> learners, Caller caller, CancellationToken cancellation)
    {
        var project = await session.RequireProject("/projectId", proposal.ProjectId, cancellation);
        var wanted = (await session.EnrolmentPolicyOf(
            project.Id, LocalCalendar.Of(project.Zone).DayOf(caller.Now), cancellation)).NewSessions;
        if ((request.Room ?? wanted?.Room) is not { } room || (request.Seats ?? wanted?.Seats) is not { } seats
            || (request.TrainerId is null && wanted is null))
            throw new InvalidException("/trainerId", "session-details",
                "No session is planned then: a new one needs a trainer, a room and seats, here or in the policy.");

        var trainer = request.TrainerId
            ?? await session.TrainerFree(project, wanted!.TrainerIds, startsAt, endsAt, learners, cancellation);
        if (request.TrainerId is not null)
            await session.RequireTrainer("/trainerId", trainer, null, startsAt, project.Zone, caller, cancellation);
        return await session.PlanWithEquipment(
            proposal, Plan.Of(trainer, room, seats, startsAt, endsAt), wanted, caller.Id, caller.Now, cancellation);
    }

    private static async Task<WriteResult> Decline(
        Guid id, RefusalRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
            CancellationToken cancellation) =>
        new(await session.Decide<EnrolmentProposal>(id, expected.Value,
            state => Decide(new DeclineProposal(request.Reason, caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));
}
