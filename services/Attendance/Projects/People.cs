using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Attendance.Projects;

/// <summary>What this service knows of people and projects: the facts of the People service, kept.</summary>
internal static class People
{
    extension(IQuerySession session)
    {
        public async Task<ProjectV1> RequireProject(string pointer, Guid id, CancellationToken cancellation) =>
            await session.LoadAsync<ProjectV1>(id, cancellation)
            ?? throw new InvalidException(pointer, "unknown-project", $"There is no project {id}.");

        /// <summary>Somebody of the project, by staff number or id. Other projects' people are not found.</summary>
        public async Task<EmployeeV1> RequireAgent(string pointer, string agent, Guid projectId, CancellationToken cancellation)
        {
            var known = Guid.TryParse(agent, out var id)
                ? await session.LoadAsync<EmployeeV1>(id, cancellation)
                : await session.Query<EmployeeV1>().Where(e => e.StaffNumber == agent).OrderBy(e => e.Id).FirstOrDefaultAsync(cancellation);

            return known?.ProjectIds.Contains(projectId) == true ? known
                : throw new InvalidException(pointer, "unknown-agent", $"The project has no employee {agent}.");
        }

        /// <summary>Somebody of the project. Other projects' people are answered like those that do not exist.</summary>
        public async Task<EmployeeV1> RequireAgent(Guid id, Guid projectId, CancellationToken cancellation) =>
            await session.LoadAsync<EmployeeV1>(id, cancellation) is { } agent && agent.ProjectIds.Contains(projectId)
                ? agent : throw new StreamNotFoundException(id);
    }

    extension(ProjectV1 project)
    {
        public LocalCalendar Calendar => LocalCalendar.Of(project.Zone);
    }
}
