using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Projects;

namespace CallCenter.Scheduling.Requirements;

/// <summary>The goals that a request asks for, completed by what the project says of a queue.</summary>
internal static class StaffingGoalsOf
{
    /// <returns>Of each queue of the forecast in force: where the request named its goals, and what they are.</returns>
    public static IReadOnlyList<(ForecastedQueue Queue, QueueGoals Goals, string At)> Each(
        IReadOnlyList<GoalsRequest> goals, IReadOnlyList<ForecastedQueue> queues, ProjectV1 project, DateOnly from)
    {
        var asked = Asked(goals, queues);
        return
        [
            .. queues.Select(queue =>
            {
                var (own, at) = asked.GetValueOrDefault(queue.Queue, (new GoalsRequest(queue.Queue), "/goals"));
                return (queue, Complete(own, StillOf(project, queue.Queue), project, from), at);
            }),
        ];
    }

    public static QueueGoals Complete(GoalsRequest goals, ProjectQueue queue, ProjectV1 project, DateOnly from) => new(
        goals.ServiceLevel ?? (double?)project.Target("service-level", from) ?? 0.8,
        goals.WithinSeconds ?? queue.ServiceLevelSeconds,
        goals.Definition, goals.MaxAverageSpeedOfAnswer, goals.MaxOccupancy ?? 0.9, goals.MaxAbandonment,
        goals.PatienceSeconds, goals.Shrinkage, goals.Minimum, goals.Pool is { } pool ? Text.Bare(pool) : null);

    private static Dictionary<string, (GoalsRequest Goals, string At)> Asked(
        IReadOnlyList<GoalsRequest> goals, IReadOnlyList<ForecastedQueue> queues)
    {
        var asked = new Dictionary<string, (GoalsRequest, string)>(StringComparer.Ordinal);
        foreach (var (i, own) in goals.Index())
        {
            if (queues.All(q => q.Queue != own.Queue))
                throw new InvalidException($"/goals/{i}/queue", "queue-unknown",
                    $"The forecast has no queue '{own.Queue}'; it has {string.Join(", ", queues.Select(q => q.Queue))}.");
            if (!asked.TryAdd(own.Queue, (own, $"/goals/{i}")))
                throw new InvalidException($"/goals/{i}/queue", "queue-twice", $"The queue '{own.Queue}' has goals already.");
        }

        return asked;
    }

    private static ProjectQueue StillOf(ProjectV1 project, string queue) => project.Queues.FirstOrDefault(q => q.Queue == queue)
        ?? throw new RefusedException("queue-dropped",
            $"The project no longer has the queue '{queue}' of this forecast. Make another forecast.");
}
