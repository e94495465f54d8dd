using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using Rule = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rotations.RotationProblem>;

namespace CallCenter.Planning.Rotations;

/// <summary>Why there is no rotation.</summary>
/// <param name="Rules">Rules of which none can be left out: as they are, they leave no rotation for this need and these groups. Empty
/// where the need itself is more than the groups have days.</param>
/// <param name="Cheapest">The least change of one rule or two with which there is one; empty where none is enough, or there was no time
/// to tell.</param>
/// <param name="FewestGroups">The least number of groups with which there is one under the same rules; null where no number has one, or
/// there was no time to tell.</param>
public sealed record RotationConflict(ImmutableArray<string> Rules, ImmutableArray<Relaxation> Cheapest, int? FewestGroups);

/// <summary>Says which rules are in the way of a rotation, and how few groups would do.</summary>
public static class RotationConflicts
{
    // What is in the way is told of a day of work more or two, and of three weeks off: beyond, rows are too many to be looked at.
    private const int MoreDays = 2;
    private const int MoreDaysOff = 21;

    // Nobody waits four years until a rotation begins again.
    private const int MostGroups = 200;

    /// <param name="limit">How long to look at most.</param>
    public static RotationConflict Explain(RotationProblem problem, TimeSpan limit, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var (began, open) = (time.GetTimestamp(), false);
        TimeSpan Left() => limit - time.GetElapsedTime(began) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

        bool HasRotation(RotationProblem eased)
        {
            try
            {
                var answer = RotationSearch.Solve(eased, freeWeekends: false, Left(), time).Answer;
                open |= answer is RotationAnswer.Undecided;
                return answer is RotationAnswer.Found;
            }
            catch (PlanningException)
            {
                open = true;
                return false;
            }
        }

        var search = new ConflictSearch<RotationProblem>(HasRotation, RulesOf, () => open);
        var rules = search.Irreducible(problem);
        if (open)
            return new([], [], null);

        var cheapest = search.Cheapest(problem, rules);
        var (fewest, _) = Fewest(problem, Left(), time);
        return new([.. rules.Select(rule => rule.Name).Distinct()], cheapest, fewest);
    }

    /// <summary>
    /// The fewest groups for which there is a rotation, and one for them. Rows of work are at most so long and days off at least, which
    /// leaves no fewer groups for the days of work there are; with the shortest and the longest no more are possible.
    /// </summary>
    /// <returns>Impossible where no number of groups up to 200 has one; then, and where there was no time to tell, no groups.</returns>
    public static (int? Groups, RotationResult Rotation) Fewest(RotationProblem problem, TimeSpan limit, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var began = time.GetTimestamp();
        var least = problem.DaysOfWork * (1 + problem.Rest.AtLeast / (double)problem.Work.AtMost) / RotationProblem.Week;
        var most = problem.DaysOfWork * (problem.Work.AtLeast + problem.Rest.AtMost) / (RotationProblem.Week * problem.Work.AtLeast);
        for (var groups = Math.Max(1, (int)Math.Ceiling(least - 1e-9)); groups <= Math.Min(most, MostGroups); groups++)
        {
            var result = RotationSearch.Solve(
                problem with { Groups = groups }, freeWeekends: false, limit - time.GetElapsedTime(began), time);
            if (result.Answer is not RotationAnswer.Impossible)
                return (result.Answer is RotationAnswer.Found ? groups : null, result);
        }

        return (null, new(RotationAnswer.Impossible, null, 0, 0, 0));
    }

    /// <summary>The rules that can give way, those to be blamed least first. One step is a day.</summary>
    private static IEnumerable<Rule> RulesOf(RotationProblem problem)
    {
        yield return new(
            Rule.Sequence, p => p with { Forbidden = [] }, p => EachSequence(p).SelectMany(rule => rule.Eased(p)), EachSequence);
        yield return new(
            "forbidden-over-rest", p => p with { ForbiddenOverRest = [] }, p => EachOverRest(p).SelectMany(rule => rule.Eased(p)),
            EachOverRest);
        for (var kind = 0; kind < problem.Kinds.Count; kind++)
        {
            var (k, code, row) = (kind, problem.Kinds[kind].Code, problem.Kinds[kind].InARow);
            yield return Rule.Number("kind-too-short", row.AtLeast, 1, -1, (p, n) => With(p, k, r => r with { AtLeast = n }), code);
            yield return Rule.Number("kind-too-long", row.AtMost, Math.Max(row.AtMost, problem.Work.AtMost), 1,
                (p, n) => With(p, k, r => r with { AtMost = n }), code);
        }

        yield return Rule.Number("too-few-days-in-row", problem.Work.AtLeast, 1, -1,
            (p, n) => p with { Work = p.Work with { AtLeast = n } });
        yield return Rule.Number("too-many-days-in-row", problem.Work.AtMost, problem.Work.AtMost + MoreDays, 1,
            (p, n) => p with { Work = p.Work with { AtMost = n } });
        yield return Rule.Number("too-few-days-off", problem.Rest.AtLeast, 1, -1, (p, n) => p with { Rest = p.Rest with { AtLeast = n } });
        yield return Rule.Number("too-many-days-off", problem.Rest.AtMost, problem.Rest.AtMost + MoreDaysOff, 1,
            (p, n) => p with { Rest = p.Rest with { AtMost = n } });
    }

    private static IEnumerable<Rule> EachSequence(RotationProblem problem) => problem.Forbidden.Select(f =>
        Rule.Dropped(new(Rule.Sequence, 0, null, Name(problem, f)),
            p => p with { Forbidden = [.. p.Forbidden.Where(other => other != f)] }));

    private static IEnumerable<Rule> EachOverRest(RotationProblem problem) => problem.ForbiddenOverRest.Select(f =>
        Rule.Dropped(new("forbidden-over-rest", 0, null, Name(problem, f)),
            p => p with { ForbiddenOverRest = [.. p.ForbiddenOverRest.Where(other => other != f)] }));

    private static string Name(RotationProblem problem, RotationSequence sequence) =>
        $"{problem.Kinds[sequence.Before].Code}, {problem.Kinds[sequence.After].Code}";

    private static RotationProblem With(RotationProblem problem, int kind, Func<Least, Least> change) => problem with
    {
        Kinds = [.. problem.Kinds.Select((k, i) => i == kind ? k with { InARow = change(k.InARow) } : k)],
    };
}
