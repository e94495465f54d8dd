using System.ComponentModel.DataAnnotations;
using CallCenter.Attendance.Excuses;
using CallCenter.Attendance.Projects;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Attendance.Handovers.DayReviewDecider;

namespace CallCenter.Attendance.Handovers;

internal static class DayReviewEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDayReviews()
        {
            var reviews = routes.MapGroup("/day-reviews")
                .WithTag("Day reviews", "The look at a day before the next one is assigned.");

            reviews.MapPost("/", Review).Describe("Say that a day was looked at, and what follows from it",
                new ReviewRequest(new("0199aaaa-0000-7000-8000-000000000001"), new(2026, 3, 9), "Two late from line 2: begin with them."),
                ["unknown-project", "day-not-over", "day-reviewed"]);
            reviews.MapGet("/", List).Describe("The reviews of a project");
            reviews.MapGet("/figures", Figures).Describe(
                "What is known of a day now, before it is reviewed", problems: ["unknown-project"]);
            reviews.MapGet("/{id:guid}", Get).Describe("One review, and what was known then");
            reviews.MapHistory("/{id:guid}", Get);
        }
    }

    /// <param name="Date">Local day that was looked at.</param>
    /// <param name="Findings">What follows from it for the day to come.</param>
    public sealed record ReviewRequest(
        Guid ProjectId, DateOnly Date, [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Findings);

    private static readonly Visibility<DayReview> Visible = new((review, projects) => review.ProjectId.IsOneOf(projects));

    private static async Task<PlacedResult> Review(
        ReviewRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.RequireProject("/projectId", request.ProjectId, cancellation);
        if (project.Calendar.EndOf(request.Date) > caller.Now)
            throw new RefusedException("day-not-over", $"The day {request.Date:yyyy-MM-dd} is not over.");

        var next = await session.DaysOf(project.Id, request.Date.AddDays(1), cancellation);
        var first = next.SelectMany(day => RosteredShift.AsAmended(day.Versions).Activities).Where(a => a.Kind != "leave")
            .Select(a => (DateTimeOffset?)a.From).Min();
        var command = new ReviewDay(
            DayReview.IdOf(project.Id, request.Date), project.Id, request.Date,
            await session.FiguresOf(project, request.Date, caller.Now, cancellation), request.Findings,
            !(first <= caller.Now) && caller.Now < project.Calendar.EndOf(request.Date.AddDays(1)), caller.Id, caller.Now);
        var version = await session.Start<DayReview>(command.ReviewId, state => Decide(command, state), cancellation);

        return new(version, $"/day-reviews/{command.ReviewId}");
    }

    private static async Task<Ok<DayFigures>> Figures(
        Guid projectId, DateOnly date, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);

        return TypedResults.Ok(await session.FiguresOf(project, date, caller.Now, cancellation));
    }

    private static async Task<Page<DayReview>> List(
        Guid projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        await session.Query<DayReview>().VisibleTo(caller, Visible, projectId).ToPage(page, r => r.Id, cancellation);

    private static async Task<Versioned<DayReview>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var review = caller.MustSee(await session.LoadAsync<DayReview>(id, cancellation), Visible);

        return new(review, review.Version);
    }

    extension(IQuerySession session)
    {
        private async Task<IReadOnlyList<RosterHistory>> DaysOf(Guid projectId, DateOnly date, CancellationToken cancellation) =>
            await session.Query<RosterHistory>().Where(d => d.ProjectId == projectId && d.Date == date).OrderBy(d => d.Id)
                .ToListAsync(cancellation);

        private async Task<DayFigures> FiguresOf(ProjectV1 project, DateOnly date, DateTimeOffset now, CancellationToken cancellation)
        {
            var shifts = (await session.Lines(await session.DaysOf(project.Id, date, cancellation), now, cancellation))
                .Select(line => line.Ledgers.Excused).Where(f => f.Presence is not (ShiftPresence.Off or ShiftPresence.Excused)).ToList();
            var (begin, end) = (project.Calendar.StartOf(date), project.Calendar.EndOf(date));
            var excuses = await session.Query<Excuse>().CountAsync(e => e.ProjectId == project.Id && e.Status == ExcuseStatus.Asked
                && e.From < end && e.To > begin, cancellation);
            var handovers = await session.Query<Handover>().CountAsync(
                h => h.ProjectId == project.Id && h.Date == date && !h.Acknowledged, cancellation);

            return new(shifts.Count, shifts.Count(f => f.Presence is ShiftPresence.Absent), shifts.Count(f => f.LateSeconds > 0),
                shifts.Count(f => f.OfflineSeconds > 0 && f.Presence is not ShiftPresence.Unknown), shifts.Count(f => f.IdleStretches > 0),
                shifts.Count(f => f.Presence is ShiftPresence.Unknown), excuses, handovers);
        }
    }
}
