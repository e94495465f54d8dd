using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Needs;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Sessions.TrainingSessionDecider;

namespace CallCenter.Training.Sessions;

/// <summary>Seats given and taken back, by a person or by the product: the time is booked, the need linked, and who is concerned
/// told.</summary>
internal static class Seats
{
    extension(IQuerySession session)
    {
        /// <summary>Sessions of the courses in which those who need them have a seat, or had one.</summary>
        public async Task<IReadOnlyList<TrainingSession>> SessionsFor(IReadOnlyCollection<CourseNeed> needs, CancellationToken cancellation)
        {
            if (needs.Count == 0)
                return [];

            var (projects, courses) = (needs.Select(n => n.ProjectId).Distinct().ToArray(),
                needs.Select(n => n.CourseId).Distinct().ToArray());
            var since = needs.Min(n => n.Cause?.Since ?? n.OpenedAt);
            return await session.Query<TrainingSession>().Where(s => s.ProjectId.IsOneOf(projects) && s.CourseId.IsOneOf(courses)
                && (s.Status == SessionStatus.Planned || (s.Status == SessionStatus.Held && s.Plan.StartsAt >= since)))
                .ToListAsync(cancellation);
        }
    }

    extension(IDocumentSession session)
    {
        /// <returns>The new version of the session.</returns>
        public Task<long> GiveSeat(
            TrainingSession training, Guid employeeId, Guid? needId, DateTimeOffset now, CancellationToken cancellation) =>
            session.GiveSeats(training, null, [new(employeeId, needId)], now, cancellation);

        /// <summary>Gives all these seats or none.</summary>
        /// <param name="plan">Plans the session too, where there is none yet.</param>
        /// <returns>The new version of the session.</returns>
        public async Task<long> GiveSeats(
            TrainingSession training, PlanSession? plan, IReadOnlyList<Enrolment> seats, DateTimeOffset now, CancellationToken cancellation)
        {
            object[] planned = plan is null ? [] : Decide(plan, training);
            var state = planned.Aggregate(training, (known, e) => known.Evolve(e));
            foreach (var seat in seats)
                await session.RequireAgent(seat.EmployeeId, state.ProjectId, state.Plan.StartsAt, cancellation);

            var learners = seats.Select(seat => Participant.Learner(seat.EmployeeId));
            await session.Rebook(plan?.SessionId ?? training.Id, [],
                plan is null ? learners : Participant.Of(plan.ProjectId, plan.Plan).Concat(learners), state.Plan, cancellation);
            foreach (var seat in seats)
            {
                await session.Link(seat.NeedId, seat.EmployeeId, state.ProjectId, state.Id, cancellation);
                await session.MustLackSeat(seat, state, cancellation);
                if (Decide(new EnrolEmployee(seat.EmployeeId, seat.NeedId, now), state) is not [])
                    await session.TellOfSeat(state, seat.EmployeeId, NoticeKind.TrainingEnrolled, now, cancellation);
            }

            return plan is null
                ? await session.Decide<TrainingSession>(training.Id, training.Version, known => Enrolled(known), cancellation)
                : await session.Start<TrainingSession>(plan.SessionId, fresh => Enrolled(fresh, Decide(plan, fresh)), cancellation);

            object[] Enrolled(TrainingSession known, params object[] first)
            {
                List<object> events = [.. first];
                foreach (var seat in seats)
                    events.AddRange(Decide(new EnrolEmployee(seat.EmployeeId, seat.NeedId, now),
                        events.Aggregate(known, (so, e) => so.Evolve(e))));
                return [.. events];
            }
        }

        /// <returns>The new version of the session.</returns>
        public async Task<long> FreeSeat(TrainingSession training, Guid employeeId, DateTimeOffset now, CancellationToken cancellation)
        {
            var command = new WithdrawEnrolment(employeeId, now);

            await session.Rebook(training.Id, [Participant.Learner(employeeId)], [], training.Plan, cancellation);
            await session.Unlink(employeeId, training.Id, cancellation);
            if (Decide(command, training) is not [])
                await session.TellOfSeat(training, employeeId, NoticeKind.TrainingSeatFreed, now, cancellation);

            return await session.Decide<TrainingSession>(training.Id, training.Version, state => Decide(command, state), cancellation);
        }

        /// <summary>Tells everybody who has a seat, and the supervisors once.</summary>
        public async Task TellSeated(TrainingSession training, NoticeKind kind, DateTimeOffset now, CancellationToken cancellation)
        {
            if (training.Enrolments.Count == 0)
                return;

            var (about, day) = (About(training), await session.DayOf(training, cancellation));
            foreach (var enrolment in training.Enrolments)
                session.Tell(training.ProjectId, enrolment.EmployeeId, kind, about, day, now);
            session.TellSupervisors(training.ProjectId, kind, about, day, now);
        }

        // A need of a course is answered by one seat, whoever else gave it meanwhile.
        private async Task MustLackSeat(Enrolment seat, TrainingSession wanted, CancellationToken cancellation)
        {
            if (seat.NeedId is { } id && await session.LoadAsync<CourseNeed>(id, cancellation) is { } need
                && (await session.SessionsFor([need], cancellation)).Any(other => other.Id != wanted.Id && other.Answers(need)))
                throw new RefusedException("already-enrolled", "The employee has a seat in another session of the course, or attended one.");
        }

        private async Task TellOfSeat(
            TrainingSession training, Guid employeeId, NoticeKind kind, DateTimeOffset now, CancellationToken cancellation)
        {
            var day = await session.DayOf(training, cancellation);
            session.Tell(training.ProjectId, employeeId, kind, About(training), day, now);
            session.TellSupervisors(training.ProjectId, kind, $"{About(training)}/enrolments/{employeeId}", day, now);
        }

        private async Task<DateOnly> DayOf(TrainingSession training, CancellationToken cancellation) => LocalCalendar.Of(
            (await session.RequireProject("projectId", training.ProjectId, cancellation)).Zone).DayOf(training.Plan.StartsAt);
    }

    /// <summary>Whether nothing more is to be done for a need of a course: its employee has a seat in a session of it, or attended one
    /// since. A module that is due still is so only where what was attended does not count.</summary>
    public static bool Answers(this TrainingSession training, CourseNeed need) =>
        training.CourseId == need.CourseId && training.ProjectId == need.ProjectId && training.Status switch
        {
            SessionStatus.Planned => training.IsEnrolled(need.EmployeeId),
            SessionStatus.Held => need.Cause?.Cause is not CourseNeedCause.ModuleDue
                && training.Plan.StartsAt >= (need.Cause?.Since ?? need.OpenedAt)
                && training.Register.Any(row => row.EmployeeId == need.EmployeeId && row.Attended),
            _ => false,
        };

    private static string About(TrainingSession training) => $"/training-sessions/{training.Id}";
}
