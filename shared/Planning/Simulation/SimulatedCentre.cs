namespace CallCenter.Planning.Simulation;

// Times are seconds since the first interval began.

/// <summary>One day of a centre, or several in a row: what calls, who is there, and who takes what.</summary>
/// <param name="Intervals">Each of <paramref name="IntervalSeconds"/>. Calls stop with the last; who waits then is still served.</param>
/// <param name="DayShape">
/// Over-dispersion: the rates of all streams are multiplied by one gamma factor a day, of mean 1 and this shape. Null: none, as a
/// Poisson process with known rates.
/// </param>
/// <param name="Absence">Probability that an agent does not come at all.</param>
/// <param name="AnyoneLeaves">
/// For plans of numbers, not people: when somebody's time ends during a call, a free agent with the same skills goes instead.
/// </param>
/// <param name="QueueLimit">Callers waiting at most; further ones find a busy tone. Null: no limit.</param>
/// <param name="DayIntervals">Intervals of each day. Null: all are of one day.</param>
public sealed record SimulatedCentre(
    double IntervalSeconds, int Intervals, IReadOnlyList<CallStream> Streams, IReadOnlyList<SimulatedAgent> Agents,
    double? DayShape = null, double Absence = 0, bool AnyoneLeaves = false, int? QueueLimit = null, int? DayIntervals = null)
{
    internal int Days => Intervals / (DayIntervals ?? Intervals);

    internal int DayOf(int interval) => interval / (DayIntervals ?? Intervals);

    internal void Check()
    {
        Require(double.IsFinite(IntervalSeconds) && IntervalSeconds > 0 && Intervals > 0, "interval-out-of-range",
            "A day has at least one interval, which lasts longer than 0 seconds.");
        Require(DayIntervals is null || (DayIntervals > 0 && Intervals % DayIntervals == 0), "interval-out-of-range",
            "The intervals must make whole days.");
        Require(Streams.Count > 0, "streams-missing", "Without a stream of calls there is nothing to simulate.");
        Require(Absence is >= 0 and <= 1, "absence-out-of-range", "The probability of absence lies between 0 and 1.");
        Require(DayShape is null or > 0, "shape-out-of-range", "The shape of a gamma distribution is more than 0.");
        Require(QueueLimit is null or >= 0, "queue-limit-out-of-range", "The queue holds 0 callers or more.");

        Require(!(Streams.Sum(s => s.Calls.Sum()) > Bounds.SimulatedCalls * Days), "calls-out-of-range",
            $"At most {Bounds.SimulatedCalls:N0} calls a day are simulated.");

        foreach (var stream in Streams)
        {
            Require(stream.Calls.Count == Intervals && stream.Calls.All(c => double.IsFinite(c) && c >= 0), "calls-out-of-range",
                $"Stream '{stream.Name}' needs a number of calls of 0 or more for each interval.");
            Require(stream.Talk.Possible && stream.AfterContact.Possible && stream.Patience is null or { Possible: true },
                "duration-out-of-range",
                $"A time of stream '{stream.Name}' can become less than 0, or has no value at all.");
            Require(stream.IntervalShape is null or > 0, "shape-out-of-range", "The shape of a gamma distribution is more than 0.");
        }

        foreach (var agent in Agents)
        {
            Require(agent.Skills.All(s => s.Stream >= 0 && s.Stream < Streams.Count && s.AfterSeconds >= 0), "skill-unknown",
                "An agent takes calls of a stream that is not there.");
            Require(agent.Present.All(p => p.To > p.From) && agent.Present.Zip(agent.Present.Skip(1)).All(p => p.First.To <= p.Second.From),
                "presence-out-of-order", "The times of an agent must be in order and must not overlap.");
        }
    }

    private static void Require(bool holds, string code, string message)
    {
        if (!holds)
            throw new PlanningException(code, message);
    }
}

/// <summary>Calls that are alike: a queue, or a skill.</summary>
/// <param name="Calls">Expected per interval.</param>
/// <param name="AfterContact">Work after the caller has gone, by the same agent.</param>
/// <param name="Patience">Null: nobody hangs up.</param>
/// <param name="IntervalShape">Over-dispersion of each interval on its own, as a gamma factor of mean 1 and this shape. Null: none.</param>
public sealed record CallStream(
    string Name, IReadOnlyList<double> Calls, Duration Talk, Duration AfterContact, Duration? Patience = null,
    double? IntervalShape = null);

/// <param name="Present">When the agent takes calls: shifts without their breaks. A call that has begun is finished.</param>
public sealed record SimulatedAgent(IReadOnlyList<AgentSkill> Skills, IReadOnlyList<Presence> Present);

/// <summary>That an agent takes calls of a stream.</summary>
/// <param name="Stream">Index of the stream.</param>
/// <param name="Rank">A call goes to the free agent of lowest rank, and among these to the one free for longest.</param>
/// <param name="Priority">A free agent takes the waiting call of lowest number, and among these the one that waits longest.</param>
/// <param name="AfterSeconds">Overflow: only calls that have waited so long.</param>
public sealed record AgentSkill(int Stream, int Rank = 0, int Priority = 0, double AfterSeconds = 0);

/// <param name="To">May be infinite: until the last call has gone.</param>
public readonly record struct Presence(double From, double To)
{
    /// <summary>What is left of times once breaks and other activities are taken out.</summary>
    public static IReadOnlyList<Presence> Without(IEnumerable<Presence> shifts, IEnumerable<Presence> breaks) =>
        breaks.OrderBy(b => b.From).Aggregate(shifts.OrderBy(s => s.From), (left, pause) =>
            left.SelectMany(s => s.Less(pause)).OrderBy(s => s.From)).ToList();

    private IEnumerable<Presence> Less(Presence pause)
    {
        if (pause.To <= From || pause.From >= To)
        {
            yield return this;
            yield break;
        }

        if (pause.From > From)
            yield return new(From, pause.From);
        if (pause.To < To)
            yield return new(pause.To, To);
    }
}
