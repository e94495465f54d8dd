using CallCenter.EventSourcing;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using Marten;
using Marten.Events.Projections;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Training.Records;

/// <summary>What one employee took from one session.</summary>
/// <param name="Title">What the course was called.</param>
/// <param name="Attended">Whether they were there.</param>
/// <param name="Minutes">Minutes attended.</param>
/// <param name="Result">What an exam or exercise at the end said.</param>
/// <param name="Score">0 to 100 points in the exam; null where none were given.</param>
public sealed record TrainingRecord(
    Guid Id, Guid EmployeeId, Guid ProjectId, Guid SessionId, Guid CourseId, string Title, DateTimeOffset HeldAt,
    bool Attended, int Minutes, Result Result, decimal? Score = null)
{
    public static Guid IdOf(Guid sessionId, Guid employeeId) => NameId.Of("training-record", sessionId, employeeId);
}

// Inline: whoever took the register sees the records on the next read.
public sealed partial class TrainingRecordProjection : EventProjection
{
    public static void Project(RegisterTaken e, IDocumentOperations operations)
    {
        foreach (var row in e.Register)
            operations.Store(new TrainingRecord(
                TrainingRecord.IdOf(e.SessionId, row.EmployeeId), row.EmployeeId, e.ProjectId, e.SessionId, e.CourseId, e.Title, e.HeldAt,
                row.Attended, row.Minutes, row.Result, row.Score));
    }
}

/// <param name="From">Held then or later.</param>
/// <param name="To">Held before then.</param>
public sealed record RecordFilter(Guid? EmployeeId, Guid? ProjectId, Guid? CourseId, DateTimeOffset? From, DateTimeOffset? To);

internal static class TrainingRecordEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRecords() => routes.MapGet("/training-records", List)
            .WithTag("Training records", "What employees took from the sessions that were held.")
            .Describe("Who was trained in what, how long and with what result; agents see their own");
    }

    private static readonly Visibility<TrainingRecord> Visible = new(
        (record, projects) => record.ProjectId.IsOneOf(projects), own: (record, agent) => record.EmployeeId == agent, ownIsTheirs: true);

    private static async Task<Ok<Page<TrainingRecord>>> List(
        [AsParameters] RecordFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        TypedResults.Ok(await session.Query<TrainingRecord>()
            .VisibleTo(caller, Visible).Where(filter).ToPage(page, r => r.Id, cancellation));

    extension(IQueryable<TrainingRecord> records)
    {
        private IQueryable<TrainingRecord> Where(RecordFilter filter)
        {
            if (filter.EmployeeId is { } employee)
                records = records.Where(r => r.EmployeeId == employee);

            if (filter.ProjectId is { } project)
                records = records.Where(r => r.ProjectId == project);

            if (filter.CourseId is { } course)
                records = records.Where(r => r.CourseId == course);

            if (filter.From is { } from)
                records = records.Where(r => r.HeldAt >= from);

            if (filter.To is { } to)
                records = records.Where(r => r.HeldAt < to);

            return records;
        }
    }
}
