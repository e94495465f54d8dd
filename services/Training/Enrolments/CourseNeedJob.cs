using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Time;
using CallCenter.Training.Curricula;
using CallCenter.Training.Exams;
using CallCenter.Training.Needs;
using CallCenter.Training.Sessions;
using Marten;
using Quartz;
using static CallCenter.Training.Needs.CourseNeedDecider;

namespace CallCenter.Training.Enrolments;

/// <summary>
/// Brings the needs of courses in line with exams, certificates and learning paths, as the projects' policies ask for them. A need whose
/// cause is gone gives back the seat in a session to come that was given only for it, in the same transaction.
/// </summary>
internal sealed class CourseNeedJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "course-needs";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var onFile = (await query.Query<CourseNeed>().Where(n => n.Status == CourseNeedStatus.Open || n.Status == CourseNeedStatus.Dropped)
            .ToListAsync(cancellationToken)).ToLookup(need => need.ProjectId);
        var policies = await query.Query<EnrolmentPolicies>().ToListAsync(cancellationToken);
        var projects = await query.LoadManyAsync<ProjectV1>(
            cancellationToken, onFile.Select(g => g.Key).Union(policies.Select(p => p.ProjectId)).ToArray());

        await fence.Each(Name, [.. projects], project => $"project {project.Id}",
            (project, stopping) => Turn(project, [.. onFile[project.Id]], stopping), cancellationToken);
    }

    private async Task Turn(ProjectV1 project, IReadOnlyList<CourseNeed> onFile, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var (now, calendar) = (clock.GetUtcNow(), LocalCalendar.Of(project.Zone));
        var today = calendar.DayOf(now);
        var wanted = (await query.EnrolmentPolicyOf(project.Id, today, cancellation)).Causes ?? new([]);
        var exams = onFile.Where(need => need.Cause!.Cause is not CourseNeedCause.ModuleDue)
            .Select(need => (ExamId: Guid.Parse(need.Cause!.About[^36..]), need.CourseId)).Distinct().ToList();
        if (wanted is { Exams: [], ModuleDays: null } && onFile.Count == 0)
            return;

        var read = await query.ReadCauses(project, [.. wanted.Exams.Select(of => of.ExamId).Union(exams.Select(of => of.ExamId))],
            wanted.ModuleDays is not null || onFile.Any(need => need.Cause!.Cause is CourseNeedCause.ModuleDue), now, cancellation);
        var present = read(wanted).ToDictionary(cause => cause.NeedId);
        var still = read(CourseCauses.Most(exams)).Select(cause => cause.NeedId).ToHashSet();
        var known = onFile.ToDictionary(need => need.Id);

        var changed = present.Values
            .Where(cause => known.GetValueOrDefault(cause.NeedId) is not { Status: CourseNeedStatus.Open } need || need.Cause != cause)
            .Select(cause => (cause.NeedId, cause.EmployeeId));
        var ended = onFile.Where(need => !present.ContainsKey(need.Id)
            && (need.Status is CourseNeedStatus.Open || !still.Contains(need.Id))).Select(need => (NeedId: need.Id, need.EmployeeId));

        foreach (var person in changed.Concat(ended).GroupBy(change => change.EmployeeId, change => change.NeedId))
            await Restate(project.Id, person.Key,
                [.. person.Select(id => (id, new RestateCourseNeed(project.Id, present.GetValueOrDefault(id), !still.Contains(id), now)))],
                cancellation);
    }

    private async Task Restate(
        Guid projectId, Guid employeeId, IReadOnlyList<(Guid NeedId, RestateCourseNeed Command)> changes, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.Lock([employeeId], cancellation);
        var needs = (await session.Query<CourseNeed>().Where(n => n.EmployeeId == employeeId && n.ProjectId == projectId)
            .ToListAsync(cancellation)).ToDictionary(need => need.Id);
        foreach (var (id, command) in changes)
        {
            var need = needs.GetValueOrDefault(id) ?? new();
            var events = Decide(command, need);
            if (events is [])
                continue;
            if (need.Version == 0)
                session.Events.StartStream<CourseNeed>(id, events);
            else
                session.Events.Append(id, need.Version + events.Length, events);
            needs[id] = events.Aggregate(need, (state, e) => state.Evolve(e));
        }

        foreach (var course in changes.Select(change => needs[change.NeedId]).Where(need => need.Status is CourseNeedStatus.Met)
            .Select(need => need.CourseId).Distinct())
            if (!needs.Values.Any(need => need.CourseId == course && need.Status is not CourseNeedStatus.Met))
                await Free(session, employeeId, projectId, course, [.. needs.Values.Where(n => n.CourseId == course).Select(n => n.Id)],
                    cancellation);

        await session.SaveChangesAsync(cancellation);
    }

    private async Task Free(
        IDocumentSession session, Guid employeeId, Guid projectId, Guid courseId, IReadOnlyList<Guid> needs, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var training in await session.Query<TrainingSession>().Where(s => s.ProjectId == projectId && s.CourseId == courseId
            && s.Status == SessionStatus.Planned && s.Plan.StartsAt > now && s.Enrolments.Any(e => e.EmployeeId == employeeId))
            .ToListAsync(cancellation))
            if (training.Enrolments.Any(e => e.EmployeeId == employeeId && e.NeedId is { } id && needs.Contains(id)))
                await session.FreeSeat(training, employeeId, now, cancellation);
    }
}

internal static class CauseReading
{
    extension(IQuerySession session)
    {
        /// <summary>What is on record, to be read by one policy after another.</summary>
        public async Task<Func<EnrolmentCauses, IReadOnlyList<CourseCause>>> ReadCauses(
            ProjectV1 project, Guid[] examIds, bool modules, DateTimeOffset now, CancellationToken cancellation)
        {
            var dayOf = LocalCalendar.Of(project.Zone).DayOf;
            var exams = (await session.LoadManyAsync<Exam>(cancellation, examIds)).Where(exam => exam.ProjectId == project.Id).ToList();
            var sittings = examIds.Length == 0 ? []
                : await session.Query<ExamSitting>().Where(s => s.ProjectId == project.Id && s.ExamId.IsOneOf(examIds))
                    .ToListAsync(cancellation);
            var paths = !modules ? []
                : await session.Query<LearningPath>().Where(p => p.ProjectId == project.Id && p.EndedFor == null).ToListAsync(cancellation);
            var progress = (await session.ProgressOf([.. paths], _ => dayOf, now, cancellation)).ToDictionary(path => path.Id);

            return wanted => CourseCauses.Of(
                wanted, exams, [.. sittings], [.. paths.Select(path => (path, progress[path.Id]))], dayOf(now), dayOf);
        }
    }
}
