using CallCenter.Planning.Simulation;

namespace CallCenter.Planning.Tests.Simulation;

internal static class Centres
{
    public static readonly Presence[] Always = [new(0, double.PositiveInfinity)];

    public static CallStream Calls(double perInterval, int intervals, double handle = 180, double? patience = null) => new(
        "calls", [.. Enumerable.Repeat(perInterval, intervals)], new Duration.Exponential(handle), Duration.None,
        patience is { } mean ? new Duration.Exponential(mean) : null);

    public static SimulatedCentre Of(CallStream stream, int agents, double intervalSeconds = 1800) => new(
        intervalSeconds, stream.Calls.Count, [stream], [.. Enumerable.Repeat(new SimulatedAgent([new(0)], Always), agents)]);

    public static SimulationResult Days(this SimulatedCentre centre, int days, int seed = 1) =>
        Simulator.Run(centre, new(20), new(0, days, days, seed), TestContext.Current.CancellationToken);
}
