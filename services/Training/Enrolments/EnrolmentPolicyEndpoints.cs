using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Courses;
using CallCenter.Training.Exams;
using CallCenter.Training.Projects;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Enrolments.EnrolmentPolicyDecider;

namespace CallCenter.Training.Enrolments;

/// <summary>How people come to a seat from a day on: it replaces what was entered from that day.</summary>
/// <param name="From">The first local day on which it holds.</param>
/// <param name="Policy">What holds.</param>
public sealed record EnrolmentPolicyRequest(DateOnly From, EnrolmentPolicy Policy);

/// <summary>How people of a project come from a training need to a seat.</summary>
/// <param name="Current">What holds on the day asked for, default or entered.</param>
/// <param name="Entries">From which day on what holds, oldest first.</param>
public sealed record EnrolmentPolicyView(
    Guid ProjectId, long Version, EnrolmentPolicy Current, IReadOnlyList<Dated<EnrolmentPolicy>> Entries);

internal static class EnrolmentPolicyEndpoints
{
    private static readonly Guid Id = new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20");

    extension(IEndpointRouteBuilder routes)
    {
        public void MapEnrolmentPolicies()
        {
            var policies = routes.MapGroup("/enrolment-policies").WithTag("Enrolment policies",
                "How people of a project come from a training need to a seat, from which day on.");

            policies.MapGet("/{projectId:guid}", Get).Describe("How people come to a seat; version 0 is the default", problems: ["unknown-project"]);
            policies.MapHistory("/{id:guid}", See, EnrolmentPolicies.IdOf)
                .Describe("Who changed it, when and why, oldest first", problems: ["unknown-project"]);
            policies.MapPut("/{projectId:guid}", Set).Describe("Say how people come to a seat from a day on; If-Match \"0\" for the first time",
                new EnrolmentPolicyRequest(new(2026, 3, 1), new(Automatic: true, MostLost: 0.01m,
                    Causes: new([new(Id, Id, Failures: 2, CertificateDays: 30)], ModuleDays: 7),
                    NewSessions: new("Room 3", Seats: 12, TrainerIds: [Id], Equipment: [new(Id, 1)]))),
                ["unknown-project", "unknown-exam", "exam-twice", "unknown-course", "name", "unknown-trainer", "not-employed",
                    "unknown-resource", "resource-twice"]);
            policies.MapDelete("/{projectId:guid}/days/{from}", TakeBack).Describe(
                "Take back what was entered from a day on; what held before goes on");
        }
    }

    private static async Task<Versioned<EnrolmentPolicyView>> Get(
        Guid projectId, DateOnly? on, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);
        var book = await session.LoadAsync<EnrolmentPolicies>(EnrolmentPolicies.IdOf(projectId), cancellation) ?? new();

        return new(new(projectId, book.Version, book.Entries.On(on ?? LocalCalendar.Of(project.Zone).DayOf(caller.Now)) ?? new(),
            book.Entries),
            book.Version, complete: false);
    }

    private static Task<Versioned<EnrolmentPolicyView>> See(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation) => Get(id, null, caller, session, cancellation);

    private static async Task<WriteResult> Set(
        Guid projectId, EnrolmentPolicyRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);
        await session.MustName(project, request.Policy, caller, cancellation);
        var command = new SetEnrolmentPolicy(projectId, request.From, request.Policy, caller.Id, caller.Now);

        return new(await session.Start<EnrolmentPolicies>(
            EnrolmentPolicies.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    // What a policy names is there when it is entered; what goes away later is said when somebody is to be seated.
    private static async Task MustName(
        this IQuerySession session, ProjectV1 project, EnrolmentPolicy policy, Caller caller, CancellationToken cancellation)
    {
        var named = policy.Causes?.Exams ?? [];
        var exams = (await session.LoadManyAsync<Exam>(cancellation, named.Select(of => of.ExamId).ToArray()))
            .Where(exam => exam.ProjectId == project.Id).Select(exam => exam.Id).ToHashSet();
        var courses = (await session.LoadManyAsync<Course>(cancellation, named.Select(of => of.CourseId).ToArray()))
            .Where(course => !course.Retired).Select(course => course.Id).ToHashSet();
        foreach (var (i, of) in named.Index())
        {
            if (!exams.Contains(of.ExamId))
                throw new InvalidException($"/policy/causes/exams/{i}/examId", "unknown-exam", "The project has no such exam.");
            if (named.Take(i).Any(other => other.ExamId == of.ExamId))
                throw new InvalidException($"/policy/causes/exams/{i}/examId", "exam-twice", "An exam is named once, with its course.");
            if (!courses.Contains(of.CourseId))
                throw new InvalidException($"/policy/causes/exams/{i}/courseId", "unknown-course", $"There is no course {of.CourseId}.");
        }

        if (policy.NewSessions is not { } sessions)
            return;

        Names.Require("/policy/newSessions/room", sessions.Room);
        foreach (var (i, trainer) in (sessions.TrainerIds ?? []).Index())
            await session.RequireTrainer(
                $"/policy/newSessions/trainerIds/{i}", trainer, null, caller.Now, project.Zone, caller, cancellation);
        await session.RequireEquipment("/policy/newSessions/equipment", project.Id, sessions.Equipment ?? [], cancellation);
    }

    private static async Task<WriteResult> TakeBack(
        Guid projectId, DateOnly from, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return new(await session.Decide<EnrolmentPolicies>(EnrolmentPolicies.IdOf(projectId), expected.Value,
            state => Decide(new TakeBackEnrolmentPolicy(from, caller.Id, caller.Now), state), cancellation));
    }
}
