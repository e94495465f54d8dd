using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>A day that goes on: one is sick, two exchange shifts, one comes late, and the floor is looked at.</summary>
/// <param name="today">By the clock of the project.</param>
internal sealed class FloorRound(Api api, Organisation organisation, string roster, DateOnly today, int seed)
{
    private const int MostRows = 8;

    private static readonly TimeSpan LateEnough = TimeSpan.FromMinutes(20);

    private Api.Seat Scheduler => api.As(organisation.Scheduler, "scheduler", organisation.Project);

    private Api.Seat Supervisor => api.As(organisation.Supervisor, "supervisor", organisation.Project);

    private Api.Seat Integrator => api.As(organisation.Manager, "integrator", organisation.Project);

    private Api.Seat Agent(Guid id) => api.As(id, "agent", organisation.Project);

    private sealed record Shift(
        Guid Agent, string Name, DateOnly Date, DateTimeOffset From, DateTimeOffset To,
        IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Pauses);

    /// <summary>Whoever's shift begins last reports sick: it is freed, and what it covered is missing.</summary>
    public async Task<string> CallInSick()
    {
        var sick = (await Shifts(today)).MaxBy(shift => shift.From)!;
        var before = await MissingHours();
        await Agent(sick.Agent).Post("/leaves", new
        {
            projectId = organisation.Project, agentId = sick.Agent, firstDay = today, lastDay = today, kind = "sick", paid = true,
        });
        if ((await Shifts(today)).Any(shift => shift.Agent == sick.Agent))
            throw new DemoException($"{sick.Name} is sick and still rostered");

        var after = await MissingHours();
        return string.Create(CultureInfo.InvariantCulture,
            $"{sick.Name} calls in sick: the shift {Span(sick)} is freed, and {after:0.##} agent hours of today are missing, {before:0.##} before");
    }

    /// <summary>The first and the last of a day next week change places, or the next two where a rule is in the way.</summary>
    public async Task<string> Exchange()
    {
        await Scheduler.Send(
            HttpMethod.Put, $"/exchange-policies/{organisation.Project}", new { from = today, policy = new { atOnce = true } }, 0);
        var day = today.AddDays(7 - ((int)today.DayOfWeek + 6) % 7 + 2);
        var shifts = (await Shifts(day)).OrderBy(shift => shift.From).ToList();
        var refused = new List<string>();
        foreach (var (early, late) in shifts.Zip(Enumerable.Reverse(shifts)).TakeWhile(pair => pair.First.From < pair.Second.From))
        {
            var (swap, version, _) = await Agent(early.Agent).Post("/shift-swaps", new
            {
                projectId = organisation.Project, agentId = early.Agent, date = day, toAgentId = late.Agent, inReturn = true,
            });
            try
            {
                await Agent(late.Agent).Post($"{swap}/taker", new { date = day });
                return string.Create(CultureInfo.InvariantCulture,
                    $"{early.Name} and {late.Name} exchange {Span(early)} and {Span(late)} of {day:ddd d MMM}: no rule is broken, so it holds at once");
            }
            catch (DemoException e) when (e.Message.Contains(" answered 409: ", StringComparison.Ordinal))
            {
                refused.Add(e.Message);
                await Agent(early.Agent).Post($"{swap}/withdrawal", version: version);
            }
        }

        return $"nobody can exchange shifts on {day:ddd d MMM}: {string.Join("; ", refused)}";
    }

    /// <summary>
    /// What the telephone system tells of the morning: what is over as files, what goes on as events. Of whom nobody has seen, nothing.
    /// </summary>
    /// <returns>Who has not come, and what to say.</returns>
    public async Task<(Guid Missing, string Said)> TellMorning()
    {
        var now = TimeProvider.System.GetUtcNow();
        var shifts = await Shifts(today);
        var missing = shifts.Where(shift => shift.From <= now - LateEnough && !shift.Pauses.Any(p => p.From <= now && now < p.To))
            .MaxBy(shift => shift.From) ?? throw new DemoException($"nobody is to work at {Local(now)} in {organisation.Zone.Id}");
        var index = organisation.Agents.Index().ToDictionary(agent => agent.Item.Id, agent => agent.Index);
        var (calls, states) = new Traffic(seed, organisation.Zone, organisation.Agents.Count).Day(today,
            [.. shifts.Where(shift => shift != missing).Select(s => new SimulatedShift(index[s.Agent], s.From, s.To, s.Pauses))]);

        var told = calls.Where(call => call.OfferedAt <= now).ToList();
        var over = told.Where(call => call.EndedAt <= now).ToList();
        await Import("callcenter", CallHistory.Calls(over, organisation));
        await Import("agent-states", CallHistory.States(states.Where(state => state.At <= now), organisation));
        foreach (var call in told.Except(over))
        {
            await Report(call, "offered", call.OfferedAt);
            if (call.AnsweredAt is { } answered && answered <= now)
                await Report(call, "answered", answered);
        }

        var here = shifts.Count(shift => shift != missing && shift.From <= now && shift.To > now);
        await Known(told.Count, here, shifts.Count);
        return (missing.Agent, $"it is {Local(now)} in {organisation.Zone.Id}: {told.Count} calls so far, and {here} agents at work, have reached the floor");
    }

    /// <summary>Who is missing signs in, and is late by so much.</summary>
    public async Task<string> ComeLate(Guid agent)
    {
        var staffNumber = organisation.Agents.First(known => known.Id == agent).StaffNumber;
        await Integrator.Post("/agent-states",
            new { projectId = organisation.Project, agent = staffNumber, state = "login", at = TimeProvider.System.GetUtcNow() });

        var shift = await Until("the sign-in", () => Supervisor.Get(
            $"/attendance?projectId={organisation.Project}&agentId={agent}&from={today:yyyy-MM-dd}&to={today:yyyy-MM-dd}"),
            answer => answer["items"]!.AsArray().Select(item => item!["ledgers"]!)
                .FirstOrDefault(ledgers => ledgers["amended"]!["arrivedAt"] is not null));
        var (amended, raw) = (shift["amended"]!, shift["raw"]!);
        var name = (await Shifts(today)).First(own => own.Agent == agent).Name;
        return $"{name} signs in at {Local(At(amended["arrivedAt"])!.Value)}: late by {Minutes(amended)} as the roster stands, by {Minutes(raw)} as it was known then, for it was published today";

        static string Minutes(JsonNode figures) => figures["lateSeconds"]?.GetValue<int>() is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00} min") : "nobody knows how much";
    }

    /// <summary>The floor as a table: who is rostered now, and of them those of whom something is to be said first.</summary>
    public async Task<string> Floor()
    {
        var floor = await Supervisor.Get($"/floor?projectId={organisation.Project}");
        var agents = floor["agents"]!.AsArray().Select(a => a!).Where(a => Text(a["scheduled"]) != "off").ToList();
        var shown = agents.OrderBy(a => a["deviation"] is null).ThenBy(a => a["fits"]?.GetValue<bool>() ?? true)
            .ThenBy(a => Text(a["name"]), StringComparer.Ordinal).Take(MostRows).ToList();
        var table = new StringBuilder($"the floor at {Local(At(floor["asOf"])!.Value)}")
            .AppendLine().AppendLine(Row("agent", "scheduled", "state", "fits", "deviation"));
        foreach (var agent in shown)
            table.AppendLine(Row(Text(agent["name"]), Text(agent["scheduled"]), Text(agent["state"]),
                agent["fits"]?.GetValue<bool>() switch { true => "yes", false => "no", null => "" }, Text(agent["deviation"])));
        if (agents.Count > shown.Count)
            table.AppendLine(CultureInfo.InvariantCulture, $"          and {agents.Count - shown.Count} more");

        table.AppendLine(Row("queue", "waiting", "service level", "required", "scheduled", "there"));
        foreach (var queue in floor["queues"]!.AsArray().Select(q => q!))
            table.AppendLine(Row(Text(queue["queue"]), $"{queue["waiting"]}", $"{Share(queue["serviceLevel"])} of {Share(queue["goal"])}",
                Number(queue["required"]), Number(queue["scheduled"]), $"{queue["there"]}"));
        return table.ToString().TrimEnd();

        static string Row(string first, params string[] cells) =>
            $"          {first,-14}{string.Concat(cells.Select(cell => $"{cell,-20}"))}".TrimEnd();
    }

    /// <summary>How the rest of the day will go, and what would help most.</summary>
    public async Task<string> Outlook()
    {
        var outlook = await Supervisor.Get($"/floor/outlook?projectId={organisation.Project}");
        var queues = outlook["queues"]!.AsArray().Select(q =>
            $"{Text(q!["queue"])} {Share(q["rest"]?["value"])} from now on, {Share(q["day"])} over all of it, of {Share(q["goal"])}");
        var rest = $"the rest of the day, played {outlook["days"]} times: {string.Join("; ", queues)}";
        if (outlook["proposals"]!.AsArray() is not [{ } best, ..])
            return $"{rest}; there is nothing to propose";

        var (move, effect) = (best["move"]!, best["effect"]!);
        var who = Guid.TryParse(Text(move["agentId"]), out var agent) ? (await Shifts(today)).First(s => s.Agent == agent).Name : "";
        var what = string.Join(' ', new[] { Text(move["kind"]), who, Text(move["queue"]) }.Where(word => word.Length > 0));
        var to = At(move["newFrom"]) is { } moved ? $" to {Local(moved)}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{rest}; best of {outlook["proposals"]!.AsArray().Count} proposals: {what} {Local(At(move["from"])!.Value)}–{Local(At(move["to"])!.Value)}{to}, {Points("gained"):+0.0;−0.0} points of all queues together ({Points("low"):+0.0;−0.0} to {Points("high"):+0.0;−0.0})");

        double Points(string member) => 100 * effect[member]!.GetValue<double>();
    }

    private async Task Import(string mapping, string csv) => await CallHistory.Import(
        Integrator, organisation.Project, mapping, () => new MemoryStream(Encoding.UTF8.GetBytes(csv)), _ => { });

    private async Task Report(SimulatedCall call, string type, DateTimeOffset at) => await Integrator.Post("/call-events", new
    {
        projectId = organisation.Project, source = "callcenter", callId = CallHistory.IdOf(call), type, at,
        queue = type == "offered" ? call.Queue : null,
        agent = type == "answered" ? organisation.Agents[call.Agent!.Value].StaffNumber : null,
    });

    // Told is one thing, on the floor another.
    private async Task Known(int calls, int here, int rostered) => await Until("the floor",
        () => Supervisor.Get($"/floor?projectId={organisation.Project}"), floor =>
            floor["queues"]!.AsArray().Sum(queue => queue!["offered"]!.GetValue<int>()) >= calls
            && floor["agents"]!.AsArray() is var agents && agents.Count(agent => agent!["shiftId"] is not null) >= rostered
            && agents.Count(agent => Text(agent!["state"]) is not ("offline" or "unknown")) >= here ? floor : null);

    private static async Task<JsonNode> Until(string what, Func<Task<JsonNode>> ask, Func<JsonNode, JsonNode?> said)
    {
        for (var patience = 0; patience < 240; patience++)
        {
            if (said(await ask()) is { } answer)
                return answer;
            await Task.Delay(250);
        }

        throw new DemoException($"what was told has not reached {what}");
    }

    private async Task<IReadOnlyList<Shift>> Shifts(DateOnly day) =>
    [
        .. from agent in (await Scheduler.Get(roster))["agents"]!.AsArray()
           from shift in agent["shifts"]!.AsArray()
           where Text(shift["date"]) == day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
           select new Shift(agent["agentId"]!.GetValue<Guid>(), Text(agent["name"]), day, At(shift["startsAt"])!.Value,
               At(shift["endsAt"])!.Value, [.. shift["breaks"]!.AsArray().Select(b => (At(b!["from"])!.Value, At(b["to"])!.Value))]),
    ];

    private async Task<double> MissingHours() =>
        (from queue in (await Scheduler.Get($"{roster}/coverage")).AsArray()
         from day in queue["days"]!.AsArray()
         where Text(day["date"]) == today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
         from interval in day["intervals"]!.AsArray()
         let missing = interval["required"]!.GetValue<double>() - interval["scheduled"]!.GetValue<double>()
         where missing > 0
         select missing * interval["minutes"]!.GetValue<int>() / 60).Sum();

    private string Span(Shift shift) => $"{Local(shift.From)}–{Local(shift.To)}";

    private string Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, organisation.Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset? At(JsonNode? node) => node?.GetValue<DateTimeOffset>();

    private static string Text(JsonNode? node) => node?.ToString() ?? "";

    private static string Number(JsonNode? node) =>
        node is null ? "" : node.GetValue<decimal>().ToString("0.#", CultureInfo.InvariantCulture);

    private static string Share(JsonNode? node) =>
        node is null ? "unknown" : string.Create(CultureInfo.InvariantCulture, $"{100 * node.GetValue<double>():0.0} %");
}
