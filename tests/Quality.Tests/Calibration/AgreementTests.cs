using CallCenter.Quality.Calibration;

namespace CallCenter.Quality.Tests.Calibration;

/// <summary>Measures of agreement against published tables.</summary>
public class AgreementTests
{
    // Four observers and twelve units (Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example C); 0 is missing.
    private static readonly int[][] Observers =
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];

    private static IReadOnlyList<IReadOnlyList<double>> Units { get; } =
        [.. Enumerable.Range(0, 12).Select(unit => (IReadOnlyList<double>)[.. Observers.Select(o => (double)o[unit]).Where(v => v > 0)])];

    [Theory]
    [InlineData(Scale.Nominal, 0.743)]
    [InlineData(Scale.Interval, 0.849)]
    public void alpha_is_krippendorffs(Scale scale, double alpha) =>
        Agreement.Alpha(Units, scale).Should().BeApproximately(alpha, 0.0005);

    [Fact]
    public void kappa_is_cohens()
    {
        // 50 proposals read by two: both yes 20, both no 15, one yes 5, the other yes 10.
        List<(double, double)> pairs =
        [
            .. Enumerable.Repeat((1.0, 1.0), 20), .. Enumerable.Repeat((1.0, 0.0), 5), .. Enumerable.Repeat((0.0, 1.0), 10),
            .. Enumerable.Repeat((0.0, 0.0), 15),
        ];

        Agreement.Kappa([pairs]).Should().BeApproximately(0.4, 1e-12);
    }

    // Two questions, each answered the same on two calls of four, as chance would: their different answers are no agreement.
    [Fact]
    public void chance_is_counted_for_each_question_by_itself()
    {
        IReadOnlyList<(double, double)> first = [(1, 1), (1, 0), (0, 1), (0, 0)], second = [(1, 1), (0, 1), (1, 0), (0, 0)];

        Agreement.Kappa([first, second]).Should().BeApproximately(0, 1e-12);
        Agreement.Kappa([[(1, 1), (1, 1), (0, 0), (0, 0)], [(1, 1), (0, 1), (1, 0), (0, 0)]]).Should().BeApproximately(0.5, 1e-12);
        Agreement.Kappa([[(1, 0), (0, 1)]]).Should().BeApproximately(-1, 1e-12, "opposite throughout");
    }

    [Fact]
    public void what_nobody_else_judged_and_what_all_always_said_has_no_measure()
    {
        Agreement.Alpha([[1], [2]], Scale.Nominal).Should().BeNull();
        Agreement.Alpha([[1, 1], [1, 1]], Scale.Nominal).Should().BeNull("there is nothing that chance could do");
        Agreement.Same([[1, 1], [1, 1]]).Should().Be(1);
        Agreement.Kappa([]).Should().BeNull();
        Agreement.Kappa([[(1, 1)]]).Should().BeNull();
        Agreement.MeanOf([]).Should().BeNull();
        Agreement.MeanOf([3]).Should().Be(new MeanDifference(1, 3, null, null));
    }

    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(2, 4.303)]
    [InlineData(3, 3.182)]
    [InlineData(5, 2.571)]
    [InlineData(10, 2.228)]
    [InlineData(30, 2.042)]
    public void the_quantile_is_students(int freedom, double quantile) =>
        Agreement.Student(freedom).Should().BeApproximately(quantile, quantile * 0.01);

    // Property: the order of units and of judges says nothing, and who agrees on everything has an alpha of 1.
    [Fact]
    public void alpha_does_not_depend_on_any_order_and_is_1_where_all_agree()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var units = Enumerable.Range(0, random.Next(2, 12)).Select(_ => Unit(random)).ToList();
            var shuffled = units.Select(unit => (IReadOnlyList<double>)[.. unit.OrderBy(_ => random.Next())])
                .OrderBy(_ => random.Next()).ToList();
            foreach (var scale in Enum.GetValues<Scale>())
            {
                var alpha = Agreement.Alpha(units, scale);
                (Agreement.Alpha(shuffled, scale) - alpha).Should().Match(d => d == null || Math.Abs(d.Value) < 1e-9);
                alpha.Should().Match(a => a == null || a <= 1 + 1e-12);
                Agreement.Alpha(units.Select(unit => (IReadOnlyList<double>)[.. unit.Select(_ => unit[0])]), scale)
                    .Should().Match(a => a == null || Math.Abs(a.Value - 1) < 1e-12);
            }
        }
    }

    // The interval is that of drawing the things themselves, each looked at anew.
    [Fact]
    public void the_interval_is_that_of_alphas_of_things_drawn_again_and_again()
    {
        var random = new Random(5);
        foreach (var scale in Enum.GetValues<Scale>())
            for (var round = 0; round < 5; round++)
            {
                var units = Enumerable.Range(0, random.Next(5, 40)).Select(_ => Unit(random)).Append([1, 2]).Append([0, 0]).Append([1, 1])
                    .Append([2, 2]).Append([0, 2, 2]).ToList();
                var draws = new Random(20260301);
                var found = Enumerable.Range(0, 1000)
                    .Select(_ => Agreement.Alpha(units.Select(_ => units[draws.Next(units.Count)]).ToList(), scale))
                    .OfType<double>().Order().ToList();

                var interval = Agreement.Interval(units, scale)!.Value;

                interval.Low.Should().BeApproximately(found[(int)(0.025 * (found.Count - 1))], 1e-9);
                interval.High.Should().BeApproximately(found[(int)(0.975 * (found.Count - 1))], 1e-9);
            }

        Agreement.Interval([[1, 1], [1, 2], [2, 2], [2, 1], [1]], Scale.Nominal).Should().BeNull("four of them were judged twice");
    }

    // Coverage: of inspectors who are three points more lenient, with a deviation of six, 95 of 100 intervals hold the three.
    [Fact]
    public void intervals_of_mean_differences_hold_what_they_say()
    {
        var random = new Random(11);
        var held = Enumerable.Range(0, 2000).Count(_ =>
        {
            var mean = Agreement.MeanOf([.. Enumerable.Range(0, 8).Select(_ => 3 + 6 * Normal(random))])!;
            return mean.Low <= 3 && 3 <= mean.High;
        });

        (held / 2000.0).Should().BeInRange(0.93, 0.97);
    }

    private static IReadOnlyList<double> Unit(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (double)random.Next(3))];

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
