using CallCenter.Reporting.Facts;
using Npgsql;
using static CallCenter.Reporting.RollUps.RollUpSql;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// Rolls up one project, day by day, each day in a transaction of its own: what is marked, what the facts say, the day's
/// and the week's sums, what has to be published, all or nothing. The project's row is the lock, so two nodes take turns.
/// </summary>
internal sealed class ProjectRollUp(NpgsqlConnection connection, ProjectDimensions dimensions, RollUpOptions options)
{
    private readonly Guid project = dimensions.Project.Id;
    private readonly string[] queues = [.. dimensions.Project.Queues.Select(queue => queue.Queue)];

    /// <summary>Marks what a change of the project's calendar, queues or teams touches.</summary>
    public async Task MarkChangedDimensions(CancellationToken cancellation)
    {
        var (zone, weekStartsOn) = (dimensions.Project.Zone, (int)dimensions.Project.WeekStartsOn);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var known = await Lock(cancellation);

        if (known?.Dimensions != dimensions.Fingerprint)
        {
            if (known is not null && (known.Zone != zone || known.WeekStartsOn != weekStartsOn))
                await connection.Execute(MarkEverything, cancellation, project, weekStartsOn);

            await connection.Execute(MarkNewlyKnown, cancellation,
                project, queues, dimensions.TeamOfAgent.Keys.Select(agent => agent.ToString()).ToArray());
            await connection.Execute(Remember, cancellation, project, zone, weekStartsOn, dimensions.Fingerprint);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The marked days, oldest first.</summary>
    /// <param name="settled">Only those nobody has touched for a moment, so that an import does not roll a day up hundreds of times.</param>
    public async Task<IReadOnlyList<DateOnly>> MarkedDays(bool settled, CancellationToken cancellation)
    {
        var marks = await connection.Rows(Marks, row => (
            Day: row.IsDBNull(0) ? dimensions.Calendar.DayOf(row.GetFieldValue<DateTimeOffset>(1)) : row.GetFieldValue<DateOnly>(0),
            Oldest: row.GetTimeSpan(2), Newest: row.GetTimeSpan(3)), cancellation, project);

        return [.. marks.GroupBy(mark => mark.Day)
            .Where(day => !settled || day.Min(mark => mark.Newest) >= options.Quiet || day.Max(mark => mark.Oldest) >= options.Patience)
            .Select(day => day.Key).Order()];
    }

    /// <summary>Brings one day to what the facts say.</summary>
    /// <param name="currentRules">Take today's thresholds and teams instead of those the day was first rolled up under.</param>
    /// <returns>How many figures changed.</returns>
    public async Task<long> Roll(DateOnly day, bool currentRules, CancellationToken cancellation)
    {
        DateTimeOffset[] bounds = [.. dimensions.Calendar.QuartersOf(day), dimensions.Calendar.EndOf(day)];
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Execute("SET LOCAL jit = off", cancellation); // compiling would take longer than running

        if ((await Lock(cancellation))?.Dimensions != dimensions.Fingerprint)
            return 0; // another node knows the project differently; the marks stay for the next run

        var causes = await connection.Rows(TakeMarks,
            row => new Cause(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), cancellation, project, day, bounds[0], bounds[^1]);
        await KeepRulesOf(day, currentRules, cancellation);

        var (changed, changedQueues) = (await connection.Rows(Quarters,
            row => (row.GetInt64(0), row.IsDBNull(1) ? [] : row.GetFieldValue<string[]>(1)), cancellation,
            project, day, bounds, options.ThresholdSeconds, options.ShortAbandonSeconds)).Single();
        await connection.Execute(Day, cancellation, project, day);
        await connection.Execute(Week, cancellation, project, dimensions.Calendar.WeekOf(day));

        if (changed > 0)
            await Tell(day, causes is [] ? [new Cause("rules", 0, 0)] : causes, changedQueues, cancellation);

        await transaction.CommitAsync(cancellation);
        return changed;
    }

    private async Task KeepRulesOf(DateOnly day, bool currentRules, CancellationToken cancellation)
    {
        if (currentRules)
        {
            await connection.Execute("DELETE FROM rollups.rule WHERE project_id = $1 AND day = $2", cancellation, project, day);
            await connection.Execute("DELETE FROM rollups.member WHERE project_id = $1 AND day = $2", cancellation, project, day);
        }

        await connection.Execute(KeepThresholds, cancellation,
            project, day, queues, dimensions.Project.Queues.Select(queue => queue.ServiceLevelSeconds).ToArray());
        await connection.Execute(KeepMembers, cancellation,
            project, day, dimensions.TeamOfAgent.Keys.ToArray(), dimensions.TeamOfAgent.Values.ToArray());
    }

    private async Task Tell(DateOnly day, IReadOnlyList<Cause> causes, string[] changedQueues, CancellationToken cancellation)
    {
        await connection.Execute(TellCauses, cancellation, project, day,
            causes.Select(cause => cause.Kind).ToArray(), causes.Select(cause => cause.Added).ToArray(), causes.Select(cause => cause.Changed).ToArray());
        await connection.Execute(RaiseQueueDays, cancellation, project, day, changedQueues);
    }

    private async Task<Known?> Lock(CancellationToken cancellation) => (await connection.Rows(
        "SELECT zone, week_starts_on, dimensions FROM rollups.project WHERE project_id = $1 FOR UPDATE",
        row => new Known(row.GetString(0), row.GetInt32(1), row.GetString(2)), cancellation, project)).SingleOrDefault();

    private sealed record Known(string Zone, int WeekStartsOn, string Dimensions);
}

/// <summary>Why figures changed: facts of a kind that came new or came again with other content.</summary>
/// <param name="Kind">call, evaluation, training, agent-day, roster, coverage, calendar, dimension or rules.</param>
public sealed record Cause(string Kind, int Added, int Changed);
