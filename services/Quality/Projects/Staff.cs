using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Projects;

/// <summary>What this service knows of people: the facts of the People service, kept.</summary>
internal static class Staff
{
    /// <summary>422: there is none, or none of the project.</summary>
    public const string UnknownInspector = "unknown-inspector";

    /// <summary>422: their last day of work is over.</summary>
    public const string InspectorLeft = "inspector-left";

    extension(EmployeeV1 employee)
    {
        /// <summary>Whether their last day of work, where they work, is over.</summary>
        public bool HasLeft(DateTimeOffset now) => LocalCalendar.Of(employee.Zone).DayOf(now) > employee.LeftOn;
    }

    /// <summary>Those of the people who have left; somebody who is not known here has not.</summary>
    public static async Task<IReadOnlySet<Guid>> WhoLeft(
        this IQuerySession session, IEnumerable<Guid> people, DateTimeOffset now, CancellationToken cancellation) =>
        (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. people.Distinct()]))
            .Where(person => person.HasLeft(now)).Select(person => person.Id).ToHashSet();

    /// <summary>Who led the agent's team in the project on a day; null where nobody is known to have.</summary>
    public static async Task<Guid?> SupervisorOf(
        this IQuerySession session, Guid agent, Guid projectId, DateOnly day, CancellationToken cancellation) =>
        (await session.Query<TeamV1>().Where(team => team.ProjectId == projectId).ToListAsync(cancellation)).OrderBy(team => team.Id)
            .Where(team => IsIn(team, agent, day))
            .Select(team => team.Supervisors is { } all ? all.LastOrDefault(led => led.From <= day)?.SupervisorId : team.SupervisorId)
            .FirstOrDefault(supervisor => supervisor is not null);

    /// <summary>Whether the agent was of the team on a day; by a fact of before, which tells no days, whether they are.</summary>
    public static bool IsIn(TeamV1 team, Guid agent, DateOnly day) =>
        team.Memberships?.Any(stay => stay.AgentId == agent && stay.From <= day && !(stay.To < day)) ?? team.Members.Contains(agent);

    /// <summary>
    /// Whoever is to judge calls is somebody of the project or of none at all, or the caller; else nobody would ever find what waits for
    /// them. Another project's employee is answered as one that does not exist; who has left judges no more, and is refused by name.
    /// </summary>
    /// <param name="pointer">Of each, by its place.</param>
    /// <param name="already">Those who are named already: whether they are of the project need not be asked again.</param>
    public static async Task RequireInspectors(
        this IQuerySession session, Func<int, string> pointer, IReadOnlyList<Guid> inspectors, IReadOnlyList<Guid> already, Guid projectId,
        Caller caller, CancellationToken cancellation)
    {
        // A service that has only begun to listen knows nobody yet, and misses nobody.
        if (inspectors.Count == 0 || !await session.Query<EmployeeV1>().AnyAsync(cancellation))
            return;

        var people = (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. inspectors.Distinct()])).ToDictionary(e => e.Id);
        var wrong = inspectors.Index().Select(i => Fault(i.Item, pointer(i.Index))).OfType<Error>().ToList();
        if (wrong.Count > 0)
            throw new InvalidException(wrong);

        Error? Fault(Guid id, string at)
        {
            var person = people.GetValueOrDefault(id);
            var isOfProject = person is not null && IsOf(person, projectId, caller.Now);
            if (id != caller.Id && !already.Contains(id) && !isOfProject)
                return new(at, UnknownInspector, $"There is no employee {id}.");

            return person?.HasLeft(caller.Now) == true
                ? new(at, InspectorLeft, $"{$"{person.Name} ({person.StaffNumber})".TrimStart()} left on {person.LeftOn:yyyy-MM-dd}.") : null;
        }
    }

    /// <summary>The agent, if they are or were somebody of the project.</summary>
    /// <exception cref="InvalidException">422 <c>unknown-agent</c>.</exception>
    public static async Task<Guid> RequireAgent(
        this IQuerySession session, string pointer, Guid agent, Guid projectId, Caller caller, CancellationToken cancellation)
    {
        var person = await session.LoadAsync<EmployeeV1>(agent, cancellation);
        var isOfProject = person is not null ? IsOf(person, projectId, caller.Now)
            : !await session.Query<EmployeeV1>().AnyAsync(cancellation); // as above
        return isOfProject ? agent : throw new InvalidException(pointer, "unknown-agent", $"The project has no employee {agent}.");
    }

    /// <summary>Somebody of the project, or of none at all, who has not left.</summary>
    /// <param name="unknown">Code for who is not: another project's employee is answered as one that does not exist.</param>
    public static async Task RequireOfProject(
        this IQuerySession session, string pointer, string unknown, Guid id, Guid projectId, Caller caller, CancellationToken cancellation)
    {
        var person = await session.LoadAsync<EmployeeV1>(id, cancellation);
        if (person is null || !IsOf(person, projectId, caller.Now))
            throw new InvalidException(pointer, unknown, $"There is no employee {id}.");
        if (person.HasLeft(caller.Now))
            throw new InvalidException(pointer, "employee-left", $"Staff number {person.StaffNumber} left on {person.LeftOn:yyyy-MM-dd}.");
    }

    // Who has left is in no team any more: they are of the projects that they were in.
    private static bool IsOf(EmployeeV1 person, Guid projectId, DateTimeOffset now) =>
        person.ProjectIds.Contains(projectId)
        || (person.ProjectIds.Count == 0
            && (!person.HasLeft(now) || person.Teams is null or [] || person.Teams.Any(team => team.ProjectId == projectId)));
}
