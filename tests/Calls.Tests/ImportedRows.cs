using System.Text;

namespace CallCenter.Calls.Tests;

/// <summary>Rows as our own mapping reads them, and what an import says of them.</summary>
internal static class ImportedRows
{
    public const string Header = "call_id,queue,offered_at,answered_at,ended_at,agent";

    public static string Csv(IEnumerable<string> rows)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var row in rows)
            text.Append(row).Append('\n');
        return text.ToString();
    }

    public static string Row(int i, int talk = 120)
    {
        var offered = Utc("2026-03-02T09:00:00Z").AddMinutes(i % 1000);
        return $"c-{i},billing,{offered:yyyy-MM-ddTHH:mm:ss}Z,{offered.AddSeconds(10):yyyy-MM-ddTHH:mm:ss}Z,{offered.AddSeconds(10 + talk):yyyy-MM-ddTHH:mm:ss}Z,1042";
    }

    public static string Json(int i)
    {
        var cells = Row(i).Split(',');
        return $$"""{"call_id":"{{cells[0]}}","queue":"{{cells[1]}}","offered_at":"{{cells[2]}}","answered_at":"{{cells[3]}}","ended_at":"{{cells[4]}}","agent":"{{cells[5]}}"}""";
    }

    public static Dictionary<string, long> Counts(long rows, long created = 0, long changed = 0, long unchanged = 0, long rejected = 0,
        long ignored = 0) => new()
    {
        ["rows"] = rows, ["created"] = created, ["changed"] = changed, ["unchanged"] = unchanged, ["rejected"] = rejected,
            ["ignored"] = ignored,
    };

    public static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
