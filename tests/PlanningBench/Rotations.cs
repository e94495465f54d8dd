using System.Globalization;
using CallCenter.Planning.Rotations;

namespace CallCenter.PlanningBench;

/// <summary>The published instances of rotating workforce scheduling, decided and checked.</summary>
internal static class Rotations
{
    /// <summary>
    /// <c>--file</c> one instance or a folder of them, <c>--seconds</c> each at most, <c>--only</c> these (Example1,Example20),
    /// <c>--weekends 1</c> looks for free ones too, <c>--clock processor</c>.
    /// </summary>
    public static void Print(Options options)
    {
        var (limit, weekends) = (TimeSpan.FromSeconds(options.Number("seconds", 60)), options.Number("weekends", 0) > 0);
        var clock = InstanceFiles.Clock(options);
        var results = new List<(string Name, RotationResult Result, double Milliseconds, int Broken)>();
        foreach (var path in InstanceFiles.Of(options, "rotations", "*.txt"))
        {
            var (problem, began) = (Read(path), clock.GetTimestamp());
            var result = RotationSearch.Solve(problem, weekends, limit, clock);
            var took = clock.GetElapsedTime(began).TotalMilliseconds;
            var broken = result.Days is { } days ? RotationChecker.Check(problem, days).Count : 0;
            results.Add((Path.GetFileNameWithoutExtension(path), result, took, broken));
        }

        if (results.Count == 0)
            return;

        var times = results.Select(r => r.Milliseconds).Order().ToList();
        var slowest = results.MaxBy(r => r.Milliseconds);
        int Count(RotationAnswer answer) => results.Count(r => r.Result.Answer == answer);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Rotations, one thread, {limit.TotalSeconds} s each at most"));
        Console.WriteLine($"instances {results.Count}, found {Count(RotationAnswer.Found)} (of these {results.Count(r => r.Broken > 0)} break a rule, by the checker), proved impossible {Count(RotationAnswer.Impossible)}, undecided {Count(RotationAnswer.Undecided)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ms: median {times[times.Count / 2]:F1}, 95 % {times[times.Count * 95 / 100]:F1}, longest {times[^1]:F0} ({slowest.Name}), in all {times.Sum() / 1000:F1} s; {results.Sum(r => r.Result.Nodes)} linear programmes"));
        if (weekends)
            Console.WriteLine($"free weekends: {results.Sum(r => r.Result.FreeWeekends)}, at most {results.Where(r => r.Result.Answer is RotationAnswer.Found).Sum(r => r.Result.MostFreeWeekends)}, proved most in {results.Count(r => r.Result.Answer is RotationAnswer.Found && r.Result.FreeWeekends == r.Result.MostFreeWeekends)}");
        Console.WriteLine();
    }

    /// <summary>
    /// Lines of numbers between lines of comments: days, groups, kinds, the need of each kind on each day, the kinds with their days in a
    /// row, days off and days of work in a row, how many sequences of two and of three, and those.
    /// </summary>
    private static RotationProblem Read(string path)
    {
        var lines = File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
        Least Between(IReadOnlyList<string> line) => new(Number(line[0]), Number(line[1]));

        var kinds = Number(lines[2][0]);
        var names = lines.Skip(3 + kinds).Take(kinds).Select(line => line[0]).ToList();
        RotationSequence Sequence(string[] line) => new(names.IndexOf(line[0]), names.IndexOf(line[^1]));
        var sequences = lines.Skip(6 + 2 * kinds).ToList();

        return new(
            Number(lines[1][0]),
            [.. names.Select((name, i) => new RotationKind(name, [.. lines[3 + i].Select(Number)], Between(lines[3 + kinds + i][3..])))],
            Between(lines[4 + 2 * kinds]), Between(lines[3 + 2 * kinds]),
            [.. sequences.Where(line => line.Length == 2).Select(Sequence)],
            [.. sequences.Where(line => line.Length == 3).Select(Sequence)]);
    }
}
