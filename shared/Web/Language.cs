using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Web;

/// <summary>
/// A language people are answered in. It comes with each request (<c>Accept-Language</c>) or is stored with what is said, and is
/// handed on to whoever says something; the thread's culture is nobody's.
/// </summary>
public sealed record Language
{
    public static readonly Language English = new("en");
    public static readonly Language Chinese = new("zh-CN");

    private static readonly Language[] All = [English, Chinese];

    private readonly CultureInfo culture;

    private Language(string tag) => culture = CultureInfo.GetCultureInfo(tag);

    /// <summary>en or zh-CN.</summary>
    public string Tag => culture.Name;

    /// <summary>What tells the version of an answer in this language from that in English, which has none.</summary>
    internal string Suffix => this == English ? "" : $"-{Tag}";

    /// <summary>A version without what its language added.</summary>
    internal static string Without(string version) =>
        All.FirstOrDefault(language => language.Suffix.Length > 0 && version.EndsWith(language.Suffix, StringComparison.Ordinal))
            is { } spoken ? version[..^spoken.Suffix.Length] : version;

    // A method: validation, which goes through the properties of what a route takes, gets lost in a culture.
    /// <summary>What resources are looked up by; numbers and dates are not written by it.</summary>
    public CultureInfo ToCulture() => culture;

    /// <summary>The language of a tag, whatever its region or script; English for those we do not speak.</summary>
    public static Language Of(string tag) => Find(tag) ?? English;

    /// <summary>
    /// The one that the caller likes best of those we speak; English when none is named. Unreadable tags are passed over.
    /// </summary>
    public static Language Of(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(asked => asked.Quality is not 0).OrderByDescending(asked => asked.Quality ?? 1)
        .Select(asked => Find(asked.Value.ToString())).FirstOrDefault(language => language is not null) ?? English;

    /// <summary>
    /// Of texts by language tag the one in this language, whatever its region or script; where there is none the English one, or else
    /// any, always the same.
    /// </summary>
    public string Choose(IReadOnlyDictionary<string, string> texts) => texts
        .OrderBy(text => text.Key == Tag ? 0 : Find(text.Key) == this ? 1 : Find(text.Key) == English ? 2 : 3)
        .ThenBy(text => text.Key, StringComparer.Ordinal).First().Value;

    /// <summary>Says in the answer which language it is in, and that another caller may get another.</summary>
    public static ValueTask<Language> BindAsync(HttpContext context)
    {
        var language = Of(context.Request);
        language.Tell(context.Response);
        return ValueTask.FromResult(language);
    }

    internal void Tell(HttpResponse response)
    {
        response.Headers.ContentLanguage = Tag;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
    }

    private static Language? Find(string tag) => All.FirstOrDefault(language =>
        tag.Split('-')[0].Equals(language.culture.TwoLetterISOLanguageName, StringComparison.OrdinalIgnoreCase));
}
