using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Simulation;

/// <param name="Skills">What an agent of the group takes.</param>
/// <param name="Cost">Of one agent, more than 0; only the ratios matter.</param>
public sealed record SkillGroup(string Name, IReadOnlyList<AgentSkill> Skills, double Cost = 1);

/// <param name="Agents">By group, in order.</param>
/// <param name="Simulated">Two stretches of time: the first fills the empty centre, in the second every stream reaches its goal.</param>
public sealed record SkillStaffing(IReadOnlyList<int> Agents, double Cost, SimulationResult Simulated);

/// <summary>
/// How many agents of each group of skills a busy time needs so that every stream reaches its service level. There is no formula
/// for that: streams staffed apart need too many and pooled as one too few. The search climbs from the load alone by the agent who
/// takes away most shortfall for the cost, then removes and exchanges agents as long as the goals hold; all candidates meet the
/// same calls. (Simulation-based search as in Cezik and L'Ecuyer 2008, without their cuts: good, not proven best.)
/// </summary>
public static class MultiSkillStaffing
{
    private const int Most = 2000;
    private const int Trial = 8;

    /// <param name="streams">Calls in one interval of <paramref name="intervalSeconds"/>, which goes on for the length of the
    /// simulation.</param>
    /// <param name="goals">Service level by stream, above 0 and below 1.</param>
    /// <param name="limits">Of the simulation that has the last word.</param>
    /// <exception cref="PlanningException"><c>target-out-of-range</c>, <c>skill-missing</c> or <c>goal-unreachable</c>.</exception>
    public static SkillStaffing Find(
        IReadOnlyList<CallStream> streams, double intervalSeconds, IReadOnlyList<SkillGroup> groups, IReadOnlyList<double> goals,
        SimulatedServiceLevel level, SimulationLimits limits, CancellationToken cancellation)
    {
        if (goals.Count != streams.Count || goals.Any(g => !(g > 0 && g < 1)) || groups.Any(g => !(g.Cost > 0)))
            throw new PlanningException("target-out-of-range",
                "Each stream needs a service level between 0 and 1, and each group a cost above 0.");
        for (var s = 0; s < streams.Count; s++)
            if (streams[s].Calls.Sum() > 0 && !groups.Any(g => g.Skills.Any(k => k.Stream == s)))
                throw new PlanningException("skill-missing", $"No group takes the calls of '{streams[s].Name}'.");

        var trials = new Trials(streams, intervalSeconds, groups, goals, level, new(0, Trial, Trial, limits.Seed), cancellation);
        var agents = trials.LoadAlone();
        agents = Climbed(trials, groups, agents, Math.Max(1, agents.Sum() / 16));
        Descend(trials, groups, agents, cancellation);

        // The search has picked what was lucky on its own days; other and more days say whether it was more than luck.
        var check = new Trials(streams, intervalSeconds, groups, goals, level, limits with { Seed = limits.Seed + 1 }, cancellation);
        agents = Climbed(check, groups, agents, step: 1);
        return new([.. agents], Cost(groups, agents), check.Simulate(agents));
    }

    private static int[] Climbed(Trials trials, IReadOnlyList<SkillGroup> groups, int[] agents, int step)
    {
        var shortfall = trials.Shortfall(agents);

        while (shortfall > 0)
        {
            var best = Enumerable.Range(0, groups.Count)
                .Select(group => (Group: group, Left: trials.Shortfall(With(agents, group, step))))
                .MaxBy(t => (shortfall - t.Left) / groups[t.Group].Cost);

            // Many agents at once while nearly everything is still missing; one by one near the goal.
            if (step > 1 && best.Left <= 0)
            {
                step = (step + 1) / 2;
                continue;
            }

            agents = With(agents, best.Group, step);
            shortfall = best.Left;
            if (agents.Sum() > Most)
                throw Unreachable();
        }

        return agents;
    }

    private static PlanningException Unreachable() =>
        new("goal-unreachable", $"No number of agents up to {Most:N0} reaches the goals of all streams.");

    private static void Descend(Trials trials, IReadOnlyList<SkillGroup> groups, int[] agents, CancellationToken cancellation)
    {
        for (var improved = true; improved && !cancellation.IsCancellationRequested;)
        {
            improved = false;
            foreach (var fewer in Enumerable.Range(0, groups.Count).OrderByDescending(g => groups[g].Cost))
            {
                while (agents[fewer] > 0 && trials.Shortfall(With(agents, fewer, -1)) <= 0)
                    (agents[fewer], improved) = (agents[fewer] - 1, true);

                // One of these for one of those, where that is cheaper; two for one, where it is fewer.
                foreach (var more in Enumerable.Range(0, groups.Count).Where(g => g != fewer))
                {
                    var many = groups[more].Cost < groups[fewer].Cost ? 1 : groups[more].Cost < 2 * groups[fewer].Cost ? 2 : 0;
                    while (many > 0 && agents[fewer] >= many && trials.Shortfall(With(With(agents, fewer, -many), more, 1)) <= 0)
                    {
                        agents[fewer] -= many;
                        agents[more]++;
                        improved = true;
                    }
                }
            }
        }
    }

    private static int[] With(int[] agents, int group, int more) => [.. agents.Select((count, g) => g == group ? count + more : count)];

    private static double Cost(IReadOnlyList<SkillGroup> groups, int[] agents) => agents.Select((count, g) => count * groups[g].Cost).Sum();

    /// <summary>Simulations of candidates: a stretch to fill the empty centre, and one that counts.</summary>
    private sealed class Trials(
        IReadOnlyList<CallStream> streams, double intervalSeconds, IReadOnlyList<SkillGroup> groups, IReadOnlyList<double> goals,
        SimulatedServiceLevel level, SimulationLimits limits, CancellationToken cancellation)
    {
        private const int Stretch = 8;
        private const int Measured = 1;
        private readonly Dictionary<string, double> known = [];

        private readonly CallStream[] steady =
            [.. streams.Select(s => s with { Calls = [s.Calls[0] * Stretch, s.Calls[0] * Stretch] })];

        /// <summary>Each stream's erlangs, with the cheapest group that takes it.</summary>
        public int[] LoadAlone()
        {
            var erlangs = new double[groups.Count];
            for (var s = 0; s < streams.Count; s++)
            {
                var cheapest = Enumerable.Range(0, groups.Count).Where(g => groups[g].Skills.Any(k => k.Stream == s)).DefaultIfEmpty(0)
                    .MinBy(g => groups[g].Cost);
                erlangs[cheapest] += streams[s].Calls[0] * MeanBusy(streams[s]) / intervalSeconds;
            }

            return erlangs.Sum() <= Most ? [.. erlangs.Select(e => (int)e)] : throw Unreachable();
        }

        /// <summary>
        /// Sum over the streams of what is missing to the goal; 0 when all have reached it. Where hardly any call is answered in time
        /// another agent shows in the waits first, so these count a little.
        /// </summary>
        public double Shortfall(int[] agents)
        {
            cancellation.ThrowIfCancellationRequested();
            var key = string.Join(',', agents);
            if (known.TryGetValue(key, out var found))
                return found;

            var result = Simulate(agents);
            return known[key] = result.StreamIntervals.Zip(goals)
                .Where(s => s.First[Measured].Offered.Value > 0 && s.First[Measured].ServiceLevel.Value < s.Second)
                .Sum(s => s.Second - s.First[Measured].ServiceLevel.Value + 0.01 * Math.Log(1 + s.First[Measured].AverageWait.Value));
        }

        public SimulationResult Simulate(int[] agents)
        {
            var present = new[] { new Presence(0, double.PositiveInfinity) };
            var people = groups.Zip(agents).SelectMany(g => Enumerable.Repeat(new SimulatedAgent(g.First.Skills, present), g.Second))
                .ToList();
            return Simulator.Run(new(intervalSeconds * Stretch, 2, steady, people), level, limits, CancellationToken.None);
        }

        private static double MeanBusy(CallStream stream)
        {
            var random = new RandomSource(0);
            return Enumerable.Range(0, 1000).Average(_ => stream.Talk.Draw(random, 0) + stream.AfterContact.Draw(random, 0));
        }
    }
}
