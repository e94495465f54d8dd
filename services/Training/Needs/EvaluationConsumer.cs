using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Training.Needs;

/// <summary>
/// Opens, closes and withdraws training needs as evaluations come in: in any order, any number of times. The newest version
/// of each evaluation is remembered, and the agent's needs are read from all of them.
/// </summary>
internal static class EvaluationConsumer
{
    public static async Task Consume(IDocumentStore store, IReadOnlyList<EvaluationV1> evaluations)
    {
        var arrived = evaluations.Select(Assessment.Of).ToList();

        await using var session = store.LightweightSession();
        // One at a time per agent: the needs of a section span evaluations, and enrolments are linked to them.
        await session.Lock(arrived.Select(a => a.AgentId), CancellationToken.None);

        foreach (var agent in arrived.GroupBy(a => (a.ProjectId, a.AgentId)))
            await Take(session, agent.Key.ProjectId, agent.Key.AgentId, [.. agent]);

        await session.SaveChangesAsync();
    }

    private static async Task Take(IDocumentSession session, Guid projectId, Guid agentId, IReadOnlyList<Assessment> arrived)
    {
        var known = (await session.Query<Assessment>().Where(a => a.AgentId == agentId && a.ProjectId == projectId).ToListAsync())
            .ToDictionary(a => a.Id);
        var newer = arrived.Where(a => a.Revision > (known.GetValueOrDefault(a.Id)?.Revision ?? 0)).ToList();
        var touched = newer.Concat(newer.Select(a => known.GetValueOrDefault(a.Id)).OfType<Assessment>())
            .SelectMany(a => a.Sections).Select(s => s.Section).ToHashSet();

        foreach (var assessment in newer)
            known[assessment.Id] = assessment;
        session.Store<Assessment>(newer);

        var needs = (await session.Query<TrainingNeed>().Where(n => n.AgentId == agentId && n.ProjectId == projectId).ToListAsync())
            .ToLookup(n => n.Section);

        foreach (var section in touched)
            foreach (var (id, events) in Reconciling.Reconcile(projectId, agentId, section, known.Values, [.. needs[section]]))
                session.Write(id, needs[section].FirstOrDefault(n => n.Id == id), events);
    }
}

internal static class Writing
{
    extension(IDocumentSession session)
    {
        /// <summary>For a need read under its agent's lock; the expected version is the belt to that pair of braces.</summary>
        public void Write(Guid id, TrainingNeed? need, object[] events)
        {
            if (need is null)
                session.Events.StartStream<TrainingNeed>(id, events);
            else
                session.Events.Append(id, need.Version + events.Length, events);
        }
    }
}
