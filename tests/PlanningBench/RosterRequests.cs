using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CallCenter.Planning.Rostering;

namespace CallCenter.PlanningBench;

/// <summary>
/// Rosters as <c>POST /rosters</c> states them: need by queue and interval, breaks that move, contracts by the week. Two teams for a
/// week and a hundred agents for four weeks of our own, and the centres among the instances.
/// </summary>
internal static class RosterRequests
{
    private const int Day = 1440;

    private static readonly int[] Starts = [420, 510, 600, 690, 780, 810];

    /// <summary><c>--seconds</c> a search, <c>--only</c> these (teams, centre, halves, lengths, cc100), <c>--seed</c>, <c>--rounds</c>,
    /// <c>--clock processor</c>.</summary>
    public static void Print(Options options)
    {
        var seconds = options.Number("seconds", 60);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Rosters as requests, {seconds} s each, {Environment.ProcessorCount} cores"));
        Console.WriteLine("request            size            first   at s  |     cost   at s     bound     gap  violations   rounds  ends s");
        var only = options.Text("only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (name, problem) in Problems(options))
            if (only.Length == 0 || only.Contains(name.Replace(' ', '-')))
                Print(name, problem(), 
                    new(TimeSpan.FromSeconds(seconds), (int)options.Number("seed", 1), (int)options.Number("rounds", int.MaxValue))
                    {
                        Clock = options.Text("clock", "wall") == "processor" ? new ProcessorTime(Environment.ProcessorCount) : TimeProvider.System,
                    });
        Console.WriteLine();
    }

    private static IEnumerable<(string Name, Func<RosterProblem> Problem)> Problems(Options options)
    {
        yield return ("teams", () => Centre(agents: 26, days: 7, peak: 14));
        yield return ("centre", () => Centre(agents: 100, days: 28, peak: 52));
        yield return ("halves", () => Halves(100, share: 1.05, hasMeals: true));
        yield return ("spare", () => Halves(100, share: 0.9, hasMeals: false));
        yield return ("lengths", Lengths);
        foreach (var path in options.Data is { } data && Directory.Exists(Path.Combine(data, "rostering", "callcentre-synthetic"))
            ? Directory.GetFiles(Path.Combine(data, "rostering", "callcentre-synthetic"), "cc*.txt").Order() : Enumerable.Empty<string>())
        {
            yield return (Path.GetFileNameWithoutExtension(path), () => RosterFiles.ReadRequest(path));
            if (Path.GetFileNameWithoutExtension(path) == "cc500")
                yield return ("cc500 twice", () => Twice(RosterFiles.ReadRequest(path)));
        }
    }

    private static RosterProblem Twice(RosterProblem problem) => problem with
    {
        Agents = [.. problem.Agents, .. problem.Agents.Select((agent, i) => agent with { Id = new Guid(-i - 1, 0, 0, new byte[8]) })],
        Demand = [.. problem.Demand.Select(d => d with { Required = [.. d.Required.Select(r => 2 * r)] })],
    };

    private static void Print(string name, RosterProblem problem, SearchLimits limits)
    {
        var log = new Log();
        var clock = Stopwatch.StartNew();
        var found = RosterSearch.Solve(problem, limits, log, CancellationToken.None);
        var ended = clock.Elapsed.TotalSeconds;
        var shifts = problem.Shifts.Select(s => s.Code).Distinct().Count();
        Console.Write($"{name,-18} {$"{problem.Agents.Length}x{problem.Days}x{shifts}",-13}");
        if (!found.Feasible)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $" no roster, said after {clock.Elapsed.TotalSeconds:0.0} s: {found.Conflicts.Sum(c => c.Agents.Length)} agents"));
            return;
        }

        var violations = RosterChecker.Check(problem, found.Assignments).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $" {log.First?.Cost,8:0.0} {log.First?.Elapsed.TotalSeconds,6:0.00}  | {found.Cost.Total,8:0.0} {log.Last?.Elapsed.TotalSeconds,6:0.0} {found.Bound,9:0.0} {(found.Cost.Total - found.Bound) / found.Cost.Total,7:0.00%} {violations,11} {found.Rounds,8} {ended,7:0.0}"));
        Console.WriteLine($"    {found.Cost}");
        PrintAbsence(problem, found.Assignments);
    }

    /// <summary>Somebody is absent for the third day and the two after it: what a re-plan of 5 seconds makes of it.</summary>
    private static void PrintAbsence(RosterProblem problem, IReadOnlyList<Assignment> roster)
    {
        var absent = roster.First(a => a.Shift.Day == 2).AgentId;
        var away = new Unavailability(problem.DayStarts[2], problem.DayStarts[5], "leave");
        var clock = Stopwatch.StartNew();
        problem = problem with
        {
            Agents = [.. problem.Agents.Select(a => a.Id == absent ? a with { Unavailable = [.. a.Unavailable, away] } : a)],
        };
        var replan = Replanning.Of(problem,
            [.. roster.Where(a => a.AgentId != absent || a.Shift.End <= away.From || away.To <= a.Shift.Start)],
            new HashSet<Guid> { absent }, new(TimeSpan.FromSeconds(5), FromDay: 2), CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"    one absent for three days: {replan.Moves.Length} of {replan.OthersDays} days of others move, {replan.Moves.Sum(m => m.CoverGained):0.0} of cover gained, {clock.Elapsed.TotalSeconds:0.0} s"));
    }

    /// <summary>Many who are alike, a fifth of them for half a week: no combination of days stands out from the others.</summary>
    /// <param name="share">What is needed of what their contracts give.</param>
    private static RosterProblem Halves(int agents, double share, bool hasMeals)
    {
        const int Days = 28;
        var peak = CentreNeed.Peak(agents, share);
        var required = new double[Days * 96];
        for (var day = 0; day < Days; day++)
            for (var half = 0; half < CentreNeed.OfDay.Length; half++)
                required[day * 96 + 28 + 2 * half] = required[day * 96 + 29 + 2 * half] =
                    Math.Round(peak * CentreNeed.OfWeek[day % 7] * CentreNeed.OfDay[half]);
        ImmutableArray<BreakRule> meal = [new("meal", 30, 180, 300, Paid: true)];
        var shifts = Enumerable.Range(7, 7).Select(hour => (Code: $"F{hour}", Hour: hour, Hours: 8))
            .Concat(Enumerable.Range(0, 6).Select(i => (Code: $"P{7 + 2 * i}", Hour: 7 + 2 * i, Hours: 4))).ToList();
        return new(
            [.. Enumerable.Range(0, Days + 1).Select(d => d * Day)], 0, 15,
            [
                .. Enumerable.Range(0, agents).Select(i => new RosterAgent(new Guid(i + 1, 0, 0, new byte[8]), ["billing"],
                    (i % 5 == 4 ? 20 : 40) * 60, [], [], [], CarryOver.None)),
            ],
            [
                .. from day in Enumerable.Range(0, Days)
                   from shift in shifts
                   let end = shift.Hour + shift.Hours
                   let kind = shift.Hour < 8 ? ShiftKind.Early : end > 20 ? ShiftKind.Late : ShiftKind.Day
                   select new ShiftOption(shift.Code, day, day * Day + shift.Hour * 60, day * Day + end * 60, kind,
                       hasMeals && shift.Hours > 6 ? meal : []),
            ],
            [new("billing", [.. required])], new RosterRules(), new RosterWeights());
    }

    /// <summary>Shifts of 8.5 hours every hour and a half, three breaks each, two queues, one agent in five has both.</summary>
    private static RosterProblem Centre(int agents, int days, double peak)
    {
        ImmutableArray<BreakRule> breaks =
            [new("break", 15, 90, 150, Paid: true), new("meal", 30, 210, 300, Paid: false), new("break", 15, 360, 420, Paid: true)];
        return new(
            [.. Enumerable.Range(0, days + 1).Select(d => d * Day)], 0, 15,
            [
                .. Enumerable.Range(1, agents).Select(i => new RosterAgent(new Guid(i, 0, 0, new byte[8]),
                    i % 5 == 0 ? ["billing", "sales"] : i % 5 < 4 ? ["billing"] : ["sales"], 40 * 60,
                    i % 9 == 0 ? [new(2 * Day, 4 * Day, "leave", 16 * 60)] : [], [], [], CarryOver.None)),
            ],
            [
                .. from day in Enumerable.Range(0, days)
                   from start in Starts
                   let kind = start < 480 ? ShiftKind.Early : start + 510 > 20 * 60 ? ShiftKind.Late : ShiftKind.Day
                   select new ShiftOption($"F{start / 60:00}{start % 60:00}", day, day * Day + start, day * Day + start + 510, kind, breaks),
            ],
            [Demand("billing", days, 0.7 * peak), Demand("sales", days, 0.3 * peak)], new RosterRules(), new RosterWeights());
    }

    /// <summary>300 agents, six weeks, shifts paid 477, 450 and 240 minutes: what a week may come to has no large unit.</summary>
    private static RosterProblem Lengths()
    {
        var centre = Centre(agents: 300, days: 42, peak: 150);
        BreakRule pause = new("break", 15, 90, 150, Paid: true);
        return centre with
        {
            Shifts =
            [
                .. from day in Enumerable.Range(0, centre.Days)
                   from start in Starts
                   from paid in new[] { (Code: "F", Minutes: 510, Meal: 33), (Code: "E", Minutes: 480, Meal: 30),
                       (Code: "P", Minutes: 240, Meal: 0) }
                   let end = start + paid.Minutes
                   select new ShiftOption($"{paid.Code}{start / 60:00}{start % 60:00}", day, day * Day + start, day * Day + end,
                       start < 480 ? ShiftKind.Early : end > 20 * 60 ? ShiftKind.Late : ShiftKind.Day,
                       paid.Meal == 0 ? [pause] : [pause, new("meal", paid.Meal, 210, 300, Paid: false)]),
            ],
        };
    }

    private static SkillDemand Demand(string skill, int days, double peak) => new(skill,
    [
        .. from day in Enumerable.Range(0, days)
           from t in Enumerable.Range(0, 96)
           let hour = t / 4.0
           let shape = hour is < 7 or >= 22 ? 0
               : 0.35 + 0.65 * Math.Exp(-Math.Pow((hour - 11) / 2.2, 2)) + 0.4 * Math.Exp(-Math.Pow((hour - 16.5) / 2, 2))
           select Math.Round(peak * shape * (day % 7 >= 5 ? 0.6 : 1)),
    ]);

    private sealed class Log : IProgress<RosterProgress>
    {
        public RosterProgress? First { get; private set; }

        public RosterProgress? Last { get; private set; }

        public void Report(RosterProgress value) => (First, Last) = (First ?? value, value);
    }
}
