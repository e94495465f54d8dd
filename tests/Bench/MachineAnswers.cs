using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace CallCenter.Bench;

/// <summary>
/// How fast what a model says of contacts is taken, beside the same rows copied into such a table, and how soon a team is estimated and the
/// model's agreement said, of a hundred thousand contacts of which two thousand were judged.
/// </summary>
internal sealed class MachineAnswers(Site site, Report report)
{
    private const int Calls = 100_000, Agents = 100, Weeks = 4, PerAgent = 5, OfForm = 20, Templates = 20;
    private const int AtOnce = 200, Connections = 4, Rounds = 5, Asked = 20;

    public async Task Measure()
    {
        var project = await site.Project("Quality");
        await site.Stop("People");
        var quality = await site.Start("Quality");
        await using var database = Site.Database("quality");
        using var inspector = site.As(quality, "inspector", project);
        var monday = NextCalls.Monday();
        await Fill(database, project, monday);
        var form = await Form(inspector, project);
        var plan = await Made(inspector, "/sampling-plans",
            new { projectId = project, rules = new { name = "Five a week", formId = form, callsPerAgent = PerAgent } });
        for (var week = 1; week <= Weeks; week++)
            await Made(inspector, $"{plan}/draws", new { week = monday.AddDays(-7 * week) });

        await Take(quality, database, project, form);
        await Judge(inspector, database);
        await Ask(quality, project, $"planId={plan[^36..]}&from={monday.AddDays(-7 * Weeks):yyyy-MM-dd}&to={monday.AddDays(-7):yyyy-MM-dd}");
    }

    // In turns: what the machine is busy with beside this falls on both.
    private async Task Take(Instance quality, NpgsqlDataSource database, Guid project, Guid form)
    {
        using var integrator = site.As(quality, "integrator", project);
        await Run(database, "create schema bench; create table bench.answers (like machine.answers including all)");
        var calls = new List<Guid>();
        await using (var command = database.CreateCommand($"select id from quality.mt_doc_callv1 where project_id = '{project}' order by id"))
        await using (var row = await command.ExecuteReaderAsync())
            while (await row.ReadAsync())
                calls.Add(row.GetGuid(0));
        List<Guid[]> batches = [.. calls.Chunk(AtOnce)];
        var bodies = batches.ConvertAll(batch => JsonSerializer.SerializeToUtf8Bytes(Body(batch, form)));
        var (taken, copied, ofRound) = (new List<double>(), new List<double>(), batches.Count / Rounds);

        for (var round = 0; round < Rounds; round++)
        {
            var first = round * ofRound;
            copied.Add(await Rate(ofRound, i => Copy(database, project, form, batches[first + i])));
            taken.Add(await Rate(ofRound, async i =>
            {
                using var content = new ByteArrayContent(bodies[first + i]);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await integrator.PostAsync(new Uri("/machine-answers", UriKind.Relative), content);
                var said = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
                if ((int)said!["stored"]! != AtOnce)
                    throw new InvalidOperationException($"Not all were kept: {said}"[..500]);
            }));
        }

        await Run(database, "vacuum analyze machine.answers");
        report.AtLeast(0.25, $"Machine answers over HTTP, {AtOnce} contacts of {OfForm} questions at once, {Connections} connections",
            Bench.Rate.Median(taken), "the same rows copied into such a table", Bench.Rate.Median(copied), "contacts/s");
    }

    private async Task Ask(Instance quality, Guid project, string weeks)
    {
        using var manager = site.As(quality, "operations-manager", project);
        foreach (var (name, url) in new[]
        {
            ("estimates", $"/machine-answers/estimates?{weeks}&model=bench&modelVersion=1"), ("agreement", $"/machine-answers/agreement?{weeks}"),
        })
        {
            var took = new List<double>();
            for (var round = 0; round <= Asked; round++)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await manager.GetAsync(new Uri(url, UriKind.Relative), HttpCompletionOption.ResponseContentRead);
                answer.EnsureSuccessStatusCode();
                if (round > 0) // warm now
                    took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                else if (!(await answer.Content.ReadAsStringAsync()).Contains($"{Agents * Weeks * PerAgent}", StringComparison.Ordinal))
                    throw new InvalidOperationException($"Not all were judged: {await answer.Content.ReadAsStringAsync()}"[..500]);
            }

            report.Below($"Machine answers: {name} over {Calls:N0} contacts, {Agents * Weeks * PerAgent:N0} of them judged: p50",
                Bench.Rate.Percentile(took, 50), 1000, "ms");
            report.Below($"Machine answers: {name}: p95", Bench.Rate.Percentile(took, 95), 1000, "ms");
        }

        report.Below("Memory of Quality meanwhile", quality.Memory("VmHWM"), 500, "MB");
    }

    private static async Task<double> Rate(int batches, Func<int, Task> work)
    {
        var (next, start) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < batches)
                await work(i);
        })));
        return batches * AtOnce / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static object Body(Guid[] calls, Guid form) => new
    {
        contacts = calls.Select(call => new
        {
            subject = new { kind = "call", callId = call }, formId = form, formVersion = 1, model = "bench", modelVersion = "1",
            answers = Enumerable.Range(0, OfForm).Select(q => new
            {
                question = $"q{q}", answer = new { yes = Says(call, q) }, confidence = 0.9, evidence = new[] { new { offsetMs = 1000 * q } },
            }),
        }),
    };

    private static bool Says(Guid call, int question) => (call.GetHashCode() + 31 * question) % 7 != 0;

    private static async Task Copy(NpgsqlDataSource database, Guid project, Guid form, Guid[] calls)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy bench.answers (id, judge_id, project_id, form_id, form_version, contact_id, kind, agent_id, at, score, passed, shares, answers,
                evidence, digest, received_at, received_from) from stdin (format binary)
            """);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var call in calls)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(Guid.CreateVersion7());
            await copy.WriteAsync(1);
            await copy.WriteAsync(project);
            await copy.WriteAsync(form);
            await copy.WriteAsync(1);
            await copy.WriteAsync(call);
            await copy.WriteAsync("call");
            await copy.WriteAsync(project);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(80f);
            await copy.WriteAsync(true);
            await copy.WriteAsync(Enumerable.Range(0, OfForm).Select(q => Says(call, q) ? 1f : 0f).ToArray());
            await copy.WriteAsync(JsonSerializer.Serialize(Enumerable.Range(0, OfForm)
                .Select(q => new { Question = $"q{q}", Answer = new { Yes = Says(call, q) }, Confidence = 0.9 })), NpgsqlDbType.Jsonb);
            await copy.WriteAsync(JsonSerializer.Serialize(Enumerable.Range(0, OfForm)
                .ToDictionary(q => $"q{q}", q => new[] { new { OffsetMs = 1000 * q } })), NpgsqlDbType.Jsonb);
            await copy.WriteAsync(call);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(project);
        }

        await copy.CompleteAsync();
    }

    // A few are judged over HTTP; the others get the events of these.
    private static async Task Judge(HttpClient inspector, NpgsqlDataSource database)
    {
        for (var i = 0; i < Templates; i++)
        {
            using var taken = await inspector.PostAsync(new Uri("/evaluations/next", UriKind.Relative), null);
            var drawn = (await taken.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
            var version = await Send(inspector, HttpMethod.Put, $"/evaluations/{drawn["id"]}/answers", (long)drawn["version"]!, new
            {
                formVersion = 1,
                answers = Enumerable.Range(0, OfForm).Select(q => new { question = $"q{q}", answer = new { yes = (i + q * 3) % 5 != 0 } }),
            });
            await Send(inspector, HttpMethod.Post, $"/evaluations/{drawn["id"]}/submission", version, null);
        }

        await Run(database, $"""
            with judged as (select stream_id, row_number() over (order by stream_id) - 1 as n from quality.mt_events where type = 'evaluation_submitted'),
            waiting as (select stream_id, row_number() over (order by stream_id) % {Templates} as n from quality.mt_events
                where type = 'evaluation_planned' and stream_id not in (select stream_id from judged))
            insert into quality.mt_events
            select made.* from waiting join judged on judged.n = waiting.n
            join quality.mt_events e on e.stream_id = judged.stream_id and e.version > 1
            cross join lateral jsonb_populate_record(e, jsonb_build_object(
                'seq_id', nextval('quality.mt_events_sequence'), 'id', gen_random_uuid(), 'stream_id', waiting.stream_id)) made
            """);
        await Run(database, """
            update quality.mt_streams s set version = (select max(version) from quality.mt_events e where e.stream_id = s.id)
            where id in (select stream_id from quality.mt_events where type = 'evaluation_submitted')
            """);
        // No document was written that tells of them.
        await Run(database, """
            insert into figures.changed (id) select stream_id from quality.mt_events where type = 'evaluation_submitted' on conflict do nothing
            """);
        await Site.Until(async () => await Site.Count(database, "select count(*) from figures.changed") == 0, 500);
        await Run(database, "vacuum analyze figures.evaluation");
        await Run(database, "vacuum analyze quality.mt_events");
        await Site.Until(async () => await Site.Count(database, """
            select (select coalesce(max(seq_id), 0) from quality.mt_events) - coalesce(min(last_seq_id), -1) from quality.mt_event_progression where name like '%:All'
            """) <= 0, 500);
    }

    private static async Task Fill(NpgsqlDataSource database, Guid project, DateOnly monday)
    {
        await Run(database, $$"""
            insert into quality.mt_doc_callv1 (id, data, mt_version, mt_last_modified, mt_dotnet_type, project_id, answered_at)
            select id, jsonb_build_object(
                'Id', id, 'Version', 1, 'ProjectId', '{{project}}', 'Queue', 'billing', 'Direction', 'inbound', 'Channel', 'voice', 'OfferedAt', at,
                'QueuedAt', at, 'AnsweredAt', at, 'EndedAt', at + interval '4 minutes', 'TalkSeconds', 240, 'HoldSeconds', i % 90,
                'AfterContactSeconds', 20, 'Outcome', 'answered', 'AgentId', md5('agent' || i % {{Agents}})::uuid,
                'RecordingId', repeat('a', 64), 'Source', 'switch', 'ExternalId', 'call-' || i),
                1, now() - interval '1 hour', 'CallCenter.Contracts.Calls.CallV1', '{{project}}', at
            from (select i, gen_random_uuid() as id, timestamptz '{{monday.AddDays(-7 * Weeks):yyyy-MM-dd}}T00:00:00Z' + i * interval '{{7 * Weeks}} days' / {{Calls}} as at
                from generate_series(0, {{Calls}} - 1) i) calls
            """);
        await Run(database, "vacuum analyze quality.mt_doc_callv1");
    }

    private static async Task<Guid> Form(HttpClient inspector, Guid project)
    {
        var form = await Made(inspector, "/evaluation-forms", new
        {
            projectId = project, content = new
            {
                title = new Dictionary<string, string> { ["en"] = "Bench" }, weighting = "sections", passMark = 80,
                sections = Enumerable.Range(0, 5).Select(s => new
                {
                    code = $"s{s}", title = new Dictionary<string, string> { ["en"] = $"Section {s}" }, weight = 20,
                    questions = Enumerable.Range(s * OfForm / 5, OfForm / 5).Select(q => new
                    {
                        code = $"q{q}", kind = "yes-no", title = new Dictionary<string, string> { ["en"] = $"Question {q}?" }, notApplicable = true,
                        yes = new { points = 2 }, no = new { points = 0 },
                    }),
                }),
            },
        });
        await Send(inspector, HttpMethod.Post, $"{form}/activation", 1, null);
        return Guid.Parse(form[^36..]);
    }

    private static async Task<long> Send(HttpClient client, HttpMethod method, string url, long version, object? body)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var answer = await client.SendAsync(request);
        return answer.IsSuccessStatusCode ? long.Parse(answer.Headers.ETag!.Tag.Trim('"'), null)
            : throw new InvalidOperationException($"{method} {url} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<string> Made(HttpClient client, string address, object body)
    {
        using var made = await client.PostAsJsonAsync(new Uri(address, UriKind.Relative), body);
        return made.IsSuccessStatusCode ? made.Headers.Location!.ToString()
            : throw new InvalidOperationException($"POST {address} answered {made.StatusCode}: {await made.Content.ReadAsStringAsync()}");
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 900;
        await command.ExecuteNonQueryAsync();
    }
}
