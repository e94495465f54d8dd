using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Jobs;

/// <summary>Something that is kept for as long as its project says, but for what a legal hold covers.</summary>
public interface IRetainedByProject
{
    /// <summary>One of <see cref="RetainedKinds"/>.</summary>
    static abstract string Kind { get; }

    /// <summary>
    /// Deletes what of the project is due and not held; once more changes nothing. What it takes depends on what is due, not on all that
    /// there is.
    /// </summary>
    Task<Swept> Delete(RetainedProject project, CancellationToken cancellation);
}

/// <param name="Deleted">How many were deleted.</param>
/// <param name="Held">How many were due and are kept by a legal hold.</param>
public readonly record struct Swept(long Deleted, long Held)
{
    public static Swept operator +(Swept some, Swept others) => new(some.Deleted + others.Deleted, some.Held + others.Held);
}

/// <summary>What of a project is due for deletion, of one kind.</summary>
/// <param name="days">For how many days it is kept; null for ever.</param>
/// <param name="other">The same of another project; null where it is not known.</param>
public sealed class RetainedProject(ProjectV1 project, int? days, DateTimeOffset now, Func<Guid, RetainedProject?> other)
{
    private readonly LocalCalendar calendar = LocalCalendar.Of(project.Zone);

    public Guid Id => project.Id;

    /// <summary>The first local day that is kept; null where all are.</summary>
    public DateOnly? FirstKept => days is { } kept ? calendar.DayOf(now).AddDays(-kept) : null;

    /// <summary>What is from before this is due; nothing is where all is kept.</summary>
    public DateTimeOffset Before => FirstKept is { } day ? calendar.StartOf(day) : DateTimeOffset.MinValue;

    public bool IsHeld(DateTimeOffset at) => IsHeld(calendar.DayOf(at));

    public bool IsHeld(DateOnly day) => IsHeld(day, day);

    /// <summary>Whether a hold covers some of these days.</summary>
    public bool IsHeld(DateOnly first, DateOnly last) =>
        project.LegalHolds?.Any(hold => !(last < hold.From) && !(first > hold.Through)) == true;

    public RetainedProject? Other(Guid id) => id == Id ? this : other(id);
}

/// <summary>One <see cref="IRetainedByProject"/>, and for how long where projects do not say.</summary>
internal sealed record ProjectRetentionRule(
    string Kind, int? Days, Func<IServiceProvider, Func<RetainedProject, CancellationToken, Task<Swept>>> Delete)
{
    public static ProjectRetentionRule For<TRetained>(IConfiguration configuration) where TRetained : class, IRetainedByProject
    {
        var setting = $"Retention:{string.Concat(TRetained.Kind.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}";
        var period = configuration.GetValue<TimeSpan?>(setting);
        return period is null || period >= TimeSpan.FromDays(1)
            ? new(TRetained.Kind, (int?)period?.TotalDays, services => services.GetRequiredService<TRetained>().Delete)
            : throw new InvalidOperationException($"{setting} is {period}; it is a day or longer.");
    }

    /// <summary>The projects that keep this kind for a time.</summary>
    public IReadOnlyList<RetainedProject> Of(IReadOnlyList<ProjectV1> projects, DateTimeOffset now)
    {
        var byId = new Dictionary<Guid, RetainedProject>();
        foreach (var project in projects)
            byId.Add(project.Id, new(
                project, project.Retention?.FirstOrDefault(kept => kept.Kind == Kind)?.Days ?? Days, now, byId.GetValueOrDefault));
        return [.. byId.Values.Where(project => project.FirstKept is not null)];
    }
}

/// <summary>What a sweep has deleted: the report of retention.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="ProjectId">Whose; null where it is not kept by project.</param>
/// <param name="Before">What was from before this was due.</param>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="Held">How many were due and are kept by a legal hold.</param>
/// <param name="At">When.</param>
public sealed record RetentionSweep(
    Guid Id, string Kind, Guid? ProjectId, DateTimeOffset Before, long Deleted, long Held, DateTimeOffset At);
