using CallCenter.EventSourcing;
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

    private static string About(TrainingSession training) => $"/training-sessions/{training.Id}";
}
