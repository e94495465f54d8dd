namespace CallCenter.Calls.Tests;

/// <summary>Real call records, where they lie beside the repository; what needs them is skipped elsewhere.</summary>
internal static class SharedData
{
    public static string File(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !System.IO.File.Exists(Path.Combine(root.FullName, "CallCenter.sln")))
            root = root.Parent;

        var path = root is null ? "" : Path.Combine(root.FullName, "..", "shared", "data", name);
        Assert.SkipUnless(System.IO.File.Exists(path), $"../shared/data/{name} is not beside the repository.");
        return path;
    }
}
