using CallCenter.Contracts.Calls;

namespace CallCenter.Calls.Contacts;

internal static class CallFact
{
    /// <summary>What the other services may know of a call.</summary>
    public static CallV1 Of(Guid id, long version, Call call)
    {
        var leg = call.Leg;
        return new CallV1(
            id, version, call.ProjectId, leg.Queue ?? "unknown", leg.Direction, leg.Channel,
            leg.OfferedAt, leg.QueuedAt, leg.AnsweredAt, leg.EndedAt, leg.TalkSeconds, leg.HoldSeconds, leg.AfterContactSeconds,
            leg.Outcome switch
            {
                Outcome.Answered => "answered",
                Outcome.Abandoned => "abandoned",
                Outcome.Other => "other",
                _ => "open",
            },
            leg.AgentId, leg.WrapUpCode, call.Recording?.RecordingId, leg.LinkedCallId);
    }
}
