namespace CallCenter.Planning.Rostering;

/// <summary>
/// What shifts are worth at prices by interval, with their breaks where they cost the least. Of a shift whose breaks have windows the
/// best places of all of them together are found.
/// </summary>
internal sealed class ShiftPrices(int intervals, int minutes)
{
    private readonly double[] price = new double[intervals + 1];
    private readonly double[] sums = new double[intervals + 1];
    private readonly List<(int Start, double Loss, int Before)> places = [];

    /// <param name="gain">What an agent is worth in each whole interval, negative infinity where none is needed; and what comes after.
    /// </param>
    /// <param name="span">The intervals in which prices are asked.</param>
    public void Take(ReadOnlySpan<double> gain, (int From, int To) span)
    {
        (sums[span.From], price[span.To]) = (0, 0);
        for (var t = span.From; t < span.To; t++)
        {
            price[t] = double.IsNegativeInfinity(gain[t]) ? 0 : gain[t];
            sums[t + 1] = sums[t] + price[t];
        }
    }

    /// <param name="starts">Receives where the breaks begin.</param>
    /// <returns>Null when the breaks do not fit beside the fixed activities.</returns>
    public double? Worth(RosterAgent agent, ShiftOption shift, Span<int> starts)
    {
        var total = Between(shift.Start, shift.End);
        foreach (var activity in agent.Fixed)
            if (activity.From < shift.End && shift.Start < activity.To)
                total -= Between(Math.Max(activity.From, shift.Start), Math.Min(activity.To, shift.End));
        if (shift.Breaks.IsEmpty)
            return total;
        if (!Place(agent, shift, starts) && !Stray(agent, shift, starts))
            return null;

        for (var i = 0; i < shift.Breaks.Length; i++)
            total -= Between(starts[i], starts[i] + shift.Breaks[i].Minutes);
        return total;
    }

    private bool Place(RosterAgent agent, ShiftOption shift, Span<int> starts)
    {
        places.Clear();
        var (first, end) = (0, 0);
        for (var i = 0; i < shift.Breaks.Length; i++)
        {
            var rule = shift.Breaks[i];
            var (from, to) = (shift.Start + rule.Earliest, Math.Min(shift.Start + rule.Latest, shift.End - rule.Minutes));
            var (before, least, cheapest) = (first, 0.0, -1);
            (first, end) = (end, places.Count);
            for (var at = rule.Earliest == rule.Latest ? from : OnGrid(from); at <= to; at += minutes)
            {
                for (; i > 0 && before < first && places[before].Start + shift.Breaks[i - 1].Minutes <= at; before++)
                    if (cheapest < 0 || places[before].Loss < least)
                        (least, cheapest) = (places[before].Loss, before);
                if ((i == 0 || cheapest >= 0) && IsFree(agent, at, rule.Minutes))
                    places.Add((at, least + Loss(shift, rule, at, 0), cheapest));
            }

            (first, end) = (end, places.Count);
            if (first == end)
                return false;
        }

        var last = first;
        for (var at = first; at < end; at++)
            if (places[at].Loss < places[last].Loss)
                last = at;
        for (var i = shift.Breaks.Length - 1; i >= 0; i--)
            (starts[i], last) = (places[last].Start, places[last].Before);
        return true;
    }

    // Where a fixed activity fills a window, the break goes as near to it as it can.
    private bool Stray(RosterAgent agent, ShiftOption shift, Span<int> starts)
    {
        var free = shift.Start;
        for (var i = 0; i < shift.Breaks.Length; i++)
        {
            var rule = shift.Breaks[i];
            if ((Within(rule, shift.Start + rule.Earliest, shift.Start + rule.Latest, stray: 0)
                ?? Within(rule, shift.Start, shift.End, stray: 1)) is not { } start)
                return false;
            starts[i] = start;
            free = start + rule.Minutes;
        }

        return true;

        int? Within(BreakRule rule, int from, int to, double stray)
        {
            var (start, least) = ((int?)null, double.MaxValue);
            // What is decided to the minute need not lie on the grid.
            for (var at = from == to ? Math.Max(from, free)
                : OnGrid(Math.Max(from, free)); at <= Math.Min(to, shift.End - rule.Minutes); at += minutes)
                if (IsFree(agent, at, rule.Minutes) && Loss(shift, rule, at, stray) is var loss && loss < least)
                    (start, least) = (at, loss);
            return start;
        }
    }

    private static bool IsFree(RosterAgent agent, int at, int length)
    {
        foreach (var activity in agent.Fixed)
            if (activity.From < at + length && at < activity.To)
                return false;
        return true;
    }

    // Where cover does not care, a break belongs in the middle of its window.
    private double Loss(ShiftOption shift, BreakRule rule, int at, double stray) => Between(at, at + rule.Minutes)
        + Math.Abs(at - (shift.Start + (rule.Earliest + rule.Latest) / 2)) * (stray + 1e-4);

    private double Between(int from, int to) => Until(to) - Until(from);

    private double Until(int minute) => sums[minute / minutes] + price[minute / minutes] * (minute % minutes) / minutes;

    private int OnGrid(int minute) => (minute + minutes - 1) / minutes * minutes;
}
