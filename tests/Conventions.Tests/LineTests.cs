using System.Text.RegularExpressions;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

public sealed partial class LineTests
{
    private const int Columns = 140;

    private static readonly string[] Folders = ["deploy", "services", "shared", "templates", "tests"];

    // A text is not cut in two for the sake of its length; what stands around it is.
    [Fact]
    public void no_line_of_code_is_longer_than_140_columns() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .SelectMany(file => LongLines(File.ReadAllText(file)).Select(line => $"{Path.GetRelativePath(Repository.Root, file)}: {line}"))
        .Should().BeEmpty();

    [Theory]
    [InlineData("x", 141, true)]
    [InlineData("x", 140, false)]
    public void a_line_of_so_many_columns_is_too_long(string text, int times, bool tooLong) =>
        LongLines(string.Concat(Enumerable.Repeat(text, times))).Any().Should().Be(tooLong);

    private static IEnumerable<string> LongLines(string code) =>
        Literal().Replace(Raw().Replace(code, text => text.Value.Contains('\n') ? "\"\"\n\"\"" : "\"\""), "\"\"")
            .Split('\n').Where(line => line.Length > Columns);

    [GeneratedRegex("\"{3,}.*?\"{3,}", RegexOptions.Singleline)]
    private static partial Regex Raw();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literal();
}
