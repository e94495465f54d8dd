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

    private Task<DateOnly> FirstWholeWeek(Organisation organisation) => Task.FromResult(new DateOnly(1999, 2, 1));
    private Task WaitForFacts(History history) => Task.CompletedTask;
    private Task Score(History history) => Task.CompletedTask;
    private Task RollUp(History history) => Task.CompletedTask;
    private Task Plan(History history) => Task.CompletedTask;
    private Task SendDigest(History history) => Task.CompletedTask;
}
