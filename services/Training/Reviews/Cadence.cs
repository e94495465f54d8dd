using CallCenter.Time;

namespace CallCenter.Training.Reviews;

/// <summary>A team session, planned or held.</summary>
/// <param name="Title">Of the course.</param>
/// <param name="Held">Whether its register was taken.</param>
/// <param name="Reviewed">Whether what came of it was said.</param>
public sealed record TeamSession(Guid SessionId, string Title, DateTimeOffset StartsAt, bool Held, bool Reviewed);

/// <param name="From">First local day.</param>
/// <param name="Sessions">Team sessions of these days that were held.</param>
/// <param name="Planned">Those that are planned and were not held.</param>
/// <param name="Kept">Whether there was one; null while the days are not over and none was held.</param>
public sealed record CadencePeriod(DateOnly From, int Sessions, int Planned, bool? Kept);

/// <summary>Whether there was a team session in every week and every month, and what came of each was said.</summary>
/// <param name="Weeks">The project's weeks.</param>
/// <param name="Months">Calendar months, which have a plan where something is planned or was held in them.</param>
/// <param name="LateWeeks">First days of weeks that are over without one.</param>
/// <param name="LateMonths">First days of months that are over without one.</param>
/// <param name="MonthsWithoutPlan">First days of months that have begun and for which nothing was planned.</param>
/// <param name="WithoutReview">Sessions that were held and of which nobody has said what came of them.</param>
public sealed record Cadence(
    IReadOnlyList<CadencePeriod> Weeks, IReadOnlyList<CadencePeriod> Months, IReadOnlyList<DateOnly> LateWeeks,
    IReadOnlyList<DateOnly> LateMonths, IReadOnlyList<DateOnly> MonthsWithoutPlan, IReadOnlyList<Guid> WithoutReview)
{
    public static Cadence Of(
        IReadOnlyCollection<TeamSession> sessions, LocalCalendar calendar, DateOnly from, DateOnly to, DateTimeOffset now)
    {
        var today = calendar.DayOf(now);
        var weeks = Starts(calendar.WeekOf(from), to, day => day.AddDays(7)).Select(day => Period(day, day.AddDays(7))).ToList();
        var months = Starts(new(from.Year, from.Month, 1), to, day => day.AddMonths(1)).Select(day => Period(day,
            day.AddMonths(1))).ToList();

        return new(weeks, months, Late(weeks), Late(months),
            [.. months.Where(month => month.From <= today && month.Sessions + month.Planned == 0).Select(month => month.From)],
            [.. sessions.Where(s => s.Held && !s.Reviewed).OrderBy(s => s.StartsAt).Select(s => s.SessionId)]);

        CadencePeriod Period(DateOnly first, DateOnly next)
        {
            var own = sessions.Where(session => calendar.DayOf(session.StartsAt) is var day && day >= first && day < next).ToList();
            var held = own.Count(session => session.Held);
            return new(first, held, own.Count - held, held > 0 ? true : next <= today ? false : null);
        }

        static IReadOnlyList<DateOnly> Late(IEnumerable<CadencePeriod> periods) =>
            [.. periods.Where(period => period.Kept is false).Select(period => period.From)];

        static IEnumerable<DateOnly> Starts(DateOnly first, DateOnly to, Func<DateOnly, DateOnly> next)
        {
            for (var day = first; day <= to; day = next(day))
                yield return day;
        }
    }
}
