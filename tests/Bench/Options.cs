using System.Globalization;

namespace CallCenter.Bench;

/// <param name="Rows">Rows to import, in two rounds.</param>
/// <param name="Seconds">Length of each round of a rate.</param>
/// <param name="Only">
/// Parts to measure: startup, events, import, latency, floor, working-life, rollup, next-call, questions, machine-answers,
/// sound; none means all.
/// </param>
internal sealed record Options(int Rows, int Seconds, IReadOnlySet<string> Only)
{
    public static Options Read(string[] args) => new(
        Number(args, "--rows", 200_000), Number(args, "--seconds", 10), (Value(args, "--only") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet());

    private static int Number(string[] args, string name, int usual) =>
        Value(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
}
