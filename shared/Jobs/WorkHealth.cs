using CallCenter.EventSourcing;
using CallCenter.Health;
using Marten;
using Npgsql;

namespace CallCenter.Jobs;

/// <summary>How often each job of the service runs, by its name.</summary>
internal sealed record JobPeriods(IReadOnlyDictionary<string, TimeSpan> Of);

/// <summary>When each job last ended well, on whichever instance, and what is set aside.</summary>
internal sealed class WorkHealth(
    IDocumentStore store, NpgsqlDataSource database, JobPeriods periods, Fence fence, TimeProvider clock) : ISubject
{
    // Success is written down twice a minute at most.
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(45);

    private static readonly Gauge Age = new("callcenter.job.success.age", Gauge.Seconds, "How long ago the job last ended well.", "job_name");
    private static readonly Gauge Period = new("callcenter.job.period", Gauge.Seconds, "How often the job runs.", "job_name");
    private static readonly Gauge Failures = new("callcenter.job.failures", "{run}",
        "Runs of the job that failed one after the other.", "job_name");
    private static readonly Gauge Aside = new("callcenter.jobs.set_aside", "{thing}",
        "Things whose turn failed and that wait for the next one.", "work");

    private readonly DateTimeOffset begun = clock.GetUtcNow();

    public static string Name => "jobs";

    public static IReadOnlyList<Gauge> Gauges => [Age, Period, Failures, Aside];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        var (jobs, aside) = await Read(cancellation);
        var now = clock.GetUtcNow();
        var readings = new List<Reading>(periods.Of.Select(job => new Reading(Period, job.Value.TotalSeconds, job.Key)));
        var standing = new List<Standing>();

        foreach (var (job, period) in periods.Of)
        {
            var record = jobs.GetValueOrDefault(job);
            readings.Add(new(Failures, record?.Failures ?? 0, job));
            if (record?.LastSuccess is { } success)
                readings.Add(new(Age, (now - success).TotalSeconds, job));
            if (StandsStill(record, period, now))
                standing.Add(new Standing($"job {job}", record is { Failures: > 0 } ? $"It failed {record.Failures} times in a row."
                    : "It has not run for more than two periods.", record?.LastSuccess));
        }

        foreach (var work in fence.Works.Union(aside.Keys))
        {
            var (count, since) = aside.GetValueOrDefault(work);
            readings.Add(new(Aside, count, work));
            if (count > 0)
                standing.Add(new Standing($"{work}: set aside",
                    $"{count} of things failed and are tried again: see /operations-desk.", since));
        }

        return new Measured(readings, standing);
    }

    // Two runs in vain are two periods without success; who never ran yet has that long from the start.
    private bool StandsStill(JobRecord? record, TimeSpan period, DateTimeOffset now) => record is { Failures: > 1 }
        || now - (record?.LastSuccess > begun ? record.LastSuccess.Value : begun) > 2 * (period > ShortestPeriod ? period : ShortestPeriod);

    private async Task<(Dictionary<string, JobRecord> Jobs, Dictionary<string, (long Count, DateTimeOffset Since)> Aside)> Read(
        CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select id, (data ->> 'LastSuccess')::timestamptz, (data ->> 'Failures')::bigint, null from {Table<JobRecord>()} where id = any($1)
            union all
            select null, min((data ->> 'Since')::timestamptz), count(*), work from {Table<SetAside>()}
            where data ->> 'Skipped' is null group by work
            """);
        command.Parameters.AddWithValue(periods.Of.Keys.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellation);

        var (jobs, aside) = (new Dictionary<string, JobRecord>(), new Dictionary<string, (long, DateTimeOffset)>());
        while (await row.ReadAsync(cancellation))
        {
            var at = await row.IsDBNullAsync(1, cancellation) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(1);
            if (await row.IsDBNullAsync(0, cancellation))
                aside[row.GetString(3)] = (row.GetInt64(2), at!.Value);
            else
                jobs[row.GetString(0)] = new JobRecord(row.GetString(0), at, (int)row.GetInt64(2));
        }

        return (jobs, aside);
    }

    private string Table<TDocument>() => store.Options.FindOrResolveDocumentType(typeof(TDocument)).TableName.QualifiedName;
}

/// <summary>Long operations that are not done: imports, rosters being made.</summary>
internal sealed class OperationHealth(
    IDocumentStore store, NpgsqlDataSource database, IReadOnlyDictionary<string, Type> kinds) : ISubject
{
    private static readonly Gauge Open = new("callcenter.operations.open", "{operation}",
        "Operations that are queued or running.", "kind");
    private static readonly Gauge Oldest = new("callcenter.operations.open.age", Gauge.Seconds,
        "How long ago the oldest of them was asked for; 0 where there is none.", "kind");

    public static string Name => "operations";

    public static IReadOnlyList<Gauge> Gauges => [Open, Oldest];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select kind, count(operation.id), coalesce(extract(epoch from clock_timestamp() - min((operation.data ->> 'At')::timestamptz)), 0)::float8
            from unnest($1) as kind
            left join ({Table<OperationWork>()} as work join {Table<Operation>()} as operation on operation.id = work.id and not work.done)
                on operation.data ->> 'Kind' = kind
            group by kind
            """);
        command.Parameters.AddWithValue(kinds.Keys.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellation);

        var readings = new List<Reading>();
        while (await row.ReadAsync(cancellation))
            readings.AddRange([new(Open, row.GetInt64(1), row.GetString(0)), new(Oldest, row.GetDouble(2), row.GetString(0))]);
        return new Measured(readings, []);
    }

    private string Table<TDocument>() => store.Options.FindOrResolveDocumentType(typeof(TDocument)).TableName.QualifiedName;
}
