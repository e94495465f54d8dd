namespace CallCenter.PlanningBench;

/// <summary>Published instances, which lie in a folder of whoever measures and are no part of the repository.</summary>
internal static class InstanceFiles
{
    /// <summary>The clock on the wall or, with <c>--clock processor</c>, the time that this program's one thread has had.</summary>
    public static TimeProvider Clock(Options options) =>
        options.Text("clock", "wall") == "processor" ? new ProcessorTime(threads: 1) : TimeProvider.System;

    /// <summary>The one that <c>--file</c> names, or all below the folder that it names; <c>--only</c> says which.</summary>
    public static IEnumerable<string> Of(Options options, string part, string pattern)
    {
        var file = options.Text("file", "");
        if (!Directory.Exists(file) && !File.Exists(file))
        {
            Console.WriteLine($"{part}: none, for --file names no instance and no folder of them.");
            return [];
        }

        var only = options.Text("only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return (Directory.Exists(file) ? Directory.GetFiles(file, pattern, SearchOption.AllDirectories) : [file])
            .Where(path => only.Length == 0 || only.Contains(Path.GetFileNameWithoutExtension(path)))
            .OrderBy(path => Path.GetFileNameWithoutExtension(path).Length).ThenBy(path => path, StringComparer.Ordinal);
    }
}
