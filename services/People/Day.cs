namespace CallCenter.People;

internal static class Day
{
    /// <summary>The local day of an IANA zone.</summary>
    public static DateOnly In(string zone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
}
