using System.Collections.Concurrent;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Calls.Intake;

/// <summary>What the intake needs of a project, as People last published it.</summary>
internal sealed class ProjectView(Guid id, LocalCalendar calendar, IReadOnlyDictionary<string, Guid> staff, DateTimeOffset readAt)
{
    public Guid Id => id;
    public LocalCalendar Calendar => calendar;
    public DateTimeOffset ReadAt => readAt;

    // Telephone systems write staff numbers with blanks and in either case.
    private readonly Dictionary<string, Guid> loose = staff.GroupBy(s => StaffNumbers.Loose(s.Key)).Where(same => same.Count() == 1)
        .ToDictionary(same => same.Key, same => same.Single().Value, StringComparer.Ordinal);

    /// <summary>
    /// The employee with this staff number or id; anybody else is known by a name that the source uses, and has an id that
    /// follows from it.
    /// </summary>
    public Guid Agent(string text) =>
        staff.TryGetValue(text, out var employee) || loose.TryGetValue(StaffNumbers.Loose(text), out employee) ? employee
        : Guid.TryParse(text, out var given) ? given
        : NameId.Of("agent", id, text);
}

/// <summary>Projects and their staff, read again after a while: thousands of events a second ask for them.</summary>
internal sealed class Projects(IDocumentStore store, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, ProjectView> views = new();

    /// <exception cref="StreamNotFoundException">People has not published such a project, or not yet.</exception>
    public async ValueTask<ProjectView> Get(Guid projectId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (views.TryGetValue(projectId, out var known) && now - known.ReadAt < Lifetime)
            return known;

        await using var query = store.QuerySession();
        var project = await query.LoadAsync<ProjectV1>(projectId, cancellation) ?? throw new StreamNotFoundException(projectId);
        var staff = await query.Query<EmployeeV1>().Where(e => e.ProjectIds.Contains(projectId))
            .Select(e => new { e.StaffNumber, e.Id }).ToListAsync(cancellation);

        return views[projectId] = new ProjectView(projectId, LocalCalendar.Of(project.Zone),
            staff.DistinctBy(e => e.StaffNumber).ToDictionary(e => e.StaffNumber, e => e.Id, StringComparer.Ordinal), now);
    }
}
