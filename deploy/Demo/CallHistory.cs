using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>Where the demo's calls come from: a simulation, or a file.</summary>
internal static class CallHistory
{
    /// <summary>Whole weeks of simulated calls and agent states, as our own CSV.</summary>
    public static (string Calls, string States, int Count) Simulate(Organisation organisation, DateOnly monday, int weeks, int seed)
    {
        var traffic = new Traffic(seed, organisation.Zone, organisation.Agents.Count);
        var days = Enumerable.Range(0, 7 * weeks).Select(day => traffic.Day(monday.AddDays(day))).ToList();

        return (Calls(days.SelectMany(day => day.Calls), organisation), States(days.SelectMany(day => day.States), organisation),
            days.Sum(day => day.Calls.Count));
    }

    /// <summary>Calls that are over, as our own CSV.</summary>
    public static string Calls(IEnumerable<SimulatedCall> calls, Organisation organisation) => calls.Aggregate(
        new StringBuilder("call_id,queue,direction,channel,customer_id,offered_at,queued_at,answered_at,ended_at,hold_seconds,after_contact_seconds,outcome,agent,wrap_up_code\n"),
        (csv, call) => csv.AppendLine(Row(call, organisation))).ToString();

    /// <summary>What agents did, as our own CSV.</summary>
    public static string States(IEnumerable<SimulatedState> states, Organisation organisation) => states.Aggregate(
        new StringBuilder("agent,state,at\n"), (csv, state) => csv.AppendLine(CultureInfo.InvariantCulture,
            $"{organisation.Agents[state.Agent].StaffNumber},{state.State},{state.At:O}")).ToString();

    /// <summary>By which its source knows a call.</summary>
    public static string IdOf(SimulatedCall call) =>
        string.Create(CultureInfo.InvariantCulture, $"D{call.OfferedAt:yyMMdd}-{call.Number}");

    private static string Row(SimulatedCall call, Organisation organisation) => string.Create(CultureInfo.InvariantCulture,
        $"{IdOf(call)},{call.Queue},inbound,voice,{call.Customer},{call.OfferedAt:O},{call.OfferedAt:O},{call.AnsweredAt:O},{call.EndedAt:O},{call.HoldSeconds},{call.AfterContactSeconds},{(call.AnsweredAt is null ? "abandoned" : "answered")},{(call.Agent is { } a ? organisation.Agents[a].StaffNumber : "")},{(call.AnsweredAt is null ? "" : "resolved")}");

    /// <summary>Imports through the API and says what became of the rows.</summary>
    public static async Task<JsonNode> Import(
        Api.Seat integrator, Guid project, string mapping, Func<Stream> content, Action<int> progress)
    {
        var (operation, _, _) = await integrator.Upload($"/imports?project={project}&mapping={mapping}", content, "text/csv");
        return await integrator.Finish(operation, progress);
    }

    /// <summary>What a file's mapping names as its agents and queues, read straight from the file.</summary>
    public static (IReadOnlyList<string> Agents, IReadOnlyList<string> Queues) NamesIn(string file, JsonNode mapping)
    {
        var delimiter = mapping["format"]?["delimiter"]?.GetValue<string>() ?? ",";
        var agentField = mapping["fields"]!["agent"];
        var nobody = agentField?["empty"]?.AsArray().Select(v => v!.GetValue<string>()).ToHashSet() ?? [];
        var lines = File.ReadLines(file);
        var header = lines.First().TrimStart('\uFEFF').Split(delimiter);
        var agent = Array.IndexOf(header, agentField?["column"]?.GetValue<string>());
        var queue = Array.IndexOf(header, mapping["fields"]!["queue"]?["column"]?.GetValue<string>());

        var codes = mapping["fields"]!["queue"]?["values"]?.AsObject();
        var rows = lines.Skip(1).Select(line => line.Split(delimiter)).Where(cells => cells.Length == header.Length).ToList();
        return (
            [.. Column(rows, agent).Where(name => !nobody.Contains(name)).Order(StringComparer.Ordinal)],
            queue < 0 ? [] : [.. Column(rows, queue).Select(name => codes?[name]?.GetValue<string>() ?? name)
                .Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> Column(List<string[]> rows, int index) =>
        index < 0 ? [] : rows.Select(cells => cells[index].Trim()).Where(name => name.Length > 0).Distinct();
}
