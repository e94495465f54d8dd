using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>What the answers so far have told of: ids by kind, whose they are, and bodies that were taken.</summary>
internal sealed class Things
{
    // How an id is called where it is used, and the list that it comes from.
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["project"] = "/projects", ["projectId"] = "/projects", ["agent"] = "agents", ["agentId"] = "agents", ["employeeId"] = "agents",
        ["trainerId"] = "trainers", ["inspectorId"] = "inspectors", ["inspectors"] = "inspectors", ["supervisorId"] = "supervisors",
        ["managerId"] = "supervisors", ["coachId"] = "inspectors", ["evaluationId"] = "/evaluations", ["curriculumId"] = "/curricula",
        ["materialId"] = "/materials", ["examId"] = "/exams", ["mentorId"] = "agents", ["team"] = "/teams", ["teamId"] = "/teams", ["teamIds"] = "/teams",
        ["formId"] = "/evaluation-forms", ["callId"] = "/calls", ["linkedCallId"] = "/calls", ["courseId"] = "/courses",
        ["needId"] = "/training-needs", ["requirementId"] = "/requirements", ["forecastId"] = "/forecasts", ["rosterId"] = "/rosters",
        ["calendarId"] = "/calendars", ["overrideId"] = "overrides", ["hold"] = "holds", ["token"] = "feeds",
        ["proposal"] = "proposals",
    };

    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> ids = new();
    private readonly ConcurrentDictionary<string, Guid> owners = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonNode>> taken = new();
    private HashSet<string> lasting = [];

    public void Learn(string kind, string id)
    {
        var known = ids.GetOrAdd(kind, _ => new());
        if (!known.Contains(id))
            known.Enqueue(id);
    }

    /// <summary>What is there by now carries the rest: whatever ends a thing ends none of these.</summary>
    public void Last() => lasting = [.. ids.Values.SelectMany(known => known)];

    public static string KindOf(string path, string name) =>
        name is "id" && path.IndexOf("/{id}", StringComparison.Ordinal) is >= 0 and var at
            ? path[..at] switch
            {
                "/shift-rules" or "/account-rules" or "/issue-catalogues" => "/projects",
                "/standing-terms" or "/substitutes" => "agents",
                "/certificates" => "/exam-results",
                var kind => kind.EndsWith("-policies", StringComparison.Ordinal) ? "/projects" : kind,
            }
            : Kinds.GetValueOrDefault(name, "");

    /// <summary>One of a kind; of those that came last more often than of others.</summary>
    public string? Any(string kind, Random random, bool passing = false)
    {
        string[] known = [.. ids.GetValueOrDefault(kind)?.Where(id => !passing || !lasting.Contains(id)) ?? []];
        if (known.Length == 0)
            return null;

        // The first project and the first agents are those that the rest belongs to.
        if (!passing && random.Next(10) < 9 && kind is "/projects" or "agents")
            return known[random.Next(Math.Min(known.Length, kind == "agents" ? 6 : 1))];
        return known[random.Next(2) == 0 ? random.Next(known.Length) : known.Length - 1 - random.Next(Math.Min(3, known.Length))];
    }

    /// <summary>Some id, of whatever kind.</summary>
    public string Other(Random random) => Any(ids.Keys.ElementAt(random.Next(ids.Count)), random)!;

    public Guid? OwnerOf(string id) => owners.TryGetValue(id, out var owner) ? owner : null;

    public void Take(Operation operation, JsonNode body)
    {
        var bodies = taken.GetOrAdd(operation.Service + operation.Name, _ => new());
        bodies.Enqueue(body.DeepClone());
        if (bodies.Count > 8)
            bodies.TryDequeue(out _);
    }

    public JsonNode? Taken(Operation operation, Random random) =>
        taken.TryGetValue(operation.Service + operation.Name, out var bodies) && bodies.ToArray() is { Length: > 0 } all
            ? all[random.Next(all.Length)].DeepClone() : null;

    /// <summary>What a success tells: where the new thing is, and whatever has an id.</summary>
    public void Learn(Operation operation, string? location, JsonNode? body)
    {
        if (location?.Split('/') is [.., var last] parts && Guid.TryParse(last, out _))
            Learn(string.Join('/', parts[..^1]), last);
        if (location is not null && location.EndsWith(".ics", StringComparison.Ordinal))
            Learn("feeds", location.Split('/')[^1][..^4]);
        Walk(operation.Path, body);
    }

    private void Walk(string kind, JsonNode? node)
    {
        foreach (var item in node as JsonArray ?? [])
            Walk(kind, item);
        if (node is not JsonObject members)
            return;

        if (Text(members["id"]) is { } id && Guid.TryParse(id, out _) && !kind.Contains('{', StringComparison.Ordinal))
        {
            Learn(kind, id);
            if (Guid.TryParse(Text(members["agentId"]) ?? Text(members["employeeId"]), out var owner))
                owners[id] = owner;
        }

        if (Text(members["recordingId"]) is { } recording)
            Learn("/recordings", recording);
        foreach (var (name, inner) in members)
            Walk(name == "items" ? kind : name, inner);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
