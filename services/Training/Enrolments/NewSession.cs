using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Courses;
using CallCenter.Training.Resources;
using CallCenter.Training.Sessions;
using Marten;
using static CallCenter.Training.Sessions.TrainingSessionDecider;

namespace CallCenter.Training.Enrolments;

/// <summary>A session that is planned because a proposed time has none: its trainer and its equipment.</summary>
internal static class NewSession
{
    /// <summary>The role that comes with the post of those who train.</summary>
    public const string Role = "trainer";

    // Sessions so long before and after a time say how much somebody trains.
    private static readonly TimeSpan Around = TimeSpan.FromDays(28);

    /// <summary>Who is free at a time, with the fewest sessions around it first.</summary>
    /// <param name="people">Who may train.</param>
    /// <param name="calendars">When they are taken by training.</param>
    /// <param name="days">Their published days near the time; of whom none is known nothing is said against them.</param>
    /// <param name="sessions">How many sessions each trains around the time.</param>
    public static IReadOnlyList<Guid> Ranked(
        IEnumerable<EmployeeV1> people, Booking time, DateOnly day, IReadOnlyCollection<ResourceCalendar> calendars,
        IReadOnlyCollection<RosterDayV1> days, IReadOnlyDictionary<Guid, int> sessions) =>
    [
        .. people.Where(e => e.HiredOn <= day && !(e.LeftOn < day))
            .Select(e => e.Id).Distinct()
            .Where(id => !calendars.Any(c => c.Id == id && c.Bookings.Any(taken => taken.Overlaps(time))))
            .Where(id => !days.Any(d => d.AgentId == id && d.Activities.Any(a => a.Kind == "leave" && a.From < time.To && time.From < a.To)))
            .Where(id => days.Where(d => d.AgentId == id && d.Date == day).All(
                known => known.Activities.Any(a => a.From <= time.From) && known.Activities.Any(a => time.To <= a.To)))
            .OrderBy(id => sessions.GetValueOrDefault(id)).ThenBy(id => id),
    ];

    /// <summary>Whether somebody's post on a day has the role, and they work for the project or for none in particular.</summary>
    public static bool Trains(this EmployeeV1 employee, Guid projectId, DateOnly day) =>
        (employee.ProjectIds.Count == 0 || employee.ProjectIds.Contains(projectId))
        && employee.Posts?.Any(post => post.Role == Role && post.From <= day && !(post.To < day)) == true;

    extension(IDocumentSession session)
    {
        /// <param name="named">Who may; null or nobody for anyone whose post says so.</param>
        /// <param name="learners">Who has a seat, and does not train it.</param>
        /// <exception cref="RefusedException"><c>no-trainer-free</c></exception>
        public async Task<Guid> TrainerFree(
            ProjectV1 project, IReadOnlyList<Guid>? named, DateTimeOffset from, DateTimeOffset to, IEnumerable<Guid> learners,
            CancellationToken cancellation)
        {
            var day = LocalCalendar.Of(project.Zone).DayOf(from);
            var people = named is { Count: > 0 }
                ? await session.LoadManyAsync<EmployeeV1>(cancellation, [.. named])
                : [.. (await session.Query<EmployeeV1>().Where(e => e.Posts!.Any(post => post.Role == Role)).ToListAsync(cancellation))
                    .Where(e => e.Trains(project.Id, day))];
            var ids = people.Select(e => e.Id).Except(learners).ToArray();
            var (before, after, first, last) = (from - Around, from + Around, day.AddDays(-1), day.AddDays(1));
            var sessions = (await session.Query<TrainingSession>().Where(s => s.Plan.TrainerId.IsOneOf(ids)
                    && s.Status != SessionStatus.Cancelled && s.Plan.StartsAt >= before && s.Plan.StartsAt < after)
                .Select(s => s.Plan.TrainerId).ToListAsync(cancellation)).CountBy(id => id).ToDictionary();

            return Ranked(people.Where(e => ids.Contains(e.Id)), new(Guid.Empty, from, to), day,
                    [.. await session.LoadManyAsync<ResourceCalendar>(cancellation, ids)],
                    [.. await session.Query<RosterDayV1>().Where(d => d.AgentId.IsOneOf(ids) && d.Date >= first && d.Date <= last)
                        .ToListAsync(cancellation)], sessions) is [var free, ..]
                ? free
                : throw new RefusedException("no-trainer-free", named is { Count: > 0 }
                    ? $"Of the {named.Count} trainers of the policy nobody is free then."
                    : "Nobody of the project whose post is to train is free then.");
        }

        /// <summary>What plans the session of a proposed time, and books its equipment.</summary>
        /// <param name="wanted">By the policy; null where it says nothing.</param>
        public async Task<PlanSession> PlanWithEquipment(
            EnrolmentProposal proposal, Plan plan, NewSessions? wanted, Guid by, DateTimeOffset now, CancellationToken cancellation)
        {
            await session.MustFit(proposal.ProjectId, plan, cancellation);
            var course = await session.LoadAsync<Course>(proposal.CourseId, cancellation)
                ?? throw new InvalidException("/courseId", "unknown-course", $"There is no course {proposal.CourseId}.");
            var command = new PlanSession(
                NameId.Of("proposed-session", proposal.Id, proposal.QuestionId, plan.StartsAt.ToUniversalTime().Ticks), proposal.ProjectId,
                course, plan, now);
            if (wanted?.Equipment is not { Count: > 0 } items)
                return command;

            await session.RequireEquipment("/policy/newSessions/equipment", proposal.ProjectId, items, cancellation);
            await session.Hold(command.SessionId, plan, [], items, cancellation);
            var training = Decide(command, new()).Aggregate(new TrainingSession(), (state, e) => state.Evolve(e));
            session.Events.StartStream<SessionEquipment>(SessionEquipment.IdOf(command.SessionId),
                SessionEquipmentDecider.Decide(new BookEquipment(training, [.. items], by, now), new()));
            return command;
        }
    }
}
