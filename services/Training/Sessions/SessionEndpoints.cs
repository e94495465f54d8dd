using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Courses;
using CallCenter.Training.Needs;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Sessions.TrainingSessionDecider;

namespace CallCenter.Training.Sessions;

internal static class SessionEndpoints
{
    private static readonly Guid Id = new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20");
    private static readonly PlanRequest Plan =
        new(Id, "Room 3", Seats: 12, new(2026, 3, 9, 1, 0, 0, TimeSpan.Zero), new(2026, 3, 9, 2, 30, 0, TimeSpan.Zero));

    private static readonly string[] PlanRules =
        ["name", "ends-before-start", "too-long", "unknown-trainer", "not-employed", "trainer-busy", "room-taken", "room-too-small"];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapSessions()
        {
            var sessions = routes.MapGroup("/training-sessions")
                .WithTag("Training sessions", "When a course is held, by whom, and who takes part.");

            sessions.MapPost("/", PlanOne).Describe("Plan a session of a course: trainer, room, seats and time",
                new SessionRequest(Id, Id, Plan.TrainerId, Plan.Room, Plan.Seats, Plan.StartsAt, Plan.EndsAt),
                [.. PlanRules, "unknown-course", "unknown-project", "course-retired", "session-exists"]);
            sessions.MapPut("/{id:guid}", Replan).Describe("Move a planned session, with everyone enrolled",
                Plan, [.. PlanRules, "overlap", "seats-taken", "equipment-taken", "session-held", "session-cancelled"]);
            sessions.MapPost("/{id:guid}/cancellation", Cancel).Describe("Cancel a planned session", problems: ["session-held"]);
            sessions.MapPut("/{id:guid}/enrolments/{employeeId:guid}", Enrol).Describe("Give an employee a seat",
                new EnrolRequest(Id), ["no-seat", "overlap", "already-enrolled", "own-session", "not-employed", "unknown-need",
                    "session-held", "session-cancelled"]);
            sessions.MapDelete("/{id:guid}/enrolments/{employeeId:guid}", Withdraw)
                .Describe("Take the seat back", problems: ["session-held", "session-cancelled"]);
            sessions.MapPut("/{id:guid}/register", Register).Describe("Say who was there and with what result; again to correct it",
                new RegisterRequest([new(Id, Attended: true, Minutes: 90, Result.Passed)]),
                ["negative-minutes", "training-score", "absent-with-minutes", "minutes-over-length", "not-started", "register-incomplete",
                    "session-cancelled"]);
        }
    }

    /// <param name="Room">Where it is; no two sessions of a project share a room at a time.</param>
    /// <param name="Seats">How many can be enrolled.</param>
    public sealed record SessionRequest(
        Guid CourseId, Guid ProjectId, Guid TrainerId, [MaxLength(1000)] string Room, [Range(1, 500)] int Seats,
        DateTimeOffset StartsAt, DateTimeOffset EndsAt);

    /// <param name="Room">Where it is; no two sessions of a project share a room at a time.</param>
    /// <param name="Seats">How many can be enrolled.</param>
    public sealed record PlanRequest(
        Guid TrainerId, [MaxLength(1000)] string Room, [Range(1, 500)] int Seats, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

    /// <param name="NeedId">The training need the seat answers.</param>
    public sealed record EnrolRequest(Guid? NeedId = null);

    /// <param name="Register">One row for everyone enrolled.</param>
    public sealed record RegisterRequest([MaxLength(500)] IReadOnlyList<Attendance> Register);

    private static async Task<WriteResult> PlanOne(
        SessionRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var plan = await session.Checked(
            new(request.TrainerId, request.Room, request.Seats, request.StartsAt, request.EndsAt), request.ProjectId,
            already: null, caller, cancellation);
        var course = await session.LoadAsync<Course>(request.CourseId, cancellation)
            ?? throw new InvalidException("/courseId", "unknown-course", $"There is no course {request.CourseId}.");
        var command = new PlanSession(id.Value, request.ProjectId, course, plan, caller.Now);

        await session.Rebook(id.Value, [], Participant.Of(request.ProjectId, plan), plan, cancellation);

        return new(
            await session.Start<TrainingSession>(id.Value, state => Decide(command, state), cancellation),
            $"/training-sessions/{id.Value}");
    }

    private static async Task<WriteResult> Replan(
        Guid id, PlanRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var training = await session.ReadAt(id, expected, caller, cancellation);
        var plan = await session.Checked(request, training.ProjectId, training.Plan.TrainerId, caller, cancellation);
        var participants = Participant.Of(training.ProjectId, plan)
            .Concat(training.Enrolments.Select(e => Participant.Learner(e.EmployeeId)));
        var command = new ReplanSession(plan, caller.Now);

        await session.Rebook(id, Participant.Of(training), participants, plan, cancellation);
        if (await session.LoadAsync<SessionEquipment>(SessionEquipment.IdOf(id), cancellation) is { } equipment)
            await session.Hold(id, plan, equipment.Items, equipment.Items, cancellation);
        if (Decide(command, training) is not [])
            await session.TellSeated(training with { Plan = plan }, NoticeKind.TrainingMoved, caller.Now, cancellation);

        return new(await session.Decide<TrainingSession>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Cancel(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var training = await session.ReadAt(id, expected, caller, cancellation);

        await session.Rebook(id, Participant.Of(training), [], training.Plan, cancellation);
        foreach (var enrolment in training.Enrolments)
            await session.Unlink(enrolment.EmployeeId, id, cancellation);
        if (Decide(new CancelSession(caller.Now), training) is not [])
            await session.TellSeated(training, NoticeKind.TrainingCancelled, caller.Now, cancellation);

        return new(await session.Decide<TrainingSession>(
            id, expected.Value, state => Decide(new CancelSession(caller.Now), state), cancellation));
    }

    private static async Task<WriteResult> Enrol(
        Guid id, Guid employeeId, EnrolRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var training = await session.ReadAt(id, expected, caller, cancellation);
        return new(await session.GiveSeat(training, employeeId, request.NeedId, caller.Now, cancellation));
    }

    private static async Task<WriteResult> Withdraw(
        Guid id, Guid employeeId, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var training = await session.ReadAt(id, expected, caller, cancellation);
        if (!training.IsEnrolled(employeeId))
            throw new StreamNotFoundException(employeeId);

        return new(await session.FreeSeat(training, employeeId, caller.Now, cancellation));
    }

    private static async Task<WriteResult> Register(
        Guid id, RegisterRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var training = await session.ReadAt(id, expected, caller, cancellation);
        var command = new TakeRegister(Attendance.Checked(request.Register), caller.Now);

        return new(await session.Decide<TrainingSession>(training.Id, expected.Value, state => Decide(command, state), cancellation));
    }

    extension(IDocumentSession session)
    {
        private async Task<Plan> Checked(PlanRequest request, Guid projectId, Guid? already, Caller caller, CancellationToken cancellation)
        {
            var plan = Sessions.Plan.Of(request.TrainerId, request.Room, request.Seats, request.StartsAt, request.EndsAt);
            var project = await session.RequireProject("/projectId", projectId, cancellation);
            await session.RequireTrainer("/trainerId", request.TrainerId, already, request.StartsAt, project.Zone, caller, cancellation);
            await session.MustFit(projectId, plan, cancellation);

            return plan;
        }

        // Whom else the request touches is computed from this version, so it must be the one the caller means.
        private async Task<TrainingSession> ReadAt(Guid id, ExpectedVersion expected, Caller caller, CancellationToken cancellation)
        {
            var training = caller.MustSee(await session.LoadAsync<TrainingSession>(id, cancellation), SessionViewEndpoints.Visible);

            return training.Version == expected.Value ? training : throw new StaleVersionException(expected.Value, training.Version);
        }
    }
}
