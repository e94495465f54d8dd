using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;
using Quartz;
using static CallCenter.Scheduling.Rosters.TrainingPlacesDecider;

namespace CallCenter.Scheduling.Trainings;

/// <summary>
/// Brings training sessions into the published days of those who have a seat, and out of the days of those who have none any more, as a
/// swap would change them: checked by the roster's rules, told and booked. What a rule keeps out is told to Training, and tried again.
/// What there is to do is read from the sessions and the days, so that nothing is missed and nothing is done twice.
/// </summary>
internal class TrainingPlacement(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "training-placement";

    protected virtual string Work => Name;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var query = store.QuerySession();
        var sessions = await query.Query<TrainingSessionV1>().Where(session => session.StartsAt > now && session.Status != "held")
            .ToListAsync(cancellationToken);
        var places = (await query.LoadManyAsync<TrainingPlaces>(cancellationToken, sessions.Select(session => session.Id).ToArray()))
            .ToDictionary(place => place.Id);

        await fence.Each(Work, [.. sessions.Where(session => IsToDo(session, places.GetValueOrDefault(session.Id)))],
            session => $"{session.Id}", Place, cancellationToken);
    }

    protected virtual bool IsToDo(TrainingSessionV1 session, TrainingPlaces? places) =>
        places?.IsBehind(session) ?? session is { Status: "planned", Enrolled.Count: > 0 };

    private async Task Place(TrainingSessionV1 training, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var before = await query.LoadAsync<TrainingPlaces>(training.Id, cancellation) ?? new();
        IReadOnlyList<Guid> seated = training.Status == "planned" ? training.Enrolled : [];
        var places = new List<SlotPerson>();
        foreach (var agent in before.Places.Select(place => place.AgentId).Union(seated))
        {
            var rule = await Place(training, before, agent, cancellation);
            if (seated.Contains(agent))
                places.Add(new(agent, rule));
        }

        await using var session = store.LightweightSession();
        await session.Start<TrainingPlaces>(
            training.Id, state => Decide(new PlaceTraining(training, places, clock.GetUtcNow()), state), cancellation);
    }

    // In a transaction of its own: a rule that keeps it out of one day keeps it out of nobody else's.
    private async Task<string?> Place(TrainingSessionV1 training, TrainingPlaces before, Guid agent, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        try
        {
            await using var session = store.LightweightSession();
            await session.LockDays(training.ProjectId, [agent], cancellation);
            // Whatever the zone, and a night began on the day before.
            var (first, last) = (Day(training.StartsAt).AddDays(-2), Day(training.EndsAt).AddDays(1));
            var (oldFirst, oldLast) = before.Version == 0 ? (first, last) : (Day(before.StartsAt).AddDays(-2),
                Day(before.EndsAt).AddDays(1));
            var days = await session.Query<PublishedDay>().Where(d => d.AgentId == agent && d.ProjectId == training.ProjectId
                && ((d.Date >= first && d.Date <= last) || (d.Date >= oldFirst && d.Date <= oldLast))).ToListAsync(cancellation);

            // A day of another session is that session's: what a rule keeps out of it keeps this one out of nothing.
            foreach (var day in days.Where(d => d.Shift is { } shift && (shift.Meets(training.StartsAt, training.EndsAt)
                || shift.Meets(before.StartsAt, before.EndsAt))).OrderBy(d => d.Date))
                if (!await Stands(day, training, session, cancellation))
                {
                    await session.ChangePublished(day.RosterId, (context, roster) => [Changed(day, context, roster)], [agent], training.Id,
                        overtime: true, Guid.Empty, now, cancellation);
                    session.Tell(training.ProjectId, agent, NoticeKind.RosterPublished,
                        $"/rosters/mine?from={day.Date:yyyy-MM-dd}&to={day.Date:yyyy-MM-dd}", day.Date, now);
                    await PublicationStore.InOnePlace(async () =>
                    {
                        await session.SaveChangesAsync(cancellation);
                        return true;
                    });
                }

            return InTheWay(training, days);
        }
        catch (Exception refused) when (refused.Rule is not null)
        {
            return refused.Rule;
        }
    }

    private static string? InTheWay(TrainingSessionV1 training, IReadOnlyList<PublishedDay> days)
    {
        if (days.Select(d => d.Shift).FirstOrDefault(s => s?.Meets(training.StartsAt, training.EndsAt) == true) is { } shift)
            return shift.Holds(training.StartsAt, training.EndsAt) ? null : TrainingShift.Cut;
        if (days.Any(d => d.Activities.Any(a => a.Kind == LeaveFreeing.Kind && a.From < training.EndsAt && training.StartsAt < a.To)))
            return LeaveFreeing.Kind;
        return days.Any(d => d.Date >= Day(training.StartsAt).AddDays(-1)) ? TrainingShift.NoShift : TrainingShift.NotPublished;
    }

    /// <summary>Whether the day shows just the trainings that lie in its shift and are kept out by no rule, and this one if it does.
    /// </summary>
    private static async Task<bool> Stands(
        PublishedDay day, TrainingSessionV1 broughtIn, IQuerySession session, CancellationToken cancellation)
    {
        var (agent, from, to) = (day.AgentId, day.Shift!.StartsAt, day.Shift.EndsAt);
        var known = await session.Query<TrainingSessionV1>()
            .Where(t => t.Status != "cancelled" && t.StartsAt >= from && t.EndsAt <= to && t.Enrolled.Contains(agent))
            .ToListAsync(cancellation);

        var standing = await session.NotKeptOut([.. known.Select(t => new EnrolledTraining(agent, t))], broughtIn.Id, cancellation);
        return standing.Select(t => (t.Training.StartsAt, t.Training.EndsAt)).Order().SequenceEqual(
            day.Activities.Where(a => a.Kind == "training").Select(a => (a.From, a.To)).Order());
    }

    private static ShiftChange Changed(PublishedDay day, RosterContext context, Roster roster)
    {
        var shift = day.Shift!;
        var near = context.Frame.Assignments(roster).Where(a => a.AgentId != day.AgentId
            && Math.Abs(a.Shift.Day - context.Frame.DayOf(day.Date)) <= 1).ToList();
        var trainings = context.Trainings[day.AgentId].Where(t => shift.Holds(t.StartsAt, t.EndsAt));
        return new(day.AgentId, day.Date, trainings.Aggregate(shift, (state, t) =>
            state.Around(t.StartsAt, t.EndsAt, context, context.Agent(day.AgentId)!, near)));
    }

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}

/// <summary>Tries again, less often, what a rule has kept out: a roster may have been published since, or a shift changed.</summary>
internal sealed class TrainingPlacementAgain(IDocumentStore store, TimeProvider clock, Fence fence) : TrainingPlacement(store, clock, fence)
{
    public new const string Name = "training-placement-again";

    protected override string Work => Name;

    protected override bool IsToDo(TrainingSessionV1 session, TrainingPlaces? places) => places is { IsKeptOut: true };
}
