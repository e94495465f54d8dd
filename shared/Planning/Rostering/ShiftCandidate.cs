using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>A shift as one agent works it: where its breaks lie, and which rows of the need it covers for how long.</summary>
internal sealed record ShiftCandidate(
    ShiftOption Shift, ImmutableArray<PlacedBreak> Breaks, ImmutableArray<(int Row, int Minutes)> Work)
{
    /// <summary>A shift whose breaks are placed.</summary>
    public static ShiftCandidate Of(Assignment assignment, RosterAgent agent, CoverCost cover, double[] gain, int[] rows)
    {
        var shift = assignment.AsItIs;
        return At(shift, agent, [.. shift.Breaks.Select(b => shift.Start + b.Earliest)], cover, gain, rows);
    }

    /// <param name="starts">Of the breaks.</param>
    /// <param name="gain">What the agent is worth in each interval and for each need of a shift; negative infinity where none is
    /// needed.</param>
    /// <param name="rows">The row in which that is.</param>
    public static ShiftCandidate At(
        ShiftOption shift, RosterAgent agent, ReadOnlySpan<int> starts, CoverCost cover, double[] gain, int[] rows)
    {
        var (interval, needs) = (cover.Minutes, cover.NeedsOf(shift));
        var breaks = ImmutableArray.CreateBuilder<PlacedBreak>(shift.Breaks.Length);
        for (var i = 0; i < shift.Breaks.Length; i++)
            breaks.Add(new(shift.Breaks[i].Kind, starts[i], starts[i] + shift.Breaks[i].Minutes, shift.Breaks[i].Paid));

        var work = ImmutableArray.CreateBuilder<(int, int)>((shift.End - shift.Start) / interval + 1 + needs.Length);
        for (var t = shift.Start / interval; t * interval < shift.End; t++)
            if (!double.IsNegativeInfinity(gain[t]) && Present(t) is > 0 and var minutes)
                work.Add((rows[t], minutes));
        foreach (var need in needs)
            work.Add((rows[need], interval));

        return new(shift, breaks.DrainToImmutable(), work.DrainToImmutable());

        int Present(int t)
        {
            var (from, to) = (Math.Max(shift.Start, t * interval), Math.Min(shift.End, (t + 1) * interval));
            var minutes = to - from;
            foreach (var b in breaks)
                minutes -= Math.Max(0, Math.Min(to, b.End) - Math.Max(from, b.Start));
            foreach (var f in agent.Fixed)
                minutes -= Math.Max(0, Math.Min(to, f.To) - Math.Max(from, f.From));
            return minutes;
        }
    }
}
