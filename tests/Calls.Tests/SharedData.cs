using CallCenter.Testing;

namespace CallCenter.Calls.Tests;

/// <summary>Real call records, where they lie beside the repository; what needs them is skipped elsewhere.</summary>
internal static class SharedData
{
    public static string File(string name)
    {
        var path = Repository.Data(name);
        Assert.SkipUnless(System.IO.File.Exists(path), $"../shared/data/{name} is not beside the repository.");
        return path;
    }
}
