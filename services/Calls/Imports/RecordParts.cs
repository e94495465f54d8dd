using System.Text.Json;

namespace CallCenter.Calls.Imports;

/// <summary>A record that is several rows: the same object again and again, with another part of one of its lists in each.</summary>
internal sealed class RecordParts(EachRule rule)
{
    /// <summary>No conversation has more visits, and each part is a copy of the record.</summary>
    public const int Most = 100;

    private readonly JsonPath? by = rule.By is { } path ? JsonPath.Of(path) : null;

    /// <returns>At least one; all stand by themselves, without the record. Null where there are more than <see cref="Most"/>.</returns>
    public JsonElement[]? Of(JsonElement record)
    {
        if (!record.TryGetProperty(rule.List, out var list) || list.ValueKind is not JsonValueKind.Array)
            return [record.Clone()];

        List<JsonElement> items = by is null ? [.. list.EnumerateArray()]
            : [.. list.EnumerateArray().OrderBy(item => by.In(item).Found is { ValueKind: JsonValueKind.String } at ? at.GetString() : "",
                StringComparer.Ordinal)];
        int[] begins = [.. Enumerable.Range(0, items.Count).Where(i => Begins(items[i])), items.Count];

        if (begins.Length - 1 > Most)
            return null;

        return [.. begins[..Math.Max(1, begins.Length - 1)].Select((from, i) =>
            With(record, [.. items[..begins[0]], .. items[from..begins[Math.Min(i + 1, begins.Length - 1)]]]))];
    }

    private bool Begins(JsonElement item) => item.ValueKind is JsonValueKind.Object && rule.When.All(condition =>
        item.TryGetProperty(condition.Key, out var said) && condition.Value.Contains(JsonPath.TextOf(said)));

    private JsonElement With(JsonElement record, List<JsonElement> items) => JsonSerializer.SerializeToElement(
        record.EnumerateObject().ToDictionary(
            member => member.Name, member => member.NameEquals(rule.List) ? items : (object)member.Value));
}
