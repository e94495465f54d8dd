using System.Text.RegularExpressions;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

/// <summary>What the documents point to is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly IReadOnlyList<string> Files =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Documents => [.. Files];

    [Theory, MemberData(nameof(Documents))]
    public void every_link_leads_somewhere(string document)
    {
        var path = Path.Combine(Repository.Root, document);

        foreach (var link in Link().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal)))
        {
            var (file, heading) = link.Split('#') switch { [var f, var h] => (f, h), [var f, ..] => (f, null), _ => ("", null) };
            var target = file.Length == 0 ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, file));

            (File.Exists(target) || Directory.Exists(target)).Should().BeTrue($"{document} links to {link}");
            if (heading is not null)
                File.ReadLines(target).Where(line => line.StartsWith('#')).Select(Anchor).Should()
                    .Contain(heading, $"{document} links to {link}");
        }
    }

    [Fact]
    public void the_readme_leads_to_every_page()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        foreach (var document in Files.Where(
            d => d.StartsWith("docs/", StringComparison.Ordinal) && !d.StartsWith("docs/decisions/", StringComparison.Ordinal)))
            readme.Should().Contain($"({document})");
        readme.Should().Contain("(docs/decisions)");
    }

    [Theory, MemberData(nameof(Documents))]
    public void every_route_in_a_command_exists(string document)
    {
        var routes = Product.Routes.Select(route => route.Route).Concat(["/openapi.json", "/docs", "/health"]).ToList();

        foreach (var path in Commands(document).SelectMany(block => Called().Matches(block)).Select(match => match.Groups[1].Value))
            routes.Should().Contain(route => Fits(path, route), $"{document} calls {path}");
    }

    [Theory, MemberData(nameof(Documents))]
    public void every_test_that_is_named_exists(string document)
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file)!, File.ReadAllText);

        foreach (var (of, test) in NamedTest().Matches(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value)))
            tests[of].Should().Contain(text => text.Contains($" {test}(", StringComparison.Ordinal), $"{document} names {of}.{test}");
    }

    private static IEnumerable<string> Commands(string document) =>
        Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(match => match.Groups[1].Value);

    // What stands where a route has a parameter is a variable, an example or <what it is>; $ROSTER/page begins with the route of one.
    private static bool Fits(string path, string route)
    {
        var (given, mapped) = (Braces().Replace(path, "$$variable").Trim('/').Split('/'), route.Trim('/').Split('/'));
        if (given[0].StartsWith('$'))
            mapped = mapped[Math.Max(0, mapped.Length - given.Length)..];

        return given.Length == mapped.Length && given.Zip(mapped).All(p => p.First == p.Second
            || p.Second.Contains('{', StringComparison.Ordinal) || (p.First.StartsWith('$') && given[0] == p.First));
    }

    private static string Anchor(string heading) =>
        NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\$API(/?[^\s""?';)]+)")]
    private static partial Regex Called();

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"`([A-Z]\w+)\.([a-z]+_\w+)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]")]
    private static partial Regex NotInAnchors();
}
