using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CallCenter.Bench;

/// <summary>A roster of a centre published, leave and swaps decided by the project's policy, and how soon the others know.</summary>
internal sealed class WorkingLife(Site site, Report report, Options options)
{
    private const int Agents = 300;
    private const int PerTeam = 20;

    private static readonly DateOnly From = Requests.Monday();

    public async Task Measure()
    {
        var project = await site.Project("Scheduling", "Attendance");
        var people = await Hire(project);
        var scheduling = await site.Start("Scheduling");
        using var scheduler = site.As(scheduling, "scheduler", project);
        var roster = await Roster(scheduler, project);
        await Publish(scheduler, project, roster);
        await Policies(scheduler, project);
        await Decide(scheduling, scheduler, project, people);
    }

    private async Task<IReadOnlyList<Guid>> Hire(Guid project)
    {
        using var people = site.As(await site.Start("People"), "admin");
        for (var team = 0; team < Agents / PerTeam; team++)
            (await people.PostAsJsonAsync("/teams", new { projectId = project, name = $"Team {team}" })).EnsureSuccessStatusCode();
        var file = new StringBuilder("staff_number,name,hired_on,left_on,grade,teams,skills,weekly_hours,zone\n");
        for (var agent = 0; agent < Agents; agent++)
            file.Append(null, $"W-{agent},Agent {agent},2025-03-03,,junior,Team {agent % (Agents / PerTeam)},billing:3,40,UTC\n");
        (await people.PostAsync("/employees/imports", new StringContent(file.ToString(), Encoding.UTF8, "text/csv"))).EnsureSuccessStatusCode();

        await using var database = Site.Database("scheduling");
        var found = new List<Guid>();
        await Site.Until(async () =>
        {
            found.Clear();
            await using var command = database.CreateCommand($"""
                select id from scheduling.mt_doc_employeev1 where data -> 'ProjectIds' ? '{project}'
                """);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                found.Add(reader.GetGuid(0));
            return found.Count == Agents;
        }, 200);
        await Site.Until(async () => await Site.Count(database, $"""
            select count(*) from scheduling.mt_doc_teamv1 t, jsonb_array_elements(t.data -> 'Members') m where t.data ->> 'ProjectId' = '{project}'
            """) == Agents, 200);
        return found;
    }

    private static async Task<string> Roster(HttpClient scheduler, Guid project)
    {
        await Requests.Done(scheduler.PutAsync($"/shift-rules/{project}", 0, new
        {
            templates = new object[]
            {
                new { code = "E", start = "08:00:00", end = "16:30:00", breaks = new[] { Meal } },
                new { code = "L", start = "12:00:00", end = "20:30:00", breaks = new[] { Meal } },
            },
        }));
        var requirement = await Requests.Place(scheduler.PostAsJsonAsync("/requirements/by-hand", new
        {
            projectId = project, from = From, days = 7, reason = "Measured",
            queues = new[] { new { queue = "billing", agents = new[] { new { agents = Agents / 2, from = "08:00:00", to = "20:00:00" } } } },
        }));
        var operation = await Requests.Place(scheduler.PostAsJsonAsync("/rosters", new
        {
            projectId = project, requirementId = requirement[^36..], seconds = 10, stopAtGap = 0.02,
        }));
        var state = default(JsonElement);
        await Site.Until(async () =>
            (state = await scheduler.GetFromJsonAsync<JsonElement>(operation)).GetProperty("status").GetString() is not ("queued" or "running"), 200);
        return state.GetProperty("result").GetString() ?? throw new InvalidOperationException($"No roster: {state}");
    }

    // From the reply until the service that measures attendance has every day of it.
    private async Task Publish(HttpClient scheduler, Guid project, string roster)
    {
        await using var attendance = Site.Database("attendance");
        await Requests.Done(scheduler.PostAsync($"{roster}/publication", await Version(scheduler, roster), null));
        var start = Stopwatch.GetTimestamp();
        await Site.Until(async () => await Site.Count(attendance, $"""
            select count(*) from attendance.mt_doc_rosterhistory where data ->> 'ProjectId' = '{project}'
            """) == Agents * 7, 20);
        report.Below($"Publication of {Agents} agents × 7 days until the floor has it", Stopwatch.GetElapsedTime(start).TotalMilliseconds, 5000, "ms");
    }

    private static async Task Policies(HttpClient scheduler, Guid project)
    {
        await Requests.Done(scheduler.PutAsync($"/leave-policies/{project}", 0, new
        {
            from = From.AddDays(-30), policy = new { maxDays = 30, automatic = Automatic, limits = new[] { new { most = Agents } } },
        }));
        await Requests.Done(scheduler.PutAsync($"/exchange-policies/{project}", 0, new { from = From.AddDays(-30), policy = new { atOnce = true } }));
    }

    private async Task Decide(Instance scheduling, HttpClient scheduler, Guid project, IReadOnlyList<Guid> people)
    {
        var (leaves, swaps, said) = (new List<double>(), new List<double>(), new Dictionary<string, int>());
        foreach (var agent in people.Take(20 * options.Seconds))
        {
            using var client = site.As(scheduling, agent, "agent", project);
            var days = await client.GetFromJsonAsync<JsonElement>($"/rosters/mine?from={From:yyyy-MM-dd}&to={From.AddDays(6):yyyy-MM-dd}");
            var worked = days.EnumerateArray().Where(d => d.GetProperty("shift").ValueKind is JsonValueKind.String)
                .Select(d => d.GetProperty("date").GetString()!).ToList();
            if (worked.Count < 2)
                continue;

            var start = Stopwatch.GetTimestamp();
            var leave = await Requests.Place(client.PostAsJsonAsync("/leaves", new
            {
                projectId = project, agentId = agent, firstDay = worked[0], lastDay = worked[0], kind = "annual", paid = false,
            }));
            leaves.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var decided = (await client.GetFromJsonAsync<JsonElement>(leave)).GetProperty("status").GetString()!;
            said[decided] = said.GetValueOrDefault(decided) + 1;

            if (await Taker(project, worked[1], agent) is not { } taker)
                continue;
            var swap = await Requests.Place(client.PostAsJsonAsync("/shift-swaps", new { projectId = project, agentId = agent, date = worked[1] }));
            using var other = site.As(scheduling, taker, "agent", project);
            start = Stopwatch.GetTimestamp();
            await other.PostAsJsonAsync($"{swap}/taker", new { }); // decided, or refused by the name of a rule
            swaps.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.Holds("Leave asked for and answered by the policy", string.Join(", ", said.Select(s => $"{s.Value} {s.Key}")), "decided at once",
            said.Keys.All(status => status == "approved"));
        report.Below($"Leave of a published shift decided, {leaves.Count} of them: p50", Rate.Percentile(leaves, 50), 250, "ms");
        report.Below($"Leave of a published shift decided, {leaves.Count} of them: p95", Rate.Percentile(leaves, 95), 500, "ms");
        report.Below($"Swap taken and decided, {swaps.Count} of them: p50", Rate.Percentile(swaps, 50), 250, "ms");
        report.Below($"Swap taken and decided, {swaps.Count} of them: p95", Rate.Percentile(swaps, 95), 500, "ms");
    }

    // Somebody who is off that day.
    private static async Task<Guid?> Taker(Guid project, string date, Guid except)
    {
        await using var database = Site.Database("scheduling");
        await using var command = database.CreateCommand($"""
            select (data ->> 'AgentId')::uuid from scheduling.mt_doc_publishedday
            where data ->> 'ProjectId' = '{project}' and data ->> 'Date' = '{date}' and data ->> 'Shift' is null and data ->> 'AgentId' <> '{except}'
            order by random() limit 1
            """);
        return await command.ExecuteScalarAsync() as Guid?;
    }

    private static readonly object Automatic = new { kinds = new[] { "annual" }, mostDays = 5 };

    private static readonly object Meal = new { kind = "meal", minutes = 30, earliestMinutes = 180, latestMinutes = 300, paid = false };

    private static async Task<long> Version(HttpClient client, string url)
    {
        using var answer = await client.GetAsync(url);
        return long.Parse(answer.Headers.ETag!.Tag.Trim('"').Split('-')[0], null);
    }
}

internal static class Requests
{
    public static Task<HttpResponseMessage> PutAsync(this HttpClient client, string path, long version, object body) =>
        client.SendAsync(Of(HttpMethod.Put, path, version, body));

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, long version, object? body) =>
        client.SendAsync(Of(HttpMethod.Post, path, version, body));

    /// <summary>Where what was made is.</summary>
    public static async Task<string> Place(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        return answer.IsSuccessStatusCode ? answer.Headers.Location!.ToString()
            : throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
    }

    public static async Task Done(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>The first that is more than a week away.</summary>
    public static DateOnly Monday()
    {
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(8);
        while (day.DayOfWeek is not DayOfWeek.Monday)
            day = day.AddDays(1);
        return day;
    }

    private static HttpRequestMessage Of(HttpMethod method, string path, long version, object? body)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return request;
    }
}
