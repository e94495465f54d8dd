using CallCenter.Testing;

namespace CallCenter.Planning.Tests;

/// <summary>Published benchmark data that may lie beside the repository, or where PLANNING_DATA says; no part of it.</summary>
internal static class BenchmarkData
{
    /// <summary>Skips the test, and says so, where the file is not there.</summary>
    public static string[] Lines(params string[] path)
    {
        var name = Path.Combine(path);
        var file = Environment.GetEnvironmentVariable("PLANNING_DATA") is { } folder ? Path.Combine(folder, name) : Repository.Data(name);
        Assert.SkipUnless(File.Exists(file), $"{path[^1]} does not lie beside the repository.");
        return File.ReadAllLines(file);
    }
}
