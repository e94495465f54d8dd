using CallCenter.Contracts.Quality;
using CallCenter.Rules;

namespace CallCenter.Quality.Coachings;

/// <summary>What the other services are told of a coaching: how it stands, nothing of what was talked about.</summary>
internal static class CoachingFact
{
    public static CoachingV1 Of(Guid id, long version, Coaching coaching) => new(
        id, version, coaching.ProjectId, coaching.AgentId, coaching.Plan.CoachId, coaching.FormId, coaching.Section,
        coaching.Cause.Kind.Code, coaching.Status.Code, coaching.Plan.TalkAt, coaching.OpenedAt, coaching.ClosedAt, coaching.DueOn);
}
