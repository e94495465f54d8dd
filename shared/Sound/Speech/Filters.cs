namespace CallCenter.Sound.Speech;

/// <summary>A Butterworth filter of the second order.</summary>
internal sealed class SecondOrder
{
    private readonly double b0, b1, b2, a1, a2;
    private double s1, s2;

    private SecondOrder(double b0, double b1, double b2, double a0, double a1, double a2) =>
        (this.b0, this.b1, this.b2, this.a1, this.a2) = (b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);

    /// <param name="q">Two of 0.5412 and 1.3066 one after the other are of the fourth order.</param>
    public static SecondOrder HighPass(double hertz, int rate, double q)
    {
        var (cos, alpha) = Angle(hertz, rate, q);
        return new((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    public static SecondOrder LowPass(double hertz, int rate, double q)
    {
        var (cos, alpha) = Angle(hertz, rate, q);
        return new((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    public double Next(double x)
    {
        var y = (b0 * x) + s1;
        s1 = (b1 * x) - (a1 * y) + s2;
        s2 = (b2 * x) - (a2 * y);
        return y;
    }

    private static (double Cos, double Alpha) Angle(double hertz, int rate, double q) =>
        (Math.Cos(2 * Math.PI * hertz / rate), Math.Sin(2 * Math.PI * hertz / rate) / (2 * q));
}

/// <summary>Brings a channel to 8,000 samples a second, which is where telephone speech lies, and takes away what hums below it.</summary>
internal sealed class TelephoneBand
{
    public const int Rate = 8000;
    private const double Lowest = 200;
    private const double Highest = 3400;

    private readonly SecondOrder[] before;
    private readonly SecondOrder[] after =
        [SecondOrder.HighPass(Lowest, Rate, 0.5412), SecondOrder.HighPass(Lowest, Rate, 1.3066)];

    private readonly double step;
    private double last;
    private double next = 1;

    public TelephoneBand(int rate)
    {
        step = (double)rate / Rate;
        before = rate > Rate ? [SecondOrder.LowPass(Highest, rate, 0.5412), SecondOrder.LowPass(Highest, rate, 1.3066)] : [];
    }

    /// <summary>Takes a sample, and hands on those that are due: none, one, or more where there are fewer than 8,000.</summary>
    public void Take(float sample, Action<double> handOn)
    {
        var x = (double)sample;
        foreach (var filter in before)
            x = filter.Next(x);

        // The samples lie at 0 (the last one) and 1 (this one); those that are due, a step apart, between them.
        for (; next <= 1; next += step)
        {
            var y = last + ((x - last) * next);
            foreach (var filter in after)
                y = filter.Next(y);
            handOn(y);
        }

        next -= 1;
        last = x;
    }
}
