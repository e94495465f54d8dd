using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Reporting;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;

namespace CallCenter.Journeys.Tests;

/// <summary>Whoever keeps a thing of another service keeps its owner's newest version, once everything has settled.</summary>
internal static class Agreement
{
    // After a restore the others are told versions of a later epoch: what is above these bits.
    private const long OwnVersion = (1 << 22) - 1;

    /// <param name="home">The folder of the set of servers; that of the journeys unless said otherwise.</param>
    /// <returns>What differs, in words; nothing when all agree.</returns>
    public static async Task<IReadOnlyList<string>> Differences(string? home = null)
    {
        await using Books people = new("people", home), calls = new("calls", home), quality = new("quality", home);
        await using Books attendance = new("attendance", home);
        await using Books training = new("training", home), reporting = new("reporting", home), scheduling = new("scheduling", home);
        var (employees, teams, projects) =
            (await people.Streams("employee"), await people.Streams("team"), await people.Streams("project"));
        var contacts = await calls.Streams("call");
        var evaluations = await quality.Told<EvaluationV1>(); // one that is only planned is nobody else's business

        return
        [
            .. Between("employees in Calls", employees, await calls.Kept<EmployeeV1>()),
            .. Between("employees in Quality", employees, await quality.Kept<EmployeeV1>()),
            .. Between("employees in Reporting", employees, await reporting.Kept<EmployeeV1>()),
            .. Between("employees in Scheduling", employees, await scheduling.Kept<EmployeeV1>()),
            .. Between("employees in Training", employees, await training.Kept<EmployeeV1>()),
            .. Between("teams in Reporting", teams, await reporting.Kept<TeamV1>()),
            .. Between("teams in Scheduling", teams, await scheduling.Kept<TeamV1>()),
            .. Between("projects in Calls", projects, await calls.Kept<ProjectV1>()),
            .. Between("projects in Quality", projects, await quality.Kept<ProjectV1>()),
            .. Between("projects in Reporting", projects, await reporting.Kept<ProjectV1>()),
            .. Between("projects in Scheduling", projects, await scheduling.Kept<ProjectV1>()),
            .. Between("projects in Training", projects, await training.Kept<ProjectV1>()),
            .. Between("calls in Quality", contacts, await quality.Kept<CallV1>()),
            .. Between("calls in Reporting", contacts, await reporting.Versions("facts.call")),
            .. Between("agents' days in Reporting", await calls.Told<AgentDayV1>(),
                await reporting.Versions("facts.timeline", "kind = 'agent-day'")),
            .. Between("evaluations in Training", evaluations,
                await training.Versions("training.mt_doc_assessment", version: "(data ->> 'Revision')::bigint")),
            .. Between("evaluations in Reporting", evaluations, await reporting.Versions("facts.evaluation")),
            .. Between("sessions in Scheduling", await training.Told<TrainingSessionV1>(), await scheduling.Kept<TrainingSessionV1>()),
            .. Between("training in Reporting", await training.Told<TrainingRecordV1>(), await reporting.Versions("facts.training_record")),
            .. Between("queues' days in Scheduling", await reporting.Told<QueueDayV1>(), await scheduling.Kept<QueueDayV1>()),
            .. Between("employees in Attendance", employees, await attendance.Kept<EmployeeV1>()),
            .. Between("teams in Attendance", teams, await attendance.Kept<TeamV1>()),
            .. Between("projects in Attendance", projects, await attendance.Kept<ProjectV1>()),
            .. Between("agents' days in Attendance", await calls.Told<AgentDayV1>(), await attendance.Kept<AgentDayV1>()),
            .. Between("calls in Attendance", await calls.Told<CallV1>(), await attendance.Versions("floor.leg")),
            .. Between("coverage in Attendance", await scheduling.Told<CoverageDayV1>(), await attendance.Kept<CoverageDayV1>()),
            .. Between("leave in Attendance", await scheduling.Told<LeaveV1>(), await attendance.Kept<LeaveV1>()),
            .. Between("rosters in Attendance", await scheduling.Told<RosterDayV1>(),
                await attendance.Versions("attendance.mt_doc_rosterhistory", version: "(data ->> 'Version')::bigint")),
            .. await Everywhere<RetentionV1>("retention", people, calls, quality, scheduling, reporting),
            .. Between("rosters in Reporting", await scheduling.Told<RosterDayV1>(),
                await reporting.Versions("facts.timeline", "kind = 'roster'")),
            .. Between("coverage in Reporting", await scheduling.Told<CoverageDayV1>(),
                await reporting.Versions("facts.timeline", "kind = 'coverage'")),
        ];
    }

    /// <returns>Things of which two services hold the same version with another content.</returns>
    public static async Task<IReadOnlyList<string>> Contents(string? home = null) =>
    [
        .. await Alike<EmployeeV1>(home, "calls", "quality", "reporting", "scheduling", "training", "attendance"),
        .. await Alike<ProjectV1>(home, "calls", "quality", "reporting", "scheduling", "training", "attendance"),
        .. await Alike<TeamV1>(home, "reporting", "scheduling", "attendance"),
    ];

    private static async Task<IEnumerable<string>> Alike<TFact>(string? home, params IReadOnlyList<string> holders)
    {
        var held = new List<(string Holder, Guid Id, string Content)>();
        foreach (var holder in holders)
        {
            await using var books = new Books(holder, home);
            held.AddRange((await books.Contents<TFact>()).Select(one => (holder, one.Key, one.Value)));
        }

        return held.GroupBy(one => one.Id).Where(of => of.Select(one => one.Content).Distinct().Count() > 1)
            .Select(of => $"{typeof(TFact).Name} {of.Key}: {string.Join("; ", of.Select(one => $"{one.Holder} has {one.Content}"))}");
    }

    private static async Task<IEnumerable<string>> Everywhere<TFact>(string what, Books owner, params IReadOnlyList<Books> holders)
    {
        var told = await owner.Told<TFact>();
        var differences = new List<string>();
        foreach (var holder in holders)
            differences.AddRange(Between($"{what} in {holder.Service}", told, await holder.Kept<TFact>()));
        return differences;
    }

    private static Dictionary<Guid, long> OfTheStream(Dictionary<Guid, long> told) =>
        told.ToDictionary(one => one.Key, one => one.Value & OwnVersion);

    private static IEnumerable<string> Between(string what, Dictionary<Guid, long> owned, Dictionary<Guid, long> kept) =>
        Versions.Differences(OfTheStream(owned), OfTheStream(kept)).Select(difference => $"{what}: {difference}");
}
