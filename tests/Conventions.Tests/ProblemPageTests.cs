using System.Text.RegularExpressions;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Conventions.Tests;

/// <summary>What may be answered with a problem is explained in docs/reference/problems.md, and nothing else is.</summary>
public sealed partial class ProblemPageTests
{
    private const string Code = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*";

    private static readonly IReadOnlyList<string> Sources =
    [
        .. new[] { "shared", "services" }.SelectMany(
            top => Directory.EnumerateFiles(Path.Combine(Repository.Root, top), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)),
    ];

    // The first cell of a row holds one code or several.
    private static readonly HashSet<string> Explained =
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/reference/problems.md")))
            .SelectMany(row => Quoted().Matches(row.Groups[1].Value)).Select(code => code.Groups[1].Value),
    ];

    [Fact]
    public void every_code_that_the_sources_answer_with_is_explained()
    {
        // The planning engine's codes reach a caller by a service's route, which names them.
        var raised = Sources.Where(file => !file.Contains("/shared/Planning", StringComparison.Ordinal)).Select(File.ReadAllText)
            .SelectMany(text => new[] { Said(), Refused(), Invalid(), InOnePlace(), Typed() }.SelectMany(pattern => pattern.Matches(text)))
            .Select(match => match.Groups[1].Value).ToHashSet();

        raised.Should().HaveCountGreaterThan(150).And.BeSubsetOf(Explained);
    }

    [Fact]
    public void every_code_that_the_api_document_names_is_explained()
    {
        var named = Product.Routes.SelectMany(route => route.Endpoint.Metadata.GetMetadata<Description>()?.Problems ?? []).ToHashSet();

        named.Should().HaveCountGreaterThan(100).And.BeSubsetOf(Explained);
    }

    [Fact]
    public void no_code_is_explained_that_the_sources_do_not_know()
    {
        var known = Sources.Select(File.ReadAllText).SelectMany(text => Literal().Matches(text)).Select(match => match.Groups[1].Value)
            .ToHashSet();

        Explained.Should().NotBeEmpty().And.BeSubsetOf(known);
    }

    [Fact]
    public void every_code_has_its_chinese_sentence() =>
        LanguageTests.Texts("shared/Web/Problems.zh-CN.resx").Keys.Should().BeEquivalentTo([.. Explained, "http"]);

    [GeneratedRegex(@"^\| ((?:`" + Code + @"`(?:, )?)+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    // "weights-not-100", "The weights sum to …"; what stands before the message of an UnreadableException is a parameter's name.
    [GeneratedRegex(@"(?<!UnreadableException\()""(" + Code + @")"",\s*(?:FormattableString\.Invariant\()?\$?""[A-Z'{][^\n]*\.""")]
    private static partial Regex Said();

    [GeneratedRegex(@"RefusedException\(\s*""(" + Code + @")""")]
    private static partial Regex Refused();

    [GeneratedRegex(@"InvalidException\(\s*[^,;]+,\s*""(" + Code + @")""")]
    private static partial Regex Invalid();

    [GeneratedRegex(@"Problem\([^;]*?""(" + Code + @")"", """)]
    private static partial Regex InOnePlace();

    [GeneratedRegex(@"""/problems/(" + Code + @")""")]
    private static partial Regex Typed();

    [GeneratedRegex(@"""(?:/problems/)?(" + Code + @")""")]
    private static partial Regex Literal();
}
