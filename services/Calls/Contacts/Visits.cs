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
            if (visits[i].Knows(report))
                return i;

        return report switch
        {
            CallOffered => Offered(visits, report.At, skew),
            CallEnded { AgentId: { } agent } end when OfAgent(visits, end, agent, skew) is { } own => own,
            _ => During(visits, report, skew),
        };
    }

    // The one that is known from its later reports, or from another clock.
    private static int Offered(IReadOnlyList<Call> visits, DateTimeOffset at, TimeSpan skew) =>
        FirstWhere(visits, visit => visit.Offered?.At == at) ?? FirstWhere(visits, visit =>
            visit.Offered is not { At: var begun } ? at <= visit.FirstSpokenOf
                : (at - begun).Duration() <= skew && !(visit.Leg.EndedAt <= at && begun < at)) ?? visits.Count;

    // Of those that its agent answered and has not left the one that was answered when it says, or last; none after which the caller
    // is known to have come again.
    private static int? OfAgent(IReadOnlyList<Call> visits, CallEnded end, Guid agent, TimeSpan skew)
    {
        var answered = end.At.AddSeconds(-(double)(end.TalkSeconds ?? 0));
        return Enumerable.Range(0, visits.Count)
            .Where(i => visits[i].Answers.TryGetValue(agent, out var answer) && answer.At <= end.At
                && !(visits[i].Ends.GetValueOrDefault(agent)?.At < end.At)
                && !visits.Where((_, other) => other != i).Any(v => v.Offered?.At > answer.At && v.Offered.At + skew <= end.At))
            .Select(i => (int?)i).MinBy(i => (visits[i!.Value].Answers[agent].At - answered).Duration());
    }

    private static int? During(IReadOnlyList<Call> visits, ICallReport report, TimeSpan skew)
    {
        var begun = Enumerable.Range(0, visits.Count)
            .Where(i => BeginsBy(visits[i], report.At + skew) && !IsOfBefore(visits[i], report, skew)).ToList();
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
            CallAnswered or CallEnded when CameAgain(visits[last], ended, report, skew) => visits.Count,
            // Who was answered had not given up.
            CallAnswered or CallEnded { SaysAnswered: true } when visits[last].IsGivenUp
                && (Began(report) is { } sinceThen ? Apart(visits[last], sinceThen) : report.At - ended) <= skew => last,
            CallEnded => null,
            // Lines of one second need not stand in order.
            CallAnswered { AgentId: { } agent } when report.At == ended && visits[last].Ends.ContainsKey(agent) => last,
            CallAnswered or CallQueued => visits.Count,
            _ => last,
        };
    }

    // It is told to have begun when the visit was over; or, where all began within one second, to have waited longer than the visit.
    private static bool CameAgain(Call visit, DateTimeOffset ended, ICallReport report, TimeSpan skew) =>
        Began(report) is { } began && visit.Leg.StartedAt is { } started && ended - began <= skew
        && (began - started > skew || (visit is { Offered: not null, Answered: null } && Waited(report) - (ended - started) > skew));

    private static TimeSpan? Waited(ICallReport report) => (report switch
    {
        CallAnswered e => e.WaitSeconds,
        CallEnded e => e.WaitSeconds,
        _ => null,
    }) is { } waited ? TimeSpan.FromSeconds((double)waited) : null;

    // An end after a talk of unknown length does not tell it.
    private static DateTimeOffset? Began(ICallReport report) => report switch
    {
        CallAnswered => report.At - Waited(report),
        CallEnded { TalkSeconds: null, SaysAnswered: true } => null,
        CallEnded e => e.At.AddSeconds(-(double)(e.TalkSeconds ?? 0)) - Waited(report),
        _ => null,
    };

    private static TimeSpan Apart(Call visit, DateTimeOffset began) => (visit.Leg.StartedAt - began)?.Duration() ?? TimeSpan.MaxValue;

    // One whose beginning is not known may have begun at any time.
    private static bool BeginsBy(Call visit, DateTimeOffset at) => visit.Offered is null || visit.Offered.At <= at;

    // What came to its end in the second in which a visit began, and had lasted by then, is of one before, which may yet be told of.
    private static bool IsOfBefore(Call visit, ICallReport report, TimeSpan skew) =>
        visit.Offered?.At is { } offered && report.At <= offered + skew && Began(report) + skew < offered;

    private static int? FirstWhere(IReadOnlyList<Call> visits, Func<Call, bool> holds)
    {
        for (var i = 0; i < visits.Count; i++)
            if (holds(visits[i]))
                return i;
        return null;
    }
}
