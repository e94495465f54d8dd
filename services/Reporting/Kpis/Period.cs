using System.Globalization;
using CallCenter.Web;

namespace CallCenter.Reporting.Kpis;

/// <summary>Local days of a project, both included.</summary>
internal readonly record struct Period(DateOnly From, DateOnly To)
{
    private const int Longest = 732;

    public static Period Of(string from, string to) => new Period(Day("from", from), Day("to", to)).Checked();

    public int Length => To.DayNumber - From.DayNumber + 1;

    public IEnumerable<DateOnly> Each() => Enumerable.Range(0, Length).Select(From.AddDays);

    /// <exception cref="InvalidException">422 when it ends before it begins, or never seems to end.</exception>
    public Period Checked()
    {
        if (To < From)
            throw new InvalidException("/to", "period-backwards", "The period ends before it begins.");
        if (Length > Longest)
            throw new InvalidException("/to", "period-too-long", $"At most {Longest} days at a time.");

        return this;
    }

    private static DateOnly Day(string name, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 2200
            ? day : throw new BadHttpRequestException($"{name} is a local day such as 2026-03-02.");
}
