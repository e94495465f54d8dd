using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CallCenter.Calls.Imports;

/// <summary>
/// The way to a value in an object: members joined by dots, <c>[0]</c> for an element of a list and <c>[-1]</c> for its last,
/// <c>[purpose=agent]</c> for those whose member has that value, <c>[sessions.kind=call]</c> for those of which any element of the list has
/// it. Of several the first counts.
/// </summary>
internal sealed partial class JsonPath
{
    private readonly Step[] steps;

    private JsonPath(string text, Step[] steps) => (Text, this.steps) = (text, steps);

    public string Text { get; }

    private abstract record Step;

    private sealed record Member(string Name, int? Index) : Step;

    private sealed record Element(int Index) : Step;

    private sealed record Where(string[] Members, string Value) : Step;

    /// <summary>A text that is no path is the name of a member.</summary>
    public static JsonPath Of(string text)
    {
        if (!text.Contains('[', StringComparison.Ordinal))
            return new(text, [.. text.Split('.').Select(Named)]);

        var match = Path().Match(text);
        return match.Success
            ? new(text, [.. match.Groups["step"].Captures.Select(step => StepOf(step.Value))])
            : new(text, [new Member(text, null)]);
    }

    private static Step StepOf(string step)
    {
        if (step[0] != '[')
            return Named(step);

        var inner = step[1..^1];
        return int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) ? new Element(index)
            : inner.Split('=', 2) is [var members, var value] ? new Where(members.Split('.'), value) : new Element(0);
    }

    private static Member Named(string name) =>
        new(name, int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null);

    /// <returns>
    /// What is there, undefined when nothing is; and whether the object has the member, though it or a list on the way may be empty.
    /// </returns>
    public (JsonElement Found, bool IsMet) In(JsonElement root)
    {
        List<JsonElement> at = [root];
        var (isMet, chosen) = (false, false);

        foreach (var step in steps)
        {
            List<JsonElement> next = [];
            foreach (var element in at)
            {
                isMet |= element.ValueKind is JsonValueKind.Null;
                Go(step, element, next, ref isMet);
            }

            if (step is Where again && chosen)
                next.AddRange(at.Where(element => Holds(again, element)));
            at = step is Element(var index) && chosen ? Place(at, index) is { } place ? [at[place]] : [] : next;
            chosen = step is Where;
        }

        return at.Count > 0 ? (at[0], true) : (default, isMet);
    }

    private static void Go(Step step, JsonElement element, List<JsonElement> next, ref bool isMet)
    {
        switch (step, element.ValueKind)
        {
            case (Member(var name, _), JsonValueKind.Object):
                if (element.TryGetProperty(name, out var member))
                    next.Add(member);
                break;
            case (Member(_, { } index), JsonValueKind.Array) when index < element.GetArrayLength():
                next.Add(element[index]);
                break;
            case (Element(var index), JsonValueKind.Array):
                isMet = true;
                if (index < element.GetArrayLength() && index >= -element.GetArrayLength())
                    next.Add(element[index < 0 ? element.GetArrayLength() + index : index]);
                break;
            case (Where where, JsonValueKind.Array):
                isMet = true;
                next.AddRange(element.EnumerateArray().Where(item => Holds(where, item)));
                break;
        }
    }

    private static bool Holds(Where where, JsonElement item) =>
        item.ValueKind is JsonValueKind.Object && Any(item, where.Members).Any(said => TextOf(said) == where.Value);

    // All that the members lead to, through every element of lists on the way.
    private static IEnumerable<JsonElement> Any(JsonElement from, ReadOnlyMemory<string> members) => from.ValueKind switch
    {
        JsonValueKind.Array when members.Length > 0 => from.EnumerateArray().SelectMany(item => Any(item, members)),
        JsonValueKind.Object when members.Length > 0 =>
            from.TryGetProperty(members.Span[0], out var member) ? Any(member, members[1..]) : [],
        _ => members.Length == 0 ? [from] : [],
    };

    private static int? Place(List<JsonElement> chosen, int index) =>
        index < chosen.Count && index >= -chosen.Count ? (index < 0 ? chosen.Count + index : index) : null;

    internal static string TextOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    [GeneratedRegex(@"\A(?<step>[^.\[\]]+)(?:\.(?<step>[^.\[\]]+)|(?<step>\[-?\d+\]|\[[^\[\]=]+=[^\[\]]*\]))*\z")]
    private static partial Regex Path();
}
