using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace CallCenter.Bench;

/// <summary>
/// How soon an inspector has their next call, with a million calls known, thousands drawn and waiting, and more judged before.
/// </summary>
internal sealed class NextCalls(Site site, Report report)
{
    private const int Calls = 1_000_000;
    private const int Agents = 300;
    private const int Weeks = 26;
    private const int Drawn = 6;
    private const int JudgedOfEach = 40;
    private const int Inspectors = 300;

    public async Task Measure()
    {
        var project = await site.Project("Quality");
        await site.Stop("People");
        var quality = await site.Start("Quality");
        using var client = site.As(quality, "inspector", project);
        await using var database = Site.Database("quality");
        var monday = Monday();
        await Fill(database, project, monday);
        await Draw(client, database, project, monday);

        await Take(quality, project); // everything is warm then
        var (took, inHand) = (new List<double>(), new List<double>());
        for (var i = 0; i < Inspectors; i++)
        {
            var inspector = Guid.CreateVersion7();
            took.Add(await Take(quality, project, inspector));
            inHand.Add(await Take(quality, project, inspector));
        }

        var left = await Site.Count(database, "select count(*) from quality.mt_doc_evaluationsummary where status = 'Pending'");
        Console.WriteLine($"  {Calls:N0} calls, {left:N0} drawn calls still wait");
        report.Below($"An inspector's next call at {Calls:N0} calls: p50", Rate.Percentile(took, 50), 50, "ms");
        report.Below($"An inspector's next call at {Calls:N0} calls: p95", Rate.Percentile(took, 95), 100, "ms");
        report.Below("The call in hand, asked for again: p95", Rate.Percentile(inHand, 95), 100, "ms");
    }

    // Straight into the replica: how facts get there is measured elsewhere.
    private static async Task Fill(NpgsqlDataSource database, Guid project, DateOnly monday)
    {
        await Run(database, $$"""
            insert into quality.mt_doc_callv1 (id, data, mt_version, mt_last_modified, mt_dotnet_type, project_id, answered_at)
            select id, jsonb_build_object(
                'Id', id, 'Version', 1, 'ProjectId', '{{project}}', 'Queue', 'billing', 'Direction', case i % 4 when 0 then 'outbound' else 'inbound' end,
                'Channel', 'voice', 'OfferedAt', at, 'QueuedAt', at, 'AnsweredAt', at, 'EndedAt', at + interval '4 minutes', 'TalkSeconds', 240,
                'HoldSeconds', i % 90, 'AfterContactSeconds', 20, 'Outcome', 'answered', 'AgentId', md5('agent' || i % {{Agents}})::uuid,
                'RecordingId', repeat('a', 64), 'Source', 'switch', 'ExternalId', 'call-' || i),
                1, now() - interval '1 hour', 'CallCenter.Contracts.Calls.CallV1', '{{project}}', at
            from (select i, gen_random_uuid() as id, timestamptz '{{monday.AddDays(-7 * Weeks):yyyy-MM-dd}}T00:00:00Z' + i * interval '{{7 * Weeks}} days' / {{Calls}} as at
                from generate_series(0, {{Calls}} - 1) i) calls
            """);
        await Run(database, "vacuum analyze quality.mt_doc_callv1");
    }

    private static async Task Draw(HttpClient client, NpgsqlDataSource database, Guid project, DateOnly monday)
    {
        var content = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "docs", "how-to", "inbound-form.json")))!;
        var form = await Made(client, "/evaluation-forms", new { projectId = project, content });
        using var activation = new HttpRequestMessage(HttpMethod.Post, $"{form}/activation");
        activation.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await client.SendAsync(activation)).EnsureSuccessStatusCode();
        var plan = await Made(client, "/sampling-plans",
            new { projectId = project, rules = new { name = "Three a week", formId = Guid.Parse(form[^36..]), callsPerAgent = 3 } });
        for (var week = 1; week <= Drawn; week++)
            await Made(client, $"{plan}/draws", new { week = monday.AddDays(-7 * week) });

        // Those of before, judged by now.
        await Run(database, $$"""
            insert into quality.mt_doc_evaluationsummary
            select judged.* from (select w as waiting, gen_random_uuid() as id
                from quality.mt_doc_evaluationsummary w cross join generate_series(1, {{JudgedOfEach}})) made
            cross join lateral jsonb_populate_record(made.waiting, jsonb_build_object('id', made.id, 'status', 'Submitted',
                'data', (made.waiting).data || jsonb_build_object('Id', made.id, 'Status', 'Submitted'))) judged
            """);
        await Run(database, "vacuum analyze quality.mt_doc_evaluationsummary");
    }

    private async Task<double> Take(Instance quality, Guid project, Guid? inspector = null)
    {
        using var client = site.As(quality, inspector ?? Guid.CreateVersion7(), "inspector", project);
        var start = Stopwatch.GetTimestamp();
        using var taken = await client.PostAsync(new Uri("/evaluations/next", UriKind.Relative), null);
        var call = await taken.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return call.Length > 0 ? took : throw new InvalidOperationException("No call waits any more.");
    }

    private static async Task<string> Made(HttpClient client, string address, object body)
    {
        using var made = await client.PostAsJsonAsync(new Uri(address, UriKind.Relative), body);
        return made.IsSuccessStatusCode ? made.Headers.Location!.ToString()
            : throw new InvalidOperationException($"POST {address} answered {made.StatusCode}: {await made.Content.ReadAsStringAsync()}");
    }

    internal static DateOnly Monday()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 900;
        await command.ExecuteNonQueryAsync();
    }
}
