using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Projects;
using Npgsql;
using static CallCenter.Reporting.RollUps.RollUpSql;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// Rolls up one project, the marked days of a week in one transaction: the marks, what the facts say, the days' and the
/// week's sums, what has to be published, all or nothing. The project's row is the lock, so two nodes take turns.
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
            await connection.Execute(StoreDimensions, cancellation, project, zone, weekStartsOn, dimensions.Fingerprint);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The marked days, oldest first.</summary>
    /// <param name="settled">Only those nobody has touched for a moment, so that an import does not roll a day up hundreds of
    /// times.</param>
    public async Task<IReadOnlyList<DateOnly>> MarkedDays(bool settled, CancellationToken cancellation)
    {
        var marks = await connection.Rows(Marks, row => (
            Day: row.IsDBNull(0) ? dimensions.Calendar.DayOf(row.GetFieldValue<DateTimeOffset>(1)) : row.GetFieldValue<DateOnly>(0),
            Oldest: row.GetTimeSpan(2), Newest: row.GetTimeSpan(3)), cancellation, project);

        return [.. marks.GroupBy(mark => mark.Day)
            .Where(day =>
                !settled || day.Min(mark => mark.Newest) >= options.Debounce || day.Max(mark => mark.Oldest) >= options.LongestDelay)
            .Select(day => day.Key).Order()];
    }

    /// <summary>Days that follow each other in one week, to be rolled up together.</summary>
    public IEnumerable<Period> Runs(IEnumerable<DateOnly> days)
    {
        Period? run = null;
        foreach (var day in days.Order())
        {
            if (run is { } open && day == open.To.AddDays(1) && dimensions.Calendar.WeekOf(day) == dimensions.Calendar.WeekOf(open.From))
                run = open with { To = day };
            else
            {
                if (run is { } complete)
                    yield return complete;
                run = new Period(day, day);
            }
        }

        if (run is { } last)
            yield return last;
    }

    /// <summary>Brings some days, one after the other and of one week, to what the facts say.</summary>
    /// <param name="currentRules">Take today's thresholds and teams instead of those the days were first rolled up under.</param>
    public async Task<RolledUp> Roll(Period days, bool currentRules, CancellationToken cancellation)
    {
        var slots = days.Each().SelectMany(day =>
            dimensions.Calendar.QuartersOf(day).Select((start, quarter) => (Start: start, Day: day, Quarter: (short)quarter))).ToArray();
        DateTimeOffset[] bounds = [.. slots.Select(slot => slot.Start), dimensions.Calendar.EndOf(days.To)];
        var week = dimensions.Calendar.WeekOf(days.From);

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Execute("SET LOCAL jit = off", cancellation); // compiling would take longer than running
        await connection.Execute("SET LOCAL work_mem = '64MB'", cancellation); // one pass in memory instead of sorting on disk

        await connection.Execute(SayFormulas, cancellation);

        if ((await Lock(cancellation))?.Dimensions != dimensions.Fingerprint)
            return RolledUp.Nothing; // another node knows the project differently; the marks stay for the next run

        var causes = await connection.Rows(TakeMarks, row => new Cause(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), cancellation,
            project, days.From, days.To, bounds[0], bounds[^1]);
        if (causes.Count == 0)
            causes = [new Cause("rules", 0, 0)];
        await KeepRulesOf(days, currentRules, cancellation);

        var dayOfSlots = slots.Select(slot => slot.Day).ToArray();
        await connection.Execute(TellingDays, cancellation, project, days.From, days.To, bounds, dayOfSlots,
            causes.Select(cause => cause.Kind).ToArray());

        var changed = await connection.Rows(Quarters,
            row => (Day: row.GetFieldValue<DateOnly>(0), Figures: row.GetInt64(1),
                Queues: row.IsDBNull(2) ? [] : row.GetFieldValue<string[]>(2)), cancellation,
            project, days.From, days.To, bounds, dayOfSlots, slots.Select(slot => slot.Quarter).ToArray(),
            options.ThresholdSeconds, options.ShortAbandonSeconds, Math.Min(options.RepeatDays, CallFacts.LongestDays));
        await connection.Execute(Day, cancellation, project, days.From, days.To);
        await connection.Execute(Week, cancellation, project, week);

        if (changed.Count > 0)
            await TellCausesOf(week, causes, cancellation);
        var queueDays = changed.SelectMany(day => day.Queues.Select(queue => (Queue: queue, day.Day))).ToArray();
        await connection.Execute(RaiseQueueDays, cancellation, project, queueDays.Select(day => day.Queue)
            .ToArray(), queueDays.Select(day => day.Day).ToArray());

        await transaction.CommitAsync(cancellation);
        return new RolledUp(days.Length, changed.Count, changed.Sum(day => day.Figures));
    }

    private async Task KeepRulesOf(Period days, bool currentRules, CancellationToken cancellation)
    {
        if (currentRules)
        {
            await connection.Execute("DELETE FROM rollups.rule WHERE project_id = $1 AND day BETWEEN $2 AND $3", cancellation, project,
                days.From, days.To);
            await connection.Execute("DELETE FROM rollups.member WHERE project_id = $1 AND day BETWEEN $2 AND $3", cancellation, project,
                days.From, days.To);
        }

        await connection.Execute(KeepThresholds, cancellation,
            project, days.Each().ToArray(), queues, dimensions.Project.Queues.Select(queue => queue.ServiceLevelSeconds).ToArray());
        await connection.Execute(KeepMembers, cancellation,
            project, days.Each().ToArray(), dimensions.TeamOfAgent.Keys.ToArray(), dimensions.TeamOfAgent.Values.ToArray());
    }

    private Task<int> TellCausesOf(DateOnly week, IReadOnlyList<Cause> causes, CancellationToken cancellation) =>
        connection.Execute(ListCauses, cancellation,
        project, week, causes.Select(cause => cause.Kind).ToArray(), causes.Select(cause => cause.Added)
            .ToArray(), causes.Select(cause => cause.Changed).ToArray());

    private async Task<Known?> Lock(CancellationToken cancellation) => (await connection.Rows(
        "SELECT zone, week_starts_on, dimensions FROM rollups.project WHERE project_id = $1 FOR UPDATE",
        row => new Known(row.GetString(0), row.GetInt32(1), row.GetString(2)), cancellation, project)).SingleOrDefault();

    private sealed record Known(string Zone, int WeekStartsOn, string Dimensions);
}

/// <summary>Why figures changed: facts of a kind that came new or came again with other content.</summary>
/// <param name="Kind">call, evaluation, training, agent-day, roster, coverage, restore, calendar, dimension, formula or rules.</param>
/// <param name="Added">Facts that are new.</param>
/// <param name="Changed">Facts that came again with other content.</param>
public sealed record Cause(string Kind, int Added, int Changed);
