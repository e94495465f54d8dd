using CallCenter.EventSourcing;
using static CallCenter.Training.Needs.TrainingNeedDecider;

namespace CallCenter.Training.Needs;

/// <summary>
/// Brings the needs on file in line with what is known of the evaluations. The outcome depends on what is known, not on the
/// order in which it arrived; asking again with nothing new changes nothing.
/// </summary>
public static class Reconciling
{
    /// <param name="assessments">All of the agent's in the project.</param>
    /// <param name="needs">All of the agent's in the project and section.</param>
    /// <returns>The needs that change, with their events.</returns>
    public static IReadOnlyList<(Guid NeedId, object[] Events)> Reconcile(
        Guid projectId, Guid agentId, string section, IEnumerable<Assessment> assessments, IReadOnlyList<TrainingNeed> needs)
    {
        var verdicts =
            from assessment in assessments
            where assessment.SubmittedAt is not null
            from assessed in assessment.Sections
            where assessed.Section == section
            select new Verdict(assessment.Id, assessment.SubmittedAt!.Value, assessed.Passed);

        var episodes = Episode.Read(verdicts).ToDictionary(e => IdOf(projectId, agentId, section, e.EvaluationId));
        var onFile = needs.ToDictionary(n => n.Id);

        return
        [
            .. from id in episodes.Keys.Union(onFile.Keys)
               let need = onFile.GetValueOrDefault(id) ?? new TrainingNeed()
               let restated = Decide(new RestateNeed(id, projectId, agentId, section, episodes.GetValueOrDefault(id)), need)
               let linked = episodes.TryGetValue(id, out var episode) ? Inherited(episode, needs, episodes, need) : []
               let events = (object[])[.. restated, .. linked]
               where events.Length > 0
               select (id, events),
        ];
    }

    public static Guid IdOf(Guid projectId, Guid agentId, string section, Guid evaluationId) =>
        NameId.Of("training-need", projectId, agentId, section, evaluationId);

    // When an earlier failure turns up late, the need begins there; the sessions booked for the later one go with it.
    private static IEnumerable<object> Inherited(
        Episode episode, IEnumerable<TrainingNeed> needs, Dictionary<Guid, Episode> episodes, TrainingNeed heir) =>
        needs.Where(n => n.Status is not NeedStatus.Withdrawn && !episodes.ContainsKey(n.Id) && episode.Covers(n.OpenedAt))
            .SelectMany(n => n.SessionIds).Distinct().Except(heir.SessionIds).Select(id => new SessionLinked(id));
}
