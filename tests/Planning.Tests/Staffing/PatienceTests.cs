using CallCenter.Planning.Staffing;
using FsCheck.Xunit;

namespace CallCenter.Planning.Tests.Staffing;

public sealed class PatienceTests
{
    [Fact]
    public void those_who_were_answered_count_as_patient_until_then()
    {
        var patience = Patience.Estimate([new(10, true), new(20, false), new(30, true), new(40, false)]);

        patience.MeanSeconds.Should().Be(50);
        patience.HungUp.Should().Be(2);
        patience.Curve.Should().Equal((10, 0.75), (30, 0.375));
        patience.MedianSeconds.Should().Be(30);
    }

    [Property(MaxTest = 20)]
    public bool an_exponential_patience_is_found_again_however_soon_callers_are_answered(int seed, byte soon)
    {
        // Deterministic quantiles of the patience, cut by a wait that has nothing to do with it.
        var random = new Random(seed);
        var waits = Enumerable.Range(0, 20_000).Select(i =>
        {
            var (patient, answered) = (-240 * Math.Log(1 - (i + 0.5) / 20_000), -(30 + soon) * Math.Log(1 - random.NextDouble()));
            return new ObservedWait(Math.Min(patient, answered), patient < answered);
        });

        return Math.Abs(Patience.Estimate(waits).MeanSeconds - 240) < 24;
    }

    [Fact]
    public void each_question_without_an_answer_has_a_name()
    {
        Code(() => Patience.Estimate([])).Should().Be("patience-unknown");
        Code(() => Patience.Estimate([new(10, false)])).Should().Be("patience-unknown");
        Code(() => Patience.Estimate([new(-1, true)])).Should().Be("wait-out-of-range");
        Code(() => Patience.Estimate([new(double.NaN, true)])).Should().Be("wait-out-of-range");
    }

    private static string Code(Action act) => act.Should().Throw<PlanningException>().Which.Code;
}
