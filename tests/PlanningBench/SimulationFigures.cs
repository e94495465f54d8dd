using System.Diagnostics;
using System.Globalization;
using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;

namespace CallCenter.PlanningBench;

/// <summary>The simulator against Erlang A, against published simulations, and its speed.</summary>
internal static class SimulationFigures
{
    private static readonly Presence[] Always = [new(0, double.PositiveInfinity)];

    public static void Print(Options options)
    {
        AgainstErlangA();
        SimulationReference.Print(Path.Combine(options.Data!, "staffing", "simulation_reference.csv"));
        Speed();
        SkillsTogether();
    }

    // Two long intervals: the first fills the empty centre, the second is compared with the stationary formula.
    private static void AgainstErlangA()
    {
        var (inside, all) = (0, 0);
        foreach (var (calls, handle, patience, agents) in new[] { (100.0, 180.0, 300.0, 13), (300, 300, 120, 50), (3000, 300, 120, 505),
            (48 * 30, 60, 120, 50) })
        {
            const int HalfHours = 100;
            var centre = new SimulatedCentre(1800 * HalfHours, 2,
                [new("calls", [calls * HalfHours, calls * HalfHours], new Duration.Exponential(handle), Duration.None,
                new Duration.Exponential(patience))], [.. Enumerable.Repeat(new SimulatedAgent([new(0)], Always), agents)]);
            var exact = ErlangA.Of(new(calls, 1800, handle), agents, 20, patience);
            var simulated = Simulator.Run(centre, new(20), new(0.0005, 20, 60, Seed: 4), default).Intervals[1];

            Line("service level", simulated.Calls.ServiceLevel, exact.AnsweredOfOffered);
            Line("speed of answer", simulated.Calls.AverageSpeedOfAnswer, exact.AverageSpeedOfAnswer);
            Line("abandonment", simulated.Calls.Abandonment, exact.Abandonment);
            Line("occupancy", simulated.Occupancy, exact.Occupancy);

            void Line(string what, Estimate ours, double theirs)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Erlang A {calls}/30 min x {handle} s, {agents} agents: {what} exact {theirs:0.00000}, simulated {ours.Value:0.00000} [{ours.Low:0.00000}, {ours.High:0.00000}]{(ours.Holds(theirs) ? "" : "  OUTSIDE")}"));
                (all, inside) = (all + 1, inside + (ours.Holds(theirs) ? 1 : 0));
            }
        }

        Console.WriteLine($"{inside} of {all} exact values lie in our 95 % intervals (one in twenty should not)");
    }

    private static void Speed()
    {
        // 50,000 calls from 8 to 18 o'clock in two hills, 500 agents in three skill sets with lunch and two breaks each.
        var shape = Enumerable.Range(0, 40)
            .Select(i => 0.35 + Math.Exp(-Math.Pow((i - 10) / 5.0, 2)) + 0.8 * Math.Exp(-Math.Pow((i - 26) / 6.0, 2))).ToList();
        var sum = shape.Sum();
        var streams = Enumerable.Range(0, 3).Select(s => new CallStream($"skill {s}",
            [.. shape.Select(x => x / sum * 50_000 / 3)], new Duration.LogNormal(200, 220), new Duration.Exponential(40),
            new Duration.Exponential(180), IntervalShape: 50)).ToList();
        AgentSkill[][] skills = [[new(0), new(1, Rank: 1, Priority: 1)], [new(1), new(2, Rank: 1, Priority: 1)],
            [new(2), new(0, Rank: 1, Priority: 1)]];
        var agents = Enumerable.Range(0, 500).Select(i =>
        {
            var start = i % 9 * 900.0;
            return new SimulatedAgent(skills[i % 3], Presence.Without([new(start, start + 8 * 3600)],
                [new(start + 5400 + i % 4 * 900, start + 6300 + i % 4 * 900),
                    new(start + 3 * 3600 + i % 6 * 900, start + 3.5 * 3600 + i % 6 * 900), new(start + 6 * 3600, start + 6 * 3600 + 900)]));
        }).ToList();
        var centre = new SimulatedCentre(900, 40, streams, agents, DayShape: 100, Absence: 0.05);

        Simulator.Run(centre, new(20), new(0, 1, 2), default);
        var clock = Stopwatch.StartNew();
        var result = Simulator.Run(centre, new(20), new(0, 20, 20), default);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"One day of {result.Calls.Offered.Value:0} calls, 500 agents, 3 skills: {clock.Elapsed.TotalSeconds / 20:0.000} s a replication; service level {result.Calls.ServiceLevel.Value:0.000} +- {result.Calls.ServiceLevel.HalfWidth:0.000}, abandoned {result.Calls.Abandonment.Value:0.000}, occupancy {result.Occupancy.Value:0.000}"));
    }

    // Five streams of 20 erlangs: apart they need 125 agents for 80/20, pooled 108 (exact Erlang C).
    private static void SkillsTogether()
    {
        var streams = Enumerable.Range(0, 5).Select(s => new CallStream($"skill {s}", [120], new Duration.Exponential(300), Duration.None))
            .ToList();
        var groups = Enumerable.Range(0, 5).Select(s => new SkillGroup($"one {s}", [new(s)]))
            .Concat(Enumerable.Range(0, 5).Select(s => new SkillGroup($"two {s}", [new(s, 1), new((s + 1) % 5, 1)], Cost: 1.1))).ToList();

        var clock = Stopwatch.StartNew();
        var found = MultiSkillStaffing.Find(streams, 1800, groups, [.. streams.Select(_ => 0.8)], new(20), new(0.002, 20, 60), default);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"5 skills of 20 erlangs, 80/20 each: {found.Agents.Sum()} agents, {found.Agents.Skip(5).Sum()} with two skills (apart 125, all pooled 108); lowest service level {found.Simulated.StreamIntervals.Min(s => s[1].ServiceLevel.Value):0.000}, {clock.Elapsed.TotalSeconds:0.0} s"));
    }
}
