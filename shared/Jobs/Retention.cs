using CallCenter.Contracts.People;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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

/// <summary>Deletes what has been kept long enough, and keeps a report of it.</summary>
internal sealed class RetentionJob(
    IEnumerable<RetentionRule> rules, IEnumerable<ProjectRetentionRule> byProject, IServiceProvider services, IDocumentStore store,
    Fence fence, TimeProvider clock) : IJob
{
    public const string Name = "retention";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await fence.Each(Name, [.. rules], rule => rule.Name, Apply, cancellationToken);
        if (byProject.Any())
            await fence.Each($"{Name} by project", await Due(cancellationToken),
                due => $"{due.Rule.Kind} of {due.Project.Id}", Apply, cancellationToken);
    }

    private async Task<IReadOnlyList<(ProjectRetentionRule Rule, RetainedProject Project)>> Due(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var projects = await query.Query<ProjectV1>().ToListAsync(cancellation);
        return [.. byProject.SelectMany(rule => rule.Of(projects, clock.GetUtcNow()).Select(project => (rule, project)))];
    }

    private async Task Apply(RetentionRule rule, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - rule.Period;
        var deleted = await rule.Delete(services)(before, cancellation);
        if (deleted > 0)
            await Report(new(Guid.CreateVersion7(), rule.Name, null, before, deleted, 0, clock.GetUtcNow()), cancellation);
    }

    private async Task Apply((ProjectRetentionRule Rule, RetainedProject Project) due, CancellationToken cancellation)
    {
        var (rule, project) = due;
        var swept = await rule.Delete(services)(project, cancellation);
        if (swept.Deleted > 0 || (swept.Held > 0 && swept.Held != await LastHeld(rule.Kind, project.Id, cancellation)))
            await Report(
                new(Guid.CreateVersion7(), rule.Kind, project.Id, project.Before, swept.Deleted, swept.Held, clock.GetUtcNow()),
                cancellation);
    }

    private async Task<long?> LastHeld(string kind, Guid project, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        return (await query.Query<RetentionSweep>().Where(sweep => sweep.ProjectId == project && sweep.Kind == kind)
            .OrderByDescending(sweep => sweep.Id).FirstOrDefaultAsync(cancellation))?.Held;
    }

    private async Task Report(RetentionSweep sweep, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        session.Insert(sweep);
        await session.SaveChangesAsync(cancellation);
    }
}

/// <summary>The report of retention is itself kept for a time.</summary>
internal sealed class RetentionSweeps(IDocumentStore store) : IRetained
{
    public static string Name => "RetentionSweeps";

    public static TimeSpan Period => TimeSpan.FromDays(1095);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        session.DeleteWhere<RetentionSweep>(sweep => sweep.At < before);
        await session.SaveChangesAsync(cancellation);
        return 0; // else each would be followed by another
    }
}
