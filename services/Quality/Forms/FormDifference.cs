using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallCenter.Quality.Forms;

/// <summary>One thing that differs between two versions of a form.</summary>
/// <param name="Where">The way to it by codes: <c>sections/opening/questions/greeting/weight</c>.</param>
/// <param name="What">What has become of it.</param>
/// <param name="Before">As it was, as JSON; null where it was not there.</param>
/// <param name="After">As it would be, as JSON; null where it is gone.</param>
public sealed record FormDifference(string Where, FormChange What, string? Before, string? After)
{
    /// <param name="before">Null where there is none: then all of the other is new.</param>
    public static IReadOnlyList<FormDifference> Of(FormContent? before, FormContent after) =>
        [.. Between(Node(before) ?? new JsonObject(), Node(after), "")];

    private static JsonNode? Node(FormContent? form) => JsonSerializer.SerializeToNode(form, FormJson.Options);

    private static IEnumerable<FormDifference> Between(JsonNode? before, JsonNode? after, string at) => (before, after) switch
    {
        (JsonObject a, JsonObject b) => a.Select(member => member.Key).Union(b.Select(member => member.Key))
            .SelectMany(member => Between(a[member], b[member], at.Length > 0 ? $"{at}/{member}" : member)),
        (JsonArray or null, JsonArray or null) when IsCoded(before) && IsCoded(after) && (before ?? after) is not null =>
            BetweenCoded(Coded(before), Coded(after), at),
        _ when JsonNode.DeepEquals(before, after) => [],
        (null, _) => [new(at, FormChange.Added, null, Text(after))],
        (_, null) => [new(at, FormChange.Removed, Text(before), null)],
        _ => [new(at, FormChange.Changed, Text(before), Text(after))],
    };

    // Sections, questions, choices, bands: known by their codes, wherever in the list they stand.
    private static IEnumerable<FormDifference> BetweenCoded(
        IReadOnlyList<KeyValuePair<string, JsonNode>> before, IReadOnlyList<KeyValuePair<string, JsonNode>> after, string at)
    {
        var (was, now) = (before.ToDictionary(), after.ToDictionary());
        foreach (var (code, thing) in before.Where(one => !now.ContainsKey(one.Key)))
            yield return new($"{at}/{code}", FormChange.Removed, Text(thing), null);
        foreach (var (code, thing) in after)
            foreach (var one in was.TryGetValue(code, out var then) ? Between(then, thing, $"{at}/{code}")
                : [new($"{at}/{code}", FormChange.Added, null, Text(thing))])
                yield return one;

        var (order, reordered) = (Kept(before, now), Kept(after, was));
        if (order != reordered)
            yield return new(at, FormChange.Reordered, order, reordered);
    }

    private static string Kept(IEnumerable<KeyValuePair<string, JsonNode>> things, Dictionary<string, JsonNode> others) =>
        string.Join(", ", things.Select(thing => thing.Key).Where(others.ContainsKey));

    private static bool IsCoded(JsonNode? list) =>
        list is null || list.AsArray().All(item => item is JsonObject thing && thing.ContainsKey("code"));

    private static List<KeyValuePair<string, JsonNode>> Coded(JsonNode? list) =>
        [.. (list?.AsArray() ?? []).Select(item => KeyValuePair.Create($"{item!["code"]}", item))];

    private static string Text(JsonNode? node) => node!.ToJsonString(FormJson.Options);
}

public enum FormChange { Added, Removed, Changed, Reordered }
