using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.ShiftRules;

namespace CallCenter.Scheduling.Trainings;

/// <summary>What a time of training does to a published shift.</summary>
internal static class TrainingShift
{
    /// <summary>Codes of what keeps a training out of somebody's day, beside the roster's rules.</summary>
    public const string NoShift = "no-shift", NotPublished = "not-published", Cut = KeptOutTraining.Cut,
        BreakInIt = KeptOutTraining.BreakInIt,
        Overlap = "overlap";

    /// <summary>The shift with its breaks beside a training that lies in it: as they are, or placed anew where one was in its
    /// way.</summary>
    /// <param name="agent">With the training among what is fixed.</param>
    /// <param name="near">Shifts of others of the same days.</param>
    /// <exception cref="RefusedException">It cuts the shift, or no other place is left for a break.</exception>
    public static RosterShift Around(
        this RosterShift shift, DateTimeOffset from, DateTimeOffset to, RosterContext context, RosterAgent agent,
        IEnumerable<Assignment> near)
    {
        if (!shift.Holds(from, to))
            throw new RefusedException(Cut, "The shift begins or ends during the training.");
        if (shift.Breaks.All(b => b.To <= from || to <= b.From))
            return shift;
        if (shift.Breaks.FirstOrDefault(b => b.From < to && from < b.To && b.Kind is LeaveFreeing.Kind or TemplateRules.Pause) is { } away
            && away.From < to && from < away.To)
            throw new RefusedException(away.Kind == LeaveFreeing.Kind ? LeaveFreeing.Kind : BreakInIt, "The agent is away then.");

        var day = context.Frame.DayOf(shift.Date);
        var (start, end) = (context.Frame.Minute(shift.StartsAt), context.Frame.Minute(shift.EndsAt));
        var option = context.Problem.Shifts.FirstOrDefault(s => s.Day == day && s.Code == shift.Code && s.Start == start && s.End == end);
        var moved = option is not null && shift.Breaks.All(b => b.Kind != LeaveFreeing.Kind)
            ? BreakPlacement.Place(context.Problem, near, agent, option) is { } placed ? context.Frame.Shift(placed) : null
            : Beside(shift, from, to);

        return moved ?? throw new RefusedException(BreakInIt, "The breaks of the shift do not fit beside the training.");
    }

    // A shift whose times were given has no windows for its breaks: each goes to the next free time.
    private static RosterShift? Beside(RosterShift shift, DateTimeOffset from, DateTimeOffset to)
    {
        var breaks = shift.Breaks;
        foreach (var pause in shift.Breaks.Where(b => b.From < to && from < b.To))
        {
            var length = pause.To - pause.From;
            var others = breaks.Remove(pause).Select(b => (b.From, b.To)).Append((from, to)).ToList();
            var free = others.SelectMany(o => new[] { o.Item1 - length, o.Item2 })
                .Where(at => at >= shift.StartsAt && at + length <= shift.EndsAt
                    && others.All(o => o.Item2 <= at || at + length <= o.Item1))
                .OrderBy(at => (at - pause.From).Duration()).Select(at => (DateTimeOffset?)at).FirstOrDefault();
            if (free is not { } begin)
                return null;
            breaks = breaks.Replace(pause, pause with { From = begin, To = begin + length });
        }

        return shift with { Breaks = [.. breaks.OrderBy(b => b.From)] };
    }

    public static RosterAgent Training(this RosterAgent agent, DateTimeOffset from, DateTimeOffset to, RosterFrame frame)
    {
        var fixedThen = new FixedActivity(frame.Minute(from), frame.Minute(to), "training");
        return agent.Fixed.Contains(fixedThen) ? agent : agent with { Fixed = agent.Fixed.Add(fixedThen) };
    }
}
