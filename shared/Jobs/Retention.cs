using CallCenter.EventSourcing;
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
        foreach (var rule in byProject)
        {
            var heard = services.GetRequiredService<HeardRetention>();
            var projects = new RetainedProjects(store, heard, rule.Kind, rule.Days, clock);
            var all = await projects.All(cancellationToken);
            if (all.Count > 0)
                await heard.Ask(cancellationToken); // or this run fails, and says why
            await fence.Each($"{Name} of {rule.Kind}", all, project => $"{project}",
                (project, cancellation) => Apply(rule, project, projects, cancellation), cancellationToken);
        }
    }

    private async Task Apply(RetentionRule rule, CancellationToken cancellation)
    {
        var deleted = await rule.Delete(services)(clock.GetUtcNow() - rule.Period, cancellation);
        if (deleted > 0)
            await Report(rule.Name, null, new(deleted, 0));
    }

    // Reported part by part: a sweep that fails, or is cut off, has deleted what it has deleted.
    private async Task Apply(ProjectRetentionRule rule, Guid project, RetainedProjects projects, CancellationToken cancellation)
    {
        var held = 0L;
        await foreach (var swept in projects.Sweep(project, rule.Turn(services), cancellation))
        {
            held += swept.Held;
            if (swept.Deleted > 0)
                await Report(rule.Kind, project, swept with { Held = held });
        }

        if (held > 0 && held != await LastHeld(rule.Kind, project, cancellation))
            await Report(rule.Kind, project, new(0, held));
    }

    private async Task<long?> LastHeld(string kind, Guid project, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        return (await query.Query<RetentionSweep>().Where(sweep => sweep.ProjectId == project && sweep.Kind == kind)
            .OrderByDescending(sweep => sweep.Id).FirstOrDefaultAsync(cancellation))?.Held;
    }

    // Whatever ends the sweep: it has been done.
    private async Task Report(string kind, Guid? project, Swept swept)
    {
        await using var session = store.LightweightSession();
        session.Insert(new RetentionSweep(Guid.CreateVersion7(), kind, project, swept.Deleted, swept.Held, clock.GetUtcNow()));
        await session.SaveChangesAsync(CancellationToken.None);
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
