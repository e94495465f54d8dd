using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Simulation;

/// <summary>Ratio of two means over replications, with the interval of the delta method.</summary>
internal struct RatioTally
{
    private int count;
    private double a, b, aa, ab, bb;

    public void Add(double part, double whole)
    {
        count++;
        a += part;
        b += whole;
        aa += part * part;
        ab += part * whole;
        bb += whole * whole;
    }

    public readonly Estimate Estimate()
    {
        if (b == 0)
            return new(0, 0, 0) { OfNothing = true };

        var ratio = a / b;
        if (count < 2)
            return new(ratio, double.NegativeInfinity, double.PositiveInfinity);

        var squares = Math.Max(0, aa - 2 * ratio * ab + ratio * ratio * bb);
        var half = Simulation.Estimate.Student(count - 1) * Math.Sqrt(squares / count / (count - 1)) / (b / count);
        return new(ratio, ratio - half, ratio + half);
    }
}

/// <summary>The measures of one set of calls, day after day.</summary>
internal sealed class CallTally
{
    private RatioTally offered, answered, level, speed, wait, abandonment, inTime, hungUp, blocked;

    public void Add(CallCounts day, ServiceLevelDefinition definition)
    {
        var whole = definition switch
        {
            ServiceLevelDefinition.AnsweredOfAnswered => day.Answered,
            ServiceLevelDefinition.AnsweredOfPatient => day.Offered - day.HungUpInTime,
            _ => day.Offered,
        };
        var part = definition == ServiceLevelDefinition.NotWaitingOfOffered ? day.AnsweredInTime + day.HungUpInTime : day.AnsweredInTime;

        level.Add(part, whole);
        offered.Add(day.Offered, 1);
        answered.Add(day.Answered, 1);
        speed.Add(day.AnsweredWaits, day.Answered);
        wait.Add(day.Waits, day.Answered + day.HungUp);
        abandonment.Add(day.HungUp, day.Offered);
        inTime.Add(day.AnsweredInTime, 1);
        hungUp.Add(day.HungUp, 1);
        blocked.Add(day.Blocked, 1);
    }

    public Estimate ServiceLevel => level.Estimate();

    public CallMeasures Measures() => new(offered.Estimate(), answered.Estimate(), level.Estimate(), speed.Estimate(), wait.Estimate(),
        abandonment.Estimate(), inTime.Estimate(), hungUp.Estimate(), blocked.Estimate());
}

/// <summary>The measures of an interval or of several together, day after day.</summary>
internal sealed class StretchTally
{
    private readonly CallTally calls = new();
    private RatioTally occupancy;

    public Estimate ServiceLevel => calls.ServiceLevel;

    public void Add(IEnumerable<StretchCounts> intervals, ServiceLevelDefinition definition)
    {
        var (sum, busy, present) = (new CallCounts(), 0.0, 0.0);
        foreach (var interval in intervals)
        {
            sum.Add(interval.Calls);
            (busy, present) = (busy + interval.Busy, present + interval.Present);
        }

        calls.Add(sum, definition);
        occupancy.Add(busy, present);
    }

    public IntervalMeasures Measures() => new(calls.Measures(), occupancy.Estimate());
}

/// <param name="Busy">Agent seconds.</param>
/// <param name="Present">Agent seconds.</param>
internal readonly record struct StretchCounts(CallCounts Calls, double Busy, double Present);

/// <summary>All measures of a centre, day after day.</summary>
internal sealed class ReplicationTally(SimulatedCentre centre, int pools, ServiceLevelDefinition definition)
{
    private readonly StretchTally all = new();
    private readonly StretchTally[] days = [.. Enumerable.Range(0, centre.Days).Select(_ => new StretchTally())];
    private readonly StretchTally[] intervals = [.. Enumerable.Range(0, centre.Intervals).Select(_ => new StretchTally())];
    private readonly CallTally[] streams = [.. centre.Streams.Select(_ => new CallTally())];
    private readonly CallTally[][] cells =
        [.. centre.Streams.Select(_ => Enumerable.Range(0, centre.Intervals).Select(_ => new CallTally()).ToArray())];
    private readonly RatioTally[] poolOccupancy = new RatioTally[pools];
    private int replications;

    public Estimate ServiceLevel => all.ServiceLevel;

    public void Add(DayTally counted)
    {
        replications++;
        AddStreams(counted);
        AddPools(counted);

        var counts = Enumerable.Range(0, intervals.Length).Select(i => Together(counted, i)).ToArray();
        all.Add(counts, definition);
        for (var day = 0; day < days.Length; day++)
            days[day].Add(counts.Skip(day * intervals.Length / days.Length).Take(intervals.Length / days.Length), definition);
        for (var i = 0; i < intervals.Length; i++)
            intervals[i].Add([counts[i]], definition);
    }

    public SimulationResult Result(string stopped)
    {
        var whole = all.Measures();
        return new(replications, whole.Calls, whole.Occupancy, [.. intervals.Select(i => i.Measures())],
            [.. streams.Select(s => s.Measures())], [.. cells.Select(c => (IReadOnlyList<CallMeasures>)[.. c.Select(x => x.Measures())])],
            [.. poolOccupancy.Select(p => p.Estimate())], [.. days.Select(d => d.Measures())], stopped);
    }

    private void AddStreams(DayTally counted)
    {
        for (var stream = 0; stream < streams.Length; stream++)
        {
            var ofStream = new CallCounts();
            for (var i = 0; i < intervals.Length; i++)
            {
                ofStream.Add(counted.Calls[stream, i]);
                cells[stream][i].Add(counted.Calls[stream, i], definition);
            }

            streams[stream].Add(ofStream, definition);
        }
    }

    // Until the last call has gone: with the interval that comes after closing.
    private void AddPools(DayTally counted)
    {
        for (var pool = 0; pool < pools; pool++)
        {
            var (busy, present) = (0.0, 0.0);
            for (var i = 0; i <= intervals.Length; i++)
                (busy, present) = (busy + counted.Busy[pool, i], present + counted.Present[pool, i]);

            poolOccupancy[pool].Add(busy, present);
        }
    }

    private StretchCounts Together(DayTally counted, int interval)
    {
        var calls = new CallCounts();
        for (var stream = 0; stream < streams.Length; stream++)
            calls.Add(counted.Calls[stream, interval]);

        var (busy, present) = (0.0, 0.0);
        for (var pool = 0; pool < pools; pool++)
            (busy, present) = (busy + counted.Busy[pool, interval], present + counted.Present[pool, interval]);
        return new(calls, busy, present);
    }
}
