using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;

namespace CallCenter.Quality.MachineAnswers;

/// <summary>
/// What machines said of contacts is kept for as long as the project says, from the contact on; a hold covers contacts of its days.
/// </summary>
internal sealed class MachineAnswerRetention(MachineAnswerStore store) : IRetainedByProject
{
    private const int AtOnce = 10_000;

    public static string Kind => RetainedKinds.MachineAnswers;

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        var (project, before, held) = (sweep.Project.Id, sweep.Project.Before, sweep.Project.Held);
        if (held.AreAll)
            return new(new(0, await store.Count(project, before, cancellation)));

        var due = await store.Due(project, before, sweep.Last.Time, sweep.Last.Id, AtOnce, cancellation);
        Guid[] ids = [.. due.Where(contact => !held.Include(contact.At)).Select(contact => contact.Id)];
        var deleted = ids.Length == 0 ? 0 : await store.Delete(ids, cancellation);

        return new(new(deleted, due.Count - ids.Length), due.Count < AtOnce ? null : new(due[^1].At, due[^1].Id));
    }

    public static void Erase(Erasing places) => places.From<IErasure>("machine-answers", (services, erasure, cancellation) =>
        services.GetRequiredService<MachineAnswerStore>().Forget(erasure, cancellation));
}
