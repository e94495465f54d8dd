using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Sampling;

/// <summary>What the rules of a plan or design name, and what has to be there for it.</summary>
internal sealed record RulesNames(Guid FormId, IReadOnlyList<string> Queues, IReadOnlyList<Guid> Inspectors)
{
    /// <summary>Makes sure that all of it is there; what <paramref name="before"/> names is not asked for again.</summary>
    /// <param name="before">Of the rules that these replace; null of new ones.</param>
    public async Task MustBeThere(
        RulesNames? before, Guid projectId, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.MustHaveForm(FormId, projectId, cancellation);
        await MustKnow(Queues.Except(before?.Queues ?? []), projectId, session, cancellation);
        await session.RequireInspectors(
            place => $"/rules/inspectors/{place}", Inspectors, before?.Inspectors ?? [], projectId, caller, cancellation);
    }

    // From a queue that is misspelt nothing would ever be drawn. One that is new, or that only calls name, may be on its way here:
    // that passes, so it is a refusal by the state of things; and of a project that is not known here nothing is missed.
    private static async Task MustKnow(IEnumerable<string> queues, Guid projectId, IQuerySession session, CancellationToken cancellation)
    {
        if (await session.LoadAsync<ProjectV1>(projectId, cancellation) is not { } project)
            return;

        foreach (var queue in queues.Except(project.Queues.Select(known => known.Queue)))
            if (!await session.Query<CallV1>().AnyAsync(call => call.ProjectId == projectId && call.Queue == queue, cancellation))
                throw new RefusedException("queues-unknown",
                    $"Neither the project nor any call of it that has arrived here names a queue '{queue}'.");
    }
}
