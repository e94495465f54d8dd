using System.Text;
using System.Text.Json.Nodes;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>Requests for an operation: half of them such as it takes, the others wrong in one respect or odd.</summary>
internal sealed class Asking(Findings findings, Things things, Staff staff)
{
    private static readonly string[] OtherMethods = ["HEAD", "HEAD", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "TRACE", "PURGE"];

    private static readonly (string Name, string[] Values)[] OddHeaders =
    [
        ("Accept", ["text/csv", "text/html", "application/json", "audio/wav", "*/*;q=0", "application/problem+json", "nonsense", ";;;", "image/*"]),
        ("Accept-Language", ["zh-CN", "zh", "de, zh;q=0.5", "en;q=0", "x", "*", "zh-CN;q=abc", new string('z', 2000)]),
        ("Accept-Encoding", ["gzip", "br", "identity;q=0", "nonsense"]),
        ("If-None-Match", ["*", "\"1\"", "W/\"1\"", "1", "\"\"", "\"a\", \"b\""]),
        ("If-Match", ["*", "\"0\"", "\"-1\"", "W/\"1\"", "1", "\"1\", \"2\"", "\"99999999999999999999\"", "\"a\""]),
        ("If-Modified-Since", ["Mon, 02 Mar 2026 00:00:00 GMT", "yesterday"]),
        ("Range", ["bytes=0-9", "bytes=-5", "bytes=999999999-", "bytes=9-0", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "nonsense"]),
        ("Idempotency-Key", ["one", "two", "a,b", "", "ключ", new string('k', 256)]),
        ("X-Reason", ["because", "%E8%AF%84%E4%BC%B0", "%", "%FF", "a%0Ab", new string('r', 501), "评估"]),
        ("X-Purpose", ["评估", "calibration", new string('p', 300)]),
        ("Content-Encoding", ["gzip", "identity"]),
        ("Expect", ["100-continue"]),
        ("Origin", ["https://evil.example"]),
        ("X-HTTP-Method-Override", ["DELETE"]),
        ("X-Forwarded-For", ["1.2.3.4, nonsense"]),
        ("Host", ["evil.example"]),
        ("Cookie", ["a=b"]),
        ("traceparent", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "nonsense"]),
        ("Authorization", ["Basic YTpi", "Bearer", "Bearer a b"]),
    ];

    private static readonly string[] OddTypes = ["text/plain", "application/xml", "application/json; charset=utf-16", "nonsense", "multipart/form-data; boundary=x",
        "application/json; charset=latin1", "application/problem+json", "application/x-www-form-urlencoded", "text/csv", "audio/wav"];

    /// <param name="valid">Nothing is to be wrong with it.</param>
    public async Task One(Operation operation, Random random, bool valid = false)
    {
        var values = new Values(operation, things, random);
        var wrong = valid || random.Next(2) == 0 ? "nothing" : new[] { "parameter", "header", "sender", "method", "type", "raw" }.Concat(
            operation.Bodies.Count > 0 ? Enumerable.Repeat("body", 8) : Enumerable.Repeat("parameter", 2)).ToArray() is var ways
            ? ways[random.Next(ways.Length)] : "";

        var path = operation.Parameters.Where(p => p.In == "path").ToDictionary(p => p.Name,
            p => values.Text(p.Schema["format"]?.GetValue<string>(), p.Name));
        var sender = wrong == "sender" ? staff.Stranger(operation, random) : staff.For(operation, path.GetValueOrDefault("id"), random);
        var headers = await Headers(operation, path, wrong, random);
        var (body, type) = Body(operation, values, wrong, random);
        var method = wrong == "method" ? OtherMethods[random.Next(OtherMethods.Length)] : operation.Method;
        var asked = staff.Operations.FirstOrDefault(o => (o.Service, o.Path) == (operation.Service, operation.Path)
            && (o.Method == method || (o.Method, method) == ("GET", "HEAD"))) ?? operation;
        var request = new Request(asked, method, Address(operation, values, path, wrong, random), sender)
        {
            Body = wrong == "method" && random.Next(2) == 0 ? null : body,
            Type = type,
        };
        request.Headers.AddRange(headers);

        var answer = await findings.Ask(request);
        if (answer.Status is >= 200 and < 300 && wrong == "nothing" && body is not null && type == "application/json")
            things.Take(operation, JsonNode.Parse(body)!);
        if (request.Headers.Any(header => header.Name == "Idempotency-Key") && random.Next(2) == 0)
            await findings.Ask(request);
    }

    private static string Address(Operation operation, Values values, Dictionary<string, string> path, string wrong, Random random)
    {
        var query = operation.Parameters
            .Where(p => p.In == "query" && (p.Required || random.Next(3) == 0) && (p.Name != "cursor" || wrong == "parameter"))
            .Select(p => (p.Name, Value: values.Sensible(p.Schema, p.Name) switch
            {
                JsonArray list => $"{list.FirstOrDefault()}",
                var one => one?.ToString() ?? "",
            }))
            .Where(p => p.Value.Length > 0).ToList();
        if (wrong == "parameter")
        {
            var at = random.Next(path.Count + query.Count + 1);
            if (at < path.Count)
                // The server itself refuses a path that holds a NUL, before anything of ours sees it.
                path[path.Keys.ElementAt(at)] =
                    values.BrokenText(path.Values.ElementAt(at)).Replace('\0', '-') is { Length: > 0 } some ? some : "-";
            else if (at < path.Count + query.Count)
                query[at - path.Count] = (query[at - path.Count].Name, values.BrokenText(query[at - path.Count].Value));
            else
                query.Add(random.Next(3) switch { 0 => ("unknown", "1"), 1 => ("cursor", values.BrokenText("a")), _ => ("limit", values.BrokenText("1")) });
            if (query.Count > 0 && random.Next(8) == 0)
                query.Add(query[0]);
            if (query.Count > 1 && random.Next(8) == 0)
                query.RemoveAt(random.Next(query.Count));
        }

        var address = Filled(operation, path);
        if (wrong == "raw" && operation.Bodies.Count == 0)
            return random.Next(4) == 0 ? address.ToUpperInvariant() : address + new[] { "/", "?%zz", "?a=%FF%FE", "?&&&=", "?=1", "?cursor" }[random.Next(6)];
        return query.Count == 0 ? address : $"{address}?{string.Join('&', query.Select(p => $"{p.Name}={Uri.EscapeDataString(Short(p.Value))}"))}";
    }

    private static string Filled(Operation operation, Dictionary<string, string> path) => path.Aggregate(operation.Path, (address, p) =>
        address.Replace($"{{{p.Key}}}", Uri.EscapeDataString(Short(p.Value)), StringComparison.Ordinal));

    private static string Short(string text) => text.Length > 300 ? text[..300] : text;

    private async Task<List<(string, string)>> Headers(Operation operation, Dictionary<string, string> path, string wrong, Random random)
    {
        var headers = new List<(string Name, string Value)>();
        if (operation.Answers.ContainsKey("304") && random.Next(6) == 0)
            headers.Add(("If-None-Match", await findings.VersionOf(operation, Filled(operation, path), staff.Admin)));
        if (operation.Answers.ContainsKey("206") && random.Next(2) == 0)
            headers.Add(("Range", OddHeaders.Single(header => header.Name == "Range").Values[random.Next(8)]));
        if (operation.Takes("If-Match") && (wrong != "header" || random.Next(3) > 0))
            headers.Add(("If-Match", await findings.VersionOf(operation, Filled(operation, path), staff.Admin)));
        if (operation.Takes("Idempotency-Key") && random.Next(3) == 0)
            headers.Add(("Idempotency-Key", $"key-{random.Next()}"));
        if (operation.Takes("X-Reason") && random.Next(5) == 0)
            headers.Add(("X-Reason", "%E5%BA%94%E5%AE%A2%E6%88%B7%E8%A6%81%E6%B1%82"));
        for (var more = wrong == "header" ? random.Next(1, 3) : random.Next(10) == 0 ? 1 : 0; more > 0; more--)
        {
            var (name, odd) = OddHeaders[random.Next(wrong == "header" ? OddHeaders.Length : 2)];
            headers.RemoveAll(header => header.Name == name && name is not "If-Match");
            headers.Add((name, odd[random.Next(odd.Length)]));
        }

        return headers;
    }

    private static (byte[]? Body, string? Type) Body(Operation operation, Values values, string wrong, Random random)
    {
        if (operation.Bodies.Count == 0)
            return wrong is "type" or "raw" ? (Encoding.UTF8.GetBytes("{}"), OddTypes[random.Next(OddTypes.Length)]) : (null, null);

        var (type, media) = operation.Bodies.ElementAt(random.Next(operation.Bodies.Count));
        if (wrong == "type")
            type = random.Next(8) == 0 ? null : OddTypes[random.Next(OddTypes.Length)];
        if (!operation.Bodies.ContainsKey("application/json"))
            return (wrong is "raw" or "body" ? Files.Broken(random) : Files.For(operation, random), type);

        var body = values.Body(media!.AsObject());
        if (wrong == "body")
            for (var times = random.Next(4) == 0 ? 2 : 1; times > 0; times--)
                body = values.Break(body);
        var text = body?.ToJsonString() ?? "null";
        return (wrong == "raw" ? Raw(text, random) : Encoding.UTF8.GetBytes(text), type);
    }

    // What is larger than a body may be is refused by the gateway, which GatewayTests try: a service cuts it off.
    private static byte[]? Raw(string text, Random random) => random.Next(13) switch
    {
        0 => Encoding.UTF8.GetBytes(text[..random.Next(text.Length)]),
        1 => [],
        2 => [.. Encoding.UTF8.GetBytes(text), 0xFF, 0xFE],
        3 => Encoding.Unicode.GetBytes(text),
        4 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        5 => Encoding.UTF8.GetBytes(new string('[', 500) + new string(']', 500)),
        6 => Encoding.UTF8.GetBytes(text.Length > 2 ? $"{text[..^1]},{text[1..]}" : "{,}"),
        7 => Encoding.UTF8.GetBytes($"/* why not */ {text}"),
        8 => Encoding.UTF8.GetBytes($"[{text}]"),
        9 => Encoding.UTF8.GetBytes(text.Replace(":\"", ":\"\\ud800", StringComparison.Ordinal)),
        10 => Encoding.UTF8.GetBytes($"{text}{{}}"),
        11 => Encoding.UTF8.GetBytes(new string(' ', 500_000) + text),
        _ => "null"u8.ToArray(),
    };
}
