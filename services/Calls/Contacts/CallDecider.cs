using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Calls.Contacts;

// ---- Commands

public sealed record AttachRecording(string RecordingId, decimal Seconds, Guid By, DateTimeOffset Now);

public sealed record WrapUp(Guid AgentId, string Code, DateTimeOffset Now, Stage? Stage = null, References? References = null);

public sealed record ForgetCustomer(Guid ErasureId, Guid By, DateTimeOffset Now);
/// <param name="After">How long nothing must have been reported of it.</param>
public sealed record CloseOpenLeg(TimeSpan After, DateTimeOffset Now);

// ---- Decisions: [] means "already so", however often and in whatever order it is said.

public static class CallDecider
{
    public static object[] Decide(ICallReport report, Call state)
    {
        if (state.IsOfNobody)
            report = report.OfNobody();
        var next = state.Evolve(report);
        if (next == state)
            return [];

        var contradictions = next.Leg.Contradictions().ToList();
        return contradictions.Count == 0 ? [report] : throw new InvalidException(contradictions);
    }

    public static object[] Decide(CallImported import, Call state)
    {
        if (state.IsOfNobody)
            import = import with { Leg = import.Leg.OfNobody() };

        return state.Imported is { } known && (known.Leg == import.Leg
            || import.Revision < known.Revision || (import.Revision == known.Revision && import.Rank > known.Rank)) ? [] : [import];
    }

    /// <summary>Once for all, and also before it is reported: what a restore has lost is reported again.</summary>
    public static object[] Decide(ForgetCustomer command, Call state) => state.IsOfNobody
        ? [] : [new CustomerForgotten(command.ErasureId, command.By, command.Now)];

    public static object[] Decide(AttachRecording command, Call state)
    {
        if (state.IsOfNobody)
            throw new RefusedException("customer-erased", "The call's customer was erased, and its audio with them.");

        if (state.Recording is not { } recording)
            return [new RecordingAttached(command.RecordingId, command.Seconds, command.By, command.Now)];

        return recording.RecordingId == command.RecordingId
            ? []
            : throw new RefusedException("recording-differs", "The call has another recording already; evidence is never replaced.");
    }

    public static object[] Decide(CloseOpenLeg command, Call state) =>
        state.Leg is { EndedAt: null, Outcome: CallOutcome.Open or CallOutcome.Answered, EndReason: not EndReason.Unreported }
        && state.LastSpokenOf is { } last && last + command.After <= command.Now ? [new CallClosed(last, command.Now)] : [];

    public static object[] Decide(WrapUp command, Call state)
    {
        if (state.Leg.AgentId != command.AgentId)
            throw new StreamNotFoundException(state.Id);

        var said = new CallWrappedUp(
            state.ProjectId, state.Source, state.ExternalId, command.Now, command.Code, command.Stage,
            state.IsOfNobody ? null : command.References);
        return state.Evolve(said).Leg == state.Leg ? [] : [said];
    }
}
