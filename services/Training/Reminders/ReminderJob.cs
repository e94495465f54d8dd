using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Web;
using Marten;
using Quartz;
using static CallCenter.Training.Reminders.ReminderDecider;

namespace CallCenter.Training.Reminders;

/// <summary>
/// Reminds of what falls due: a notice, and a fact by which Reporting mails it. That somebody was reminded is a stream of its own, begun in
/// the transaction that tells them: whoever ran before and whatever ended it, it is told once.
/// </summary>
internal sealed class ReminderJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "training-reminders";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var projects = await query.Query<ProjectV1>().ToListAsync(cancellationToken);
        await fence.Each(Name, projects, project => $"project {project.Id}", Turn, cancellationToken);
    }

    private async Task Turn(ProjectV1 project, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.Lock([NameId.Of(Name, project.Id)], cancellation);
        var now = clock.GetUtcNow();
        var due = (await session.DueOf(project, now, cancellation)).DistinctBy(thing => thing.Id).ToList();
        var known = (await session.LoadManyAsync<Reminder>(cancellation, due.Select(thing => thing.Id).ToArray()))
            .Select(r => r.Id).ToHashSet();

        foreach (var thing in due.Where(thing => !known.Contains(thing.Id)))
        {
            session.Events.StartStream<Reminder>(thing.Id, Decide(new GiveReminder(thing, now), new()));
            var kind = thing.Kind is DueKind.Coaching ? NoticeKind.CoachingOverdue : NoticeKind.TrainingDue;
            if (thing.PersonId is { } person)
                session.Tell(project.Id, person, kind, thing.About, thing.DueOn, now);
            else
                session.TellSupervisors(project.Id, kind, thing.About, thing.DueOn, now);
        }

        await session.SaveChangesAsync(cancellation);
    }
}
