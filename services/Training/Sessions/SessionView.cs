using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Training.Sessions;

/// <summary>A training session. An agent sees those they are enrolled in, and of the others' seats only how many there are.</summary>
/// <param name="Title">What the course is called.</param>
/// <param name="Room">Where it is.</param>
/// <param name="Seats">How many can be enrolled.</param>
/// <param name="Taken">Seats taken.</param>
/// <param name="Enrolments">Who is enrolled, and because of which need.</param>
/// <param name="Register">Empty until the session was held.</param>
public sealed record SessionView(
    Guid Id, long Version, Guid CourseId, Guid ProjectId, string Title, SessionStatus Status, Guid TrainerId, string Room, int Seats,
    int Taken,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<Enrolment> Enrolments, IReadOnlyList<Attendance> Register)
{
    internal static SessionView Of(TrainingSession s, Caller caller) => new(
        s.Id, s.Version, s.CourseId, s.ProjectId, s.Title, s.Status, s.Plan.TrainerId, s.Plan.Room, s.Plan.Seats, s.Enrolments.Count,
        s.Plan.StartsAt, s.Plan.EndsAt,
        [.. s.Enrolments.Where(e => !caller.SeesOnlyOwn || e.EmployeeId == caller.Id)],
        [.. s.Register.Where(a => !caller.SeesOnlyOwn || a.EmployeeId == caller.Id)]);
}

/// <remarks>Properties, not a constructor: the API document cannot be made of a rule on a constructor's parameter.</remarks>
public sealed record SessionFilter
{
    public Guid? ProjectId { get; init; }
    public Guid? CourseId { get; init; }

    /// <summary>Sessions with a seat for this employee.</summary>
    public Guid? EmployeeId { get; init; }

    /// <summary>Sessions that start then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Sessions that start before then.</summary>
    public DateTimeOffset? To { get; init; }

    [AllowedValues(null, "planned", "held", "cancelled")]
    public string? Status { get; init; }
}

internal static class SessionViewEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapSessionViews()
        {
            var sessions = routes.MapGroup("/training-sessions").WithTags("Training sessions");

            sessions.MapGet("/", List).Describe("The sessions of the caller's projects, filtered; agents see their own");
            sessions.MapGet("/{id:guid}", Get).Describe("One session; agents see it when they are enrolled");
            sessions.MapHistory("/{id:guid}", Get);
        }
    }

    internal static readonly Visibility<TrainingSession> Visible = new(
        (session, projects) => session.ProjectId.IsOneOf(projects),
        own: (session, agent) => session.Enrolments.Any(e => e.EmployeeId == agent));

    private static async Task<Versioned<SessionView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var training = caller.MustSee(await session.LoadAsync<TrainingSession>(id, cancellation), Visible);

        return new(SessionView.Of(training, caller), training.Version);
    }

    private static async Task<Ok<Page<SessionView>>> List(
        [AsParameters] SessionFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await session.Query<TrainingSession>()
            .VisibleTo(caller, Visible).Where(filter, caller).ToPage(page, s => s.Id, cancellation);

        return TypedResults.Ok(new Page<SessionView>([.. found.Items.Select(s => SessionView.Of(s, caller))], found.Next));
    }

    extension(IQueryable<TrainingSession> sessions)
    {
        private IQueryable<TrainingSession> Where(SessionFilter filter, Caller caller)
        {
            if (filter.ProjectId is { } project)
                sessions = sessions.Where(s => s.ProjectId == project);

            if (filter.CourseId is { } course)
                sessions = sessions.Where(s => s.CourseId == course);

            if (filter.EmployeeId is { } employee)
                // Of the seats of others an agent knows nothing, not even by asking for one.
                sessions = caller.SeesOnlyOwn && employee != caller.Id
                    ? sessions.Where(s => false) : sessions.Where(s => s.Enrolments.Any(e => e.EmployeeId == employee));

            if (filter.From is { } from)
                sessions = sessions.Where(s => s.Plan.StartsAt >= from);

            if (filter.To is { } to)
                sessions = sessions.Where(s => s.Plan.StartsAt < to);

            if (filter.Status is { } text)
            {
                var status = Enum.Parse<SessionStatus>(text, ignoreCase: true);
                sessions = sessions.Where(s => s.Status == status);
            }

            return sessions;
        }
    }
}
