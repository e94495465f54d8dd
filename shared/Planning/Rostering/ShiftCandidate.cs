using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>A shift as one agent works it: where its breaks lie, and on which skill the agent is in each interval.</summary>
internal sealed record ShiftCandidate(
    ShiftOption Shift, ImmutableArray<PlacedBreak> Breaks, ImmutableArray<(int Skill, int T, int Minutes)> Work)
{
    /// <summary>A shift whose breaks are placed.</summary>
    public static ShiftCandidate Of(Assignment assignment, RosterAgent agent, int interval, double[] gain, int[] best)
    {
        var shift = assignment.AsItIs;
        return At(shift, agent, [.. shift.Breaks.Select(b => shift.Start + b.Earliest)], interval, gain, best);
    }

    /// <param name="starts">Of the breaks.</param>
    /// <param name="gain">What the agent is worth in each interval; not a number's negative where none is needed.</param>
    /// <param name="best">The skill on which that is.</param>
    public static ShiftCandidate At(
        ShiftOption shift, RosterAgent agent, ReadOnlySpan<int> starts, int interval, double[] gain, int[] best)
    {
        var breaks = ImmutableArray.CreateBuilder<PlacedBreak>(shift.Breaks.Length);
        for (var i = 0; i < shift.Breaks.Length; i++)
            breaks.Add(new(shift.Breaks[i].Kind, starts[i], starts[i] + shift.Breaks[i].Minutes, shift.Breaks[i].Paid));

        var work = ImmutableArray.CreateBuilder<(int, int, int)>((shift.End - shift.Start) / interval + 1);
        for (var t = shift.Start / interval; t * interval < shift.End; t++)
            if (!double.IsNegativeInfinity(gain[t]) && Present(t) is > 0 and var minutes)
                work.Add((best[t], t, minutes));

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
