using System.ComponentModel.DataAnnotations;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.Projects;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Reporting.Digests;

/// <summary>When a project's digests are due.</summary>
/// <param name="At">Local time of Monday.</param>
public sealed record DigestSchedule(Guid Id, TimeOnly At)
{
    public int Version { get; set; }

    /// <summary>The instant a week's digest is due: the first Monday after its end, at the local time.</summary>
    internal static DateTimeOffset Due(LocalCalendar calendar, DateOnly week, TimeOnly at)
    {
        var end = week.AddDays(7);

        return calendar.At(end.AddDays((DayOfWeek.Monday - end.DayOfWeek + 7) % 7), at);
    }

    /// <summary>The weeks that fell due after someone became a reader and until now, oldest first.</summary>
    internal static IEnumerable<DateOnly> DueWeeks(
        LocalCalendar calendar, TimeOnly at, DateTimeOffset since, DateTimeOffset now, int atMost)
    {
        var latest = calendar.WeekOf(calendar.DayOf(now)).AddDays(-7);

        return Enumerable.Range(0, atMost).Select(back => latest.AddDays(-7 * (atMost - 1 - back)))
            .Where(week => Due(calendar, week, at) is var due && due > since && due <= now);
    }
}

/// <summary>Since when somebody reads a project's digests: what fell due before is not sent to them.</summary>
/// <param name="PlannedThrough">The last week whose digest was planned for them; null where none was, or that is not known.</param>
public sealed record DigestReadership(Guid Id, Guid ProjectId, Guid ManagerId, DateTimeOffset Since, DateOnly? PlannedThrough = null)
{
    /// <summary>The weeks whose digests are due and not planned, oldest first.</summary>
    internal IReadOnlyList<DateOnly> Due(LocalCalendar calendar, TimeOnly at, DateTimeOffset now, int atMost) =>
        [.. DigestSchedule.DueWeeks(calendar, at, Since, now, atMost).Where(week => PlannedThrough is not { } through || week > through)];
}

internal static class DigestScheduleEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDigestSchedules()
        {
            routes.MapGet("/digests/schedules/{project:guid}", Get).WithTags("Digests").Describe("When a project's digests are due");
            routes.MapPut("/digests/schedules/{project:guid}", Put).WithTags("Digests").Describe(
                "Set the local time of Monday at which they are due; If-Match \"0\" for the first time",
                new ScheduleRequest(new TimeOnly(7, 30)));
        }
    }

    /// <param name="At">Local time of Monday.</param>
    public sealed record ScheduleRequest([Required] TimeOnly At);

    private static async Task<Versioned<DigestSchedule>> Get(
        Guid project, Caller caller, IQuerySession session, DigestOptions options, CancellationToken cancellation)
    {
        await ProjectScope.Load(session, caller, project, cancellation);
        var schedule = await session.LoadAsync<DigestSchedule>(project, cancellation) ?? new DigestSchedule(project, options.At);

        return new(schedule, schedule.Version);
    }

    private static async Task<WriteResult> Put(
        Guid project, ScheduleRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        await ProjectScope.Load(session, caller, project, cancellation);
        var next = checked((int)Math.Min(expected.Value, int.MaxValue - 1) + 1);
        session.UpdateRevision(new DigestSchedule(project, request.At), next);
        await session.SaveChangesAsync(cancellation);

        return new(next);
    }
}
