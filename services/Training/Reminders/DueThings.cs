using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Time;
using CallCenter.Training.Curricula;
using CallCenter.Training.Exams;
using CallCenter.Training.Materials;
using CallCenter.Training.Sessions;
using Marten;

namespace CallCenter.Training.Reminders;

/// <summary>What of a project falls due soon, or is overdue, for whom.</summary>
internal static class DueThings
{
    /// <summary>So many days before the last one of a module, and of a certificate, somebody is reminded of it.</summary>
    public const int ModuleDays = 3, CertificateDays = 30;

    // What a service that was away did not see is not told long after it.
    private const int OverdueDays = 30;

    extension(IQuerySession session)
    {
        public async Task<IReadOnlyList<Due>> DueOf(ProjectV1 project, DateTimeOffset now, CancellationToken cancellation)
        {
            var people = (await session.Query<EmployeeV1>().Where(e => e.ProjectIds.Contains(project.Id)).ToListAsync(cancellation))
                .Where(e => LocalCalendar.Of(e.Zone).DayOf(now) is var day && e.HiredOn <= day && !(e.LeftOn < day))
                .ToDictionary(e => e.Id);

            return
            [
                .. (await session.Unread(project, people, now, cancellation))
                    .Concat(await session.Modules(project, people, now, cancellation))
                    .Concat(await session.Certificates(project, people, now, cancellation))
                    .Concat(await session.Sessions(project, people, now, cancellation))
                    .Concat(await session.Coachings(project, now, cancellation)),
            ];
        }

        // A briefing is to be read before the next shift: who has one tomorrow or today and has not read it.
        private async Task<IEnumerable<Due>> Unread(
            ProjectV1 project, Dictionary<Guid, EmployeeV1> people, DateTimeOffset now, CancellationToken cancellation)
        {
            var due = new List<Due>();
            foreach (var briefing in await session.Query<Material>()
                .Where(m => m.ProjectId == project.Id && m.Kind == MaterialKind.Briefing && !m.Withdrawn).ToListAsync(cancellation))
                due.AddRange(
                    from reader in await session.ReadersOf(briefing, now, cancellation)
                    where reader is { ReadAt: null, NextShift: not null } && people.ContainsKey(reader.EmployeeId)
                    let calendar = LocalCalendar.Of(people[reader.EmployeeId].Zone)
                    where calendar.DayOf(reader.NextShift!.Value) <= calendar.DayOf(now).AddDays(1)
                    // Of a version once, whichever shift is the next.
                    select new Due(project.Id, reader.EmployeeId, DueKind.Material,
                        $"/materials/{briefing.Id}/versions/{briefing.Newest().Number}", briefing.Newest().Content.Title,
                        LocalCalendar.Of(project.Zone).DayOf(briefing.Newest().At)));
            return due;
        }

        private async Task<IEnumerable<Due>> Modules(
            ProjectV1 project, Dictionary<Guid, EmployeeV1> people, DateTimeOffset now, CancellationToken cancellation)
        {
            var calendar = LocalCalendar.Of(project.Zone);
            var paths = await session.Query<LearningPath>().Where(p => p.ProjectId == project.Id && p.EndedFor == null)
                .ToListAsync(cancellation);
            var progress = await session.ProgressOf([.. paths.Where(p => people.ContainsKey(p.EmployeeId))],
                _ => calendar.DayOf, now, cancellation);

            return
                from path in progress
                let today = LocalCalendar.Of(people[path.EmployeeId].Zone).DayOf(now)
                from module in path.Modules
                where module.DoneAt is null && module.DueOn <= today.AddDays(ModuleDays) && module.DueOn >= today.AddDays(-OverdueDays)
                select new Due(project.Id, path.EmployeeId, module.Missing.Contains("exam") ? DueKind.Exam
                    : module.Missing.Contains("material") ? DueKind.Material : DueKind.Module, $"/learning-paths/{path.Id}", module.Title, module.DueOn);
        }

        private async Task<IEnumerable<Due>> Certificates(
            ProjectV1 project, Dictionary<Guid, EmployeeV1> people, DateTimeOffset now, CancellationToken cancellation)
        {
            var soon = LocalCalendar.Of(project.Zone).DayOf(now).AddDays(CertificateDays + 1);
            return
                from sitting in await session.Query<ExamSitting>().Where(s => s.ProjectId == project.Id
                    && s.Certificate != null && s.Certificate.Through <= soon).ToListAsync(cancellation)
                where people.ContainsKey(sitting.EmployeeId)
                let today = LocalCalendar.Of(people[sitting.EmployeeId].Zone).DayOf(now)
                where sitting.Certificate!.IsValidOn(today) && sitting.Certificate.Through <= today.AddDays(CertificateDays)
                select new Due(project.Id, sitting.EmployeeId, DueKind.Certificate, $"/exams/{sitting.ExamId}", sitting.Title,
                    sitting.Certificate!.Through);
        }

        // Next day's sessions, and those of the day that began after the last run; a session that is moved is another one.
        private async Task<IEnumerable<Due>> Sessions(
            ProjectV1 project, Dictionary<Guid, EmployeeV1> people, DateTimeOffset now, CancellationToken cancellation)
        {
            var until = now.AddDays(2);
            return
                from training in await session.Query<TrainingSession>().Where(s => s.ProjectId == project.Id
                    && s.Status == SessionStatus.Planned && s.Plan.StartsAt > now && s.Plan.StartsAt < until).ToListAsync(cancellation)
                from person in training.Enrolments.Select(e => e.EmployeeId).Append(training.Plan.TrainerId)
                where people.ContainsKey(person)
                let calendar = LocalCalendar.Of(people[person].Zone)
                let day = calendar.DayOf(training.Plan.StartsAt)
                where day <= calendar.DayOf(now).AddDays(1)
                select new Due(project.Id, person, DueKind.Session, $"/training-sessions/{training.Id}", training.Title, day,
                    training.Plan.StartsAt);
        }

        private async Task<IEnumerable<Due>> Coachings(ProjectV1 project, DateTimeOffset now, CancellationToken cancellation)
        {
            var today = LocalCalendar.Of(project.Zone).DayOf(now);
            var overdue = (await session.Query<CoachingV1>().Where(c => c.ProjectId == project.Id && c.ClosedAt == null)
                .ToListAsync(cancellation))
                .Where(c => c.DueOn < today && c.DueOn >= today.AddDays(-OverdueDays)).ToList();
            if (overdue.Count == 0)
                return [];

            var teams = await session.Query<TeamV1>().Where(team => team.ProjectId == project.Id).OrderBy(team => team.Id)
                .ToListAsync(cancellation);
            return overdue.Select(c => new Due(project.Id, SupervisorOf(teams, c.AgentId, today), DueKind.Coaching, $"/coachings/{c.Id}",
                c.Section ?? "", c.DueOn!.Value));
        }
    }

    /// <summary>Who led the agent's team on a day; null where nobody is known to have.</summary>
    public static Guid? SupervisorOf(IEnumerable<TeamV1> teams, Guid agent, DateOnly day) => teams
        .Where(team => team.Memberships?.Any(stay => stay.AgentId == agent && stay.From <= day && !(stay.To < day))
            ?? team.Members.Contains(agent))
        .Select(team => team.Supervisors is { } all ? all.LastOrDefault(led => led.From <= day)?.SupervisorId : team.SupervisorId)
        .FirstOrDefault(supervisor => supervisor is not null);
}
