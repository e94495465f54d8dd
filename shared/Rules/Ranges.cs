namespace CallCenter.Rules;

/// <summary>
/// Which days, instants and numbers the product takes: wherever one is read, in a body, an address or a file, it lies in here.
/// </summary>
/// <remarks>
/// Before it lie the values of unset clocks and empty cells (year 1, 1899, for instants 1970), after it those that stand
/// for "never" (9999). Days begin earlier than instants: somebody at work today may have been hired forty years ago, but
/// no call of that time is asked about. Within it a day more or less, a week, a roster's length and any zone's offset can
/// be added without care.
/// </remarks>
public static class Ranges
{
    private const string Code = "date-out-of-range";

    /// <summary>1950-01-01 to 2200-12-31, both included.</summary>
    public static readonly AllowedRange<DateOnly> Days = new(
        Code, new(1950, 1, 1), new(2200, 12, 31), "A day lies between 1950-01-01 and 2200-12-31.");

    /// <summary>The days from 1990 on by UTC, the last one to its end.</summary>
    public static readonly AllowedRange<DateTimeOffset> Instants = new(
        Code, new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2201, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1),
        "An instant lies between 1990-01-01T00:00:00Z and 2200-12-31T23:59:59Z.");

    private const double Most = 1e12;

    /// <summary>What plans are computed from: goals, weights, factors. No length or amount of a call centre is larger.</summary>
    public static readonly AllowedRange<double> Numbers = new(
        "number-out-of-range", -Most, Most, "A number lies between -1,000,000,000,000 and 1,000,000,000,000.");
}

/// <summary>The rule that a value lies between two others, both included.</summary>
/// <param name="Code">Of the refusal; public API.</param>
/// <param name="Says">The rule, for people.</param>
public sealed record AllowedRange<T>(string Code, T First, T Last, string Says) where T : struct, IComparable<T>
{
    public bool Contains(T value) => First.CompareTo(value) <= 0 && value.CompareTo(Last) <= 0;

    /// <summary>What is wrong with the value; null when nothing is.</summary>
    public Error? Check(string pointer, T value) => Contains(value) ? null : new Error(pointer, Code, Says);

    /// <exception cref="InvalidException">422 with the rule's code.</exception>
    public T Require(string pointer, T value) => Check(pointer, value) is { } broken ? throw new InvalidException([broken]) : value;
}
