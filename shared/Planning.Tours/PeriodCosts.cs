using CallCenter.Planning.Rostering;

namespace CallCenter.Planning.Tours;

/// <summary>
/// What is still needed in each period, and what primal values of tours and duals of periods mean for it. A duty is a shift on a day, as
/// one index.
/// </summary>
internal sealed class PeriodCosts : CoverRows
{
    private readonly TourProblem problem;
    private readonly double[] open;
    private readonly double[] under;
    private readonly double[] over;
    private readonly double[] sums;
    private readonly double[] begun;

    public PeriodCosts(TourProblem problem, ReadOnlySpan<int> staff)
    {
        this.problem = problem;
        (open, under, over) = (new double[staff.Length], new double[staff.Length], new double[staff.Length]);
        foreach (var need in problem.Needs)
        {
            var at = need.Day * problem.Periods + need.Period;
            (open[at], under[at], over[at]) = (need.Required - staff[at], need.Under, need.Over);
        }

        (sums, begun) = (new double[staff.Length + 1], new double[staff.Length + 1]);
        (DutyDuals, Working) = (new double[problem.Days * problem.Shifts.Length], new double[problem.Days * problem.Shifts.Length]);
    }

    public override int Rows => open.Length;

    public override (int Asked, double Dearest) Scale =>
        (problem.Needs.Length, problem.Needs.Select(n => Math.Max(n.Under, n.Over)).DefaultIfEmpty(0).Max());

    public int[] Duties(int[] tour) =>
        [.. Enumerable.Range(0, tour.Length).Where(d => tour[d] >= 0).Select(d => d * problem.Shifts.Length + tour[d])];

    public override void SumDuals(double[] duals)
    {
        for (var at = 0; at < open.Length; at++)
            sums[at + 1] = sums[at] + duals[at];

        var duty = 0;
        for (var first = 0; first < problem.Days * problem.Periods; first += problem.Periods)
            foreach (var shift in problem.Shifts)
            {
                var dual = 0.0;
                foreach (var span in shift.Work)
                    dual += sums[first + span.To] - sums[first + span.From];
                DutyDuals[duty++] = dual;
            }
    }

    public override void Count(double[] staff)
    {
        Array.Clear(begun);
        var duty = 0;
        for (var first = 0; first < problem.Days * problem.Periods; first += problem.Periods)
            foreach (var shift in problem.Shifts)
            {
                foreach (var span in shift.Work)
                {
                    begun[first + span.From] += Working[duty];
                    begun[first + span.To] -= Working[duty];
                }

                duty++;
            }

        var sum = 0.0;
        for (var at = 0; at < staff.Length; at++)
            staff[at] = sum += begun[at];
    }

    public override (double Distance, double WithStaff) MoveDuals(LpIterate now, LpIterate next, double length)
    {
        var (distance, product) = (0.0, 0.0);
        for (var at = 0; at < open.Length; at++)
        {
            next.Duals[at] = Math.Clamp(now.Duals[at] + length * (open[at] - 2 * next.Staff[at] + now.Staff[at]), -over[at], under[at]);
            var change = next.Duals[at] - now.Duals[at];
            distance += change * change;
            product += change * (next.Staff[at] - now.Staff[at]);
        }

        return (distance, product);
    }

    public override (double Value, double Bound) Look(LpIterate iterate)
    {
        var (value, bound) = (0.0, 0.0);
        for (var at = 0; at < open.Length; at++)
        {
            var missing = open[at] - iterate.Staff[at];
            value += missing > 0 ? missing * under[at] : -missing * over[at];
            bound += open[at] * iterate.Duals[at];
        }

        return (value, bound);
    }
}
