using CallCenter.EventSourcing;
using CallCenter.Training.Curricula;
using CallCenter.Training.Exams;
using CallCenter.Training.Needs;

namespace CallCenter.Training.Enrolments;

/// <summary>
/// What exams, certificates and learning paths say that people are to attend, where a policy asks for it. It is read from what is on record
/// now: in which order that came, and how often it is read, changes nothing.
/// </summary>
public static class CourseCauses
{
    // As far back and ahead as anything is looked at: what is not the case by this is gone.
    private const int Furthest = 365;

    /// <param name="exams">That the policy names, and are not retired.</param>
    /// <param name="sittings">Of these exams.</param>
    /// <param name="paths">That go on, each with its progress.</param>
    /// <param name="dayOf">Local day of the project of an instant.</param>
    public static IReadOnlyList<CourseCause> Of(
        EnrolmentCauses wanted, IReadOnlyCollection<Exam> exams, IReadOnlyCollection<ExamSitting> sittings,
        IReadOnlyCollection<(LearningPath Path, PathProgress Progress)> paths, DateOnly today, Func<DateTimeOffset, DateOnly> dayOf) =>
    [
        .. from asked in wanted.Exams
           join exam in exams on asked.ExamId equals exam.Id
           where !exam.Retired
           from sitting in sittings
           where sitting.ExamId == exam.Id
           from cause in new[] { Failed(asked, exam, sitting, dayOf), Ends(asked, sitting, today) }
           where cause is not null
           select cause,
        .. wanted.ModuleDays is { } days ? paths.SelectMany(path => Modules(path.Path, path.Progress, today.AddDays(days))) : [],
    ];

    /// <summary>The most that a policy could ask for of these needs.</summary>
    public static EnrolmentCauses Most(IEnumerable<(Guid ExamId, Guid CourseId)> exams) =>
        new([.. exams.Select(of => new ExamCourse(of.ExamId, of.CourseId, Failures: 1, CertificateDays: Furthest))], Furthest);

    // One need for a row of failures: who was trained and fails again has the same need, since a later day.
    private static CourseCause? Failed(ExamCourse asked, Exam exam, ExamSitting sitting, Func<DateTimeOffset, DateOnly> dayOf)
    {
        var failed = sitting.FailedInARow();
        return asked.Failures is { } most && failed > 0 && failed >= Math.Min(most, exam.Content.Attempts)
            ? new(NameId.Of("course-need", "exam-failed", sitting.Id, sitting.Attempts.Length - failed), sitting.EmployeeId, asked.CourseId,
                CourseNeedCause.ExamFailed, $"/exams/{exam.Id}", sitting.Title, dayOf(sitting.Attempts[^1].At), sitting.Attempts[^1].At)
            : null;
    }

    // It stays one for as long after its end: whoever lets it lapse still needs it.
    private static CourseCause? Ends(ExamCourse asked, ExamSitting sitting, DateOnly today) =>
        asked.CertificateDays is { } days && sitting.Certificate is { RevokedFor: null } certificate
            && certificate.Through.AddDays(-days) <= today && today <= certificate.Through.AddDays(days)
            ? new(NameId.Of("course-need", "certificate-ends", sitting.Id, certificate.Through), sitting.EmployeeId, asked.CourseId,
                CourseNeedCause.CertificateEnds, $"/exams/{sitting.ExamId}", sitting.Title, certificate.Through)
            : null;

    private static IEnumerable<CourseCause> Modules(LearningPath path, PathProgress progress, DateOnly last) =>
        from module in path.Modules
        join done in progress.Modules on module.Code equals done.Code
        where path.EndedFor is null && module.CourseId is not null && done.Missing.Contains("course") && done.DueOn <= last
        select new CourseCause(NameId.Of("course-need", "module-due", path.Id, module.Code, path.StartsOn), path.EmployeeId,
            module.CourseId!.Value, CourseNeedCause.ModuleDue, $"/learning-paths/{path.Id}", module.Title, done.DueOn);
}
