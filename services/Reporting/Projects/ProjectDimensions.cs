using System.Security.Cryptography;
using System.Text;
using CallCenter.Contracts.People;
using CallCenter.Time;
using Marten;

namespace CallCenter.Reporting.Projects;

/// <summary>What a project's figures are computed under: its calendar, its queues' thresholds, its agents' teams.</summary>
/// <param name="Fingerprint">Differs whenever any of it does.</param>
internal sealed record ProjectDimensions(
    ProjectV1 Project, LocalCalendar Calendar, IReadOnlyDictionary<Guid, Guid> TeamOfAgent, string Fingerprint)
{
    public static ProjectDimensions Of(ProjectV1 project, IEnumerable<TeamV1> teams)
    {
        TeamV1[] ofProject = [.. teams.Where(team => team.ProjectId == project.Id).OrderBy(team => team.Id)];

        // Someone in two teams counts in one, or the teams' sum would be more than the project.
        var teamOfAgent = ofProject.SelectMany(team => team.Members.Select(agent => (agent, team.Id)))
            .GroupBy(member => member.agent).ToDictionary(group => group.Key, group => group.First().Id);

        var said = string.Join('|', ofProject.Select(team => $"{team.Id:N}:{team.Version}").Prepend($"{project.Version}"));

        return new ProjectDimensions(
            project, LocalCalendar.Of(project.Zone, project.WeekStartsOn), teamOfAgent,
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(said))));
    }

    /// <returns>Null when nobody has told us about the project.</returns>
    public static async Task<ProjectDimensions?> Load(IQuerySession session, Guid id, CancellationToken cancellation)
    {
        if (await session.LoadAsync<ProjectV1>(id, cancellation) is not { } project)
            return null;

        return Of(project, await session.Query<TeamV1>().Where(team => team.ProjectId == id).ToListAsync(cancellation));
    }
}
