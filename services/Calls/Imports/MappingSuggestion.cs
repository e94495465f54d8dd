using System.Text;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>A mapping that suits a file, or a draft of one.</summary>
/// <param name="Name">The mapping that reads such a file as it stands; null when <paramref name="Mapping"/> is a draft.</param>
/// <param name="Mapping">What it says.</param>
/// <param name="Missing">Fields that a mapping needs and for which no column was found.</param>
public sealed record MappingSuggestion(string? Name, Mapping Mapping, IReadOnlyList<string> Missing)
{
    private static readonly LocalCalendar Utc = LocalCalendar.Of("UTC");

    // Columns by which such files name our fields, in small letters and figures only.
    private static readonly (string Field, string[] Columns)[] Names =
    [
        ("callId", ["callid", "uniqueid", "contactid", "conversationid", "interactionid", "sessionid", "uuid", "sid", "id", "通话id", "呼叫id"]),
        ("queue", ["queue", "queuename", "skill", "skillname", "skillgroup", "split", "campaign", "csqname", "vdn", "group", "gruppe", "warteschlange", "队列", "技能组"]),
        ("offeredAt", ["offeredat", "starttime", "start", "startedat", "calldate", "timestart", "datetime", "begin", "beginn", "timestamp", "开始时间"]),
        ("queuedAt", ["queuedat", "queuestart", "enqueuetime", "enqueuetimestamp", "入队时间"]),
        ("answeredAt", ["answeredat", "answertime", "answer", "answered", "timeanswered", "connecttime", "应答时间", "接通时间"]),
        ("endedAt", ["endedat", "endtime", "end", "ende", "timeend", "hangup", "hanguptime", "disconnecttime", "结束时间", "挂断时间"]),
        ("agent", ["agent", "agentid", "agentname", "agentlogin", "user", "username", "operator", "坐席", "工号"]),
        ("holdSeconds", ["holdseconds", "holdtime", "hold", "保持时长"]),
        ("afterContactSeconds", ["aftercontactseconds", "acw", "acwtime", "worktime", "wrapuptime", "话后时长"]),
        ("wrapUpCode", ["wrapupcode", "wrapup", "dispositioncode", "小结"]),
    ];

    private static readonly string[] Required = ["callId", "offeredAt"];
    private static readonly string[] TimeFields = ["offeredAt", "queuedAt", "answeredAt", "endedAt"];

    private static readonly string[] Formats =
    [
        "iso", "epoch", "rfc2822", "yyyy-MM-dd HH:mm:ss.FFF", "yyyy/MM/dd HH:mm:ss", "dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy HH:mm",
        "dd/MM/yyyy HH:mm:ss", "MM/dd/yyyy HH:mm:ss", "MM/dd/yyyy h:mm:ss tt", "yyyyMMddHHmmss",
    ];

    internal static MappingSuggestion For(string header, string? row, IReadOnlyList<NamedMapping> mappings, DateTimeOffset now)
    {
        if (header.TrimStart() is ['{' or '[', ..])
            return ForObject(header, mappings);

        var delimiter = ",;\t|".MaxBy(among => header.Count(c => c == among));
        var names = Fields(header, delimiter);
        var suiting = mappings.Where(m => m.Mapping.Format is null or { Header: true } && Needed(m.Mapping).All(names.Contains))
            .MaxBy(m => new MappingRules(m.Mapping).Columns.Count(names.Contains))
            ?? mappings.FirstOrDefault(m => m.Mapping.Format is { Header: false } format
                && format.Delimiter == delimiter.ToString() && Reads(m.Mapping, header, now));

        if (suiting is null)
            return Draft(names, row is null ? [] : Fields(row, delimiter), delimiter);

        var format = suiting.Mapping.Format ?? new RowFormat();
        return format.Delimiter == delimiter.ToString() || names.Length == 1 ? new(suiting.Name, suiting.Mapping, [])
            : new(null, suiting.Mapping with { Format = format with { Delimiter = delimiter.ToString() } }, []);
    }

    private static MappingSuggestion ForObject(string json, IReadOnlyList<NamedMapping> mappings)
    {
        JsonElement record;
        try
        {
            record = JsonDocument.Parse(json).RootElement;
            record = record.ValueKind is JsonValueKind.Array && record.GetArrayLength() > 0 ? record[0] : record;
        }
        catch (JsonException)
        {
            throw new InvalidException("header", "unreadable-header", "This is not one whole JSON object.");
        }

        int Met(Mapping mapping, IEnumerable<string> columns) =>
            columns.Count(column => JsonPath.Of(column).In(RowOf(record, mapping.Format?.List)).IsMet);
        var suiting = mappings.Where(m => m.Mapping.Format is null or { Header: true }
                && Met(m.Mapping, Needed(m.Mapping)) == Needed(m.Mapping).Count)
            .MaxBy(m => Met(m.Mapping, new MappingRules(m.Mapping).Columns));
        if (suiting is not null)
            return new(suiting.Name, suiting.Mapping, []);

        var members = record.ValueKind is JsonValueKind.Object ? record.EnumerateObject().ToArray() : [];
        return Draft([.. members.Select(m => m.Name)], [.. members.Select(m => m.Value.ToString())], ',');
    }

    // Of a page it is the first of its list.
    private static JsonElement RowOf(JsonElement record, string? list) =>
        list is not null && record.ValueKind is JsonValueKind.Object && record.TryGetProperty(list, out var rows)
        && rows.ValueKind is JsonValueKind.Array && rows.GetArrayLength() > 0 ? rows[0] : record;

    private static IReadOnlyList<string> Needed(Mapping mapping) =>
        [.. new MappingRules(mapping).Columns.Except(mapping.Format?.Optional ?? [])];

    // Without a header it suits when it makes something of the row.
    private static bool Reads(Mapping mapping, string line, DateTimeOffset now)
    {
        var fields = new RowMapper(mapping, Utc);
        var changes = new ImportTranslator(
            Guid.Empty, Guid.Empty, mapping, new(Guid.Empty, Utc, new Dictionary<string, Guid>(), now), now);
        using var rows = new CsvRows(new MemoryStream(Encoding.UTF8.GetBytes(line)), mapping.Format!, fields.Columns, default);
        var row = new Row(fields.Columns.Count);
        if (!rows.Read(row))
            return false;

        fields.Start(row);
        return fields is { Error: null, Ignored: false } && mapping.Kind switch
        {
            MappingKind.Calls => changes.Leg(fields, default) is not null,
            MappingKind.CallEvents => changes.Reports(fields, default) is not null,
            _ => changes.State(fields, default) is not null,
        };
    }

    private static string[] Fields(string line, char delimiter)
    {
        using var csv = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(line)), delimiter);
        return csv.Read() && csv.Fault is null ? [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.Field(i) ?? "")] : [];
    }

    private static MappingSuggestion Draft(string[] names, string[] row, char delimiter)
    {
        var plain = names.Select(name => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant()).ToList();
        var found = Names.Select(n => (n.Field, Column: n.Columns.Select(column => plain.IndexOf(column)).FirstOrDefault(i => i >= 0, -1)))
            .Where(f => f.Column >= 0).ToList();
        var fields = found.ToDictionary(f => f.Field, f => new FieldRules([
            new FieldRule(names[f.Column],
                Format: TimeFields.Contains(f.Field) ? FormatOf(f.Column < row.Length ? row[f.Column] : "") : null)]));

        return new(null,
            new Mapping("Draft", MappingKind.Calls, "source", fields, new RowFormat(delimiter.ToString())),
            [.. Required.Where(field => !fields.ContainsKey(field))]);
    }

    private static string FormatOf(string time) =>
        Formats.FirstOrDefault(format => time.Length > 0 && new TimeReader(Utc).Read(time, format, after: null) is not null) ?? "iso";
}
