using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Reporting.Projects;

/// <summary>A project the caller may see, with the names of what its figures are broken down by.</summary>
internal sealed record ProjectScope(ProjectDimensions Dimensions, IReadOnlyDictionary<string, string> Names)
{
    public ProjectV1 Project => Dimensions.Project;

    public LocalCalendar Calendar => Dimensions.Calendar;

    public string NameOf(string key) => Names.GetValueOrDefault(key, key);

    public decimal? TargetOf(string kpi, DateOnly day) => Project.Targets.InForce(kpi, day);

    public static async Task<ProjectScope> Load(IQuerySession session, Caller caller, Guid project, CancellationToken cancellation)
    {
        caller.MustSee(project);
        return await Load(session, project, cancellation);
    }

    public static async Task<ProjectScope> Load(IQuerySession session, Guid project, CancellationToken cancellation)
    {
        var dimensions = await ProjectDimensions.Load(session, project, cancellation) ?? throw new StreamNotFoundException(project);
        var teams = await session.Query<TeamV1>().Where(team => team.ProjectId == project).ToListAsync(cancellation);
        var employees = await session.Query<EmployeeV1>().Where(employee => employee.ProjectIds.Contains(project))
            .ToListAsync(cancellation);

        var names = new Dictionary<string, string> { [""] = dimensions.Project.Name };
        foreach (var queue in dimensions.Project.Queues)
            names[queue.Queue] = queue.Name;
        foreach (var team in teams)
            names[team.Id.ToString()] = team.Name;
        foreach (var employee in employees)
            names[employee.Id.ToString()] = employee.Name;

        return new ProjectScope(dimensions, names);
    }
}
