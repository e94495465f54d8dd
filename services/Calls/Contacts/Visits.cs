namespace CallCenter.Calls.Contacts;

/// <summary>
/// A caller comes back to a queue under the same id, and each time is a visit of its own, with a wait and an end. Which of them a
/// report speaks of follows from its time and from what is known of them, not from the order of arrival.
/// </summary>
internal static class Visits
{
    /// <summary>What a source calls a visit: its own id for the first, then with /2, /3.</summary>
    public static string IdOf(string externalId, int visit) => visit == 0 ? externalId : $"{externalId}/{visit + 1}";

    /// <param name="visits">What is known of each.</param>
    /// <param name="skew">By how much clocks of one system differ.</param>
    /// <returns>The visit's place, their number when it is one more, or null when it has nothing new to say of any.</returns>
    public static int? Of(IReadOnlyList<Call> visits, ICallReport report, TimeSpan skew)
    {
        for (var i = 0; i < visits.Count; i++)
            if (visits[i].Evolve(report) == visits[i])
                return i;

        return report is CallOffered ? Offered(visits, report.At, skew) : During(visits, report, skew);
    }

    // The one that is known from its later reports, or from another clock.
    private static int Offered(IReadOnlyList<Call> visits, DateTimeOffset at, TimeSpan skew) => FirstWhere(visits, visit =>
        visit.Offered is not { At: var begun } ? at <= visit.FirstSpokenOf
            : at == begun || ((at - begun).Duration() <= skew && !(visit.Leg.EndedAt <= at && begun < at))) ?? visits.Count;

    private static int? During(IReadOnlyList<Call> visits, ICallReport report, TimeSpan skew)
    {
        var begun = Enumerable.Range(0, visits.Count).Where(i => BeginsBy(visits[i], report.At + skew)).ToList();
        if (begun.Count == 0)
            return visits.Count;

        // Where it says how long it waited, that tells two visits of one second apart; otherwise it is the latest.
        var last = begun.Count == 1 ? begun[0]
            : Began(report) is { } began && begun.MinBy(i => Apart(visits[i], began)) is var nearest
                && Apart(visits[nearest], began) <= skew ? nearest : begun.MaxBy(i => (visits[i].Leg.StartedAt, i));

        if (visits[last].Leg.EndedAt is not { } ended || report.At < ended)
            return last;

        return report switch
        {
            // It came and went and came again within one second: the wait that is told is longer than the visit that is known.
            CallEnded { WaitSeconds: { } waited } when visits[last] is { Offered: not null, Answered: null, Leg.StartedAt: { } started }
                && TimeSpan.FromSeconds((double)waited) - (ended - started) > skew && ended - Began(report) <= skew => visits.Count,
            CallEnded => null,
            // Lines of one second need not stand in order.
            CallAnswered { AgentId: { } agent } when visits[last].Answered is null && visits[last].Ends.ContainsKey(agent) => last,
            CallAnswered or CallQueued => visits.Count,
            _ => last,
        };
    }

    private static DateTimeOffset? Began(ICallReport report) => report switch
    {
        CallAnswered { WaitSeconds: { } waited } e => e.At.AddSeconds(-(double)waited),
        CallEnded { WaitSeconds: { } waited } e => e.At.AddSeconds(-(double)(waited + (e.TalkSeconds ?? 0))),
        _ => null,
    };

    private static TimeSpan Apart(Call visit, DateTimeOffset began) => (visit.Leg.StartedAt - began)?.Duration() ?? TimeSpan.MaxValue;

    // One whose beginning is not known may have begun at any time.
    private static bool BeginsBy(Call visit, DateTimeOffset at) => visit.Offered is null || visit.Offered.At <= at;

    private static int? FirstWhere(IReadOnlyList<Call> visits, Func<Call, bool> holds)
    {
        for (var i = 0; i < visits.Count; i++)
            if (holds(visits[i]))
                return i;
        return null;
    }
}
