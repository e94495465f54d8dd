using System.Text.RegularExpressions;
using System.Xml.Linq;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

/// <summary>What is said in one language is said in the other.</summary>
public sealed partial class LanguageTests
{
    private static readonly IReadOnlyList<string> Resources =
    [
        .. new[] { "shared", "services" }
            .SelectMany(top => Directory.EnumerateFiles(Path.Combine(Repository.Root, top), "*.resx", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Files => [.. Resources];

    /// <summary>Those with English texts: where English stands in the code, there is a Chinese resource only.</summary>
    public static TheoryData<string> Pairs => [.. Resources.Where(file => !file.Contains(".zh-CN.", StringComparison.Ordinal))];

    /// <summary>The texts of a resource, by name.</summary>
    internal static IReadOnlyDictionary<string, string> Texts(string resource) =>
        XDocument.Load(Path.Combine(Repository.Root, resource)).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    [Theory, MemberData(nameof(Files))]
    public void no_text_is_empty(string resource) =>
        Texts(resource).Should().NotBeEmpty().And.OnlyContain(text => !string.IsNullOrEmpty(text.Value));

    [Theory, MemberData(nameof(Pairs))]
    public void both_languages_have_the_same_texts_with_the_same_places_to_fill(string english)
    {
        var chinese = Texts(Path.ChangeExtension(english, ".zh-CN.resx"));

        Texts(english).Select(text => (text.Key, Places: Filled(text.Value)))
            .Should().BeEquivalentTo(chinese.Select(text => (text.Key, Places: Filled(text.Value))));
    }

    private static string Filled(string text) => string.Join(' ', Place().Matches(text).Select(place => place.Value).Distinct().Order());

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Place();
}
