using System.Text.Json.Nodes;

namespace CallCenter.Testing;

/// <summary>
/// The repository a test was built in; its files are looked up from where the test runs, as a build may hide where it was compiled.
/// </summary>
public static class Repository
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>The services, in lower case, as <c>services.json</c> lists them; the gateway is not one of them.</summary>
    public static IReadOnlyList<string> Services { get; } = ServicesOf(Root);

    /// <summary>The same of another release, by its folder.</summary>
    public static IReadOnlyList<string> ServicesOf(string root) => [.. JsonNode.Parse(File.ReadAllText(Path.Combine(root, "services.json")))!
        .AsArray().Select(service => service!["name"]!.GetValue<string>())];

    /// <summary>Where a file of real or published data lies if it was put beside the repository; no part of it.</summary>
    public static string Data(string file) => Path.Combine(Root, "..", "shared", "data", file);

    private static string Above(string folder) => File.Exists(Path.Combine(folder, "CallCenter.sln")) ? folder
        : Above(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run inside the repository."));
}
