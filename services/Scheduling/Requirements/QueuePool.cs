using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Time;

namespace CallCenter.Scheduling.Requirements;

/// <summary>
/// Queues whose calls the same agents take: they are staffed as one, which takes fewer than each for itself. What the pool needs is shared
/// out among its queues by their load, so that rosters and the floor go on by queue, and the shares add up to the pool.
/// </summary>
internal static class QueuePool
{
    /// <summary>The queues as they are staffed: those of a pool as one, under its name, in the place of its first.</summary>
    /// <exception cref="InvalidException"><c>pool-goals-differ</c></exception>
    public static IReadOnlyList<(ForecastedQueue Queue, QueueGoals Goals, string At, IReadOnlyList<ForecastedQueue> Members)> Of(
        IReadOnlyList<(ForecastedQueue Queue, QueueGoals Goals, string At)> queues) =>
    [
        .. queues.GroupBy(q => q.Goals.Pool is { } pool ? (pool, true) : (q.Queue.Queue, false)).Select(group =>
        {
            var (first, goals, at) = group.First();
            if (group.Key.Item2 && group.FirstOrDefault(q => !IsSame(q.Goals, goals)) is { Queue: not null } other)
                throw new InvalidException(other.At, "pool-goals-differ",
                    $"The queues of the pool '{goals.Pool}' are staffed as one, and have the same goals.");

            List<ForecastedQueue> members = [.. group.Select(q => q.Queue)];
            return (group.Key.Item2 ? Merged(goals.Pool!, members) : first,
                goals with { Minimum = group.Max(q => q.Goals.Minimum) }, at, (IReadOnlyList<ForecastedQueue>)members);
        }),
    ];

    /// <summary>The need of each queue: all of it where it is alone, else its share of the pool's.</summary>
    public static IEnumerable<StaffedQueue> Shared(this StaffedQueue staffed, IReadOnlyList<ForecastedQueue> members) =>
        members is [_] ? [staffed with { Queue = members[0].Queue }] : members.Select((member, place) => new StaffedQueue(
            member.Queue, staffed.Goals,
            [
                .. staffed.Days.Select((day, d) => new StaffedDay(day.Date,
                    [.. day.Agents.Select((agents, i) => Share(agents, LoadsOf(members, d, i), place))],
                    [.. day.Required.Select((agents, i) => Share(agents, LoadsOf(members, d, i), place))])),
            ]));

    // By the largest remainder; of equal ones the first. Where nobody calls, the first has what is to be there anyway.
    internal static int Share(int agents, double[] loads, int place)
    {
        var all = loads.Sum();
        if (!(all > 0))
            return place == 0 ? agents : 0;

        var exact = loads.Select(load => agents * load / all).ToArray();
        var left = agents - exact.Sum(share => (int)share);
        var rank = Enumerable.Range(0, loads.Length)
            .OrderByDescending(i => Math.Round(exact[i] - (int)exact[i], 9)).ThenBy(i => i).ToList();
        return (int)exact[place] + (rank.IndexOf(place) < left ? 1 : 0);
    }

    private static double[] LoadsOf(IReadOnlyList<ForecastedQueue> members, int day, int quarter) =>
        [.. members.Select(member => member.Days[day].Calls[quarter] * Math.Max(1, member.Days[day].HandleSeconds[quarter]))];

    private static ForecastedQueue Merged(string pool, List<ForecastedQueue> members) => members[0] with
    {
        Queue = pool,
        Days =
        [
            .. members[0].Days.Select((day, d) => day with
            {
                Calls = [.. day.Calls.Select((_, i) => members.Sum(member => member.Days[d].Calls[i]))],
                HandleSeconds = [.. day.HandleSeconds.Select((seconds, i) => Mean(members, d, i) ?? seconds)],
                Low = null,
                High = null,
            }),
        ],
    };

    private static double? Mean(IReadOnlyList<ForecastedQueue> members, int day, int quarter) =>
        members.Sum(member => member.Days[day].Calls[quarter]) is > 0 and var calls
            ? members.Sum(member => member.Days[day].Calls[quarter] * member.Days[day].HandleSeconds[quarter]) / calls : null;

    private static bool IsSame(QueueGoals one, QueueGoals other) => one with { Minimum = 0 } == other with { Minimum = 0 };
}
