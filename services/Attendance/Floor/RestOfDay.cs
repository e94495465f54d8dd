using CallCenter.Contracts.Scheduling;

namespace CallCenter.Attendance.Floor;

/// <summary>What is left of a project's day: what is still to come, and who is still to work.</summary>
/// <param name="Until">The end of the local day.</param>
internal sealed record RestOfDay(
    DateTimeOffset Now, DateTimeOffset Until, IReadOnlyList<RestOfQueue> Queues, IReadOnlyList<RestOfShift> Shifts)
{
    /// <summary>As fine as breaks are placed.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    public int Steps => (int)Math.Ceiling((Until - Now) / Step);

    /// <summary>As it would be with a move.</summary>
    public RestOfDay With(FloorMove move) => this with
    {
        Shifts = move.Kind is FloorMoveKind.CallIn
            ? [.. Shifts, new(Guid.Empty, [move.Queue!], [new("work", move.From, move.To, Paid: true)], Comes: true)]
            : [.. Shifts.Select(shift => shift.AgentId == move.AgentId ? shift.With(move) : shift)],
    };
}

/// <param name="Standing">The queue as it stands, and its day so far.</param>
/// <param name="PatienceSeconds">Mean patience of callers; null where nobody is taken to hang up.</param>
/// <param name="Contacts">Expected for each step. Who waits now comes in the first.</param>
/// <param name="HandleSeconds">Mean of each step.</param>
internal sealed record RestOfQueue(
    FloorQueue Standing, double? PatienceSeconds, IReadOnlyList<double> Contacts, IReadOnlyList<double> HandleSeconds)
{
    /// <summary>Until the last in which somebody is expected: nobody stays, or is called in, for longer.</summary>
    public int StepsToCome => Contacts.Index().LastOrDefault(step => step.Item > 0, (-1, 0)).Index + 1;

    /// <summary>Service level of the whole day, so far and still to come, each contact alike.</summary>
    /// <param name="rest">Of what is still to come.</param>
    public double? WholeDay(double? rest) => rest is { } toCome && Standing.ServiceLevel is { } soFar
        ? ((double)soFar * Standing.Offered + toCome * Contacts.Sum()) / (Standing.Offered + Contacts.Sum()) : null;

    /// <summary>From what was published, as much of each interval as is still to come, as busy as the day is so far.</summary>
    public static RestOfQueue Of(FloorQueue standing, CoverageDayV1? coverage, DateTimeOffset now, int steps)
    {
        var (contacts, handle) = (new double[steps], new double[steps]);
        for (var step = 0; step < steps; step++)
        {
            var (from, to) = (now + step * RestOfDay.Step, now + (step + 1) * RestOfDay.Step);
            foreach (var interval in coverage?.Intervals ?? [])
            {
                var end = interval.StartsAt.AddMinutes(interval.Minutes);
                var shared = Min(to, end) - Max(from, interval.StartsAt);
                if (shared <= TimeSpan.Zero)
                    continue;
                contacts[step] += (interval.Contacts ?? 0) * (shared / TimeSpan.FromMinutes(interval.Minutes))
                    * (standing.Busyness ?? 1);
                handle[step] = Math.Max(1, interval.HandleSeconds ?? handle[step]);
            }

            handle[step] = Math.Max(1, handle[step]);
        }

        if (steps > 0)
            contacts[0] += standing.Waiting;
        return new(standing, coverage?.Goal?.PatienceSeconds, contacts, handle);
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>A shift of which something is left, or somebody who is called in.</summary>
/// <param name="Queues">That the agent takes, the best first.</param>
/// <param name="Activities">As published last, in order of time.</param>
/// <param name="Comes">Not where the shift has begun and the agent has not come: then nobody counts on them.</param>
internal sealed record RestOfShift(Guid AgentId, IReadOnlyList<string> Queues, IReadOnlyList<RosterActivity> Activities, bool Comes)
{
    public RestOfShift With(FloorMove move) => move.Kind switch
    {
        FloorMoveKind.MoveBreak => this with
        {
            Activities = [.. Moved(move.From, move.To, move.NewFrom ?? move.From).OrderBy(a => a.From)],
        },
        FloorMoveKind.StayOn => this with { Activities = [.. Activities, new("work", move.From, move.To, Paid: true)] },
        FloorMoveKind.LeaveEarly => this with
        {
            Activities = [.. Activities.Where(a => a.From < move.From).Select(a => a.To <= move.From ? a : a with { To = move.From })],
        },
        FloorMoveKind.OtherQueue => this with { Queues = [move.Queue!] },
        _ => this,
    };

    // Work where the break was, and the break out of the work where it goes.
    private IEnumerable<RosterActivity> Moved(DateTimeOffset from, DateTimeOffset to, DateTimeOffset newFrom)
    {
        var newTo = newFrom + (to - from);
        foreach (var activity in Activities)
        {
            if (activity.From == from && activity.To == to && activity.Kind != "work")
            {
                yield return activity with { From = newFrom, To = newTo };
                yield return new("work", from, to, Paid: true);
            }
            else if (activity.Kind == "work" && activity.From < newTo && activity.To > newFrom)
            {
                if (activity.From < newFrom)
                    yield return activity with { To = newFrom };
                if (activity.To > newTo)
                    yield return activity with { From = newTo };
            }
            else
            {
                yield return activity;
            }
        }
    }
}
