using System.Diagnostics;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.Projects;
using CallCenter.Reporting.RollUps;
using CallCenter.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Reporting.Tests;

/// <summary>How fast, printed when asked for (<c>-explicit only</c>): figures, not tests.</summary>
public sealed class Rates(FactDatabase database, ReportingApi api, ITestOutputHelper output) : IClassFixture<FactDatabase>
{
    private const string PlainAggregate = """
        SELECT count(aggregate) FROM (
            SELECT queue, member.team_id, call.agent_id, date_bin('15 minutes', at, 'epoch') AS quarter,
                count(*), count(*) FILTER (WHERE outcome = 'answered'), count(*) FILTER (WHERE outcome = 'abandoned'), count(*) FILTER (WHERE outcome = 'open'),
                count(*) FILTER (WHERE outcome = 'answered' AND wait_ms <= 20000), count(*) FILTER (WHERE outcome = 'abandoned' AND wait_ms <= 20000),
                count(*) FILTER (WHERE outcome = 'abandoned' AND wait_ms <= 5000), sum(wait_ms) FILTER (WHERE outcome = 'answered'),
                sum(talk_s) FILTER (WHERE outcome = 'answered'), sum(hold_s) FILTER (WHERE outcome = 'answered'), sum(acw_s) FILTER (WHERE outcome = 'answered'), max(position)
            FROM facts.call LEFT JOIN (SELECT DISTINCT ON (agent_id) agent_id, team_id FROM rollups.member WHERE project_id = $1) member USING (agent_id)
            WHERE project_id = $1
            GROUP BY GROUPING SETS ((date_bin('15 minutes', at, 'epoch')), (queue, date_bin('15 minutes', at, 'epoch')),
                (member.team_id, date_bin('15 minutes', at, 'epoch')), (call.agent_id, date_bin('15 minutes', at, 'epoch')))
        ) aggregate
        """;

    [Fact(Explicit = true)]
    public async Task rolling_up_a_week_of_100_000_calls_against_the_plain_aggregate()
    {
        var facts = new RandomFacts(1, "Asia/Shanghai", new DateOnly(2026, 3, 3), "rate");
        foreach (var batch in Calls(facts, 100_000).Chunk(2000))
            await database.Keep(batch);
        await database.Source.CreateCommand("VACUUM ANALYZE facts.call").ExecuteNonQueryAsync();

        for (var round = 0; round < 5; round++)
        {
            await database.Source.CreateCommand("TRUNCATE rollups.figure").ExecuteNonQueryAsync();
            await database.Source.CreateCommand("DELETE FROM rollups.mark").ExecuteNonQueryAsync();
            var week = new ForcedRange(new Period(new DateOnly(2026, 3, 2), new DateOnly(2026, 3, 8)), CurrentRules: false);

            var plain = await Timed(() => database.Source.Rows(PlainAggregate, row => row.GetInt64(0), default, facts.Project.Id));
            var first = await Timed(() => database.RollUp(facts.Project, facts.Teams, week));
            var again = await Timed(() => database.RollUp(facts.Project, facts.Teams, week));
            output.WriteLine($"plain {plain:0} ms; roll-up {first:0} ms = {first / plain:0.00}x; again {again:0} ms = {again / plain:0.00}x");
        }
    }

    [Fact(Explicit = true)]
    public async Task keeping_facts_straight_into_the_table()
    {
        var facts = new RandomFacts(2, "Asia/Shanghai", new DateOnly(2026, 3, 3), "keep");
        var calls = Calls(facts, 50_000).ToArray();
        foreach (var batch in new[] { 100, 250, 500 })
        {
            await database.Source.CreateCommand("TRUNCATE facts.call, rollups.mark").ExecuteNonQueryAsync();
            var took = await Timed(() => Parallel.ForEachAsync(calls.Chunk(batch), new ParallelOptions { MaxDegreeOfParallelism = 2 },
                async (chunk, _) => await database.Keep(chunk)));
            output.WriteLine($"batches of {batch}, 2 at once: {calls.Length / took * 1000:0} facts/s");
        }
    }

    [Fact(Explicit = true)]
    public async Task taking_a_backlog_from_the_broker()
    {
        var facts = new RandomFacts(3, "Asia/Shanghai", new DateOnly(2026, 3, 3), "drain");
        await api.Publish([facts.Project, .. facts.Teams]);
        await using var source = NpgsqlDataSource.Create(api.Database);
        await api.Publish([.. Calls(facts, 2000)]);
        await Eventually.True(() => Arrived(2000), "the warm-up");

        var receiving = api.App.Services.GetRequiredService<ConsumerHost>();
        await receiving.StopAsync(default);
        await api.Publish([.. Calls(facts, 50_000).Skip(2000)]);

        var took = await Timed(async () =>
        {
            await receiving.StartAsync(default);
            await Eventually.True(() => Arrived(50_000), "the backlog");
        });
        output.WriteLine($"48,000 calls taken from the broker in {took:0} ms = {48_000 / took * 1000:0} messages/s");

        async Task<bool> Arrived(long count) =>
            (await source.Rows("SELECT count(*) FROM facts.call", row => row.GetInt64(0), default)).Single() == count;
    }

    private static IEnumerable<CallV1> Calls(RandomFacts facts, int count)
    {
        var random = new Random(5);
        var start = facts.Calendar.StartOf(new DateOnly(2026, 3, 2));
        for (var nth = 0; nth < count; nth++)
        {
            var offered = start.AddDays(random.Next(7)).AddHours(8).AddSeconds(random.Next(12 * 3600));
            var answered = random.Next(10) > 0;
            var end = offered.AddSeconds(random.Next(60));
            yield return new CallV1(NameId.Of("rate", facts.Project.Id, nth), 1, facts.Project.Id, $"queue-{random.Next(4)}", "inbound",
                "voice", offered, offered,
                answered ? end : null, end, random.Next(600), random.Next(60), random.Next(90), answered ? "answered" : "abandoned",
                answered ? NameId.Of("agent", random.Next(26)) : null, null, null, null);
        }
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds;
    }
}
