using CallCenter.Calls.Contacts;
using CallCenter.Calls.Evidence;
using CallCenter.Calls.Intake;
using CallCenter.Calls.Recordings;
using CallCenter.Contracts.Calls;
using Marten.Events;

namespace CallCenter.Calls.Erasure;

// ---- Events

/// <summary>A customer is forgotten: their calls are calls of nobody.</summary>
/// <param name="Calls">All that were known to be theirs.</param>
/// <param name="By">Who asked for it; empty where nobody did.</param>
public sealed record CustomerErased(Guid ErasureId, Guid ProjectId, IReadOnlyList<Guid> Calls, Guid By, DateTimeOffset At);

// ---- State

public sealed record CustomerErasure : IFolds<CustomerErasure>
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public IReadOnlyList<Guid> Calls { get; init; } = [];
    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }

    public bool IsKnown => Id != Guid.Empty;

    public CustomerErasure Evolve(object @event) => @event is CustomerErased e
        ? this with { Id = e.ErasureId, ProjectId = e.ProjectId, Calls = e.Calls, By = e.By, At = e.At } : this;

    public static CustomerErasedV1 ToFact(Guid id, long version, CustomerErasure erasure) =>
        new(id, version, erasure.ProjectId, erasure.Calls, erasure.By, erasure.At);

    /// <summary>What of the events tells of a customer.</summary>
    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<CallOffered>(e => (CallOffered)e.OfNobody());
        events.AddMaskingRuleForProtectedInformation<CallWrappedUp>(e => (CallWrappedUp)e.OfNobody());
        events.AddMaskingRuleForProtectedInformation<RecordingAccessed>(e => e with { Purpose = null, From = null });
        events.AddMaskingRuleForProtectedInformation<EvidenceFound>(e => e with { Figures = null });
        events.AddMaskingRuleForProtectedInformation<CallImported>(e => e with { Leg = e.Leg.OfNobody() });
    }
}
