using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace CallCenter.Bench;

/// <summary>From the reply to a change of state until it is told to who follows the floor, with thousands signed in.</summary>
internal sealed class Floors(Site site, Report report, Options options)
{
    private const int Agents = 5000;
    private const int PerTeam = 50;
    private const int PerSecond = 200;

    public async Task Measure()
    {
        var project = await site.Project("Calls", "Attendance");
        await Hire(project);
        using var source = site.As(await site.Start("Calls"), "integrator", project);
        var attendance = await site.Start("Attendance");
        using var supervisor = site.As(attendance, "supervisor", project);

        // Everybody signs in.
        await Change(source, project, Enumerable.Range(0, Agents), "ready", perSecond: 400);
        await Site.Until(async () =>
            (await supervisor.GetFromJsonAsync<JsonElement>($"/floor?projectId={project}")).GetProperty("agents").GetArrayLength() == Agents, 500);
        var once = Stopwatch.GetTimestamp();
        await supervisor.GetFromJsonAsync<JsonElement>($"/floor?projectId={project}");
        report.Below($"The floor of {Agents:N0} agents read once", Stopwatch.GetElapsedTime(once).TotalMilliseconds, 3000, "ms");

        using var end = new CancellationTokenSource();
        var told = new ConcurrentDictionary<(string, string), long>();
        var whole = new TaskCompletionSource();
        var following = Follow(supervisor, project, told, whole, end.Token);
        await whole.Task;

        var replied = await Change(source, project, Enumerable.Range(0, PerSecond * 3 * options.Seconds).Select(i => i % Agents), "busy",
            PerSecond);
        await Site.Until(() => Task.FromResult(replied.All(r => told.ContainsKey((r.Agent, r.Since)))));
        await end.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var took = replied.Select(r => Stopwatch.GetElapsedTime(r.At, told[(r.Agent, r.Since)]).TotalMilliseconds).ToList();
        report.Below($"Reply to news on the floor, {Agents:N0} agents, {PerSecond} changes/s: p50", Rate.Percentile(took, 50), 1000, "ms");
        report.Below($"Reply to news on the floor, {Agents:N0} agents, {PerSecond} changes/s: p99", Rate.Percentile(took, 99), 2000, "ms");
        report.Below("Memory of Attendance meanwhile", attendance.Memory("VmHWM"), 500, "MB");
    }

    private async Task Hire(Guid project)
    {
        using var people = site.As(await site.Start("People"), "admin");
        var teams = Agents / PerTeam;
        for (var team = 0; team < teams; team++)
            (await people.PostAsJsonAsync("/teams", new { projectId = project, name = $"Floor {team}" })).EnsureSuccessStatusCode();
        var file = new StringBuilder("staff_number,name,hired_on,left_on,grade,teams,skills,weekly_hours,zone\n");
        for (var agent = 0; agent < Agents; agent++)
            file.Append(null, $"F-{agent},Agent {agent},2025-03-03,,junior,Floor {agent % teams},billing:3,40,UTC\n");
        (await people.PostAsync("/employees/imports", new StringContent(file.ToString(), Encoding.UTF8, "text/csv"))).EnsureSuccessStatusCode();

        foreach (var service in new[] { "calls", "attendance" })
        {
            await using var database = Site.Database(service);
            await Site.Until(async () => await Site.Count(database, $"""
                select count(*) from {service}.mt_doc_employeev1 where data -> 'ProjectIds' ? '{project}'
                """) == Agents, 500);
        }
    }

    private static async Task<IReadOnlyCollection<(string Agent, string Since, long At)>> Change(
        HttpClient source, Guid project, IEnumerable<int> agents, string state, int perSecond)
    {
        var (replied, sending, start) = (new ConcurrentBag<(string, string, long)>(), new List<Task>(), Stopwatch.GetTimestamp());
        foreach (var (i, agent) in agents.Index())
        {
            if (TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(start) is { TotalMilliseconds: > 1 } early)
                await Task.Delay(early);
            sending.Add(One($"F-{agent}"));
        }

        await Task.WhenAll(sending);
        return replied;

        async Task One(string agent)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            using var answer = await source.PostAsJsonAsync("/agent-states", new { projectId = project, agent, state, at });
            answer.EnsureSuccessStatusCode();
            replied.Add((agent, Text(at), Stopwatch.GetTimestamp()));
        }
    }

    private static async Task Follow(
        HttpClient supervisor, Guid project, ConcurrentDictionary<(string, string), long> told, TaskCompletionSource whole,
        CancellationToken end)
    {
        await using var stream = await supervisor.GetStreamAsync($"/floor/stream?projectId={project}", end);
        await foreach (var news in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<JsonElement>(data)).EnumerateAsync(end))
        {
            var at = Stopwatch.GetTimestamp();
            foreach (var agent in news.Data.GetProperty("agents").EnumerateArray())
                if (agent.GetProperty("since").ValueKind is JsonValueKind.String)
                    told.TryAdd((agent.GetProperty("staffNumber").GetString()!, Text(agent.GetProperty("since").GetDateTimeOffset())), at);
            whole.TrySetResult();
        }
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", null);
}
