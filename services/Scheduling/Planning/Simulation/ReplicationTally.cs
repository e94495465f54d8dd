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
            return new(0, 0, 0);

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

/// <summary>All measures of a centre, day after day.</summary>
internal sealed class ReplicationTally(SimulatedCentre centre, int pools, ServiceLevelDefinition definition)
{
    private readonly CallTally all = new();
    private readonly CallTally[] intervals = [.. Enumerable.Range(0, centre.Intervals).Select(_ => new CallTally())];
    private readonly CallTally[] streams = [.. centre.Streams.Select(_ => new CallTally())];
    private readonly CallTally[][] cells =
        [.. centre.Streams.Select(_ => Enumerable.Range(0, centre.Intervals).Select(_ => new CallTally()).ToArray())];
    private readonly RatioTally[] occupancy = new RatioTally[centre.Intervals];
    private readonly RatioTally[] poolOccupancy = new RatioTally[pools];
    private RatioTally allOccupancy;
    private int days;

    public Estimate ServiceLevel => all.ServiceLevel;

    public void Add(DayTally day)
    {
        days++;
        var total = new CallCounts();

        for (var stream = 0; stream < streams.Length; stream++)
        {
            var ofStream = new CallCounts();
            for (var i = 0; i < intervals.Length; i++)
            {
                ofStream.Add(day.Calls[stream, i]);
                cells[stream][i].Add(day.Calls[stream, i], definition);
            }

            streams[stream].Add(ofStream, definition);
            total.Add(ofStream);
        }

        all.Add(total, definition);

        for (var i = 0; i < intervals.Length; i++)
        {
            var ofInterval = new CallCounts();
            for (var stream = 0; stream < streams.Length; stream++)
                ofInterval.Add(day.Calls[stream, i]);
            intervals[i].Add(ofInterval, definition);
        }

        var (busyIn, presentIn) = (new double[intervals.Length], new double[intervals.Length]);
        for (var pool = 0; pool < pools; pool++)
        {
            var (busy, present) = (0.0, 0.0);
            for (var i = 0; i <= intervals.Length; i++)
            {
                busy += day.Busy[pool, i];
                present += day.Present[pool, i];
                if (i < intervals.Length)
                    (busyIn[i], presentIn[i]) = (busyIn[i] + day.Busy[pool, i], presentIn[i] + day.Present[pool, i]);
            }

            poolOccupancy[pool].Add(busy, present);
        }

        allOccupancy.Add(busyIn.Sum(), presentIn.Sum());
        for (var i = 0; i < intervals.Length; i++)
            occupancy[i].Add(busyIn[i], presentIn[i]);
    }

    public SimulationResult Result(string stopped) => new(days, all.Measures(), allOccupancy.Estimate(),
        [.. intervals.Select((tally, i) => new IntervalMeasures(tally.Measures(), occupancy[i].Estimate()))],
        [.. streams.Select(s => s.Measures())], [.. cells.Select(c => (IReadOnlyList<CallMeasures>)[.. c.Select(x => x.Measures())])],
        [.. poolOccupancy.Select(p => p.Estimate())], stopped);
}
