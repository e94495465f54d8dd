namespace CallCenter.Planning.Staffing;

/// <summary>
/// An agent who holds several chats at once counts as so many servers, each slower than one with a single chat. That is exact when
/// chats are dealt out evenly, and close to it when most agents are busy.
/// </summary>
/// <param name="AtOnce">Chats an agent holds at most, from 1.</param>
/// <param name="SlowerPerChat">By which share each further chat stretches the handle time of all, 0 or more.</param>
public sealed record ConcurrentChats(int AtOnce, double SlowerPerChat)
{
    /// <summary>Handle time of a chat when its agent holds as many as allowed.</summary>
    public double HandleSeconds(double alone) => alone * (1 + SlowerPerChat * (AtOnce - 1));

    /// <param name="load">With the handle time of a chat held alone.</param>
    /// <param name="patienceSeconds">Null when nobody is taken to leave.</param>
    /// <returns>Agents, and how the chats do when these hold as many as they may.</returns>
    public (int Agents, QueuePerformance Chats) AgentsFor(QueueLoad load, StaffingGoals goals, double? patienceSeconds = null)
    {
        if (AtOnce < 1 || !double.IsFinite(SlowerPerChat) || SlowerPerChat < 0)
            throw new PlanningException("concurrency-out-of-range",
                "An agent holds 1 chat or more, and a further one cannot make the others faster.");

        var stretched = load with { HandleSeconds = HandleSeconds(load.HandleSeconds) };
        var servers = patienceSeconds is { } given ? AgentsNeeded.For(stretched, goals, given) : AgentsNeeded.For(stretched, goals);
        var agents = (servers.Agents + AtOnce - 1) / AtOnce;

        return (agents, patienceSeconds is { } patience
            ? ErlangA.Of(stretched, agents * AtOnce, goals.WithinSeconds, patience)
            : ErlangC.Of(stretched, agents * AtOnce, goals.WithinSeconds));
    }
}
