using System.Runtime.CompilerServices;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Time;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Jobs;

/// <summary>Something that is kept for as long as its project says, but for what a legal hold covers.</summary>
public interface IRetainedByProject
{
    /// <summary>One of <see cref="RetainedKinds"/>.</summary>
    static abstract string Kind { get; }

    /// <summary>Deletes what of a project is due and not held, or a part of it; once more changes nothing.</summary>
    Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation);
}

/// <summary>One turn of a sweep: what holds say is asked for anew with each, so one that is placed meanwhile counts.</summary>
/// <param name="Project">What of it is due.</param>
/// <param name="Projects">Others, where a thing is of several.</param>
/// <param name="Deletions">Those of the whole sweep.</param>
/// <param name="Last">Where the turn before ended.</param>
public sealed record Sweep(RetainedProject Project, RetainedProjects Projects, Deletions Deletions, SweptPlace Last)
{
    /// <summary>The first local day that is kept: of what keeps all there is no sweep.</summary>
    public DateOnly FirstKept => Project.FirstKept!.Value;
}

/// <summary>The last one looked at, of things in the order of a time and their ids.</summary>
public sealed record SweptPlace(DateTimeOffset Time, Guid Id);

/// <param name="Place">From where the next turn goes on; null: there is none.</param>
public readonly record struct SweptPart(Swept Swept, SweptPlace? Place = null);

/// <param name="Deleted">How many were deleted.</param>
/// <param name="Held">How many were due and are kept by a legal hold.</param>
public readonly record struct Swept(long Deleted, long Held)
{
    public static Swept operator +(Swept some, Swept others) => new(some.Deleted + others.Deleted, some.Held + others.Held);
}

/// <summary>The deletions of one sweep, each by itself: one that fails keeps no other from its turn, and is said in the end.</summary>
public sealed class Deletions
{
    private const int Said = 10;

    private readonly List<Exception> failures = [];

    /// <param name="nameOf">What it is, for whoever reads that it can't be deleted.</param>
    /// <returns>What was deleted and held of these; until it was cancelled, for a report says that too.</returns>
    public async Task<Swept> Each<T>(
        IEnumerable<T> due, Func<T, string> nameOf, Func<T, Task<Swept>> delete, CancellationToken cancellation)
    {
        var swept = new Swept();
        foreach (var one in due)
            try
            {
                cancellation.ThrowIfCancellationRequested();
                swept += await delete(one);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                failures.Add(new InvalidOperationException($"{nameOf(one)} can't be deleted.", e));
            }

        return swept;
    }

    /// <exception cref="AggregateException">Some could not be deleted; the others are.</exception>
    public void ThrowFailures()
    {
        if (failures.Count > 0)
            throw new AggregateException(failures.Take(Said));
    }
}

/// <summary>What legal holds of a project cover.</summary>
public sealed class HeldDays(ProjectV1 project, RetentionV1? said)
{
    private readonly LocalCalendar calendar = LocalCalendar.Of(project.Zone);
    private readonly IReadOnlyList<LegalHold> holds = said?.LegalHolds ?? [];

    /// <summary>Whether a hold covers every day.</summary>
    public bool AreAll => holds.Any(hold => hold is { From: null, Through: null });

    /// <summary>Whether a hold covers the moment; of one that is not known, any could.</summary>
    public bool Include(DateTimeOffset? at) => at is { } moment
        ? Include(calendar.DayOf(moment), calendar.DayOf(moment)) : holds.Count > 0;

    /// <summary>Whether a hold covers some of these days.</summary>
    public bool Include(DateOnly first, DateOnly last) => holds.Any(hold => hold.Covers(first, last));
}

/// <summary>What of a project is due for deletion, of one kind.</summary>
/// <param name="days">For how many days it is kept; null for ever.</param>
public sealed class RetainedProject(ProjectV1 project, RetentionV1? said, int? days, DateTimeOffset now)
{
    private readonly LocalCalendar calendar = LocalCalendar.Of(project.Zone);

    public Guid Id => project.Id;

    /// <summary>The first local day that is kept; null where all are.</summary>
    public DateOnly? FirstKept => days is { } kept ? calendar.DayOf(now).AddDays(-kept) : null;

    /// <summary>What is from before this is due; nothing is where all is kept.</summary>
    public DateTimeOffset Before => FirstKept is { } day ? calendar.StartOf(day) : DateTimeOffset.MinValue;

    /// <summary>What is kept though it is due.</summary>
    public HeldDays Held { get; } = new(project, said);
}

/// <summary>What is due of one kind, by what is known of projects at the moment of asking.</summary>
/// <param name="days">For how many days it is kept where a project says nothing; null for ever.</param>
public sealed class RetainedProjects(IDocumentStore store, HeardRetention heard, string kind, int? days, TimeProvider clock)
{
    /// <returns>Null where there is no such project.</returns>
    /// <exception cref="TimeoutException">It is not known what is held.</exception>
    public async Task<RetainedProject?> Find(Guid id, CancellationToken cancellation)
    {
        await heard.Require(cancellation);
        await using var query = store.QuerySession();
        if (await query.LoadAsync<ProjectV1>(id, cancellation) is not { } project)
            return null;

        var said = await query.LoadAsync<RetentionV1>(id, cancellation);
        return new RetainedProject(project, said, said?.Periods.FirstOrDefault(kept => kept.Kind == kind)?.Days ?? days, clock.GetUtcNow());
    }

    // Null where there is no such project, or it keeps all.
    private async Task<RetainedProject?> Due(Guid id, CancellationToken cancellation) =>
        await Find(id, cancellation) is { FirstKept: not null } project ? project : null;

    /// <summary>Deletes what of a project is due and not held.</summary>
    /// <returns>What was done, part by part.</returns>
    /// <exception cref="AggregateException">Some could not be deleted; the others are.</exception>
    public async IAsyncEnumerable<Swept> Sweep(
        Guid project, Func<Sweep, CancellationToken, Task<SweptPart>> turn, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var deletions = new Deletions();
        SweptPlace? last = new(DateTimeOffset.MinValue, Guid.Empty);
        while (last is not null && !cancellation.IsCancellationRequested && await Due(project, cancellation) is { } due)
        {
            (var swept, last) = await turn(new(due, this, deletions, last), cancellation);
            yield return swept;
        }

        deletions.ThrowFailures();
    }

    /// <returns>The projects that keep this kind for a time.</returns>
    internal async Task<IReadOnlyList<Guid>> All(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        if (days is not null)
            return await query.Query<ProjectV1>().Select(project => project.Id).ToListAsync(cancellation);

        return [.. (await query.Query<RetentionV1>().ToListAsync(cancellation))
            .Where(said => said.Periods.Any(kept => kept.Kind == kind)).Select(said => said.Id)];
    }
}

/// <summary>One <see cref="IRetainedByProject"/>, and for how long where projects do not say.</summary>
internal sealed record ProjectRetentionRule(
    string Kind, int? Days, Func<IServiceProvider, Func<Sweep, CancellationToken, Task<SweptPart>>> Turn)
{
    public static ProjectRetentionRule For<TRetained>(IConfiguration configuration) where TRetained : class, IRetainedByProject
    {
        var setting = $"Retention:{string.Concat(TRetained.Kind.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}";
        var period = configuration.GetValue<TimeSpan?>(setting);
        return period is null || period >= TimeSpan.FromDays(1)
            ? new(TRetained.Kind, (int?)period?.TotalDays, services => services.GetRequiredService<TRetained>().Sweep)
            : throw new InvalidOperationException($"{setting} is {period}; it is a day or longer.");
    }
}

/// <summary>What a sweep has deleted: the report of retention.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="ProjectId">Whose; null where it is not kept by project.</param>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="Held">How many were due and are kept by a legal hold, as far as it had looked.</param>
/// <param name="At">When.</param>
public sealed record RetentionSweep(Guid Id, string Kind, Guid? ProjectId, long Deleted, long Held, DateTimeOffset At);
