namespace CallCenter.Planning.Rotations;

/// <summary>
/// A roster that goes round: each group works the weeks one after another, a week ahead of the group before it, and the first again after
/// the last. So there are as many weeks as groups, and on every weekday of every week of the calendar each row of it is somebody's.
/// </summary>
/// <param name="Groups">Groups, and weeks until a group is where it began.</param>
/// <param name="Kinds">The kinds of shifts, at least one.</param>
/// <param name="Work">Days of work in a row, at least and at most.</param>
/// <param name="Rest">Days off in a row, at least and at most.</param>
/// <param name="Forbidden">Kinds that must not follow each other on the next day.</param>
/// <param name="ForbiddenOverRest">Kinds that must not follow each other with exactly one day off between them.</param>
public sealed record RotationProblem(
    int Groups, IReadOnlyList<RotationKind> Kinds, Least Work, Least Rest, IReadOnlyList<RotationSequence> Forbidden,
    IReadOnlyList<RotationSequence> ForbiddenOverRest)
{
    public const int Week = 7;

    /// <summary>Groups that work, summed over the days of a week.</summary>
    public int DaysOfWork => Kinds.Sum(kind => kind.Needed.Sum());
}

/// <param name="Code">What rosters show; unique.</param>
/// <param name="Needed">Groups that work such a shift on each weekday, Monday first: exactly so many.</param>
/// <param name="InARow">Days in a row with such shifts, at least and at most.</param>
public sealed record RotationKind(string Code, IReadOnlyList<int> Needed, Least InARow);

/// <summary>At least and at most so many days.</summary>
public readonly record struct Least(int AtLeast, int AtMost);

/// <param name="Before">Index of the kind that comes first.</param>
/// <param name="After">Index of the kind that must not follow.</param>
public readonly record struct RotationSequence(int Before, int After);

/// <summary>Whether there is a rotation.</summary>
public enum RotationAnswer
{
    /// <summary>There is one.</summary>
    Found,

    /// <summary>There is none: proved, in whole numbers.</summary>
    Impossible,

    /// <summary>Time was up.</summary>
    Undecided,
}

/// <param name="Answer">Whether there is one.</param>
/// <param name="Days">
/// Index of the kind on each of the 7 x groups days, -1 for a day off, from the Monday of the first week; null where there is none.
/// </param>
/// <param name="FreeWeekends">Weeks whose Saturday and Sunday are off.</param>
/// <param name="MostFreeWeekends">No rotation has more of them.</param>
/// <param name="Nodes">Linear programmes that were solved.</param>
public sealed record RotationResult(RotationAnswer Answer, IReadOnlyList<int>? Days, int FreeWeekends, int MostFreeWeekends, long Nodes);
