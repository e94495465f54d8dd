using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace CallCenter.Web;

/// <summary>
/// What names mean that mean the same in every API document. Only for those that say it all: what needs its unit, its range or the
/// meaning of null has a comment where it is declared.
/// </summary>
internal static partial class ApiWords
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["id"] = "Its id.",
        ["version"] = "Its version, as the ETag gives it.",
        ["items"] = "What is on this page, in the order of the list.",
        ["project"] = "Id of the project.",
        ["hold"] = "Id of the legal hold.",
        ["kind"] = "What kind of thing.",
        ["queue"] = "Code of the queue.",
        ["date"] = "The local day.",
        ["zone"] = "IANA name of the time zone, as `Asia/Shanghai`.",
        ["startsAt"] = "Its first instant.",
        ["endsAt"] = "The first instant after it.",
        ["agent"] = "Id of the agent.",
        ["team"] = "Id of the team.",
        ["post"] = "Code of the post.",
        ["question"] = "Code of the question.",
        ["section"] = "Code of a section of evaluation forms.",
        ["week/date"] = "First local day of the week.",
        ["on/date"] = "The local day; today when left out.",
        ["from/date"] = "The first local day.",
        ["to/date"] = "The last local day.",
        ["from/date-time"] = "The first instant.",
        ["to/date-time"] = "The first instant after it.",
        ["days/int32"] = "How many local days.",
        ["at/date-time"] = "When it was done.",
        ["by/uuid"] = "Id of the person who did it.",
        ["name"] = "What it is called, for people.",
        ["reason"] = "Why, for people.",
        ["status"] = "Where it stands.",
        ["language"] = "`en` or `zh-CN`.",
        ["staffNumber"] = "The employee's number, unique in the company.",
        ["kpi"] = "Code of the KPI, as `GET /kpis` lists it.",
    };

    /// <summary>What a member or parameter of this name is; null where a name alone does not say it.</summary>
    public static string? Of(string name, IOpenApiSchema? schema)
    {
        if ((Words.GetValueOrDefault($"{name}/{schema?.Format}") ?? Words.GetValueOrDefault(name)) is { } word)
            return word;

        if (Participle().Match(name) is { Success: true, Groups: [_, { Value: var done }, { Value: var what }] })
            return what == "At" ? $"When it was {done}." : $"Id of the person who has {done} it.";

        return Identifier().Match(name) is { Success: true, Groups: [_, { Value: var thing }, { Value: var s }] }
            ? $"Id{s} of the {Spaced(thing)}{s}." : null;
    }

    private static string Spaced(string name) => Capital().Replace(name, letter => " " + letter.Value.ToLowerInvariant());

    // answeredAt, activatedBy
    [GeneratedRegex("^([a-z]+ed|made|drawn|held|sent)(At|By)$")]
    private static partial Regex Participle();

    // projectId, linkedCallId, teamIds
    [GeneratedRegex("^([a-z][A-Za-z]*)Id(s?)$")]
    private static partial Regex Identifier();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
