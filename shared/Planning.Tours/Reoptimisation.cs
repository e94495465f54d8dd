namespace CallCenter.Planning.Tours;

/// <summary>States a problem so that a roster already known to people changes as little as asked.</summary>
public static class Reoptimisation
{
    /// <param name="perChange">Cost of each day on which an agent's shift changes: what a change must be worth.</param>
    /// <param name="lockedDays">Days from the start that stay as they are, unless a day off now forbids it.</param>
    public static TourProblem Keeping(TourProblem problem, TourRoster roster, int perChange, int lockedDays = 0) => problem with
    {
        Agents =
        [
            .. problem.Agents.Zip(roster.Tours, (agent, tour) => agent with
            {
                Requests =
                [
                    .. agent.Requests,
                    .. tour.SelectMany((shift, day) => shift >= 0
                        ? [new TourRequest(day, shift, Wanted: true, perChange)]
                        : Enumerable.Range(0, problem.Shifts.Length).Select(s => new TourRequest(day, s, Wanted: false, perChange))),
                ],
                Locked =
                [
                    .. agent.Locked,
                    .. tour.Take(lockedDays).Select((shift, day) => new LockedTourDay(day, shift >= 0 ? shift : null))
                        .Where(l => !agent.DaysOff.Contains(l.Day) && agent.Locked.All(own => own.Day != l.Day)),
                ],
            }),
        ],
    };
}
