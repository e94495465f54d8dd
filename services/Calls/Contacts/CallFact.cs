using CallCenter.Contracts.Calls;
using CallCenter.Rules;

namespace CallCenter.Calls.Contacts;

internal static class CallFact
{
    /// <summary>What the other services may know of a call.</summary>
    public static CallV1? Of(Guid id, long version, Call call)
    {
        if (call.ProjectId == Guid.Empty)
            return null; // forgotten before it was reported

        var leg = call.Leg;
        return new CallV1(
            id, version, call.ProjectId, leg.Queue ?? "unknown", leg.Direction, leg.Channel,
            leg.OfferedAt, leg.QueuedAt, leg.AnsweredAt, leg.EndedAt,
            (int)(leg.Talk ?? TimeSpan.Zero).TotalSeconds, leg.HoldSeconds, leg.AfterContactSeconds,
            leg.Outcome.Code,
            leg.AgentId, leg.WrapUpCode, call.Recording?.RecordingId, leg.LinkedCallId,
            // That calls are one customer's still counts, whoever that was.
            call.ErasureId is { } erasure ? $"erased-{erasure:N}" : leg.CustomerId,
            call.Source, call.ExternalId, leg.ConversationId, leg.Stage?.Code, leg.Holds, leg.EndReason?.Code,
            leg.References is { } references ? [.. references.Select(r => new CallReference(r.Key, r.Value))] : null,
            (long)leg.Hold.TotalMilliseconds, (long)leg.AfterContact.TotalMilliseconds, leg.HoldUnknown, leg.AfterContactUnknown);
    }
}
