namespace CallCenter.Planning.Simulation;

/// <summary>One day, event by event: calls arrive, are answered, wait, hang up or overflow; agents come, leave and become free.</summary>
internal sealed class SimulatedDay
{
    private enum Kind { Free, Leave, Arrive, Overflow, HangUp }

    private enum State { Absent, Idle, Busy }

    private readonly SimulatedCentre centre;
    private readonly AgentPools pools;
    private readonly DrawnCall[] calls;
    private readonly double within;
    private readonly DayTally tally;

    private readonly PriorityQueue<(Kind Kind, int Id), double> events = new();
    private readonly bool[] waiting;
    private readonly Queue<int>[] queues;
    private readonly IdleAgents idle;
    private readonly State[] states;
    private readonly bool[] leaving;
    private readonly int[] holders, timetables;
    private readonly double[] busySince, presentSince;
    private int queued, busy;

    private SimulatedDay(SimulatedCentre centre, AgentPools pools, DrawnCall[] calls, double within)
    {
        (this.centre, this.pools, this.calls, this.within) = (centre, pools, calls, within);
        tally = new(centre.IntervalSeconds, centre.Intervals, centre.Streams.Count, pools.Count);
        waiting = new bool[calls.Length];
        queues = [.. centre.Streams.Select(_ => new Queue<int>())];
        var agents = centre.Agents.Count;
        idle = new(pools, agents);
        (states, leaving) = (new State[agents], new bool[agents]);
        (busySince, presentSince) = (new double[agents], new double[agents]);
        (holders, timetables) = ([.. Enumerable.Range(0, agents)], [.. Enumerable.Range(0, agents)]);
    }

    public static DayTally Run(SimulatedCentre centre, AgentPools pools, double withinSeconds, int seed, int replication)
    {
        var day = new SimulatedDay(centre, pools, DayOfCalls.Draw(centre, seed, replication), withinSeconds);
        day.Bring(new RandomSource(seed, replication, -2));
        day.Run();
        return day.tally;
    }

    private void Bring(RandomSource absence)
    {
        for (var agent = 0; agent < centre.Agents.Count; agent++)
        {
            if (centre.Absence > 0 && absence.Uniform() < centre.Absence)
                continue;

            // Who leaves and comes at once stays.
            var present = centre.Agents[agent].Present;
            for (var i = 0; i < present.Count; i++)
            {
                if (i == 0 || present[i - 1].To < present[i].From)
                    Plan(Kind.Arrive, agent, Math.Max(0, present[i].From));
                if (double.IsFinite(present[i].To) && (i == present.Count - 1 || present[i].To < present[i + 1].From))
                    Plan(Kind.Leave, agent, Math.Max(0, present[i].To));
            }
        }
    }

    private void Run()
    {
        var (next, now, end) = (0, 0.0, centre.Intervals * centre.IntervalSeconds);

        while (true)
        {
            var isEvent = events.TryPeek(out var due, out var at);
            if (next < calls.Length && (!isEvent || calls[next].At < at))
            {
                now = calls[next].At;
                Arrive(next++, now);
                continue;
            }

            if (!isEvent || (next == calls.Length && queued == 0 && busy == 0 && at >= end))
                break;

            events.Dequeue();
            now = at;
            Happen(due.Kind, due.Id, now);
        }

        // Callers still in the queue found nobody to the end, and those without patience would wait for ever.
        for (var agent = 0; agent < states.Length; agent++)
            if (states[agent] != State.Absent)
                Go(agent, Math.Max(now, end));
    }

    private void Happen(Kind kind, int id, double now)
    {
        switch (kind)
        {
            case Kind.Free:
                busy--;
                tally.Spread(tally.Busy, pools.PoolOf[id], busySince[id], now);
                if (leaving[id])
                    Go(id, now);
                else
                    TakeCall(id, now);
                break;

            case Kind.Arrive:
                Come(holders[id], now);
                break;

            case Kind.Leave:
                Leave(holders[id], now);
                break;

            case Kind.HangUp when waiting[id]:
                HangUp(id);
                break;

            case Kind.Overflow when waiting[id] && idle.Take(calls[id].Stream, now - calls[id].At) is var agent and >= 0:
                waiting[id] = false;
                queued--;
                Answer(id, agent, now);
                break;
        }
    }

    private void Come(int agent, double now)
    {
        leaving[agent] = false;
        if (states[agent] != State.Absent)
            return;

        presentSince[agent] = now;
        TakeCall(agent, now);
    }

    private void Leave(int agent, double now)
    {
        // Where only numbers are planned, somebody free goes and swaps timetables with the one in a call.
        if (states[agent] == State.Busy && centre.AnyoneLeaves && idle.Longest(pools.PoolOf[agent]) is var free and >= 0)
        {
            (timetables[agent], timetables[free]) = (timetables[free], timetables[agent]);
            (holders[timetables[agent]], holders[timetables[free]]) = (agent, free);
            agent = free;
        }

        leaving[agent] = states[agent] == State.Busy;
        if (states[agent] == State.Idle)
        {
            idle.Remove(agent);
            Go(agent, now);
        }
    }

    private void Arrive(int call, double now)
    {
        var drawn = calls[call];
        ref var counts = ref tally.Calls[drawn.Stream, drawn.Interval];
        counts.Offered++;

        if (idle.Take(drawn.Stream, 0) is var agent and >= 0)
        {
            Answer(call, agent, now);
        }
        else if (queued >= centre.QueueLimit)
        {
            counts.Blocked++;
        }
        else
        {
            queued++;
            waiting[call] = true;
            queues[drawn.Stream].Enqueue(call);
            if (double.IsFinite(drawn.Patience))
                Plan(Kind.HangUp, call, now + drawn.Patience);
            foreach (var after in pools.Overflows[drawn.Stream])
                Plan(Kind.Overflow, call, now + after);
        }
    }

    private void HangUp(int call)
    {
        waiting[call] = false;
        queued--;
        var drawn = calls[call];
        ref var counts = ref tally.Calls[drawn.Stream, drawn.Interval];
        counts.HungUp++;
        counts.Waits += drawn.Patience;
        if (drawn.Patience <= within)
            counts.HungUpInTime++;
    }

    private void Answer(int call, int agent, double now)
    {
        var drawn = calls[call];
        var wait = now - drawn.At;
        ref var counts = ref tally.Calls[drawn.Stream, drawn.Interval];
        counts.Answered++;
        counts.AnsweredWaits += wait;
        counts.Waits += wait;
        if (wait <= within)
            counts.AnsweredInTime++;

        states[agent] = State.Busy;
        busy++;
        busySince[agent] = now;
        Plan(Kind.Free, agent, now + drawn.Busy);
    }

    private void TakeCall(int agent, double now)
    {
        var (best, bestPriority) = (-1, int.MaxValue);

        foreach (var skill in pools.Skills[pools.PoolOf[agent]])
        {
            if (skill.Priority > bestPriority)
                break;

            var queue = queues[skill.Stream];
            while (queue.TryPeek(out var gone) && !waiting[gone])
                queue.Dequeue();

            if (queue.TryPeek(out var call) && now - calls[call].At >= skill.AfterSeconds - 1e-9
                && (best < 0 || calls[call].At < calls[best].At))
                (best, bestPriority) = (call, skill.Priority);
        }

        if (best < 0)
        {
            states[agent] = State.Idle;
            idle.Add(agent, now);
            return;
        }

        queues[calls[best].Stream].Dequeue();
        waiting[best] = false;
        queued--;
        Answer(best, agent, now);
    }

    private void Go(int agent, double now)
    {
        states[agent] = State.Absent;
        leaving[agent] = false;
        tally.Spread(tally.Present, pools.PoolOf[agent], presentSince[agent], now);
    }

    private void Plan(Kind kind, int id, double at) => events.Enqueue((kind, id), at);
}
