using System.Globalization;
using CallCenter.Planning.Forecasting;

namespace CallCenter.PlanningBench;

/// <summary>Public holidays of the measured periods. Only what a calendar says: what they do is for the forecaster to find out.</summary>
internal static class ForecastCalendars
{
    /// <summary>
    /// Israel 1999. Banks are closed on holidays, close early on their eves and keep short hours in the middle days of Passover and
    /// Sukkot; the general election of 17 May was a day off.
    /// </summary>
    public static IReadOnlyList<SpecialDay> Israel1999 { get; } =
    [
        .. Days("purim", "03-02 03-03"),
        .. Days("eve", "03-31 04-06 04-20 05-20 09-10 09-19 09-24 10-01"),
        .. Days("holiday", "04-01 04-07 04-21 05-21 09-11 09-12 09-20 09-25 10-02"),
        .. Days("middle-day", "04-02 04-04 04-05 09-26 09-27 09-28 09-29 09-30"),
        .. Days("election", "05-17"),
        .. Days("fast", "07-22"),
    ];

    private static IEnumerable<SpecialDay> Days(string kind, string dates) =>
        dates.Split(' ').Select(d => new SpecialDay(DateOnly.Parse("1999-" + d, CultureInfo.InvariantCulture), kind));
}
