using CallCenter.Training.Exams;
using CallCenter.Training.Materials;
using CallCenter.Training.Records;
using CallCenter.Training.Sessions;
using Marten;

namespace CallCenter.Training.Curricula;

/// <param name="Code">The module's.</param>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">Last local day for it.</param>
/// <param name="DoneAt">When the last of what it asks for was done; null while something is missing.</param>
/// <param name="Missing">What is missing: course, material, exam, assessment.</param>
/// <param name="Late">Whether its last day is over and it is not done, or was done after it.</param>
public sealed record ModuleProgress(
    string Code, string Title, DateOnly DueOn, DateTimeOffset? DoneAt, IReadOnlyList<string> Missing, bool Late);

/// <summary>How far somebody has come: read from the registers, the receipts and what the trainer said, in whatever order these
/// came.</summary>
/// <param name="Title">Of the curriculum, when they began.</param>
/// <param name="StartsOn">First local day.</param>
/// <param name="EndedFor">Why it ended before its end; null while it goes on.</param>
/// <param name="Done">Modules done.</param>
/// <param name="Next">Code of the first module that is not done; null when all are.</param>
/// <param name="Modules">In order.</param>
public sealed record PathProgress(
    Guid Id, long Version, Guid CurriculumId, Guid ProjectId, Guid EmployeeId, string Title, DateOnly StartsOn, string? EndedFor, int Done,
    string? Next, IReadOnlyList<ModuleProgress> Modules)
{
    /// <param name="records">Of the employee.</param>
    /// <param name="materials">That are named in the path.</param>
    /// <param name="sittings">Exams of the employee.</param>
    /// <param name="today">Local day of the project.</param>
    /// <param name="dayOf">Local day of an instant.</param>
    public static PathProgress Of(
        LearningPath path, IReadOnlyCollection<TrainingRecord> records, IReadOnlyCollection<Material> materials,
        IReadOnlyCollection<ExamSitting> sittings, DateOnly today,
        Func<DateTimeOffset, DateOnly> dayOf)
    {
        var modules = path.Modules.Select(module => Progress(module)).ToList();

        return new(path.Id, path.Version, path.CurriculumId, path.ProjectId, path.EmployeeId, path.Title, path.StartsOn, path.EndedFor,
            modules.Count(module => module.DoneAt is not null), modules.FirstOrDefault(module => module.DoneAt is null)?.Code, modules);

        ModuleProgress Progress(Module module)
        {
            var parts = new List<(string What, DateTimeOffset? At)>();
            if (module.CourseId is { } course)
                parts.Add(("course", records.Where(r => r.CourseId == course && r is { Attended: true, Result: not Result.Failed })
                    .Select(r => (DateTimeOffset?)r.HeldAt).Min()));
            if (module.MaterialId is { } id)
                parts.Add(("material", materials.FirstOrDefault(m => m.Id == id)?.ReadBy(path.EmployeeId)));
            if (module.ExamId is { } exam)
                parts.Add(("exam", sittings.Where(sitting => sitting.ExamId == exam).SelectMany(sitting => sitting.Attempts)
                    .Where(attempt => attempt.Passed).Select(attempt => (DateTimeOffset?)attempt.At).Min()));
            if (parts.Count == 0)
                parts.Add(("assessment", path.Assessments.FirstOrDefault(assessed => assessed.Module == module.Code)?.At));

            var due = path.StartsOn.AddDays(module.DueDays);
            var done = parts.All(part => part.At is not null) ? parts.Max(part => part.At) : null;
            return new(module.Code, module.Title, due, done, [.. parts.Where(part => part.At is null).Select(part => part.What)],
                (done is { } at ? dayOf(at) : today) > due);
        }
    }
}

internal static class Progressing
{
    extension(IQuerySession session)
    {
        public async Task<IReadOnlyList<PathProgress>> ProgressOf(
            IReadOnlyList<LearningPath> paths, Func<Guid, Func<DateTimeOffset, DateOnly>> dayOf, DateTimeOffset now,
            CancellationToken cancellation)
        {
            var employees = paths.Select(path => path.EmployeeId).Distinct().ToArray();
            var records = (await session.Query<TrainingRecord>().Where(r => r.EmployeeId.IsOneOf(employees)).ToListAsync(cancellation))
                .ToLookup(r => r.EmployeeId);
            var sittings = (await session.Query<ExamSitting>().Where(s => s.EmployeeId.IsOneOf(employees)).ToListAsync(cancellation))
                .ToLookup(s => s.EmployeeId);
            var materials = await session.LoadManyAsync<Material>(cancellation,
                [.. paths.SelectMany(path => path.Modules).Select(module => module.MaterialId).OfType<Guid>().Distinct()]);

            return
            [
                .. paths.Select(path => PathProgress.Of(
                    path, [.. records[path.EmployeeId]], [.. materials], [.. sittings[path.EmployeeId]], dayOf(path.ProjectId)(now),
                        dayOf(path.ProjectId))),
            ];
        }
    }
}
