using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Reporting.Projects;

/// <summary>Local days of a project, both included.</summary>
internal readonly record struct Period(DateOnly From, DateOnly To)
{
    private const int Longest = 732;

    public static Period Of(string from, string to) =>
        new Period(Json.Read<DateOnly>("from", from), Json.Read<DateOnly>("to", to)).Checked("to");

    public int Length => To.DayNumber - From.DayNumber + 1;

    public IEnumerable<DateOnly> Each() => Enumerable.Range(0, Length).Select(From.AddDays);

    /// <param name="pointer">Where its end is said.</param>
    /// <exception cref="InvalidException">422 when it ends before it begins, or never seems to end.</exception>
    public Period Checked(string pointer)
    {
        if (To < From)
            throw new InvalidException(pointer, "period-backwards", "The period ends before it begins.");
        if (Length > Longest)
            throw new InvalidException(pointer, "period-too-long", $"At most {Longest} days at a time.");

        return this;
    }
}
