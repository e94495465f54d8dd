using System.Globalization;
using System.Text.RegularExpressions;

namespace CallCenter.Web;

/// <summary>
/// Texts that name people by marks, so that no fact and no event holds a name that is to be forgotten one day (decision 41): whoever shows
/// one fills in the names as they are then.
/// </summary>
public static partial class PersonNames
{
    /// <summary>Stands for a person's name.</summary>
    public static string Mark(Guid person) => string.Create(CultureInfo.InvariantCulture, $"{{{{person:{person}}}}}");

    /// <summary>Everybody whom a text names.</summary>
    public static IReadOnlySet<Guid> In(string text) => Marks().Matches(text).Select(mark => Guid.Parse(mark.Groups[1].Value)).ToHashSet();

    /// <summary>HTML with the names of people; who has none is told by the beginning of their id.</summary>
    public static string FillHtml(string html, IReadOnlyDictionary<Guid, string> names) =>
        Fill(html, names, name => Html.Encoder.Encode(name));

    /// <summary>Likewise lines of CSV, in which a mark is a cell.</summary>
    public static string FillCsv(string csv, IReadOnlyDictionary<Guid, string> names) => Fill(csv, names, name => Csv.Cell(name));

    /// <summary>Likewise a text.</summary>
    public static string FillText(string text, IReadOnlyDictionary<Guid, string> names) => Fill(text, names, name => name);

    private static string Fill(string text, IReadOnlyDictionary<Guid, string> names, Func<string, string> write) =>
        Marks().Replace(text, mark => Guid.Parse(mark.Groups[1].Value) is var person
            && names.GetValueOrDefault(person) is { Length: > 0 } name
            ? write(name) : $"{person}"[..8]);

    [GeneratedRegex(@"\{\{person:([0-9a-f-]{36})\}\}")]
    private static partial Regex Marks();
}
