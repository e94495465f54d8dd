using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CallCenter.Planning.Rotations;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Rotations;

// ---- Values

/// <summary>A shift of a rotation, and how many groups work it.</summary>
/// <param name="Shift">Code of a shift of the project, as GET /rosters shows them; unique in the rotation.</param>
/// <param name="Needed">Groups that work it on each weekday, Monday first: exactly so many.</param>
/// <param name="InARow">Days in a row with this shift.</param>
public sealed record RotationShift(
    [MaxLength(30), VisibleText] string Shift, [MinLength(7), MaxLength(7)] IReadOnlyList<int> Needed, DaysInRow InARow);

/// <param name="AtLeast">So many days at least.</param>
/// <param name="AtMost">So many at most.</param>
public sealed record DaysInRow([Range(1, 14)] int AtLeast, [Range(1, 14)] int AtMost);

/// <param name="Before">Code of the shift that comes first.</param>
/// <param name="After">Code of the shift that must not follow it.</param>
public sealed record ShiftSequence([MaxLength(30), VisibleText] string Before, [MaxLength(30), VisibleText] string After);

/// <summary>What a rotation keeps.</summary>
/// <param name="Work">Days of work in a row.</param>
/// <param name="Rest">Days off in a row.</param>
/// <param name="Forbidden">Shifts that must not follow each other on the next day.</param>
/// <param name="ForbiddenOverRest">Shifts that must not follow each other with exactly one day off between them.</param>
public sealed record RotationRules(
    DaysInRow Work, DaysInRow Rest, [MaxLength(100)] IReadOnlyList<ShiftSequence>? Forbidden = null,
    [MaxLength(100)] IReadOnlyList<ShiftSequence>? ForbiddenOverRest = null);

/// <summary>A week of a rotation: the code of the shift on each day, null for a day off.</summary>
/// <param name="Monday">Shift of the Monday.</param>
/// <param name="Tuesday">Shift of the Tuesday.</param>
/// <param name="Wednesday">Shift of the Wednesday.</param>
/// <param name="Thursday">Shift of the Thursday.</param>
/// <param name="Friday">Shift of the Friday.</param>
/// <param name="Saturday">Shift of the Saturday.</param>
/// <param name="Sunday">Shift of the Sunday.</param>
public sealed record RotationWeek(
    string? Monday, string? Tuesday, string? Wednesday, string? Thursday, string? Friday, string? Saturday, string? Sunday)
{
    public string? On(DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => Monday,
        DayOfWeek.Tuesday => Tuesday,
        DayOfWeek.Wednesday => Wednesday,
        DayOfWeek.Thursday => Thursday,
        DayOfWeek.Friday => Friday,
        DayOfWeek.Saturday => Saturday,
        _ => Sunday,
    };
}

/// <summary>How many groups a need asks for at the least, whichever rotation it is.</summary>
/// <param name="Day">The weekday on which most work.</param>
/// <param name="Most">How many groups work on it.</param>
/// <param name="DaysOfWork">Days of work of all groups in a week.</param>
/// <param name="ForRest">Groups with which rows of work are as long, and rows of days off as short, as the rules allow.</param>
public sealed record RotationNeed(DayOfWeek Day, int Most, int DaysOfWork, int ForRest)
{
    public const string Rule = "need-above-groups";

    public int LeastGroups => Math.Max(Most, ForRest);

    public string Says => $"{Rule} is in the way: {Most} groups work on {Day}s, and of {DaysOfWork} days of work a week "
        + $"with the longest rows of work and the shortest of days off there are {ForRest} groups at least, "
        + $"so that this need asks for {LeastGroups} groups or more.";

    public static RotationNeed Of(RotationProblem problem)
    {
        var days = Enumerable.Range(0, RotationProblem.Week)
            .Select(day => (
                Day: (DayOfWeek)((day + 1) % RotationProblem.Week), Groups: problem.Kinds.Sum(kind => kind.Needed[day]))).ToList();
        var (day, most) = days.MaxBy(day => day.Groups);
        // Of each row of work and the days off after it at most so much is work.
        var (work, row) = (problem.DaysOfWork, problem.Work.AtMost + problem.Rest.AtLeast);
        var week = RotationProblem.Week * problem.Work.AtMost;

        return new(day, most, work, Math.Max(1, (work * row + week - 1) / week));
    }
}

// ---- Events

/// <param name="FreeWeekends">Weeks whose Saturday and Sunday are off.</param>
/// <param name="MostFreeWeekends">No rotation of these rules has more; null where that was not asked for.</param>
public sealed record RotationMade(
    Guid RotationId, Guid ProjectId, string Name, ImmutableArray<RotationShift> Shifts, RotationRules Rules,
    ImmutableArray<RotationWeek> Weeks, int FreeWeekends, int? MostFreeWeekends, Guid By, DateTimeOffset At);

// ---- Commands

/// <param name="Days">Index of the shift on each day from the Monday of the first week, -1 for a day off.</param>
public sealed record MakeRotation(
    Guid RotationId, Guid ProjectId, string Name, ImmutableArray<RotationShift> Shifts, RotationRules Rules, IReadOnlyList<int> Days,
    int? MostFreeWeekends, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>A roster that goes round: each group works the weeks one after another, and after the last the first again.</summary>
public sealed record Rotation
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Name { get; init; } = "";

    /// <summary>The shifts, and how many groups work them on each weekday.</summary>
    public ImmutableArray<RotationShift> Shifts { get; init; } = [];

    /// <summary>What it keeps.</summary>
    public RotationRules? Rules { get; init; }

    /// <summary>As many as groups: while one works a week, the next works the one after it.</summary>
    public ImmutableArray<RotationWeek> Weeks { get; init; } = [];

    /// <summary>Weeks whose Saturday and Sunday are off.</summary>
    public int FreeWeekends { get; init; }

    /// <summary>No rotation of these rules has more of them; null where that was not asked for.</summary>
    public int? MostFreeWeekends { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The shift of a group on a day; null for a day off.</summary>
    /// <param name="group">From 0.</param>
    /// <param name="firstWeek">Monday of a week in which group 0 works the first week.</param>
    public string? ShiftOf(int group, DateOnly date, DateOnly firstWeek)
    {
        var round = Weeks.Length * RotationProblem.Week;
        var day = (date.DayNumber - firstWeek.DayNumber + group * RotationProblem.Week) % round;
        return Weeks[(day + round) % round / RotationProblem.Week].On(date.DayOfWeek);
    }

    public Rotation Evolve(object @event) => @event switch
    {
        RotationMade e => this with
        {
            Id = e.RotationId,
            ProjectId = e.ProjectId,
            Name = e.Name,
            Shifts = e.Shifts,
            Rules = e.Rules,
            Weeks = e.Weeks,
            FreeWeekends = e.FreeWeekends,
            MostFreeWeekends = e.MostFreeWeekends,
            At = e.At,
        },
        _ => this,
    };
}

// ---- Decisions

public static class RotationDecider
{
    public static object[] Decide(MakeRotation command, Rotation state)
    {
        if (state.Id != Guid.Empty)
            return (state.ProjectId, state.Name) == (command.ProjectId, command.Name)
                ? []
                : throw new RefusedException("rotation-exists", "There is another rotation under this id.");

        string? Code(int kind) => kind < 0 ? null : command.Shifts[kind].Shift;
        var weeks = command.Days.Chunk(RotationProblem.Week).Select(days => new RotationWeek(
            Code(days[0]), Code(days[1]), Code(days[2]), Code(days[3]), Code(days[4]), Code(days[5]), Code(days[6])));
        return
        [
            new RotationMade(command.RotationId, command.ProjectId, command.Name, command.Shifts, command.Rules, [.. weeks],
                RotationChecker.FreeWeekends(command.Days), command.MostFreeWeekends, command.By, command.Now),
        ];
    }

    /// <summary>The engine's problem.</summary>
    /// <exception cref="InvalidException">422 with everything that is wrong.</exception>
    public static RotationProblem Problem(IReadOnlyList<RotationShift> shifts, RotationRules rules, int groups)
    {
        var codes = shifts.Select(shift => shift.Shift).ToList();
        var errors = Errors(shifts, rules).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);

        return new(groups, [.. shifts.Select(shift => new RotationKind(shift.Shift, shift.Needed, Of(shift.InARow)))],
            Of(rules.Work), Of(rules.Rest), Sequences(rules.Forbidden), Sequences(rules.ForbiddenOverRest));

        static Least Of(DaysInRow days) => new(days.AtLeast, days.AtMost);

        List<RotationSequence> Sequences(IReadOnlyList<ShiftSequence>? sequences) =>
            [.. (sequences ?? []).Select(s => new RotationSequence(codes.IndexOf(s.Before), codes.IndexOf(s.After))).Distinct()];
    }

    private static IEnumerable<Error> Errors(IReadOnlyList<RotationShift> shifts, RotationRules rules)
    {
        foreach (var (at, days) in shifts.Select((shift, i) => ($"/shifts/{i}/inARow", shift.InARow))
            .Append(("/rules/work", rules.Work)).Append(("/rules/rest", rules.Rest)))
            if (days.AtLeast > days.AtMost)
                yield return new(at, "least-above-most", $"At least {days.AtLeast} days are more than {days.AtMost} at most.");

        foreach (var (i, shift) in shifts.Index())
        {
            if (shifts.Take(i).Any(other => other.Shift == shift.Shift))
                yield return new($"/shifts/{i}/shift", "code-twice", $"The shift '{shift.Shift}' is there already.");
            if (shift.Needed.Any(needed => needed is < 0 or > 200))
                yield return new($"/shifts/{i}/needed", "need-out-of-range", "0 to 200 groups work a shift.");
        }

        if (shifts.All(shift => shift.Needed.All(needed => needed <= 0)))
            yield return new("/shifts", "nothing-needed", "Nobody is needed on any day.");

        var sequences = (rules.Forbidden ?? []).Select((s, i) => (s, $"/rules/forbidden/{i}"))
            .Concat((rules.ForbiddenOverRest ?? []).Select((s, i) => (s, $"/rules/forbiddenOverRest/{i}")));
        foreach (var (sequence, at) in sequences)
            foreach (var code in new[] { sequence.Before, sequence.After })
                if (shifts.All(shift => shift.Shift != code))
                    yield return new(at, "shift-unknown",
                        $"The rotation has no shift '{code}'; it has {string.Join(", ", shifts.Select(shift => shift.Shift))}.");
    }
}
