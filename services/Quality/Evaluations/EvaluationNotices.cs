using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// Who is told of what happens to a score that counts: its agent of all that changes what they have, supervisors of what waits for them,
/// and managers of what has waited too long.
/// </summary>
internal static class EvaluationNotices
{
    /// <summary>Tells of events with the transaction that stores them.</summary>
    public static object[] Telling(this IDocumentSession session, Evaluation before, object[] events, DateTimeOffset now)
    {
        foreach (var @event in before.Counts ? events : [])
            session.Tell(before, @event, now);

        return events;
    }

    private static void Tell(this IDocumentSession session, Evaluation before, object @event, DateTimeOffset now)
    {
        var (project, about) = (before.ProjectId, $"/evaluations/{before.Id}");
        switch (@event)
        {
            case EvaluationSubmitted:
                TellAgent(NoticeKind.EvaluationScored);
                break;
            case EvaluationHeld { ReleaseAt: null }:
                session.TellSupervisors(project, NoticeKind.ReviewWanted, about, null, now);
                break;
            case EvaluationCorrected:
                TellAgent(NoticeKind.EvaluationCorrected);
                break;
            case EvaluationVoided:
                TellAgent(NoticeKind.EvaluationVoided);
                break;
            case EvaluationDisputed or DisputeAppealed:
                session.TellSupervisors(project, NoticeKind.DisputeOpened, about, null, now);
                break;
            case DisputeEscalated:
                session.TellManagers(project, NoticeKind.DisputeEscalated, about, null, now);
                TellAgent(NoticeKind.DisputeEscalated);
                break;
            case DisputeResolved:
                TellAgent(NoticeKind.DisputeDecided);
                session.Tell(project, before.EvaluatorId!.Value, NoticeKind.DisputeDecided, about, null, now);
                break;
        }

        void TellAgent(NoticeKind kind) => session.Tell(project, before.AgentId, kind, about, null, now);
    }
}
