using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>The whole chain once, a line for each step.</summary>
internal sealed class Demonstration(Api api, Options options)
{
    private const int Weeks = 4;
    private const int HistoryWeeks = 16;

    // Whoever is named in a file of real calls was on the staff when they came.
    private static readonly DateOnly LongBefore = new(1990, 1, 1);

    // The demo's day goes on when it is run: the project is where it is late in the morning, two hours from zone to zone.
    private static readonly TimeSpan LateMorning = TimeSpan.FromHours(11);

    private static readonly string[] Zones =
    [
        "Asia/Shanghai", "Asia/Tokyo", "Pacific/Noumea", "Pacific/Tongatapu", "Pacific/Gambier", "America/Phoenix", "America/Bogota",
        "America/Sao_Paulo", "Atlantic/Cape_Verde", "Africa/Lagos", "Africa/Nairobi", "Asia/Karachi", "Asia/Bangkok",
    ];

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly List<(string What, string Address)> addresses = [];

    // Names must be new each time: the demo may be run again on the same data.
    private readonly string run = TimeProvider.System.GetUtcNow().ToString("MMddHHmmss", CultureInfo.InvariantCulture);

    public async Task Run()
    {
        var history = options.Calls is null ? await MakeCalls() : await TakeRealCalls(options.Calls, options.Mapping!);
        history = await WaitForFacts(history);
        var (coaching, coached) = await Score(history);
        await RollUp(history);
        var roster = await Plan(history);
        if (history.Today is { } today)
            await GoOn(history, roster, today);
        Page("the roster", "roster.html", await Scheduler(history).GetText($"{roster}/page"));
        Say(await coaching.Closed(coached));
        await SendDigests(history);

        Console.WriteLine();
        var project = history.Organisation;
        foreach (var (what, address) in addresses.Prepend(("the project", $"{project.Project}  {project.ProjectName}")).Append(
            ("its manager's token", $"make token ROLE=operations-manager PROJECT={project.Project}")))
            Console.WriteLine($"  {what,-28} {address}");
    }

    /// <param name="Monday">The last whole week of calls begins on this local day, and the first so many weeks before.</param>
    /// <param name="Today">By the project's clock; null of a file, whose days are over.</param>
    private sealed record History(Organisation Organisation, DateOnly Monday, int Weeks, DateOnly? Today, long Legs);

    private async Task<History> MakeCalls()
    {
        var now = TimeProvider.System.GetUtcNow();
        var zone = Zones.Select(TimeZoneInfo.FindSystemTimeZoneById)
            .MinBy(zone => (TimeZoneInfo.ConvertTime(now, zone).TimeOfDay - LateMorning).Duration())!;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - 7);
        var first = monday.AddDays(-7 * (Weeks - 1));

        var organisation = await Organisation.Create(api, "Harbour Bank hotline", zone, ["billing", "technical"],
            (Traffic.OpensAt, Traffic.ClosesAt), first, [.. Enumerable.Range(1, 26).Select(i => $"A{run}-{i:00}")], run);
        Say($"project '{organisation.ProjectName}' in {zone.Id}, where a working day goes on, with 2 teams of 13 agents");

        var (calls, states, count) = CallHistory.Simulate(organisation, first, Weeks, options.Seed);
        Say($"{count:N0} calls simulated, {first:d MMM} to {monday.AddDays(6):d MMM}");

        var integrator = Integrator(organisation);
        var legs = await Import(integrator, organisation.Project, "callcenter", () => Bytes(calls), "calls");
        await Import(integrator, organisation.Project, "agent-states", () => Bytes(states), "agent states");
        return new History(organisation, monday, Weeks, today, legs);
    }

    private async Task<History> TakeRealCalls(string file, string mapping)
    {
        // It comes with the product and is the same for every project, so that none needs to be there yet.
        var rules = await api.As(Api.Administrator, "admin").Get($"/mappings/{mapping}?project={Guid.Empty}");
        rules = rules["mapping"] ?? rules;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(rules["zone"]?.GetValue<string>() ?? "UTC");
        var (agents, queues) = CallHistory.NamesIn(file, rules);

        var organisation = await Organisation.Create(api, Path.GetFileNameWithoutExtension(file), zone, queues, (7, 24),
            LongBefore, agents, run);
        Say($"project '{organisation.ProjectName}' in {zone.Id} with {agents.Count} agents and the queues {string.Join(", ", queues)} of the file");

        var legs = await Import(Integrator(organisation), organisation.Project, mapping, () => File.OpenRead(file), "records");
        return new History(organisation, default, 0, Today: null, legs);
    }

    private Api.Seat Integrator(Organisation organisation) => api.As(organisation.Manager, "integrator", organisation.Project);

    private async Task<long> Import(Api.Seat integrator, Guid project, string mapping, Func<Stream> content, string what)
    {
        var operation = await CallHistory.Import(
            integrator, project, mapping, content, percent => Progress($"importing {what}: {percent} %"));
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
    private async Task<History> WaitForFacts(History history)
    {
        while (true)
        {
            var known = await Manager(history).Get($"/reports/facts?project={history.Organisation.Project}");
            var arrived = known["facts"]!["calls"]?.GetValue<long>() ?? 0;
            Progress($"facts on their way: {arrived:N0} of {history.Legs:N0} calls");
            if (arrived < history.Legs)
            {
                await Task.Delay(250);
                continue;
            }

            Say($"{arrived:N0} calls have reached Reporting");
            return history.Weeks > 0 ? history
                : WholeWeeks(history, DateOnly.Parse(known["firstDay"]!.GetValue<string>(), CultureInfo.InvariantCulture),
                DateOnly.Parse(known["lastDay"]!.GetValue<string>(), CultureInfo.InvariantCulture));
        }
    }

    private static History WholeWeeks(History history, DateOnly first, DateOnly last)
    {
        var from = first.AddDays((8 - (int)first.DayOfWeek) % 7);
        var weeks = (last.AddDays(1).DayNumber - from.DayNumber) / 7;
        return weeks > 0 ? history with { Monday = from.AddDays(7 * (weeks - 1)), Weeks = weeks }
            : throw new DemoException($"the calls of {first:yyyy-MM-dd} to {last:yyyy-MM-dd} fill no week from Monday to Sunday");
    }

    private Api.Seat Manager(History history) => api.As(history.Organisation.Manager, "operations-manager", history.Organisation.Project);

    private Api.Seat Scheduler(History history) => api.As(history.Organisation.Scheduler, "scheduler", history.Organisation.Project);

    /// <returns>The coaching that waits for a later evaluation.</returns>
    private async Task<(CoachingRound Round, string Coaching)> Score(History history)
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

        var round = new CoachingRound(api, history.Organisation, quality, form, from);
        Say(await round.Correct());
        Say(await round.Calibrate());
        var (coaching, told) = await round.Coach();
        Say(told);
        return (round, coaching);
    }

    private async Task RollUp(History history)
    {
        var rolled = await Manager(history).Post("/roll-ups", new { projectId = history.Organisation.Project });
        Say($"figures per quarter hour, day and week are complete; {rolled.Body!["changedFigures"]!.GetValue<long>():N0} of them were rolled up just now");
    }

    /// <returns>The roster: of a file its next week; else from today to the end of next week.</returns>
    private async Task<string> Plan(History history)
    {
        var scheduler = Scheduler(history);
        var project = history.Organisation.Project;
        var (from, days) = history.Today is { } today ? (today, history.Monday.AddDays(21).DayNumber - today.DayNumber)
            : (await FreeWeek(history), 7);
        await WaitForHistory(scheduler, history, from);

        var (forecast, _, _) = await scheduler.Post(
            "/forecasts", new { projectId = project, from, days, historyWeeks = HistoryWeeks });
        var queues = (await scheduler.Get(forecast))["queues"]!.AsArray().Select(q => string.Create(CultureInfo.InvariantCulture,
            $"{q!["queue"]} by {q["method"]}, off by {q["wape"]!.GetValue<double>():P0} a quarter hour in backtests"));
        Say($"forecast of {from:d MMM} to {from.AddDays(days - 1):d MMM}: {string.Join("; ", queues)}");

        var (requirement, _, _) = await scheduler.Post("/requirements", new { forecastId = forecast[^36..] });
        Say("staff required per quarter hour and queue computed");

        var (operation, _, _) = await scheduler.Post("/rosters",
            new { projectId = project, requirementId = requirement[^36..], from, days, seconds = 10, seed = options.Seed });
        var roster = (await scheduler.Finish(operation, percent =>
            Progress($"searching for a roster: {percent} %")))["result"]!.GetValue<string>();
        var version = await scheduler.VersionOf(roster);
        await scheduler.Post($"{roster}/publication", version: version);
        Say($"roster of {history.Organisation.Agents.Count} agents generated and published");
        return roster;
    }

    private async Task GoOn(History history, string roster, DateOnly today)
    {
        var floor = new FloorRound(api, history.Organisation, roster, today, options.Seed + 1);
        Say(await floor.CallInSick());
        Say(await floor.Exchange());
        var (missing, told) = await floor.TellMorning();
        Say(told);
        Say(await floor.Floor());
        Say(await floor.Outlook());
        Say(await floor.ComeLate(missing));
    }

    // Rolled up is one thing, known to Scheduling another.
    private static async Task WaitForHistory(Api.Seat scheduler, History history, DateOnly before)
    {
        var project = history.Organisation.Project;
        var figures =
            await scheduler.Get($"/kpis/values?project={project}&from={before.AddDays(-7 * HistoryWeeks):yyyy-MM-dd}&to={before.AddDays(-1):yyyy-MM-dd}&by=queue&kpi=offered");
        var offered = figures["values"]!.AsArray().Sum(v => v!["value"]!.GetValue<decimal>());
        while (true)
        {
            var known = (await scheduler.Get($"/forecasts/history?projectId={project}&before={before:yyyy-MM-dd}&weeks={HistoryWeeks}"))
                .AsArray().Sum(q => q!["calls"]!.GetValue<long>());
            if (known >= offered)
                return;
            Progress($"figures on their way: {known:N0} of {offered:N0} calls");
            await Task.Delay(250);
        }
    }

    // The agents of a file are the same people in each demo of it: a week they already work in is not planned twice.
    private async Task<DateOnly> FreeWeek(History history)
    {
        for (var monday = history.Monday.AddDays(7); ; monday = monday.AddDays(7))
        {
            var shifts = 0;
            foreach (var (agent, _) in history.Organisation.Agents)
                shifts += (await api.As(agent, "admin").Get($"/rosters/mine?from={monday:yyyy-MM-dd}&to={monday.AddDays(6):yyyy-MM-dd}"))
                    .AsArray().Count;
            if (shifts == 0)
                return monday;
        }
    }

    // Of a file, each week gets the digest its Monday would have brought, in order: what one tells the next compares with.
    private async Task SendDigests(History history)
    {
        for (var week = history.Monday.AddDays(-7 * (history.Weeks - 1)); week <= history.Monday; week = week.AddDays(7))
            if (week == history.Monday || history.Today is null)
            {
                await Manager(history).Post("/digests", new { projectId = history.Organisation.Project, week });
                Say($"digest of the week of {week:d MMM yyyy} sent");
            }
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
}
