using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>Shifts as somebody works them who is away for hours of them.</summary>
public static class HoursAway
{
    extension(RosterAgent agent)
    {
        /// <summary>
        /// The shift with the hours that the agent is away as unpaid breaks of it (what of them is paid, the unavailability says); itself
        /// where they lie beside it; null where nothing of it is left to work.
        /// </summary>
        public ShiftOption? Around(ShiftOption shift)
        {
            foreach (var away in agent.Unavailable)
                if (away is { Around: true, Waived: false } && away.IsIn(shift))
                {
                    if (shift.Without(away) is not { } left)
                        return null;
                    shift = left;
                }

            return shift;
        }
    }

    extension(ShiftOption shift)
    {
        private ShiftOption? Without(Unavailability away)
        {
            var (from, to) = (Math.Max(away.From, shift.Start) - shift.Start, Math.Min(away.To, shift.End) - shift.Start);
            // Nobody is at work in a break whose place is decided: the hours take nothing of it.
            var breaks = shift.Breaks.Where(b => b.IsPlaced).ToList();
            for (var at = from; at < to;)
            {
                var inWay = breaks.Where(b => b.Earliest < to && at < b.Earliest + b.Minutes).MinBy(b => b.Earliest);
                var end = inWay is null ? to : Math.Max(at, inWay.Earliest);
                if (end > at)
                    breaks.Add(new(away.Rule, end - at, at, at, Paid: false));
                at = inWay is null || end > at ? end : inWay.Earliest + inWay.Minutes;
            }

            breaks.AddRange(shift.Breaks.Where(b => !b.IsPlaced).Select(b => shift.Beside(b, from, to)).OfType<BreakRule>());
            return breaks.Sum(b => b.Minutes) < shift.End - shift.Start
                ? shift with { Breaks = [.. breaks.OrderBy(b => b.Earliest)] } : null;
        }

        // On the side where it has more room; null where it has none: who is away then has their break.
        private BreakRule? Beside(BreakRule rule, int from, int to)
        {
            var latest = Math.Min(rule.Latest, shift.End - shift.Start - rule.Minutes);
            var before = rule with { Latest = Math.Min(latest, from - rule.Minutes) };
            var after = rule with { Earliest = Math.Max(rule.Earliest, to), Latest = latest };
            var widest = before.Latest - before.Earliest >= after.Latest - after.Earliest ? before : after;
            return widest.Latest >= widest.Earliest ? widest : null;
        }
    }
}
