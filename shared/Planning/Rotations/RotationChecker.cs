namespace CallCenter.Planning.Rotations;

/// <summary>Says of the days of a rotation, whoever made them, what they break. Shares no code with the search.</summary>
public static class RotationChecker
{
    /// <returns>What is broken, in words of the rules; empty where all is kept.</returns>
    public static IReadOnlyList<string> Check(RotationProblem problem, IReadOnlyList<int> days)
    {
        var broken = new List<string>();
        var count = problem.Groups * RotationProblem.Week;
        if (days.Count != count || days.Any(day => day < -1 || day >= problem.Kinds.Count))
            return [$"There are {count} days, each with a kind of shift or off."];

        for (var kind = 0; kind < problem.Kinds.Count; kind++)
            for (var weekday = 0; weekday < RotationProblem.Week; weekday++)
            {
                var (there, needed) = (0, problem.Kinds[kind].Needed[weekday]);
                for (var week = 0; week < problem.Groups; week++)
                    if (days[week * RotationProblem.Week + weekday] == kind)
                        there++;
                if (there != needed)
                    broken.Add($"{problem.Kinds[kind].Code} on day {weekday + 1} of the week: {there} groups where {needed} are needed.");
            }

        int At(int day) => days[(day % count + count) % count];

        // A run is judged on its first day.
        void Runs(Func<int, bool> belongs, Least allowed, string name)
        {
            if (days.All(belongs))
            {
                broken.Add($"{name}: without an end.");
                return;
            }

            for (var day = 0; day < count; day++)
            {
                if (!belongs(At(day)) || belongs(At(day - 1)))
                    continue;
                var length = 1;
                while (belongs(At(day + length)))
                    length++;
                if (length < allowed.AtLeast || length > allowed.AtMost)
                    broken.Add($"{name}: {length} in a row from day {day + 1}, allowed are {allowed.AtLeast} to {allowed.AtMost}.");
            }
        }

        Runs(kind => kind >= 0, problem.Work, "days of work");
        Runs(kind => kind < 0, problem.Rest, "days off");
        for (var k = 0; k < problem.Kinds.Count; k++)
        {
            var kind = k;
            Runs(there => there == kind, problem.Kinds[k].InARow, problem.Kinds[k].Code);
        }

        for (var day = 0; day < count; day++)
        {
            foreach (var (before, after) in problem.Forbidden)
                if (At(day) == before && At(day + 1) == after)
                    broken.Add($"{problem.Kinds[after].Code} after {problem.Kinds[before].Code} on day {day + 2}.");
            foreach (var (before, after) in problem.ForbiddenOverRest)
                if (At(day) == before && At(day + 1) < 0 && At(day + 2) == after)
                    broken.Add($"{problem.Kinds[after].Code} one day off after {problem.Kinds[before].Code} on day {day + 3}.");
        }

        return broken;
    }

    /// <summary>Weeks whose Saturday and Sunday are off.</summary>
    public static int FreeWeekends(IReadOnlyList<int> days) =>
        Enumerable.Range(0, days.Count / RotationProblem.Week)
            .Count(week => days[week * RotationProblem.Week + 5] < 0 && days[week * RotationProblem.Week + 6] < 0);
}
