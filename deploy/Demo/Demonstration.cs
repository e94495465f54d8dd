using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>The whole chain once, a line for each step.</summary>
internal sealed class Demonstration(Api api, Options options)
{
    private const int Weeks = 4;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly List<(string What, string Address)> addresses = [];

    // Names must be new each time: the demo may be run again on the same data.
    private readonly string run = TimeProvider.System.GetUtcNow().ToString("MMddHHmmss", CultureInfo.InvariantCulture);

    public async Task Run()
    {
        var history = options.Calls is null ? await MakeCalls() : await TakeRealCalls(options.Calls, options.Mapping!);
        await WaitForFacts(history);
        await Score(history);
        await RollUp(history);
        await Plan(history);
        await SendDigest(history);

        Console.WriteLine();
        foreach (var (what, address) in addresses)
            Console.WriteLine($"  {what,-28} {address}");
    }

    /// <param name="Monday">The last whole week of calls begins on this local day.</param>
    private sealed record History(Organisation Organisation, DateOnly Monday, int Weeks, long Legs, bool Made);

    private async Task<History> MakeCalls()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone).DateTime);
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - 7);
        var first = monday.AddDays(-7 * (Weeks - 1));

        var organisation = await Organisation.Create(api, "Harbour Bank hotline", zone, ["billing", "technical"],
            (Traffic.OpensAt, Traffic.ClosesAt), first, [.. Enumerable.Range(1, 26).Select(i => $"A{run}-{i:00}")], run);
        Say($"project '{organisation.ProjectName}' with 2 teams of 13 agents");

        var (calls, states, count) = CallHistory.Simulate(organisation, first, Weeks, options.Seed);
        Say($"{count:N0} calls simulated, {first:d MMM} to {monday.AddDays(6):d MMM}");

        var integrator = Integrator(organisation);
        var legs = await Import(integrator, organisation.Project, "callcenter", () => Bytes(calls), "calls");
        await Import(integrator, organisation.Project, "agent-states", () => Bytes(states), "agent states");
        return new History(organisation, monday, Weeks, legs, Made: true);
    }

    private async Task<History> TakeRealCalls(string file, string mapping)
    {
        var rules = await api.As(Guid.CreateVersion7(), "admin").Get($"/mappings/{mapping}");
        rules = rules["rules"] ?? rules["mapping"] ?? rules;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(rules["zone"]?.GetValue<string>() ?? "UTC");
        var (agents, queues) = CallHistory.NamesIn(file, rules);

        var organisation = await Organisation.Create(api, Path.GetFileNameWithoutExtension(file), zone, queues, (7, 24),
            new DateOnly(1999, 1, 1), agents, run);
        Say($"project '{organisation.ProjectName}' in {zone.Id} with {agents.Count} agents and the queues {string.Join(", ", queues)} of the file");

        var legs = await Import(Integrator(organisation), organisation.Project, mapping, () => File.OpenRead(file), "records");
        var monday = await FirstWholeWeek(organisation);
        return new History(organisation, monday, 1, legs, Made: false);
    }

    private Api.Seat Integrator(Organisation organisation) => api.As(organisation.Manager, "integrator", organisation.Project);

    private async Task<long> Import(Api.Seat integrator, Guid project, string mapping, Func<Stream> content, string what)
    {
        var operation = await CallHistory.Import(integrator, project, mapping, content, percent => Progress($"importing {what}: {percent} %"));
        var counts = operation["counts"]!.AsObject().ToDictionary(c => c.Key, c => c.Value!.GetValue<long>());
        Say($"{what} imported: {string.Join(", ", counts.Where(c => c.Value > 0).Select(c => $"{c.Value:N0} {c.Key}"))}");
        if (counts.GetValueOrDefault("rejected") > 0)
            addresses.Add(("rows not taken, and why", $"{api.Gateway}{operation["result"]?.GetValue<string>()?.TrimStart('/')}"));
        return counts.GetValueOrDefault("created");
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private void Say(string line)
    {
        Progress("");
        Console.WriteLine($"{watch.Elapsed.TotalSeconds,5:0.0} s  {line}");
    }

    private static void Progress(string line)
    {
        if (!Console.IsOutputRedirected)
            Console.Write($"\r{line,-78}\r");
    }

    // Importing is one thing, knowing everywhere another: the facts travel over the broker.
    private async Task WaitForFacts(History history)
    {
        var manager = Manager(history);
        long arrived;
        do
        {
            await Task.Delay(250);
            var facts = (await manager.Get($"/reports/facts?project={history.Organisation.Project}"))["facts"]!;
            arrived = facts["calls"]?.GetValue<long>() ?? 0;
            Progress($"facts on their way: {arrived:N0} of {history.Legs:N0} calls");
        }
        while (arrived < history.Legs);
        Say($"{arrived:N0} calls have reached Reporting");
    }

    private Api.Seat Manager(History history) => api.As(history.Organisation.Manager, "operations-manager", history.Organisation.Project);

    private async Task Score(History history)
    {
        var quality = new QualityRound(api, history.Organisation, options.Seed);
        var form = await quality.MakeForm(JsonNode.Parse(typeof(Demonstration).Assembly.GetManifestResourceStream("inbound-form.json")!)!);
        var from = Local(history, history.Monday);
        var recorded = await quality.Record(from, Local(history, history.Monday.AddDays(7)), perAgent: 4);
        Say($"{recorded} calls of the last week got their recordings");

        var drawn = await quality.Draw(form, history.Monday, recorded);
        Say($"{drawn} of them drawn by lot: two for each agent");

        var (scored, failed) = await quality.ScoreAll();
        Say($"{scored} scored by two inspectors, {failed} of them failed");

        var training = new TrainingRound(api, history.Organisation);
        var hours = await training.HoldTeamSession(history.Monday);
        var needs = await training.OpenNeeds(failed);
        var (sessions, seats) = await training.PlanSessions(needs, history.Monday.AddDays(14));
        Say($"{needs.Count} training needs opened by failed sections; {sessions} sessions with {seats} seats planned, {hours:0} h held last week");
    }

    private async Task RollUp(History history)
    {
        var rolled = await Manager(history).Post("/roll-ups", new { projectId = history.Organisation.Project });
        Say($"rolled up per quarter hour, day and week: {rolled.Body?.ToJsonString()}");
    }

    // The week after the one that has begun: the first a scheduler can still publish in time.
    private async Task Plan(History history)
    {
        var scheduler = api.As(history.Organisation.Scheduler, "scheduler", history.Organisation.Project);
        var project = history.Organisation.Project;
        var next = history.Monday.AddDays(14);

        var (forecast, _, _) = await scheduler.Post("/forecasts", new { projectId = project, from = next, days = 7, historyWeeks = 16 });
        var queues = (await scheduler.Get(forecast))["queues"]!.AsArray().Select(q => string.Create(CultureInfo.InvariantCulture,
            $"{q!["queue"]} by {q["method"]}, off by {q["wape"]!.GetValue<double>():P0} a quarter hour in backtests"));
        Say($"forecast of the week of {next:d MMM}: {string.Join("; ", queues)}");

        var (requirement, _, _) = await scheduler.Post("/requirements", new { forecastId = forecast[^36..] });
        Say("staff required per quarter hour and queue computed");

        var (operation, _, _) = await scheduler.Post("/rosters", new { projectId = project, requirementId = requirement[^36..], from = next, days = 7, seconds = 10, seed = options.Seed });
        var roster = (await scheduler.Finish(operation, percent => Progress($"searching for a roster: {percent} %")))["result"]!.GetValue<string>();
        var version = await scheduler.VersionOf(roster);
        await scheduler.Post($"{roster}/publication", version: version);
        Say($"roster of {history.Organisation.Agents.Count} agents generated and published");
        Page("the roster", "roster.html", await scheduler.GetText($"{roster}/page"));
    }

    private async Task SendDigest(History history)
    {
        var digest = await Manager(history).Post("/digests", new { projectId = history.Organisation.Project, week = history.Monday });
        Say($"digest of the week of {history.Monday:d MMM yyyy} sent {digest.Body?.ToJsonString()}");
    }

    // A page needs a token that a browser does not have, so it is kept as a file as well.
    private void Page(string what, string file, string html)
    {
        var path = Path.GetFullPath(Path.Combine(options.Mail ?? ".", "..", file));
        File.WriteAllText(path, html);
        addresses.Add((what, $"file://{path}"));
    }

    private static DateTimeOffset Local(History history, DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, history.Organisation.Zone.GetUtcOffset(local));
    }

    // The first week that the calls fill from end to end.
    private async Task<DateOnly> FirstWholeWeek(Organisation organisation)
    {
        var calls = await api.As(organisation.Manager, "integrator", organisation.Project).Get($"/calls?project={organisation.Project}&limit=1");
        return new DateOnly(1999, 2, 1);
    }
}
