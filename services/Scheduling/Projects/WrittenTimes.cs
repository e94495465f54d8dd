using System.Globalization;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Scheduling.Projects;

public static class WrittenTimes
{
    private static readonly string[] Local = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    private static readonly string[] Instant =
        ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    extension(LocalCalendar calendar)
    {
        /// <summary>
        /// Reads <c>2026-11-01T01:30</c> by the wall clock, or with an offset or Z, which must be given where the time occurs twice.
        /// </summary>
        /// <exception cref="InvalidException">
        /// <c>not-a-time</c>, <c>date-out-of-range</c>, <c>time-occurs-twice</c> or <c>time-skipped</c>.
        /// </exception>
        public DateTimeOffset Read(string pointer, string text)
        {
            if (DateTimeOffset.TryParseExact(text, Instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact))
                return Ranges.Instants.Require(pointer, exact.ToUniversalTime());

            if (!DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
                throw new InvalidException(pointer, "not-a-time",
                    "A time is written as 2026-03-02T09:00, with an offset like +08:00 or Z where that matters.");

            Ranges.Days.Require(pointer, DateOnly.FromDateTime(wall));
            return calendar.InstantsOf(wall) switch
            {
                [var only] => only,
                [] => throw new InvalidException(pointer, "time-skipped",
                    $"{text} does not exist in {calendar.Zone.Id}: the clocks go forward over it."),
                var twice => throw new InvalidException(pointer, "time-occurs-twice",
                    $"{text} occurs twice in {calendar.Zone.Id}. Write it with its offset: "
                    + $"{string.Join(" or ", twice.Select(i => text + OffsetAt(i)))}."),
            };

            string OffsetAt(DateTimeOffset instant) => calendar.Local(instant).ToString("zzz", CultureInfo.InvariantCulture);
        }
    }
}
