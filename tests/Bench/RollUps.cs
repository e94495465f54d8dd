using System.Diagnostics;
using System.Net.Http.Json;
using Npgsql;

namespace CallCenter.Bench;

/// <summary>Rolling up a week of 100,000 calls, against the same sums as one plain statement that stores nothing.</summary>
internal sealed class RollUps(Site site, Report report)
{
    private const int Rounds = 5;
    private const int Calls = 100_000;

    // By quarter hour: project, queue and agent, as the roll-up does, with the measures that come from calls.
    private const string Plain = """
        select count(aggregate) from (
            select queue, agent_id, date_bin('15 minutes', at, 'epoch') as quarter,
                count(*), count(*) filter (where outcome = 'answered'), count(*) filter (where outcome = 'abandoned'),
                count(*) filter (where outcome = 'open'), count(*) filter (where outcome = 'answered' and wait_ms <= 20000),
                count(*) filter (where outcome = 'abandoned' and wait_ms <= 20000), count(*) filter (where outcome = 'abandoned' and wait_ms <= 5000),
                sum(wait_ms) filter (where outcome = 'answered'), sum(talk_s) filter (where outcome = 'answered'),
                sum(hold_s) filter (where outcome = 'answered'), sum(acw_s) filter (where outcome = 'answered'), max(position)
            from facts.call where project_id = $1
            group by grouping sets ((date_bin('15 minutes', at, 'epoch')), (queue, date_bin('15 minutes', at, 'epoch')), (agent_id, date_bin('15 minutes', at, 'epoch')))
        ) aggregate
        """;

    public async Task Measure()
    {
        var project = await site.Project("Reporting");
        await site.Stop("People");
        using var client = site.As(await site.Start("Reporting"), "operations-manager", project);
        await using var database = Site.Database("reporting");
        await Fill(database, project);
        var (rollUp, plain) = (new List<double>(), new List<double>());

        for (var round = 0; round <= Rounds; round++)
        {
            await Run(database, "truncate rollups.figure; delete from rollups.mark");
            var sums = await Timed(() => Run(database, Plain, project));
            var rolled = await Timed(async () => (await client.PostAsJsonAsync(new Uri("/roll-ups", UriKind.Relative),
                new { projectId = project, from = "2026-03-02", to = "2026-03-08" })).EnsureSuccessStatusCode());
            if (round == 0)
                continue; // both are warm now
            plain.Add(sums);
            rollUp.Add(rolled);
        }

        report.Within(3, $"Roll-up of a week of {Calls:N0} calls, over HTTP", Rate.Median(rollUp), "Plain SQL aggregate",
            Rate.Median(plain));
    }

    // Straight into the table of facts: how they get there is measured elsewhere.
    private static async Task Fill(NpgsqlDataSource database, Guid project)
    {
        await Run(database, $"""
            insert into facts.call (id, version, project_id, at, queue, direction, channel, outcome, agent_id, offered_at, answered_at, ended_at, wait_ms, talk_s, hold_s, acw_s)
            select gen_random_uuid(), 1, $1, at, 'queue-' || i % 4, 'inbound', 'voice', case i % 10 when 0 then 'abandoned' else 'answered' end,
                case i % 10 when 0 then null else md5('agent' || i % 26)::uuid end, at, case i % 10 when 0 then null else at + interval '9 s' end,
                at + interval '3 min', i % 60 * 1000, i % 600, i % 60, i % 90
            from (select i, timestamptz '2026-03-02T00:00:00Z' + i * interval '7 days' / {Calls} as at from generate_series(0, {Calls} - 1) i) calls
            """, project);
        await Run(database, "vacuum analyze facts.call");
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task Run(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
