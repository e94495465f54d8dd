using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace CallCenter.Jobs;

/// <summary>Something that is kept for a time and then deleted.</summary>
public interface IRetained
{
    /// <summary>Its name in settings, <c>Retention:{Name}</c>, a <see cref="TimeSpan"/>.</summary>
    static abstract string Name { get; }

    /// <summary>How long it is kept when nothing is configured.</summary>
    static abstract TimeSpan Period { get; }

    /// <summary>Deletes what is older, a bounded part of it at a time; once more changes nothing.</summary>
    /// <returns>How many were deleted.</returns>
    Task<long> Delete(DateTimeOffset before, CancellationToken cancellation);
}

/// <summary>One <see cref="IRetained"/> with its period.</summary>
internal sealed record RetentionRule(
    string Name, TimeSpan Period, Func<IServiceProvider, Func<DateTimeOffset, CancellationToken, Task<long>>> Delete)
{
    public static RetentionRule For<TRetained>(IConfiguration configuration) where TRetained : class, IRetained
    {
        var period = configuration.GetValue<TimeSpan?>($"Retention:{TRetained.Name}") ?? TRetained.Period;
        return period > TimeSpan.Zero
            ? new RetentionRule(TRetained.Name, period, services => services.GetRequiredService<TRetained>().Delete)
            : throw new InvalidOperationException($"Retention:{TRetained.Name} is {period}; it is longer than zero.");
    }
}

/// <summary>Deletes what has been kept long enough.</summary>
internal sealed class RetentionJob(
    IEnumerable<RetentionRule> rules, IServiceProvider services, Fence fence, TimeProvider clock, ILogger<RetentionJob> log) : IJob
{
    public const string Name = "retention";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await fence.Each(Name, [.. rules], rule => rule.Name, Apply, cancellationToken);

    private async Task Apply(RetentionRule rule, CancellationToken cancellation)
    {
        var deleted = await rule.Delete(services)(clock.GetUtcNow() - rule.Period, cancellation);
        if (deleted > 0)
            log.LogInformation("Deleted {Count} of {What}, older than {Period}", deleted, rule.Name, rule.Period);
    }
}
