using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Quality.Forms;

/// <summary>
/// A form as a sheet: a row for the form and for each thing in one of its lists, with what it is a part of above it and one level up. A
/// column is named as the member is in JSON (<c>title.en</c>, <c>yes.points</c>), so whatever a form comes to have is in its sheet as well.
/// </summary>
public static class FormSheet
{
    private const string Level = "level", Element = "element", Value = "value", Nothing = "[]";
    private const int MostRows = 30_000, Deepest = 5;

    // A number with more digits than a cell of a workbook holds stands in it as text.
    private static readonly JsonSerializerOptions Cells =
        new(FormJson.Options) { NumberHandling = JsonNumberHandling.AllowReadingFromString };

    /// <summary>The form as its sheet; <see cref="Read"/> makes the same of it.</summary>
    public static Table Of(FormContent form)
    {
        var rows = new List<(int Level, string Element, Dictionary<string, JsonValue> Cells)>();
        Add(rows, JsonSerializer.SerializeToNode(form, FormJson.Options)!, 0, "form");
        string[] columns = [.. rows.SelectMany(row => row.Cells.Keys).Distinct()];
        var table = new Table([Level, Element, .. columns]);
        foreach (var (level, element, cells) in rows)
            table.Add([level, element, .. columns.Select(column => Cell(cells.GetValueOrDefault(column)))]);

        return table;
    }

    /// <exception cref="InvalidException">422 with every rule the form breaks, each with the row and column it stands in.</exception>
    /// <exception cref="UnreadableException">400: it does not have the form of a form, likewise.</exception>
    /// <param name="check">Whether it has to keep the rules of forms too.</param>
    public static FormContent Read(IReadOnlyList<IReadOnlyList<object?>> rows, bool check = true)
    {
        var (form, places) = Tree(rows);
        try
        {
            var content = form.Deserialize<FormContent>(Cells)!;
            if (check)
                FormRules.Check(content, "");
            return content;
        }
        catch (InvalidException e)
        {
            throw new InvalidException(e.Errors.Select(error => error with { Pointer = Place(error.Pointer) }));
        }
        catch (RuleException e)
        {
            throw new InvalidException(Place(FormJson.Pointer(e)), e.Code, e.Message);
        }
        catch (JsonException e)
        {
            throw new UnreadableException(Place(FormJson.Pointer(e)), FormJson.Reason(e));
        }

        // The row of the thing, and the column of what is wrong with it.
        string Place(string pointer)
        {
            var thing = places.Keys.Where(place => pointer == place || pointer.StartsWith(place + "/", StringComparison.Ordinal))
                .MaxBy(place => place.Length) ?? "";
            return $"/rows/{places[thing]}/{pointer[thing.Length..].Trim('/').Replace('/', '.')}".TrimEnd('/');
        }
    }

    private static void Add(
        List<(int Level, string Element, Dictionary<string, JsonValue> Cells)> rows, JsonNode thing, int level, string element)
    {
        var cells = new Dictionary<string, JsonValue>();
        var lists = new List<(string Name, JsonArray Items)>();
        rows.Add((level, element, cells));
        Flatten(thing, "");
        foreach (var (name, items) in lists)
            foreach (var item in items)
                Add(rows, item!, level + 1, name);

        void Flatten(JsonNode node, string name)
        {
            switch (node)
            {
                case JsonObject members:
                    foreach (var (member, inner) in members.Where(member => member.Value is not null))
                        Flatten(inner!, name.Length > 0 ? $"{name}.{member}" : member);
                    break;
                case JsonArray { Count: > 0 } items:
                    lists.Add((name, items));
                    break;
                case JsonArray:
                    cells[name] = JsonValue.Create(Nothing)!;
                    break;
                case JsonValue value:
                    cells[name.Length > 0 ? name : Value] = value.TryGetValue(out string? text) ? JsonValue.Create(Quoted(text))! : value;
                    break;
            }
        }
    }

    private static object? Cell(JsonValue? value) => value?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.Number => value.GetValue<decimal>() is var number && (decimal)(double)number == number
            ? number : number.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => value.GetValue<string>(),
    };

    // What says that a list is empty can be the text of somebody too: that has one apostrophe more than it has.
    private static string Quoted(string text) => text.TrimStart('\'') == Nothing ? $"'{text}" : text;

    /// <returns>The form as JSON, and for each thing in it the row that it stands in, by its pointer.</returns>
    private static (JsonObject Form, Dictionary<string, int> Places) Tree(IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        if (rows.Count is 0 or > MostRows
            || rows[0].Index().FirstOrDefault(cell => cell.Item as string == Level) is not (var levelAt, not null)
            || rows[0].Index().FirstOrDefault(cell => cell.Item as string == Element) is not (var elementAt, not null))
            throw new InvalidException("/rows/1", "missing-column", $"The first row names the columns, '{Level}' and '{Element}' among them.");

        var (places, open) = (new Dictionary<string, int>(), new List<(JsonObject Thing, string Pointer)>());
        foreach (var (i, row) in rows.Index().Skip(1).Where(row => row.Item.Any(cell => cell is not null)))
        {
            var cells = rows[0].Index().Where(column => column.Item is string && column.Index < row.Count)
                .Where(column => column.Index != levelAt && column.Index != elementAt && row[column.Index] is not null)
                .Select(column => ((string)column.Item!, Node(row[column.Index]!))).ToList();
            if (row.ElementAtOrDefault(levelAt) is not decimal level || row.ElementAtOrDefault(elementAt) is not string element
                || !decimal.IsInteger(level) || level < 0 || level > open.Count || (level == 0) != (open.Count == 0))
                throw new InvalidException($"/rows/{i + 1}", "row-without-place",
                    "A row says what it is and its level: 0 for the form, which is the first, and else one more than what it is a part of.");

            var depth = (int)level;
            open.RemoveRange(depth, open.Count - depth);
            var thing = new JsonObject();
            var pointer = "";
            if (depth > 0)
            {
                var (parent, at) = open[depth - 1];
                var list = ListOf(parent, element, i);
                pointer = $"{at}/{element.Replace('.', '/')}/{list.Count}";
                list.Add(cells is [(Value, var alone)] ? alone : thing);
            }

            foreach (var (name, cell) in cells.Where(cell => cell.Item1 != Value))
                Put(thing, name, cell, i);
            places[pointer] = i + 1;
            open.Add((thing, pointer));
        }

        return open.Count > 0 ? (open[0].Thing, places) : throw new InvalidException("/rows/2", "empty-file", "The sheet has no form.");
    }

    private static JsonArray ListOf(JsonObject parent, string element, int row)
    {
        var (holder, member) = Holder(parent, element, row);
        if (holder[member] is null)
            holder[member] = new JsonArray();
        return holder[member] as JsonArray ?? throw Twice(element, row);
    }

    private static void Put(JsonObject thing, string name, JsonNode value, int row)
    {
        var (holder, member) = Holder(thing, name, row);
        if (!holder.TryAdd(member, value))
            throw Twice(name, row);
    }

    private static (JsonObject Holder, string Member) Holder(JsonObject thing, string path, int row)
    {
        var names = path.Split('.');
        if (names.Length > Deepest)
            throw new UnreadableException($"/rows/{row + 1}", "There is no such member here.");
        foreach (var name in names[..^1])
        {
            if (thing[name] is null)
                thing[name] = new JsonObject();
            thing = thing[name] as JsonObject ?? throw Twice(path, row);
        }

        return (thing, names[^1]);
    }

    private static InvalidException Twice(string column, int row) =>
        new($"/rows/{row + 1}/{column}", "duplicate-column", $"'{column}' is said twice, or beside what it is a part of.");

    private static JsonNode Node(object cell) => cell switch
    {
        Nothing => new JsonArray(),
        string text => JsonValue.Create(text.TrimStart('\'') == Nothing ? text[1..] : text)!,
        bool flag => JsonValue.Create(flag),
        var number => JsonValue.Create((decimal)number),
    };
}
