using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Projects;

/// <summary>What this service knows of people: the facts of the People service, kept.</summary>
internal static class Staff
{
    /// <summary>422: there is none, or none of the project.</summary>
    public const string UnknownInspector = "unknown-inspector";

    /// <summary>
    /// Whoever is to judge calls is somebody of the project or of none at all, or the caller; else nobody would ever find what waits for
    /// them. Another project's employee is answered as one that does not exist.
    /// </summary>
    /// <param name="pointer">Of each, by its place.</param>
    /// <param name="already">Those who are named already, and need not be asked about.</param>
    public static async Task RequireInspectors(
        this IQuerySession session, Func<int, string> pointer, IReadOnlyList<Guid> inspectors, IReadOnlyList<Guid> already, Guid projectId,
        Caller caller, CancellationToken cancellation)
    {
        var named = inspectors.Index().Where(i => i.Item != caller.Id && !already.Contains(i.Item)).ToList();
        // A service that has only begun to listen knows nobody yet, and misses nobody.
        if (named.Count == 0 || !await session.Query<EmployeeV1>().AnyAsync(cancellation))
            return;

        var known = (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. named.Select(i => i.Item)]))
            .Where(employee => employee.ProjectIds.Count == 0 || employee.ProjectIds.Contains(projectId)).Select(e => e.Id).ToHashSet();
        var unknown = named.Where(i => !known.Contains(i.Item))
            .Select(i => new Error(pointer(i.Index), UnknownInspector, $"There is no employee {i.Item}.")).ToList();
        if (unknown.Count > 0)
            throw new InvalidException(unknown);
    }
}
