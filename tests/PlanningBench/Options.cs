using System.Globalization;

namespace CallCenter.PlanningBench;

/// <summary>What the command line asks for: parts by name, and settings as <c>--name value</c>.</summary>
internal sealed record Options(IReadOnlyList<string> Names, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Folder of the benchmark data, with calls, rostering and staffing below it; null when there is none.</summary>
    public string? Data => Settings.GetValueOrDefault("data");

    public string Text(string name, string otherwise) => Settings.GetValueOrDefault(name, otherwise);

    public double Number(string name, double otherwise) =>
        Settings.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public static Options Parse(string[] args)
    {
        var (names, settings) = (new List<string>(), new Dictionary<string, string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                names.Add(args[i]);
            else if (i + 1 < args.Length)
                settings[args[i][2..]] = args[++i];
            else
                throw new FormatException($"{args[i]} needs a value.");
        }

        return new(names, settings);
    }
}
