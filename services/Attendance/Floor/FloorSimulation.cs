using CallCenter.Attendance.Rosters;
using CallCenter.Planning;
using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Floor;

/// <summary>The rest of a day, simulated so and so often. The same number of a day draws the same calls, whoever is there.</summary>
internal sealed class FloorSimulation
{
    // Enough that a point of the service level shows; fewer than the least say nothing of how sure a figure is.
    private const int MostDays = 30, FewestDays = 5;

    // A large centre's day has as many calls as several of a small one's.
    private const double Calls = 300_000;

    // Calls of the same seed are the same calls: each day is a seed.
    private static SimulationLimits Day(int seed) => new(0, MinReplications: 1, MaxReplications: 1, Seed: seed);

    private readonly List<IReadOnlyList<CallMeasures>> streams = [];
    private readonly List<IReadOnlyList<IReadOnlyList<CallMeasures>>> intervals = [];

    /// <summary>So many days were simulated.</summary>
    public int Days => streams.Count;

    /// <param name="rest">With at least one queue and one step.</param>
    /// <exception cref="InvalidException">With the code of the <see cref="PlanningException"/>.</exception>
    public static FloorSimulation Of(RestOfDay rest, CancellationToken cancellation)
    {
        var played = new FloorSimulation();
        var centre = Centre(rest);
        var levels = rest.Queues.Select(queue => Asked(queue.Standing)).ToList();
        var days = (int)Math.Clamp(Calls / Math.Max(1, rest.Queues.Sum(queue => queue.Contacts.Sum())), FewestDays, MostDays);
        for (var day = 1; day <= days; day++)
        {
            var results = levels.Distinct().ToDictionary(level => level, level => Play(centre, level, day, cancellation));
            played.streams.Add([.. levels.Select((level, i) => results[level].Streams[i])]);
            played.intervals.Add([.. levels.Select((level, i) => results[level].StreamIntervals[i])]);
            cancellation.ThrowIfCancellationRequested();
        }

        return played;
    }

    private static SimulationResult Play(SimulatedCentre centre, SimulatedServiceLevel level, int day, CancellationToken cancellation)
    {
        try
        {
            return Simulator.Run(centre, level, Day(day), cancellation);
        }
        catch (PlanningException e)
        {
            throw new InvalidException("projectId", e.Code, e.Message);
        }
    }

    /// <summary>A queue's service level; null where no contact is to come.</summary>
    public Estimate? LevelOf(int queue) => Mean(streams.Select(day => day[queue]));

    /// <summary>The same of those who come in one step of the day.</summary>
    public Estimate? LevelOf(int queue, int step) => Mean(intervals.Select(day => day[queue][step]));

    /// <summary>Contacts of a queue that are still to come.</summary>
    public double ContactsOf(int queue) => streams.Average(day => day[queue].Offered.Value);

    /// <summary>Of all queues together, each contact alike; null where none is to come.</summary>
    public double? Level => Levels.OfType<double>().ToList() is { Count: > 0 } levels ? levels.Average() : null;

    public MoveEffect? Effect(FloorSimulation with)
    {
        var differences = Levels.Zip(with.Levels).Where(pair => pair is { First: not null, Second: not null })
            .Select(pair => pair.Second!.Value - pair.First!.Value).ToList();
        if (Level is not { } before || differences.Count < FewestDays)
            return null;

        var gained = Estimate.OfMean(differences);
        return new(Math.Round(before, 4), Math.Round(gained.Value, 4), Math.Round(gained.Low, 4), Math.Round(gained.High, 4),
            differences.Count);
    }

    private IEnumerable<double?> Levels => streams.Select(day =>
        day.Sum(queue => queue.Offered.Value) is > 0 and var offered
            ? day.Sum(queue => queue.Offered.Value * queue.ServiceLevel.Value) / offered : (double?)null);

    private static Estimate? Mean(IEnumerable<CallMeasures> days)
    {
        var known = days.Where(day => !day.ServiceLevel.OfNothing)
            .Select(day => (day.ServiceLevel.Value, Weight: day.Offered.Value)).ToList();
        if (known.Count < FewestDays)
            return null;

        var half = Estimate.OfMean([.. known.Select(day => day.Value)]).HalfWidth;
        var mean = known.Sum(day => day.Value * day.Weight) / known.Sum(day => day.Weight);
        return new(mean, Math.Max(0, mean - half), Math.Min(1, mean + half));
    }

    private static SimulatedServiceLevel Asked(FloorQueue queue) => new(queue.WithinSeconds,
        Enum.Parse<ServiceLevelDefinition>(queue.Definition.Replace("-", "", StringComparison.Ordinal), ignoreCase: true));

    private static SimulatedCentre Centre(RestOfDay rest) => new(
        RestOfDay.Step.TotalSeconds, rest.Steps,
        [
            .. rest.Queues.Select(queue => new CallStream(queue.Standing.Queue, queue.Contacts,
                new Duration.ByInterval([.. queue.HandleSeconds.Select(seconds => new Duration.Exponential(seconds))]), Duration.None,
                queue.PatienceSeconds is { } patience ? new Duration.Exponential(patience) : null)),
        ],
        [.. rest.Shifts.Where(shift => shift.Comes).Select(shift => Agent(rest, shift))]);

    private static SimulatedAgent Agent(RestOfDay rest, RestOfShift shift) => new(
        [
            .. shift.Queues.Select((queue, place) => (Stream: IndexOf(rest, queue), place)).Where(skill => skill.Stream >= 0)
                .Select(skill => new AgentSkill(skill.Stream, skill.place, skill.place)),
        ],
        [
            .. shift.Activities.Where(a => a.Kind == "work").Select(a => new Stretch(a.From, a.To).Clipped(rest.Now, rest.Until)).Union()
                .Select(work => new Presence((work.From - rest.Now).TotalSeconds, (work.To - rest.Now).TotalSeconds)),
        ]);

    private static int IndexOf(RestOfDay rest, string queue) =>
        rest.Queues.Index().FirstOrDefault(q => q.Item.Standing.Queue == queue, (-1, null!)).Index;
}
