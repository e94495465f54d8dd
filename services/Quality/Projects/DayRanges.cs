using CallCenter.Rules;

namespace CallCenter.Quality.Projects;

/// <summary>Days that figures are asked for: a year and what its first and last week have beside it.</summary>
internal static class DayRanges
{
    private const int Longest = 371;

    /// <exception cref="InvalidException"><c>range-out-of-order</c> or <c>range-too-long</c></exception>
    public static void Check(DateOnly from, DateOnly to)
    {
        if (to < from)
            throw new InvalidException("to", "range-out-of-order", "The range ends before it begins.");

        if (to.DayNumber - from.DayNumber > Longest)
            throw new InvalidException("to", "range-too-long", $"A range has at most {Longest} days.");
    }
}
