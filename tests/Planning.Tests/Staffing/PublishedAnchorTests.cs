using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Staffing;

/// <summary>Exact values, published or computed at 60 digits by two independent ways.</summary>
public sealed class PublishedAnchorTests
{
    [Theory]
    [InlineData(100, 1800, 180, 14, 19.8, 0.1741319336, 0.8878526927, 7.835937012, 0.7142857143)]
    [InlineData(3.5, 60, 180, 13, 20, 0.3688456362, 0.7206122928, 26.5568858, 0.8076923077)]
    [InlineData(25, 600, 180, 11, 20, 0.1758069379, 0.8808363736, 9.041499663, 0.6818181818)]
    [InlineData(36, 600, 595, 42, 20, 0.2248057534, 0.8180972861, 21.23165449, 0.85)]
    public void erlang_c(double calls, double interval, double handle, int agents, double within, double wait, double level, double speed,
        double occupancy)
    {
        var queue = ErlangC.Of(new(calls, interval, handle), agents, within);

        Same(queue.Wait, wait);
        Same(queue.AnsweredOfOffered, level);
        Same(queue.AverageSpeedOfAnswer, speed);
        Same(queue.Occupancy, occupancy);
    }

    [Theory]
    [InlineData(100, 1800, 180, 300, 14, 0.1452601143, 0.9167920919, 0.9297940946, 0.9234073223, 4.195123237, 0.7042973256, 0.01398374412)]
    [InlineData(3.5, 60, 180, 300, 9, 0.7898389601, 0.3020794518, 0.3723529172, 0.3173012043, 56.6184355, 0.946483862, 0.1887281183)]
    [InlineData(6000, 1800, 300, 120, 905, 0.9718195059, 0.8163345414, 0.9022801392, 0.8999849669, 11.43045412, 0.9997195753,
        0.09525378436)]
    [InlineData(100, 1800, 180, 1_000_000, 14, 0.1741157608, 0.8883666306, 0.8883735894, 0.8883691281, 7.833095055, 0.7142801192,
        7.833095055e-06)]
    [InlineData(100, 1800, 180, 1, 14, 0.05964825329, 0.9445511045, 1, 1, 0.05544889551, 0.6746793603, 0.05544889551)]
    [InlineData(30_000, 1800, 300, 120, 5000, 0.3897358905, 0.9930880239, 1, 1, 0.8294371324, 0.9930880239, 0.006911976103)]
    [InlineData(200, 1800, 300, 120, 20, 0.9481910496, 0.1245597895, 0.2087083258, 0.1448917073, 48.38247024, 0.9946879133, 0.403187252)]
    public void erlang_a(
        double calls, double interval, double handle, double patience, int agents,
        double wait, double ofOffered, double ofAnswered, double ofPatient, double averageWait, double occupancy, double abandonment)
    {
        var queue = ErlangA.Of(new(calls, interval, handle), agents, 20, patience);

        Same(queue.Wait, wait);
        Same(queue.AnsweredOfOffered, ofOffered);
        Same(queue.AnsweredOfAnswered, ofAnswered);
        Same(queue.AnsweredOfPatient, ofPatient);
        Same(queue.AverageWait, averageWait);
        Same(queue.Occupancy, occupancy);
        Same(queue.Abandonment, abandonment);
    }

    // Each value is written to ten digits.
    private static void Same(double ours, double exact) => ours.Should().BeApproximately(exact, 1e-9 * Math.Abs(exact));
}
