using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Quality.Inputs;

/// <summary>
/// What the front line said and was answered is kept for as long as the project says, from the answer on; that there was an input, about
/// what and when, stays. What nobody has answered waits for its answer. A hold covers what was given or answered on its days.
/// </summary>
internal sealed class QualityInputRetention(IDocumentStore store) : IRetainedByProject
{
    private const int AtOnce = 200;

    public static string Kind => RetainedKinds.InputTexts;

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        var (project, before, held) = (sweep.Project.Id, sweep.Project.Before, sweep.Project.Held);
        await using var query = store.QuerySession();
        // Of what was emptied the answer is empty: nobody answers with nothing.
        var all = query.Query<QualityInput>()
            .Where(input => input.ProjectId == project && input.AnsweredAt < before && input.Answer != "");
        if (held.AreAll)
            return new(new(0, await all.CountAsync(cancellation)));

        var (since, after) = sweep.Last;
        var due = await all.Where(input => input.AnsweredAt > since || (input.AnsweredAt == since && input.Id > after))
            .OrderBy(input => input.AnsweredAt).ThenBy(input => input.Id).Take(AtOnce).ToListAsync(cancellation);
        var swept = await sweep.Deletions.Each(due, input => $"The text of input {input.Id}", async input =>
            held.Include(input.GivenAt) || held.Include(input.AnsweredAt!.Value) ? new Swept(0, 1) : await Delete(input.Id, cancellation),
            cancellation);

        return new(swept, due.Count < AtOnce ? null : new(due[^1].AnsweredAt!.Value, due[^1].Id));
    }

    private async Task<Swept> Delete(Guid input, CancellationToken cancellation)
    {
        await QualityInputErasure.Texts.TakeOut(store, [input], cancellation);
        return new Swept(1, 0);
    }
}
