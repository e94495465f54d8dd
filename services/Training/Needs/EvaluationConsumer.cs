using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using Marten;
using MassTransit;

namespace CallCenter.Training.Needs;

/// <summary>
/// Opens, closes and withdraws training needs as evaluations come in: in any order, any number of times. The newest version
/// of each evaluation is remembered, and the agent's needs are read from all of them.
/// </summary>
internal sealed class EvaluationConsumer(IDocumentStore store) : IConsumer<Batch<EvaluationV1>>
{
    public async Task Consume(ConsumeContext<Batch<EvaluationV1>> context)
    {
        var arrived = context.Message.Select(m => m.Message).GroupBy(e => e.Id).Select(g => Assessment.Of(g.MaxBy(e => e.Version)!)).ToList();

        await using var session = store.LightweightSession();
        // One at a time per agent: the needs of a section span evaluations, and enrolments are linked to them.
        await session.Lock(arrived.Select(a => a.AgentId), context.CancellationToken);

        foreach (var agent in arrived.GroupBy(a => (a.ProjectId, a.AgentId)))
            await Take(session, agent.Key.ProjectId, agent.Key.AgentId, [.. agent], context.CancellationToken);

        await session.SaveChangesAsync(context.CancellationToken);
    }

    private static async Task Take(
        IDocumentSession session, Guid projectId, Guid agentId, IReadOnlyList<Assessment> arrived, CancellationToken cancellation)
    {
        var known = (await session.Query<Assessment>().Where(a => a.AgentId == agentId && a.ProjectId == projectId).ToListAsync(cancellation))
            .ToDictionary(a => a.Id);
        var newer = arrived.Where(a => a.Revision > (known.GetValueOrDefault(a.Id)?.Revision ?? 0)).ToList();
        var touched = newer.Concat(newer.Select(a => known.GetValueOrDefault(a.Id)).OfType<Assessment>())
            .SelectMany(a => a.Sections).Select(s => s.Section).ToHashSet();

        foreach (var assessment in newer)
            known[assessment.Id] = assessment;
        session.Store<Assessment>(newer);

        var needs = (await session.Query<TrainingNeed>().Where(n => n.AgentId == agentId && n.ProjectId == projectId).ToListAsync(cancellation))
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
