using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;

namespace CallCenter.Journeys.Tests;

/// <summary>Whoever keeps a thing of another service keeps its owner's newest version, once everything has settled.</summary>
internal static class Agreement
{
    // After a restore the others are told versions of a later epoch: what is above these bits.
    private const long OwnVersion = (1 << 22) - 1;

    /// <returns>What differs, in words; nothing when all agree.</returns>
    public static async Task<IReadOnlyList<string>> Differences()
    {
        await using Books people = new("people"), calls = new("calls"), quality = new("quality");
        await using Books training = new("training"), reporting = new("reporting");
        var (employees, teams, projects) =
            (await people.Streams("employee"), await people.Streams("team"), await people.Streams("project"));
        var (contacts, days) = (await calls.Streams("call"), await calls.Streams("agent_day"));
        var evaluations = await quality.Streams("evaluation");

        return
        [
            .. Between("employees in Calls", employees, await calls.Kept<EmployeeV1>()),
            .. Between("employees in Reporting", employees, await reporting.Kept<EmployeeV1>()),
            .. Between("employees in Training", employees, await training.Kept<EmployeeV1>()),
            .. Between("teams in Reporting", teams, await reporting.Kept<TeamV1>()),
            .. Between("projects in Calls", projects, await calls.Kept<ProjectV1>()),
            .. Between("projects in Quality", projects, await quality.Kept<ProjectV1>()),
            .. Between("projects in Reporting", projects, await reporting.Kept<ProjectV1>()),
            .. Between("calls in Quality", contacts, await quality.Kept<CallV1>()),
            .. Between("calls in Reporting", contacts, await reporting.Versions("facts.call")),
            .. Between("agents' days in Reporting", days, await reporting.Versions("facts.timeline", "kind = 'agent-day'")),
            .. Between("evaluations in Training", evaluations,
                await training.Versions("training.mt_doc_assessment", version: "(data ->> 'Revision')::bigint")),
            .. Between("evaluations in Reporting", evaluations, await reporting.Versions("facts.evaluation")),
        ];
    }

    private static IEnumerable<string> Between(string what, Dictionary<Guid, long> owned, Dictionary<Guid, long> kept) =>
        Versions.Differences(owned, kept.ToDictionary(one => one.Key, one => one.Value & OwnVersion)).Select(difference => $"{what}: {difference}");
}
