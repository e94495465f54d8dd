namespace CallCenter.Demo;

/// <summary>One simulated contact. Instants are UTC; what did not happen is null.</summary>
/// <param name="Agent">Index of the agent who answered.</param>
internal sealed record SimulatedCall(
    int Number, string Queue, DateTimeOffset OfferedAt, DateTimeOffset? AnsweredAt, DateTimeOffset EndedAt,
    int HoldSeconds, int AfterContactSeconds, int? Agent, string Customer);

/// <summary>A stretch of an agent's day.</summary>
internal sealed record SimulatedState(int Agent, string State, DateTimeOffset At);

/// <summary>When an agent is there to take calls.</summary>
/// <param name="Pauses">In order of time.</param>
internal sealed record SimulatedShift(
    int Agent, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Pauses)
{
    public DateTimeOffset? AvailableFrom(DateTimeOffset at)
    {
        var from = at < From ? From : Pauses.Where(p => p.From <= at && at < p.To).Select(p => p.To).FirstOrDefault(at);
        return from < To ? from : null;
    }
}

/// <summary>
/// A plausible call centre: Poisson arrivals whose rate follows the time of day and the weekday and whose days vary by
/// more than chance (gamma, 10 %), callers who wait in line and leave when their patience (exponential, mean 3 min) ends,
/// lognormal talk (median 3.5 min), exponential after-contact work (mean 40 s). Seeded: the same seed, the same calls.
/// </summary>
internal sealed class Traffic(int seed, TimeZoneInfo zone, int agents)
{
    public const int OpensAt = 8;
    public const int ClosesAt = 20;

    // Calls per hour from 08:00 to 19:00 on an average day: a peak before lunch and a lower one in the afternoon.
    private static readonly double[] ByHour = [52, 88, 116, 122, 108, 92, 100, 108, 104, 90, 70, 48];
    private static readonly Dictionary<DayOfWeek, double> ByWeekday = new()
    {
        [DayOfWeek.Monday] = 1.25, [DayOfWeek.Tuesday] = 1.05, [DayOfWeek.Wednesday] = 1.0, [DayOfWeek.Thursday] = 0.98,
        [DayOfWeek.Friday] = 1.05, [DayOfWeek.Saturday] = 0.72, [DayOfWeek.Sunday] = 0.6,
    };
    private const double MeanPatience = 180;

    private readonly Random random = new(seed);
    private int number;

    /// <summary>The day's calls and the agents' states, by event: each arrival meets the agents as they are at that moment.</summary>
    public (List<SimulatedCall> Calls, List<SimulatedState> States) Day(DateOnly day) => Day(day, ShiftsOf(day));

    /// <summary>The same with the shifts of a roster.</summary>
    public (List<SimulatedCall> Calls, List<SimulatedState> States) Day(DateOnly day, IReadOnlyList<SimulatedShift> shifts)
    {
        var freeAt = shifts.ToDictionary(s => s.Agent, s => s.From);
        var calls = new List<SimulatedCall>();

        foreach (var at in Arrivals(day))
        {
            var patience = at.AddSeconds(Exponential(MeanPatience));
            var (agent, answered) = FirstFree(shifts, freeAt, at);
            var queue = random.NextDouble() < 0.62 ? "billing" : "technical";
            var customer = $"C{random.Next(4000):0000}";

            if (agent is null || answered > patience)
            {
                calls.Add(new(++number, queue, at, null, patience, 0, 0, null, customer));
                continue;
            }

            var talk = Math.Clamp((int)Math.Exp(Math.Log(queue == "billing" ? 190 : 260) + 0.6 * Normal()), 15, 2400);
            var hold = random.NextDouble() < 0.15 ? random.Next(10, 90) : 0;
            var afterContact = (int)Exponential(40);
            var ended = answered.AddSeconds(talk + hold);
            freeAt[agent.Value] = ended.AddSeconds(afterContact);
            calls.Add(new(++number, queue, at, answered, ended, hold, afterContact, agent, customer));
        }

        return (calls, [.. shifts.SelectMany(shift => StatesOf(shift, calls)).OrderBy(s => s.At)]);
    }

    // Each agent rests two days a week; the others come early or late in turns, as busy days need them.
    private List<SimulatedShift> ShiftsOf(DateOnly day)
    {
        var week = day.DayNumber / 7;
        return
        [
            .. Enumerable.Range(0, agents).Where(a => (day.DayNumber + 2 * a) % 7 is not (0 or 1)).Select(a =>
            {
                var early = (a + week) % 2 == 0;
                var from = Local(day, early ? 8 : 11.5);
                var meal = from.AddHours(3.5 + (a % 4) * 0.5);
                return new SimulatedShift(a, from, from.AddHours(8.5), [(meal, meal.AddMinutes(30))]);
            }),
        ];
    }

    // Nobody hangs up because a pause or the evening begins: both wait for the end of the call in hand.
    private static List<SimulatedState> StatesOf(SimulatedShift shift, List<SimulatedCall> calls)
    {
        var own = calls.Where(c => c.Agent == shift.Agent).OrderBy(c => c.AnsweredAt).ToList();
        DateTimeOffset DoneWith(SimulatedCall call) => call.EndedAt.AddSeconds(call.AfterContactSeconds);
        DateTimeOffset Free(DateTimeOffset at) => own.Where(c => c.AnsweredAt < at).Select(DoneWith).Append(at).Max();
        var leave = Free(shift.To);
        var pauses = shift.Pauses.Select(pause => (From: Free(pause.From), pause.To)).ToList();

        List<SimulatedState> states = [new(shift.Agent, "login", shift.From), new(shift.Agent, "ready", shift.From.AddSeconds(1))];
        foreach (var call in own)
        {
            states.Add(new(shift.Agent, "busy", call.AnsweredAt!.Value));
            states.Add(new(shift.Agent, "after-contact-work", call.EndedAt));
            if (DoneWith(call) != leave && pauses.TrueForAll(pause => pause.From != DoneWith(call)))
                states.Add(new(shift.Agent, "ready", DoneWith(call)));
        }

        foreach (var (from, to) in pauses)
        {
            states.Add(new(shift.Agent, "break", from));
            states.Add(new(shift.Agent, "ready", to > from ? to : from.AddSeconds(1)));
        }

        states.Add(new(shift.Agent, "logout", leave));
        return states;
    }

    private List<DateTimeOffset> Arrivals(DateOnly day)
    {
        var level = ByWeekday[day.DayOfWeek] * Math.Clamp(1 + 0.1 * Normal(), 0.7, 1.4);
        var arrivals = new List<DateTimeOffset>();
        for (var hour = 0; hour < ByHour.Length; hour++)
        {
            var rate = ByHour[hour] * level / 3600;
            for (var second = Exponential(1 / rate); second < 3600; second += Exponential(1 / rate))
                arrivals.Add(Local(day, OpensAt + hour).AddSeconds((int)second));
        }

        return arrivals;
    }

    // The agent who has been idle longest; when all are busy, the first to become free.
    private static (int? Agent, DateTimeOffset At) FirstFree(
        IReadOnlyList<SimulatedShift> shifts, Dictionary<int, DateTimeOffset> freeAt, DateTimeOffset at)
    {
        var best = shifts
            .Select(s => (s.Agent, FreeAt: freeAt[s.Agent], From: s.AvailableFrom(at > freeAt[s.Agent] ? at : freeAt[s.Agent])))
            .Where(s => s.From is not null)
            .OrderBy(s => s.From).ThenBy(s => s.FreeAt).FirstOrDefault();

        return best.From is { } from ? (best.Agent, from) : (null, default);
    }

    private DateTimeOffset Local(DateOnly day, double hour)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddHours(hour);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private double Exponential(double mean) => -mean * Math.Log(1 - random.NextDouble());

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
