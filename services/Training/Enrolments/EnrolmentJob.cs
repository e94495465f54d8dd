using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Courses;
using CallCenter.Training.Needs;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using JasperFx;
using Marten;
using Quartz;
using static CallCenter.Training.Enrolments.EnrolmentProposalDecider;

namespace CallCenter.Training.Enrolments;

/// <summary>
/// Takes training needs to seats: asks Scheduling when those who need the same can be trained with the least harm, gives them seats where
/// the project's policy says so, and proposes the times to the trainers otherwise. What there is to do is read from needs, sessions and
/// answers, so that nothing is lost when a service was away, and nothing is done twice.
/// </summary>
internal sealed class EnrolmentJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "enrolments";

    // More than Scheduling looks at at once; the others come in the next round.
    private const int MostLearners = 50;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var wanting = (await query.Query<CourseNeed>().Where(need => need.Status == CourseNeedStatus.Open).ToListAsync(cancellationToken))
            .ToLookup(need => need.ProjectId);
        var needs = (await query.Query<TrainingNeed>().Where(need => need.Status == NeedStatus.Open && need.SessionIds.IsEmpty())
            .ToListAsync(cancellationToken)).ToLookup(need => need.ProjectId);
        var open = (await query.Query<EnrolmentProposal>()
            .Where(p => p.Status == EnrolmentStatus.Asked || p.Status == EnrolmentStatus.Proposed).ToListAsync(cancellationToken))
            .ToLookup(p => p.ProjectId);
        var projects = await query.LoadManyAsync<ProjectV1>(
            cancellationToken, needs.Select(g => g.Key).Union(wanting.Select(g => g.Key)).Union(open.Select(g => g.Key)).ToArray());
        var courses = await query.Query<Course>().Where(course => !course.Retired).OrderBy(course => course.Id)
            .ToListAsync(cancellationToken);

        await fence.Each(Name, [.. projects], project => $"project {project.Id}", async (project, stopping) =>
        {
            var learners = await Learners(project, [.. needs[project.Id]], stopping);
            var attending = await Attending(project, [.. wanting[project.Id]], stopping);
            foreach (var section in learners.Keys.Union(open[project.Id].Where(p => p.Section != "").Select(p => p.Section))
                .Order(StringComparer.Ordinal))
                await Turn(project, EnrolmentProposal.IdOf(project.Id, section), section,
                    [.. courses.Where(c => c.Sections.Contains(section))], learners.GetValueOrDefault(section, []), stopping);
            foreach (var course in attending.Keys.Union(open[project.Id].Where(p => p.Section == "").Select(p => p.CourseId)).Order())
                await Turn(project, EnrolmentProposal.IdOf(project.Id, course), "", [.. courses.Where(c => c.Id == course)],
                    attending.GetValueOrDefault(course, []), stopping);
        }, cancellationToken);
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<Learner>>> Learners(
        ProjectV1 project, IReadOnlyList<TrainingNeed> needs, CancellationToken cancellation)
    {
        var there = await There(project, needs.Select(need => need.AgentId), cancellation);

        return needs.Where(need => there.Contains(need.AgentId)).GroupBy(need => need.Section).ToDictionary(group => group.Key,
            group => (IReadOnlyList<Learner>)[.. group.OrderBy(n => n.OpenedAt).ThenBy(n => n.Id).Take(MostLearners)
                .Select(need => new Learner(need.AgentId, need.Id))]);
    }

    // Who needs a course for two causes needs it once.
    private async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Learner>>> Attending(
        ProjectV1 project, IReadOnlyList<CourseNeed> needs, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var there = await There(project, needs.Select(need => need.EmployeeId), cancellation);
        var sessions = (await query.SessionsFor(needs, cancellation)).ToLookup(training => training.CourseId);

        return needs.Where(need => there.Contains(need.EmployeeId) && !sessions[need.CourseId].Any(training => training.Answers(need)))
            .GroupBy(need => need.CourseId).ToDictionary(group => group.Key,
                group => (IReadOnlyList<Learner>)[.. group.OrderBy(n => n.OpenedAt).ThenBy(n => n.Id).DistinctBy(n => n.EmployeeId)
                    .Take(MostLearners).Select(need => new Learner(need.EmployeeId, need.Id))]);
    }

    // Who has left, or changed projects, is not trained for this one.
    private async Task<IReadOnlySet<Guid>> There(ProjectV1 project, IEnumerable<Guid> people, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var today = LocalCalendar.Of(project.Zone).DayOf(clock.GetUtcNow());

        return (await query.LoadManyAsync<EmployeeV1>(cancellation, people.Distinct().ToArray()))
            .Where(e => e.ProjectIds.Contains(project.Id) && e.HiredOn <= today && !(e.LeftOn < today)).Select(e => e.Id).ToHashSet();
    }

    private async Task Turn(
        ProjectV1 project, Guid id, string section, IReadOnlyList<Course> courses, IReadOnlyList<Learner> learners,
        CancellationToken cancellation)
    {
        var (now, question) = (clock.GetUtcNow(), Guid.CreateVersion7());
        var calendar = LocalCalendar.Of(project.Zone);
        var today = calendar.DayOf(now);
        await using var query = store.QuerySession();
        var policy = await query.EnrolmentPolicyOf(project.Id, today, cancellation);
        var (from, to) = (today.AddDays(policy.NoticeDays), today.AddDays(policy.NoticeDays + policy.WithinDays - 1));
        var times = await Planned(query, project.Id, courses, calendar.StartOf(from), calendar.EndOf(to), cancellation);

        await Decide(id, state => EnrolmentProposalDecider.Decide(
            new AskSlots(id, question, project.Id, section, courses is [var first, ..] ? first : null, learners, from, to, times, now),
                state), cancellation);
        if (await query.LoadAsync<TrainingSlotsV1>(id, cancellation) is { } answer)
            await Hear(id, answer, policy, now, cancellation);

        await using var fresh = store.QuerySession();
        if (await fresh.LoadAsync<EnrolmentProposal>(id, cancellation) is { } proposal)
            await Fill(project, proposal, policy, now, cancellation);
    }

    private static async Task<IReadOnlyList<WantedTime>> Planned(
        IQuerySession query, Guid projectId, IReadOnlyList<Course> courses, DateTimeOffset from, DateTimeOffset to,
        CancellationToken cancellation)
    {
        var ids = courses.Select(course => course.Id).ToArray();
        return [.. (await query.Query<TrainingSession>().Where(s => s.ProjectId == projectId && s.Status == SessionStatus.Planned
                && s.CourseId.IsOneOf(ids) && s.Plan.StartsAt >= from && s.Plan.StartsAt < to).ToListAsync(cancellation))
            .Where(s => s.Enrolments.Count < s.Plan.Seats).OrderBy(s => s.Plan.StartsAt).ThenBy(s => s.Id)
            .Select(s => new WantedTime(s.Id, s.Plan.StartsAt, s.Plan.EndsAt))];
    }

    private async Task Decide(Guid id, Func<EnrolmentProposal, object[]> decide, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.Lock([id], cancellation);
        await session.Start(id, decide, cancellation);
    }

    // The trainers are told in the same transaction, and of the same needs once.
    private async Task Hear(Guid id, TrainingSlotsV1 answer, EnrolmentPolicy policy, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.Lock([id], cancellation);
        await session.Start<EnrolmentProposal>(id, state =>
        {
            var decided = EnrolmentProposalDecider.Decide(new ProposeSlots(answer, now), state);
            var proposed = decided.Aggregate(state, (known, e) => known.Evolve(e));
            if (decided is not [] && proposed.Slots.Count > 0 && !proposed.GivenBy(policy).Any()
                && proposed.ToldNeeds.Except(state.ToldNeeds).Any())
                session.TellTrainers(state.ProjectId, NoticeKind.EnrolmentProposed, $"/enrolment-proposals/{id}", state.From, now);
            return decided;
        }, cancellation);
    }

    private async Task Fill(
        ProjectV1 project, EnrolmentProposal proposal, EnrolmentPolicy policy, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var slot in proposal.GivenBy(policy).ToList())
            if (slot.SessionId is { } planned)
            {
                foreach (var learner in proposal.Able(slot))
                    if (await Give(proposal, planned, learner, now, cancellation) is { } after)
                        proposal = after;
                    else
                        return;
            }
            // One new session at a time: the next round asks whether it has room for the others.
            else if (proposal.Able(slot) is { Count: > 0 } learners)
            {
                if (await PlanNew(project, proposal, policy, slot, learners, now, cancellation) is not { } after)
                    return;
                proposal = after;
            }
    }

    /// <returns>Null where a session was planned, or somebody else changed the proposal meanwhile.</returns>
    private async Task<EnrolmentProposal?> PlanNew(
        ProjectV1 project, EnrolmentProposal proposal, EnrolmentPolicy policy, TrainingSlot slot, IReadOnlyList<Learner> able,
        DateTimeOffset now, CancellationToken cancellation)
    {
        var wanted = policy.NewSessions!;
        var learners = able.Take(wanted.Seats).ToList();
        try
        {
            await using var session = store.LightweightSession();
            await session.Lock([proposal.Id], cancellation);
            if (await session.LoadAsync<EnrolmentProposal>(proposal.Id, cancellation) is not { } state || state.Version != proposal.Version)
                return null;

            var trainer = await session.TrainerFree(project, wanted.TrainerIds, slot.StartsAt, slot.EndsAt, able.Select(l => l.AgentId),
                cancellation);
            var plan = await session.PlanWithEquipment(
                proposal, Plan.Of(trainer, wanted.Room, wanted.Seats, slot.StartsAt, slot.EndsAt), wanted, Guid.Empty, now, cancellation);
            session.Events.Append(proposal.Id, state.Version + 1,
                EnrolmentProposalDecider.Decide(new TakeSeats(plan.SessionId, learners, Guid.Empty, now), state));
            await session.GiveSeats(new(), plan, [.. learners.Select(l => new Enrolment(l.AgentId, l.NeedId))], now, cancellation);
            return null;
        }
        catch (ConcurrencyException)
        {
            return null;
        }
        catch (Exception refused) when (RuleOf(refused) is { } rule)
        {
            var decided = (SessionNotPlanned)EnrolmentProposalDecider.Decide(
                new RefuseSession(slot.StartsAt, rule, policy, now), proposal).Single();
            await using var session = store.LightweightSession();
            session.Events.Append(proposal.Id, proposal.Version + 1, decided);
            if (decided.TrainersTold)
                session.TellTrainers(
                    proposal.ProjectId, NoticeKind.EnrolmentProposed, $"/enrolment-proposals/{proposal.Id}", proposal.From, now);
            await session.SaveChangesAsync(cancellation);
            return proposal.Evolve(decided) with { Version = proposal.Version + 1 };
        }
    }

    private static string? RuleOf(Exception refused) => refused is StreamNotFoundException ? "not-in-project" : refused.Rule;

    /// <returns>Null where somebody else changed the session or the proposal meanwhile: the next run sees it.</returns>
    private async Task<EnrolmentProposal?> Give(
        EnrolmentProposal proposal, Guid sessionId, Learner learner, DateTimeOffset now, CancellationToken cancellation)
    {
        object decided;
        try
        {
            await using var session = store.LightweightSession();
            await session.Lock([proposal.Id, learner.AgentId], cancellation);
            if (await session.LoadAsync<TrainingSession>(sessionId, cancellation) is not { } training
                || await session.LoadAsync<EnrolmentProposal>(proposal.Id, cancellation) is not { } state
                    || state.Version != proposal.Version)
                return null;

            decided = EnrolmentProposalDecider.Decide(new TakeSeats(sessionId, [learner], Guid.Empty, now), state).Single();
            session.Events.Append(proposal.Id, state.Version + 1, decided);
            await session.GiveSeat(training, learner.AgentId, learner.NeedId, now, cancellation);
        }
        catch (ConcurrencyException)
        {
            return null;
        }
        catch (Exception refused) when (RuleOf(refused) is { } rule)
        {
            decided = EnrolmentProposalDecider.Decide(new RefuseSeat(sessionId, learner.AgentId, rule, now), proposal).Single();
            await using var session = store.LightweightSession();
            session.Events.Append(proposal.Id, proposal.Version + 1, decided);
            await session.SaveChangesAsync(cancellation);
        }

        return proposal.Evolve(decided) with { Version = proposal.Version + 1 };
    }
}
