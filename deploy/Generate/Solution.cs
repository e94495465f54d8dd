using System.Security.Cryptography;
using System.Text;

namespace CallCenter.Generate;

/// <summary>The solution: every project of the repository, in solution folders named after the folders they lie in.</summary>
internal static class Solution
{
    private const string ProjectKind = "{9A19103F-16F7-4668-BE54-9A1E7A4F7556}";
    private const string FolderKind = "{2150E333-8FDC-42A3-9474-1A3956D46DE8}";
    private static readonly string[] Folders = ["deploy", "services", "shared", "tests"];
    private static readonly string[] Configurations = ["Debug", "Release"];
    private static readonly string[] Steps = ["ActiveCfg", "Build.0"];

    // Tests run in this order, and this project takes the longest.
    private const string First = "tests/Journeys.Tests/Journeys.Tests.csproj";

    public static IReadOnlyList<string> Projects(string root) =>
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .OrderBy(path => path != First).ThenBy(path => path, StringComparer.Ordinal),
    ];

    public static string Text(string root)
    {
        var projects = Projects(root);
        var text = new StringBuilder("""

            Microsoft Visual Studio Solution File, Format Version 12.00
            # Visual Studio Version 17
            VisualStudioVersion = 17.0.31903.59
            MinimumVisualStudioVersion = 10.0.40219.1

            """);
        foreach (var folder in Folders)
            Entry(FolderKind, folder, folder, folder);
        foreach (var project in projects)
            Entry(ProjectKind, Path.GetFileNameWithoutExtension(project), project.Replace('/', '\\'), project);

        text.Append("Global\n\tGlobalSection(SolutionConfigurationPlatforms) = preSolution\n");
        text.Append("\t\tDebug|Any CPU = Debug|Any CPU\n\t\tRelease|Any CPU = Release|Any CPU\n\tEndGlobalSection\n");
        text.Append("\tGlobalSection(ProjectConfigurationPlatforms) = postSolution\n");
        text.AppendJoin("", from project in projects
                            from configuration in Configurations
                            from step in Steps
                            select $"\t\t{Id(project)}.{configuration}|Any CPU.{step} = {configuration}|Any CPU\n");
        text.Append("\tEndGlobalSection\n\tGlobalSection(SolutionProperties) = preSolution\n\t\tHideSolutionNode = FALSE\n\tEndGlobalSection\n");
        text.Append("\tGlobalSection(NestedProjects) = preSolution\n");
        text.AppendJoin("", projects.Select(
            project => $"\t\t{Id(project)} = {Id(project[..project.IndexOf('/', StringComparison.Ordinal)])}\n"));
        return text.Append("\tEndGlobalSection\nEndGlobal\n").ToString();

        void Entry(string kind, string name, string path, string key) =>
            text.Append((string)$"Project(\"{kind}\") = \"{name}\", \"{path}\", \"{Id(key)}\"\nEndProject\n");
    }

    // The same project has the same id in every solution that is made.
    private static string Id(string key) =>
        $"{{{new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(key))[..16]).ToString().ToUpperInvariant()}}}";
}
