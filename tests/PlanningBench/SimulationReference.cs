using System.Globalization;
using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;

namespace CallCenter.PlanningBench;

/// <summary>
/// Published simulation results (ContactCenters, 1000 days each): ours must have an interval that overlaps the published one.
/// Times in minutes, as there.
/// </summary>
internal static class SimulationReference
{
    private const double Minute = 60;
    private const int Days = 1000;
    private static readonly Presence[] Always = [new(0, double.PositiveInfinity)];

    public static void Print(string path)
    {
        var published = File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#').Skip(1).Select(Cells)
            .ToDictionary(c => (c[0], c[1].Split('(')[0].Trim()), c => (Value: c[2], Low: c[3], High: c[4]));
        var (inside, all) = (0, 0);

        foreach (var (model, measure, ours) in Measures())
        {
            var (values, low, high) = published[(model, measure)];
            var parts = values.Split('/').Zip(low.Split('/'), high.Split('/')).ToList();
            for (var i = 0; i < parts.Count; i++)
            {
                var overlaps = ours[i].Low <= Number(parts[i].Third) && ours[i].High >= Number(parts[i].Second);
                (all, inside) = (all + 1, inside + (overlaps ? 1 : 0));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{model} {measure}{(parts.Count > 1 ? $" [{i}]" : "")}: published {parts[i].First} [{parts[i].Second}, {parts[i].Third}], ours {ours[i].Value:0.000} [{ours[i].Low:0.000}, {ours[i].High:0.000}]{(overlaps ? "" : "  APART")}"));
            }
        }

        Console.WriteLine($"{inside} of {all} published simulation estimates overlap ours");
    }

    private static IEnumerable<(string Model, string Measure, Estimate[] Ours)> Measures()
    {
        var limits = new SimulationLimits(0, Days, Days, Seed: 11);
        var mmc = new SimulatedCentre(8 * 60 * Minute, 1, [new("calls", [4.2 * 480], new Duration.Exponential(2 * Minute), Duration.None)],
            [.. Enumerable.Repeat(new SimulatedAgent([new(0)], Always), 12)]);
        var answered = new SimulatedServiceLevel(20, ServiceLevelDefinition.AnsweredOfAnswered);

        var result = Simulator.Run(mmc, answered, limits, default);
        yield return ("MMC", "service level", [result.Calls.ServiceLevel]);
        yield return ("MMC", "speed of answer", [Minutes(result.Calls.AverageSpeedOfAnswer)]);
        yield return ("MMC", "occupancy", [result.Intervals[0].Occupancy]);
        yield return ("MMC", "contacts in target per day", [result.Calls.AnsweredInTime]);

        var impatient = mmc with { Streams = [mmc.Streams[0] with { Patience = new Duration.Exponential(Minute) }] };
        result = Simulator.Run(impatient, answered, limits, default);
        yield return ("MMCAb", "abandoned per day", [result.Calls.HungUp]);
        yield return ("MMCAb", "service level", [result.Calls.ServiceLevel]);
        yield return ("MMCAb", "speed of answer of answered", [Minutes(result.Calls.AverageSpeedOfAnswer)]);
        yield return ("MMCAb", "occupancy", [result.Intervals[0].Occupancy]);
        result = Simulator.Run(impatient, answered with { Definition = ServiceLevelDefinition.AnsweredOfPatient }, limits, default);
        yield return ("MMCAb", "service level with abandonment", [result.Calls.ServiceLevel]);

        result = Simulator.Run(mmc with { QueueLimit = 5 }, answered, limits, default);
        yield return ("MMCBlocked", "blocked per day", [result.Calls.Blocked]);
        yield return ("MMCBlocked", "service level", [result.Calls.ServiceLevel]);
        yield return ("MMCBlocked", "speed of answer", [Minutes(result.Calls.AverageSpeedOfAnswer)]);
        yield return ("MMCBlocked", "occupancy", [result.Intervals[0].Occupancy]);

        foreach (var (model, first, second) in Skilled())
        {
            result = Simulator.Run(TwoGroups(first, second), new(20, ServiceLevelDefinition.AnsweredOfPatient), limits, default);
            yield return (model, "served per day", [result.Calls.Answered]);
            yield return (model, "abandoned per day", [result.Calls.HungUp]);
            yield return (model, "service level", [result.Calls.ServiceLevel]);
            yield return (model, "occupancy of group 0", [result.Pools[0]]);

            if (model == "SimpleMSK")
                for (var type = 0; type < 3; type++)
                    yield return (model, $"type{type} in target periods 0/1/2",
                        [.. result.StreamIntervals[type].Select(c => c.AnsweredInTime)]);
        }
    }

    // The published program with rerouting compares each queue with infinity, not with the best so far: it takes the last that is
    // not empty. So group 0 prefers type 0 there, and group 1 type 1 once that has waited long enough; not the oldest call.
    private static IEnumerable<(string Model, AgentSkill[] First, AgentSkill[] Second)> Skilled() =>
    [
        ("SimpleMSK", [new(1), new(0)], [new(2), new(1, Rank: 1)]),
        ("SimpleMSKWithRerouting", [new(1, Priority: 1), new(0)], [new(2, Priority: 1), new(1, Rank: 1, AfterSeconds: 0.2 * Minute)]),
    ];

    private static SimulatedCentre TwoGroups(AgentSkill[] first, AgentSkill[] second)
    {
        const double Period = 120;
        double[][] calls = [[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]];
        var (talk, patience) = (ByPeriod(0.5, 0.6, 0.4), ByPeriod(0.3, 0.4, 0.2));

        return new(Period * Minute, 3,
            [.. calls.Select((c, k) => new CallStream($"type {k}", [.. c.Select(x => x * Period)], talk, Duration.None, patience))],
            [.. Group(first, 12, 18, 9), .. Group(second, 15, 20, 11)], DayShape: 28.7, AnyoneLeaves: true);

        Duration.ByInterval ByPeriod(params double[] perMinute) =>
            new([.. perMinute.Select(rate => new Duration.Exponential(Minute / rate))]);

        IEnumerable<SimulatedAgent> Group(AgentSkill[] skills, params int[] sizes) => Enumerable.Range(0, sizes.Max()).Select(agent =>
            new SimulatedAgent(skills, [.. sizes.Select((size, p) => (size, p)).Where(s => agent < s.size)
                .Select(s => new Presence(s.p * Period * Minute, s.p == 2 ? double.PositiveInfinity : (s.p + 1) * Period * Minute))]));
    }

    private static Estimate Minutes(Estimate seconds) => new(seconds.Value / Minute, seconds.Low / Minute, seconds.High / Minute);

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    // No quotes, but brackets with commas do not occur before the figures either.
    private static string[] Cells(string line) => line.Split(',');
}
