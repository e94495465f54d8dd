using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>Sends requests and holds each answer against the API document; what does not agree is kept by kind.</summary>
internal sealed class Findings(Centre centre, Things things)
{
    private const int MostShown = 60;

    private static readonly HashSet<string> KnownProblems = [.. File.ReadLines(
        Path.Combine(Repository.Root, "docs", "reference", "problems.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1))];

    private readonly ConcurrentDictionary<string, Broken> broken = new();
    private readonly ConcurrentDictionary<(string Route, int Status, string Code), int> counts = new();

    private sealed record Broken(string Rule, string First, ConcurrentDictionary<string, int> Routes);

    public int Sent => counts.Values.Sum();

    public int Kinds => broken.Count;

    /// <summary>Whether it has succeeded once.</summary>
    public bool HasSucceeded(Operation operation) => counts.Keys.Any(c => c.Status < 300 && c.Route == $"{operation.Service} {operation.Name}");

    public async Task<Answer> Ask(Request request)
    {
        Answer answer;
        try
        {
            answer = await centre.Send(request);
        }
        catch (HttpRequestException e)
        {
            Add($"the connection was cut: {e.HttpRequestError}", request, new(0, null, [], new Dictionary<string, string>()));
            throw new InvalidOperationException($"{request} got no answer: {e.Message}", e);
        }

        var operation = request.Operation;
        counts.AddOrUpdate(($"{operation.Service} {operation.Name}", answer.Status, CodeOf(answer)), 1, (_, count) => count + 1);
        foreach (var rule in Rules(request, answer).Distinct())
            Add(rule, request, answer);
        if (answer.Status is >= 200 and < 300 && request.Method == operation.Method)
            things.Learn(operation, answer.Headers.GetValueOrDefault("Location"), JsonOf(answer));
        return answer;
    }

    /// <summary>The version of a thing as it says it itself: whatever the address begins with that can be read.</summary>
    public async Task<string> VersionOf(Operation operation, string address, Sender admin)
    {
        var thing = centre.Operations.Where(o => o.Service == operation.Service && o.Method == "GET" && o.Answers.ContainsKey("304")
            && (operation.Path + "/").StartsWith(o.Path + "/", StringComparison.Ordinal)).MaxBy(o => o.Path.Length);
        if (thing is null)
            return "\"1\"";

        var whole = string.Join('/', address.Split('/').Take(thing.Path.Split('/').Length));
        return (await Ask(new(thing, "GET", whole, admin))).Headers.GetValueOrDefault("ETag", "\"1\"");
    }

    private void Add(string rule, Request request, Answer answer) => broken.GetOrAdd(rule, _ => new(
            rule, $"{request}\n      {answer.Status} {answer.Type} {(answer.Text.Length > 600 ? answer.Text[..600] + "…" : answer.Text)}", new()))
        .Routes.AddOrUpdate(request.Operation.Name, 1, (_, count) => count + 1);

    /// <summary>The rules that an answer breaks, in words that are the same for all answers that break one in the same way.</summary>
    private static IEnumerable<string> Rules(Request request, Answer answer)
    {
        if (answer.Status is 500)
            yield return "answered 500";
        if (answer.Status is 503)
            yield return $"answered 503 though nothing is away: {JsonOf(answer)?["type"]}";

        var head = request.Method == "HEAD";
        var documented = request.Method == request.Operation.Method || (head && request.Operation.Method == "GET");
        if (!answer.Headers.ContainsKey("X-Content-Type-Options"))
            yield return $"{answer.Status} without nosniff";

        if (answer.Status >= 400)
            foreach (var rule in head ? OfHead(answer) : OfProblem(request, answer))
                yield return rule;
        if (!documented && answer.Status is not (405 or 400 or 415))
            yield return $"{request.Method} where only {request.Operation.Method} is documented: {answer.Status}";
        if (!documented || answer.Status is 500 or 503)
            yield break;

        if (request.Operation.MediaOf(answer.Status) is not { } media)
            yield return $"{answer.Status} is not in the document ({JsonOf(answer)?["type"] ?? "no problem"})";
        else if (answer.Status < 400)
            foreach (var rule in head ? OfHead(answer) : OfSuccess(request, answer, media))
                yield return rule;
    }

    private static IEnumerable<string> OfHead(Answer answer)
    {
        if (answer.Body.Length > 0)
            yield return "HEAD with a body";
    }

    private static IEnumerable<string> OfProblem(Request request, Answer answer)
    {
        if (answer.Type != "application/problem+json" || JsonOf(answer) is not JsonObject problem)
        {
            yield return $"{answer.Status} that is no problem document: {answer.Type ?? "nothing"}, {answer.Body.Length} bytes";
            yield break;
        }

        foreach (var fault in new SchemaFaults(request.Operation).In(
            problem, request.Operation.Document["components"]!["schemas"]!["Problem"]!.AsObject()))
            yield return $"{answer.Status} is not as the schema of problems says: {fault}";
        if (problem["status"]?.ToJsonString() != answer.Status.ToString(CultureInfo.InvariantCulture))
            yield return $"{answer.Status} with another status in the problem";
        if (CodeOf(answer) is var code && !KnownProblems.Contains(code) && !code.StartsWith("http-", StringComparison.Ordinal))
            yield return $"the problem '{code}' is not in problems.md";
        if (answer.Status is 401 && !answer.Headers.ContainsKey("WWW-Authenticate"))
            yield return "401 without WWW-Authenticate";
        if (answer.Status is 405 && !answer.Headers.ContainsKey("Allow"))
            yield return "405 without Allow";
    }

    private static IEnumerable<string> OfSuccess(Request request, Answer answer, JsonObject media)
    {
        if (answer.Status is 201 or 202 && !answer.Headers.ContainsKey("Location"))
            yield return $"{answer.Status} without Location";
        if (answer.Status is 206 && !answer.Headers.ContainsKey("Content-Range"))
            yield return "206 without Content-Range";
        if (answer.Status is 200 && request.Operation.Answers.ContainsKey("304") && !answer.Headers.ContainsKey("ETag"))
            yield return "200 without ETag though the document promises 304";

        if (media.Count == 0 && answer.Body.Length > 0)
            yield return $"{answer.Status} with a body though the document promises none";
        else if (media.Count > 0 && (answer.Type is null || !media.ContainsKey(answer.Type)))
            yield return $"{answer.Status} of type {answer.Type ?? "nothing"} where the document says "
                + string.Join(" or ", media.Select(m => m.Key));
        else if (answer.Type == "application/json" && media[answer.Type]!["schema"] is JsonObject schema)
            foreach (var fault in new SchemaFaults(request.Operation).In(JsonOf(answer), schema))
                yield return $"{request.Operation.Name} answers {answer.Status} other than its schema: {fault}";
    }

    private static string CodeOf(Answer answer) => answer.Status < 400 ? ""
        : JsonOf(answer)?["type"]?.ToString().Replace("/problems/", "", StringComparison.Ordinal) ?? "";

    public static JsonNode? JsonOf(Answer answer)
    {
        try
        {
            return answer.Type?.EndsWith("json", StringComparison.Ordinal) == true && answer.Body.Length > 0
                ? JsonNode.Parse(answer.Body) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How many answers of each status, and for each operation how many of which.</summary>
    public string Counts(bool routes)
    {
        var text = new StringBuilder("Statuses: ").AppendJoin(", ", counts.GroupBy(c => c.Key.Status).OrderBy(g => g.Key)
            .Select(g => $"{g.Key}: {g.Sum(c => c.Value)}")).AppendLine();
        foreach (var route in counts.Where(_ => routes).GroupBy(c => c.Key.Route).OrderBy(g => g.Key, StringComparer.Ordinal))
            text.Append("  ").Append(route.Key).Append(": ").AppendJoin(", ", route.OrderBy(c => c.Key.Status)
                .Select(c => $"{c.Key.Status} {c.Key.Code}: {c.Value}")).AppendLine();
        return text.ToString();
    }

    /// <summary>What was found, by kind: the rule, where it was broken how often, the first request that did and its answer.</summary>
    public string Told() => string.Join("\n\n", broken.Values.OrderByDescending(kind => kind.Routes.Values.Sum()).Take(MostShown).Select(kind =>
        $"{kind.Rule} ({kind.Routes.Values.Sum()} times: {string.Join(", ", kind.Routes.OrderByDescending(r => r.Value).Take(12).Select(r => r.Key))})\n    {kind.First}"));
}
