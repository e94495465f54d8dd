namespace CallCenter.Calls.Tests;

/// <summary>Real call records, where they lie beside the repository; what needs them is skipped elsewhere.</summary>
internal static class SharedData
{
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!System.IO.File.Exists(Path.Combine(folder.FullName, "CallCenter.sln")))
                folder = folder.Parent!;
            return folder.FullName;
        }
    }

    public static string File(string name)
    {
        var path = Path.Combine(Repository, "..", "shared", "data", name);
        Assert.SkipUnless(System.IO.File.Exists(path), $"../shared/data/{name} is not beside the repository.");
        return path;
    }
}
