using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>What a shift would be worth if one agent worked it now, with its breaks where they cost the least cover.</summary>
internal sealed record ShiftCandidate(
    ShiftOption Shift, ImmutableArray<PlacedBreak> Breaks, double Gain, ImmutableArray<(int Skill, int T, int Minutes)> Work)
{
    /// <summary>Null when the breaks do not fit beside the fixed activities.</summary>
    public static ShiftCandidate? For(ShiftOption shift, RosterAgent agent, CoverCost cover, double[] gain, int[] best)
    {
        var breaks = ImmutableArray.CreateBuilder<PlacedBreak>(shift.Breaks.Length);
        var free = shift.Start;

        foreach (var rule in shift.Breaks)
        {
            // Where a fixed activity fills the window, the break goes as near to it as it can.
            if ((Within(rule, shift.Start + rule.Earliest, shift.Start + rule.Latest, stray: 0)
                ?? Within(rule, shift.Start, shift.End, stray: 1)) is not { } start)
                return null;

            free = start + rule.Minutes;
            breaks.Add(new(rule.Kind, start, free, rule.Paid));
        }

        var work = ImmutableArray.CreateBuilder<(int, int, int)>((shift.End - shift.Start) / cover.Minutes + 1);
        var total = 0.0;
        for (var t = shift.Start / cover.Minutes; t * cover.Minutes < shift.End; t++)
        {
            var minutes = Present(t);
            if (minutes <= 0 || double.IsNegativeInfinity(gain[t]))
                continue;

            total += minutes == cover.Minutes ? gain[t] : cover.Gain(best[t], t, minutes);
            work.Add((best[t], t, minutes));
        }

        return new(shift, breaks.DrainToImmutable(), total, work.DrainToImmutable());

        int? Within(BreakRule rule, int from, int to, double stray)
        {
            var middle = shift.Start + (rule.Earliest + rule.Latest) / 2;
            var (start, least) = ((int?)null, double.MaxValue);

            // What is decided to the minute need not lie on the grid.
            for (var at = from == to ? Math.Max(from, free)
                : OnGrid(Math.Max(from, free)); at <= Math.Min(to, shift.End - rule.Minutes); at += cover.Minutes)
            {
                if (agent.Fixed.Any(f => f.From < at + rule.Minutes && at < f.To))
                    continue;

                // Where cover does not care, a break belongs in the middle of its window.
                var loss = Loss(at, rule.Minutes) + Math.Abs(at - middle) * (stray + 1e-4);
                if (loss < least)
                    (start, least) = (at, loss);
            }

            return start;
        }

        int OnGrid(int minute) => (minute + cover.Minutes - 1) / cover.Minutes * cover.Minutes;

        double Loss(int from, int minutes)
        {
            var loss = 0.0;
            for (var t = from / cover.Minutes; t * cover.Minutes < from + minutes; t++)
                loss += double.IsNegativeInfinity(gain[t]) ? 0 : gain[t];
            return loss;
        }

        int Present(int t)
        {
            var (from, to) = (Math.Max(shift.Start, t * cover.Minutes), Math.Min(shift.End, (t + 1) * cover.Minutes));
            var minutes = to - from;
            foreach (var b in breaks)
                minutes -= Math.Max(0, Math.Min(to, b.End) - Math.Max(from, b.Start));
            foreach (var f in agent.Fixed)
                minutes -= Math.Max(0, Math.Min(to, f.To) - Math.Max(from, f.From));
            return minutes;
        }
    }
}
