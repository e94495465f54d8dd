using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Posts;
using CallCenter.People.Projects;
using CallCenter.People.Teams;
using CallCenter.Rules;
using Marten;
using Span = CallCenter.People.Teams.Span;

namespace CallCenter.People;

/// <summary>What the other services are told. Names and addresses are put in here, from the documents they are kept in.</summary>
internal static class PeopleFacts
{
    public static async Task<IFact[]> Employees(
        IReadOnlyList<StreamAsOf<Employee>> streams, PostList posts, IQuerySession query, CancellationToken cancellation)
    {
        var details = (await query.LoadManyAsync<PersonDetails>(cancellation, streams.Select(s => s.Id))).ToDictionary(d => d.Id);

        return [.. streams.SelectMany(s => (IFact[])[Fact(s, posts, details.GetValueOrDefault(s.Id)), .. Erased(s)])];
    }

    private static IEnumerable<EmployeeErasedV1> Erased(StreamAsOf<Employee> s) => s.State.ErasedAt is { } at
        ? [new(s.Id, s.Version, s.State.ErasedBy, at)] : [];

    private static EmployeeV1 Fact(StreamAsOf<Employee> s, PostList posts, PersonDetails? details) => new(
        s.Id, s.Version, s.State.StaffNumber, details?.Name ?? "", s.State.HiredOn, s.State.LeftOn,
        s.State.Grade.Code, s.State.TeamIds, [.. s.State.TeamProjectIds.Distinct()],
        [.. s.State.Skills.Select(k => new SkillLevel(k.Code, k.Level))], s.State.WeeklyHours, s.State.Zone,
        [.. s.State.Grades.Select(g => new DatedGrade(g.Value.Code, g.From))],
        [.. s.State.Contracts.Select(c => new DatedHours(c.Value.WeeklyHours, c.From))],
        [.. s.State.TeamDates.Periods().Select(p => new TeamPeriod(p.Of.TeamId, p.Of.ProjectId, p.From, p.To))],
        [.. s.State.PostDates.Periods().Select(p => new PostPeriod(p.Of, posts.RoleOf(p.Of), p.From, p.To))]);

    public static async Task<IFact[]> Projects(
        IReadOnlyList<StreamAsOf<Project>> streams, IQuerySession query, CancellationToken cancellation)
    {
        var addresses = (await query.LoadManyAsync<DigestAddresses>(cancellation, streams.Select(s => s.Id)))
            .ToDictionary(a => a.Id, a => a.Emails);

        return [.. streams.Select(s => Fact(s.Id, s.Version, s.State, addresses.GetValueOrDefault(s.Id)))];
    }

    public static TeamV1 Team(Guid id, long version, Team team) =>
        new(id, version, team.ProjectId, team.Name, team.SupervisorId, team.Members, Span.Of(team.Members.Count),
            [.. team.MemberDates.Periods().Select(p => new MemberPeriod(p.Of, p.From, p.To))],
            [.. team.Supervisors.Select(s => new DatedSupervisor(s.Value, s.From))]);

    private static ProjectV1 Fact(Guid id, long version, Project project, IReadOnlyDictionary<Guid, string>? emails) => new(
        id, version, project.Name, project.Client, project.Zone, project.WeekStartsOn,
        [.. project.OpeningHours.Select(o => new OpeningHours(o.Day, o.Opens, o.Closes))],
        [.. project.Queues.Select(q => new ProjectQueue(q.Code, q.Name, q.Channel, q.ServiceLevelSeconds))],
        [
            .. project.Targets.OrderBy(t => t.EffectiveFrom).Select(t =>
                new KpiTarget(t.Kpi, t.Value, t.EffectiveFrom, t.Scope.Code, t.ScopeId,
                    t.Through)),
        ],
        [.. project.Readers.Where(r => emails?.ContainsKey(r.EmployeeId) == true)
            .Select(r => new DigestReader(r.EmployeeId, emails![r.EmployeeId], r.Language))]);
}
