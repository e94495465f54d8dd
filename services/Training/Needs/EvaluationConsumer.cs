using CallCenter.Contracts;
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

    /// <summary>SQL that answers <c>id</c> and <c>version</c> of the evaluations that are remembered.</summary>
    public static string Held(IDocumentStore store) =>
        $"select id, (data ->> '{nameof(Assessment.Revision)}')::bigint as version from {store.Options.Schema.For<Assessment>()}";

    /// <summary>Forgets evaluations that are no more, and withdraws or moves the needs that they opened.</summary>
    public static async Task Forget(IDocumentStore store, FactsGoneV1 gone)
    {
        await using var session = store.LightweightSession();
        var remembered = await session.LoadManyAsync<Assessment>(gone.Ids);
        await session.Lock(remembered.Select(a => a.AgentId), CancellationToken.None);

        foreach (var agent in (await session.LoadManyAsync<Assessment>(gone.Ids)).Where(a => a.Revision < gone.Before)
            .GroupBy(a => (a.ProjectId, a.AgentId)))
        {
            var known = await Known(session, agent.Key.ProjectId, agent.Key.AgentId);
            foreach (var assessment in agent)
            {
                known.Remove(assessment.Id);
                session.Delete(assessment);
            }

            await Restate(session, agent.Key.ProjectId, agent.Key.AgentId, SectionsOf(agent), known.Values);
        }

        await session.SaveChangesAsync();
    }

    private static async Task<Dictionary<Guid, Assessment>> Known(IQuerySession session, Guid projectId, Guid agentId) =>
        (await session.Query<Assessment>().Where(a => a.AgentId == agentId && a.ProjectId == projectId).ToListAsync())
            .ToDictionary(a => a.Id);

    private static HashSet<string> SectionsOf(IEnumerable<Assessment> assessments) =>
        [.. assessments.SelectMany(a => a.Sections).Select(s => s.Section)];

    private static async Task Take(IDocumentSession session, Guid projectId, Guid agentId, IReadOnlyList<Assessment> arrived)
    {
        var known = await Known(session, projectId, agentId);
        var newer = arrived.Where(a => a.Revision > (known.GetValueOrDefault(a.Id)?.Revision ?? 0)).ToList();
        var touched = SectionsOf(newer.Concat(newer.Select(a => known.GetValueOrDefault(a.Id)).OfType<Assessment>()));

        foreach (var assessment in newer)
            known[assessment.Id] = assessment;
        session.Store<Assessment>(newer);
        await Restate(session, projectId, agentId, touched, known.Values);
    }

    private static async Task Restate(
        IDocumentSession session, Guid projectId, Guid agentId, IReadOnlySet<string> touched, IReadOnlyCollection<Assessment> known)
    {
        var needs = (await session.Query<TrainingNeed>().Where(n => n.AgentId == agentId && n.ProjectId == projectId).ToListAsync())
            .ToLookup(n => n.Section);

        foreach (var section in touched)
            foreach (var (id, events) in Reconciling.Reconcile(projectId, agentId, section, known, [.. needs[section]]))
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
