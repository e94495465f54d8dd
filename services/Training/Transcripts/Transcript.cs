using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Training.Curricula;
using CallCenter.Training.Exams;
using CallCenter.Training.Materials;
using CallCenter.Training.Records;
using CallCenter.Training.Statements;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Training.Transcripts;

/// <summary>One thing that somebody learnt or was to learn.</summary>
/// <param name="At">When; of a path its first day.</param>
/// <param name="Kind">session, exam, certificate, path, receipt or statement.</param>
/// <param name="About">Address of what it is of.</param>
/// <param name="Title">What it is called; null where nobody said.</param>
/// <param name="Outcome">passed, failed, attended, absent, read, begun, ended, valid, expired, revoked, stated or voided.</param>
/// <param name="Score">In its own unit; null without one.</param>
/// <param name="Through">Last local day of a certificate.</param>
public sealed record TranscriptEntry(
    DateTimeOffset At, string Kind, string About, string? Title, string Outcome, decimal? Score, DateOnly? Through);

/// <param name="Entries">Oldest first: nothing that was ever reached is left out, nor what was failed.</param>
public sealed record Transcript(Guid EmployeeId, IReadOnlyList<TranscriptEntry> Entries);

internal static class TranscriptEndpoints
{
    private static readonly Visibility<EmployeeV1> Visible = new(
        (person, projects) => person.ProjectIds.Any(project => projects.Contains(project)), own: (person, caller) => person.Id == caller,
        ownIsTheirs: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapTranscripts() => routes.MapGet("/transcripts", Get)
            .WithTag("Transcripts", "All that one employee learnt, with its history.")
            .Describe("All that an employee attended, passed, read and was certified for, oldest first; agents see their own");
    }

    private static async Task<Ok<Transcript>> Get(
        Guid employeeId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<EmployeeV1>(employeeId, cancellation), Visible);
        var today = DateOnly.FromDateTime(caller.Now.UtcDateTime);
        var records = await session.Query<TrainingRecord>().Where(r => r.EmployeeId == employeeId).ToListAsync(cancellation);
        var sittings = await session.Query<ExamSitting>().Where(s => s.EmployeeId == employeeId).ToListAsync(cancellation);
        var paths = await session.Query<LearningPath>().Where(p => p.EmployeeId == employeeId).ToListAsync(cancellation);
        var materials = await session.Query<Material>().Where(m => m.Receipts.Any(r => r.EmployeeId == employeeId))
            .ToListAsync(cancellation);
        var statements = await session.Query<Statement>().Where(s => s.EmployeeId == employeeId).ToListAsync(cancellation);

        return TypedResults.Ok(new Transcript(employeeId,
        [
            .. records.Where(r => caller.SeesOnlyOwn || caller.Sees(r.ProjectId)).Select(Of)
                .Concat(sittings.Where(s => caller.SeesOnlyOwn || caller.Sees(s.ProjectId)).SelectMany(s => Of(s, today)))
                .Concat(paths.Where(p => caller.SeesOnlyOwn || caller.Sees(p.ProjectId)).Select(Of))
                .Concat(materials.Where(m => caller.SeesOnlyOwn || caller.Sees(m.ProjectId)).SelectMany(m => Of(m, employeeId)))
                .Concat(statements.Where(s => caller.SeesOnlyOwn || caller.Sees(s.ProjectId)).Select(Of))
                .OrderBy(entry => entry.At).ThenBy(entry => entry.About, StringComparer.Ordinal),
        ]));
    }

    private static TranscriptEntry Of(TrainingRecord record) => new(
        record.HeldAt, "session", $"/training-sessions/{record.SessionId}", record.Title,
        !record.Attended ? "absent" : record.Result is Sessions.Result.None ? "attended" : record.Result.Code, record.Score, null);

    private static IEnumerable<TranscriptEntry> Of(ExamSitting sitting, DateOnly today)
    {
        foreach (var attempt in sitting.Attempts)
            yield return new(attempt.At, "exam", $"/exam-results/{sitting.Id}", sitting.Title, attempt.Passed ? "passed" : "failed",
                attempt.Score, null);
        if (sitting.Certificate is { } certificate)
            yield return new(sitting.Attempts.Last(attempt => attempt.Passed).At, "certificate", $"/exam-results/{sitting.Id}",
                certificate.Skill, certificate.RevokedFor is not null ? "revoked" : certificate.Through < today ? "expired" : "valid", null,
                certificate.Through);
    }

    private static TranscriptEntry Of(LearningPath path) => new(
        new(path.StartsOn.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), "path", $"/learning-paths/{path.Id}", path.Title,
        path.EndedFor is null ? "begun" : "ended", null, null);

    private static IEnumerable<TranscriptEntry> Of(Material material, Guid employee) =>
        material.Receipts.Where(receipt => receipt.EmployeeId == employee).Select(receipt => new TranscriptEntry(
            receipt.At, "receipt", $"/materials/{material.Id}/versions/{receipt.Number}",
            material.Versions.First(version => version.Number == receipt.Number).Content.Title, "read", null, null));

    private static TranscriptEntry Of(Statement statement) => new(
        statement.StatedAt, "statement", $"/learning-statements/{statement.Id}", statement.Said!.Title ?? statement.Said.Activity,
        statement.VoidedBy is not null ? "voided" : statement.Said.Success switch { true => "passed", false => "failed", null => "stated" },
        statement.Said.Scaled is { } scaled ? scaled * 100 : statement.Said.Raw, null);
}
