using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Quality.Coachings;

/// <summary>
/// What was written in coachings that are over is kept for as long as the project says, from the day they were opened; that there was one,
/// when, and with what end stays. A hold covers those opened on its days.
/// </summary>
internal sealed class CoachingRetention(IDocumentStore store) : IRetainedByProject
{
    private const int AtOnce = 200;

    public static string Kind => RetainedKinds.CoachingTexts;

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        var (project, before, held) = (sweep.Project.Id, sweep.Project.Before, sweep.Project.Held);
        await using var query = store.QuerySession();
        // Of what was emptied the subject is empty: nobody opens one without.
        var all = query.Query<Coaching>().Where(coaching => coaching.ProjectId == project && coaching.OpenedAt < before
            && coaching.Plan.Subject != "" && (coaching.Status == CoachingStatus.Passed || coaching.Status == CoachingStatus.Withdrawn));
        if (held.AreAll)
            return new(new(0, await all.CountAsync(cancellation)));

        var (since, after) = sweep.Last;
        var due = await all.Where(coaching => coaching.OpenedAt > since || (coaching.OpenedAt == since && coaching.Id > after))
            .OrderBy(coaching => coaching.OpenedAt).ThenBy(coaching => coaching.Id).Take(AtOnce).ToListAsync(cancellation);
        var swept = await sweep.Deletions.Each(due, coaching => $"The text of coaching {coaching.Id}", async coaching =>
            held.Include(coaching.OpenedAt) ? new Swept(0, 1) : await Delete(coaching.Id, cancellation), cancellation);

        return new(swept, due.Count < AtOnce ? null : new(due[^1].OpenedAt, due[^1].Id));
    }

    private async Task<Swept> Delete(Guid coaching, CancellationToken cancellation)
    {
        await CoachingErasure.Texts.TakeOut(store, [coaching], cancellation);
        return new Swept(1, 0);
    }
}
