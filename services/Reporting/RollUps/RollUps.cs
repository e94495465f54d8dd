using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Projects;
using Marten;
using Npgsql;

namespace CallCenter.Reporting.RollUps;

/// <summary>Settings <c>RollUps:*</c>.</summary>
public sealed record RollUpOptions
{
    /// <summary>How long nobody must have touched a day before the job rolls it up …</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>… unless it has waited this long.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>T for a queue the project does not know.</summary>
    public int ThresholdSeconds { get; init; } = 20;

    /// <summary>The shorter time of service level v5.</summary>
    public int ShortAbandonSeconds { get; init; } = 5;

    /// <summary>Within how many days a customer who comes back counts as repeated, 31 at most.</summary>
    public int RepeatDays { get; init; } = 7;
}

/// <param name="Days">Days brought up to date.</param>
/// <param name="ChangedDays">Those of which a figure changed.</param>
/// <param name="ChangedFigures">Figures of a quarter hour that changed.</param>
public sealed record RolledUp(int Days, int ChangedDays, long ChangedFigures)
{
    public static readonly RolledUp Nothing = new(0, 0, 0);

    public static RolledUp operator +(RolledUp a, RolledUp b) =>
        new(a.Days + b.Days, a.ChangedDays + b.ChangedDays, a.ChangedFigures + b.ChangedFigures);
}

/// <param name="Dimensions">What it was rolled up under: <see cref="ProjectDimensions.Fingerprint"/>.</param>
/// <param name="Marked">Whether a day is marked.</param>
/// <param name="Untold">Whether a queue's day was rolled up that the others have not been told of.</param>
internal sealed record WaitingProject(string Dimensions, bool Marked, bool Untold);

/// <summary>Which days to roll up whatever is marked, besides what is.</summary>
/// <param name="CurrentRules">Take today's thresholds and teams: an open restatement of the past.</param>
internal sealed record ForcedRange(Period Days, bool CurrentRules);

internal sealed class RollUps(NpgsqlDataSource database, IDocumentStore store, RollUpOptions options)
{
    /// <summary>Rolls up what is marked. A project nobody has told us about waits: without a zone there is no day.</summary>
    public async Task<RolledUp> Run(Guid project, bool settled, ForcedRange? again, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await ProjectDimensions.Load(session, project, cancellation) is { } dimensions
            ? await Run(dimensions, settled, again, cancellation)
            : RolledUp.Nothing;
    }

    public async Task<RolledUp> Run(ProjectDimensions project, bool settled, ForcedRange? again, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Run(new ProjectRollUp(connection, project, options), settled, again, cancellation);
    }

    public static async Task<RolledUp> Run(ProjectRollUp project, bool settled, ForcedRange? again, CancellationToken cancellation)
    {
        await project.MarkChangedDimensions(cancellation);

        DateOnly[] asked = [.. again?.Days.Each() ?? []];
        var total = await Roll((await project.MarkedDays(settled, cancellation)).Except(asked));

        foreach (var days in project.Runs(asked))
            total += await project.Roll(days, again!.CurrentRules, cancellation);

        // Once more: a day that has begun to tell of calls, or to tell nothing, marks those beside it.
        return total + await Roll(await project.MarkedDays(settled, cancellation));

        async Task<RolledUp> Roll(IEnumerable<DateOnly> marked)
        {
            var rolled = RolledUp.Nothing;
            foreach (var days in project.Runs(marked))
                rolled += await project.Roll(days, currentRules: false, cancellation);
            return rolled;
        }
    }

    /// <summary>What is to be done for the projects that were rolled up before, by one question for all of them.</summary>
    public async Task<IReadOnlyDictionary<Guid, WaitingProject>> Waiting(CancellationToken cancellation) => (await database.Rows("""
        SELECT project_id, dimensions, EXISTS (SELECT FROM rollups.mark WHERE mark.project_id = project.project_id)
                OR EXISTS (SELECT FROM rollups.outdated_day AS day WHERE day.project_id = project.project_id),
            EXISTS (SELECT FROM rollups.queue_day AS day WHERE day.project_id = project.project_id AND version > published_version)
        FROM rollups.project
        """, row => (Id: row.GetGuid(0), Waiting: new WaitingProject(row.GetString(1), row.GetBoolean(2), row.GetBoolean(3))), cancellation))
        .ToDictionary(row => row.Id, row => row.Waiting);

    public async Task<int> DaysToRollUp(ProjectDimensions project, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await new ProjectRollUp(connection, project, options).MarkedDays(settled: false, cancellation)).Count;
    }

    /// <summary>When the first and the last call of a project counts.</summary>
    public async Task<(DateTimeOffset? First, DateTimeOffset? Last)> Calls(Guid project, CancellationToken cancellation) =>
        (await database.Rows(
        "SELECT min(at), max(at) FROM facts.call WHERE project_id = $1",
        row => row.IsDBNull(0) ? default((DateTimeOffset?, DateTimeOffset?))
            : (row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1)),
        cancellation, project)).Single();

    /// <summary>How many facts of each kind are kept of a project, and the position of the newest.</summary>
    public Task<List<(string Kind, long Facts, long Position)>> Facts(Guid project, CancellationToken cancellation) => database.Rows("""
        SELECT kind, count(*), max(position) FROM (
            SELECT 'calls' AS kind, project_id, position FROM facts.call UNION ALL SELECT 'evaluations', project_id, position FROM facts.evaluation
            UNION ALL SELECT 'training-records', project_id, position FROM facts.training_record
            UNION ALL SELECT 'chats', project_id, position FROM facts.chat
            UNION ALL SELECT kind || 's', project_id, position FROM facts.timeline
        ) fact WHERE project_id = $1 GROUP BY kind ORDER BY kind
        """, row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellation, project);
}
