namespace CallCenter.Attendance.Floor;

/// <summary>Moves that may help a day, worth being simulated: a handful, where it is worst or where there are more than enough.</summary>
internal static class FloorProposals
{
    private const int MostOfAKind = 3;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // Nobody is told a minute before that their break has moved.
    private static readonly TimeSpan Notice = TimeSpan.FromMinutes(10);

    // A break stays within the shift's same half, so that nobody works too long without one.
    private static readonly TimeSpan Farthest = TimeSpan.FromHours(1.5);

    /// <summary>How far above its goal a queue's service level lies where somebody can be let go.</summary>
    private const double Ample = 0.05;

    public static IReadOnlyList<FloorMove> Of(RestOfDay rest, FloorSimulation played)
    {
        var moves = new List<FloorMove>();
        foreach (var (queue, standing) in rest.Queues.Select(q => q.Standing).Index())
            if (standing.Goal is { } goal && played.LevelOf(queue) is { } level)
            {
                // A day that has begun badly is to be helped though the rest of it would do; nobody goes home from it.
                var least = Math.Min(level.Value, rest.Queues[queue].WholeDay(level.Value) ?? level.Value);
                if (least < goal)
                    moves.AddRange(Against(rest, played, queue));
                else if (least > Math.Min(1, goal + Ample) && rest.Queues.Count == 1)
                    moves.AddRange(Of(rest.Shifts.Where(shift => shift.Comes && End(shift) > rest.Now + Window)
                        .OrderBy(End), shift => new(FloorMoveKind.LeaveEarly, shift.AgentId, null, rest.Now + Notice, End(shift))));
            }

        return [.. moves.Distinct()];
    }

    private static IEnumerable<FloorMove> Against(RestOfDay rest, FloorSimulation played, int queue)
    {
        var name = rest.Queues[queue].Standing.Queue;
        var worst = Worst(rest, played, queue);
        var (from, to) = (rest.Now + worst * RestOfDay.Step, rest.Now + worst * RestOfDay.Step + Window);
        var closes = rest.Now + rest.Queues[queue].StepsToCome * RestOfDay.Step;
        var able = rest.Shifts.Where(shift => shift.Comes && shift.Queues.Contains(name)).ToList();

        foreach (var move in able.SelectMany(shift => Breaks(rest, shift, from, to)).Take(MostOfAKind))
            yield return move;
        foreach (var move in Of(able.Where(shift => End(shift) > rest.Now && End(shift) <= to).OrderByDescending(End),
            shift => new(FloorMoveKind.StayOn, shift.AgentId, null, End(shift), Earlier(End(shift) + Window, closes))))
            yield return move;
        foreach (var move in Of(able.Where(shift => shift.Queues.Count > 1 && End(shift) > from),
            shift => new(FloorMoveKind.OtherQueue, shift.AgentId, name, rest.Now, End(shift))))
            yield return move;
        yield return new(FloorMoveKind.CallIn, null, name, from, Earlier(from + 4 * Window, closes));
    }

    // Breaks that lie in the worst hour, to the nearest time outside it.
    private static IEnumerable<FloorMove> Breaks(RestOfDay rest, RestOfShift shift, DateTimeOffset from, DateTimeOffset to) =>
        shift.Activities.Where(a => a.Kind is "break" or "meal" && a.From >= rest.Now + Notice && a.From < to && a.To > from)
            .SelectMany(pause => new[] { to, from - (pause.To - pause.From) }
                .Where(start => start >= rest.Now + Notice && (start - pause.From).Duration() <= Farthest
                    && shift.Activities.Any(a => a.Kind == "work" && a.From < start && a.To > start + (pause.To - pause.From)))
                .OrderBy(start => (start - pause.From).Duration()).Take(1)
                .Select(start => new FloorMove(FloorMoveKind.MoveBreak, shift.AgentId, null, pause.From, pause.To, start)));

    // The first step of the hour in which most contacts are not answered in time.
    private static int Worst(RestOfDay rest, FloorSimulation played, int queue)
    {
        var lost = Enumerable.Range(0, rest.Steps).Select(step =>
            rest.Queues[queue].Contacts[step] * (1 - (played.LevelOf(queue, step)?.Value ?? 1))).ToList();
        var length = (int)(Window / RestOfDay.Step);

        return Enumerable.Range(0, rest.Steps).MaxBy(step => lost.Skip(step).Take(length).Sum());
    }

    private static IEnumerable<FloorMove> Of(IEnumerable<RestOfShift> shifts, Func<RestOfShift, FloorMove> move) =>
        shifts.Take(MostOfAKind).Select(move).Where(m => m.To > m.From);

    private static DateTimeOffset End(RestOfShift shift) =>
        shift.Activities.Count == 0 ? DateTimeOffset.MinValue : shift.Activities.Max(a => a.To);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
