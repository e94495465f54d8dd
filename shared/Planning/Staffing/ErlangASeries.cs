namespace CallCenter.Planning.Staffing;

/// <summary>The sums over the states of Erlang A, from the state in which all agents are busy outwards.</summary>
/// <param name="Sum">Over all terms; to be multiplied by exp(<paramref name="LogScale"/>), as the others are.</param>
/// <param name="SumBehindOthers">Over all terms but the first.</param>
/// <param name="Queued">Terms times the number waiting.</param>
/// <param name="Waited">Terms times the share that will be answered times the mean wait until then, in units of the mean patience.</param>
internal readonly record struct ErlangASeries(double Sum, double SumBehindOthers, double Queued, double Waited, double LogScale)
{
    private const double Negligible = 1e-17;
    private const double Large = 1e200;

    /// <summary>States with a free agent: n(n-1)…/A^j for j from 1 to n.</summary>
    public static ErlangASeries Free(double erlangs, int agents)
    {
        var (sum, logScale) = (0.0, 0.0);
        var perErlang = 1 / erlangs;
        var term = 1.0;

        for (var busy = agents; busy > 0; busy--)
        {
            var ratio = busy * perErlang;
            term *= ratio;
            sum += term;

            if (ratio < 1 && term < Negligible * sum * (1 - ratio))
                break;

            if (term > Large)
            {
                (term, sum) = (term / Large, sum / Large);
                logScale += Math.Log(Large);
            }
        }

        return new(sum, 0, 0, 0, logScale);
    }

    /// <summary>States with k waiting: η^k / ((c+1)…(c+k)).</summary>
    public static ErlangASeries Waiting(double c, double eta)
    {
        var (first, behind, queued, logScale) = (1.0, 0.0, 0.0, 0.0);
        var step = 1 / (c + 1);
        var meanWait = step;
        var waited = c * step * meanWait;
        var term = 1.0;

        for (var k = 1.0; ; k++)
        {
            // Where far more come than are served, the terms grow for as long as callers are patient.
            if (k > Bounds.Terms)
                throw new PlanningException("load-out-of-range", "Too many callers would be waiting at this load and patience.");

            term *= eta * step;
            step = 1 / (c + k + 1);
            meanWait += step;

            behind += term;
            queued += k * term;
            waited += term * c * step * meanWait;

            // What is still to come is less than a geometric series.
            if (term * (c + k + 1) < Negligible * (first + behind) * (c + k + 1 - eta))
                break;

            if (term > Large)
            {
                (first, behind, queued, waited, term) = (first / Large, behind / Large, queued / Large, waited / Large, term / Large);
                logScale += Math.Log(Large);
            }
        }

        return new(first + behind, behind, queued, waited, logScale);
    }
}
