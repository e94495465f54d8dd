namespace CallCenter.Planning.Forecasting;

/// <summary>The search of Nelder and Mead (1965) for the least value of a function, without derivatives.</summary>
internal static class Simplex
{
    public static double[] Minimise(Func<double[], double> function, double[] start, double[] steps, int evaluations)
    {
        var count = start.Length;
        var points = new List<(double[] At, double Value)> { (start, function(start)) };
        for (var i = 0; i < count; i++)
        {
            var moved = (double[])start.Clone();
            moved[i] += steps[i];
            points.Add((moved, function(moved)));
        }

        for (var used = count + 1; used < evaluations;)
        {
            points.Sort((a, b) => a.Value.CompareTo(b.Value));
            var worst = points[count];
            var centre = Enumerable.Range(0, count).Select(i => points.Take(count).Average(p => p.At[i])).ToArray();

            var reflected = Try(1);
            if (reflected.Value < points[0].Value)
            {
                var further = Try(2);
                points[count] = further.Value < reflected.Value ? further : reflected;
            }
            else if (reflected.Value < points[count - 1].Value)
            {
                points[count] = reflected;
            }
            else if (Try(-0.5) is var nearer && nearer.Value < worst.Value)
            {
                points[count] = nearer;
            }
            else
            {
                for (var i = 1; i <= count; i++)
                {
                    double[] halfway = [.. points[i].At.Zip(points[0].At, (a, b) => (a + b) / 2)];
                    points[i] = (halfway, function(halfway));
                    used++;
                }
            }

            (double[] At, double Value) Try(double along)
            {
                used++;
                double[] at = [.. centre.Zip(worst.At, (c, w) => c + along * (c - w))];
                return (at, function(at));
            }
        }

        return points.MinBy(p => p.Value).At;
    }
}
