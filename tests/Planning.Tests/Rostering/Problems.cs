using System.Collections.Immutable;
using CallCenter.Planning.Rostering;

namespace CallCenter.Planning.Tests.Rostering;

/// <summary>Roster problems of the size and shape of two teams.</summary>
internal static class Problems
{
    public const int Day = 1440;

    private static readonly ImmutableArray<BreakRule> Breaks =
    [
        new("break", 15, 90, 150, Paid: true), new("meal", 30, 210, 300, Paid: false), new("break", 15, 360, 420, Paid: true),
    ];

    /// <summary>Shifts of 8.5 h from 07:00 to 14:30 and of 4 h, every hour and a half.</summary>
    public static ImmutableArray<ShiftOption> Shifts(int days) =>
    [
        .. from day in Enumerable.Range(0, days)
           from start in new[] { 420, 510, 600, 690, 780, 810 }
           let kind = start < 480 ? ShiftKind.Early : start + 510 > 20 * 60 ? ShiftKind.Late : ShiftKind.Day
           select new ShiftOption($"F{start / 60:00}{start % 60:00}", day, day * Day + start, day * Day + start + 510, kind, Breaks),
    ];

    public static RosterAgent Agent(int number, params string[] skills) =>
        new(new Guid(number, 0, 0, new byte[8]), [.. skills], 40 * 60, [], [], [], CarryOver.None);

    /// <summary>A need that rises to a morning peak and an afternoon one, lower at the weekend, open 07:00 to 22:00.</summary>
    public static SkillDemand Demand(string skill, int days, double peak) => new(skill,
    [
        .. from day in Enumerable.Range(0, days)
           from t in Enumerable.Range(0, 96)
           let hour = t / 4.0
           let shape = hour is < 7 or >= 22 ? 0
               : 0.35 + 0.65 * Math.Exp(-Math.Pow((hour - 11) / 2.2, 2)) + 0.4 * Math.Exp(-Math.Pow((hour - 16.5) / 2, 2))
           select Math.Round(peak * shape * (day % 7 >= 5 ? 0.6 : 1)),
    ]);

    public static RosterProblem TwoTeams(int agents = 26, int days = 7, double peak = 11) => new(
        [.. Enumerable.Range(0, days + 1).Select(d => d * Day)], 0, 15,
        [.. Enumerable.Range(1, agents).Select(i => Agent(i, "billing"))],
        Shifts(days), [Demand("billing", days, peak)], new RosterRules(), new RosterWeights());

    public static RosterSolution Solve(RosterProblem problem, int rounds = 300, int seed = 1) =>
        RosterSearch.Solve(problem, new SearchLimits(TimeSpan.FromSeconds(60), seed, rounds), null, TestContext.Current.CancellationToken);

    /// <summary>Share of the required agent hours that the roster covers.</summary>
    public static double Met(RosterSolution roster) =>
        roster.Cover.Sum(c => c.Required.Zip(c.Scheduled, Math.Min).Sum()) / roster.Cover.Sum(c => c.Required.Sum());
}
