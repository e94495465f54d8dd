using System.Globalization;

namespace CallCenter.Demo;

/// <param name="Calls">A file of real records; null for made-up ones.</param>
/// <param name="Mapping">The mapping that reads it.</param>
internal sealed record Options(Uri Gateway, string Keys, string? Mail, string? Calls, string? Mapping, int Seed)
{
    public static Options? Read(string[] args)
    {
        var given = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        string? Value(string name) => given.GetValueOrDefault(name);

        return Value("--gateway") is { } gateway && Value("--keys") is { } keys && args.Length % 2 == 0
                && Value("--calls") is null == Value("--mapping") is null
            ? new Options(new Uri(gateway), keys, Value("--mail"), Value("--calls"), Value("--mapping"),
                int.Parse(Value("--seed") ?? "20260302", CultureInfo.InvariantCulture))
            : null;
    }
}
