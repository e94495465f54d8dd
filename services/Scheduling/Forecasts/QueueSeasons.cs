using CallCenter.Planning;
using CallCenter.Planning.Forecasting;
using CallCenter.Scheduling.Calendars;
using Marten;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>What is known of a queue's yearly season, as an answer says it.</summary>
/// <param name="Years">Whole years it was learned from.</param>
/// <param name="Used">Whether it is in the numbers: forecasts of the last year would have been better with it.</param>
public sealed record QueueSeason(int Years, bool Used)
{
    /// <returns>Null where less than two whole years are known.</returns>
    public static QueueSeason? Of(YearlySeason? season) => season is null ? null : new(season.Years, season.Used);
}

/// <summary>The calls of years, as totals of days: a season needs no more, and four years of quarter hours would be slow to read.</summary>
internal sealed class QueueSeasons(ILookup<string, QueueSeasons.Total> totals, IReadOnlyList<SpecialDay> specialDays)
{
    /// <returns>Null where less than two whole years are known.</returns>
    public YearlySeason? Of(string queue) => totals[queue].ToList() is { Count: > 0 } days
        ? YearlySeason.Of(new History(days.Select(day => new HistoryDay(day.Date, [day.Calls], [0], [0]))), specialDays) : null;

    /// <param name="before">The day after the last that may be looked at.</param>
    /// <param name="named">Special days beside those of the project's calendar.</param>
    public static async Task<QueueSeasons> Known(
        Guid projectId, DateOnly before, IReadOnlyList<SpecialDay> named, ProjectDays days, IQuerySession session,
        CancellationToken cancellation)
    {
        var from = before.AddYears(-YearlySeason.MostYears);
        var totals = await session.AdvancedSql.QueryAsync<Total>(TotalsOfYears, cancellation,
            projectId, from, before, projectId, from, before.AddYears(-YearlySeason.LeastYears));

        return new(totals.ToLookup(total => total.Queue), CalendarDays.Beside(named, days, from, before));
    }

    // By the index of project and date. A queue that was not there two years ago costs no more than finding that out.
    private const string TotalsOfYears = """
        select jsonb_build_object('Queue', data ->> 'Queue', 'Date', data ->> 'Date', 'Calls',
            (select sum((quarter ->> 'Offered')::int) from jsonb_array_elements(data -> 'Intervals') quarter))
        from scheduling.mt_doc_queuedayv1
        where (data ->> 'ProjectId')::uuid = ? and scheduling.mt_immutable_date(data ->> 'Date') >= ?
            and scheduling.mt_immutable_date(data ->> 'Date') < ? and jsonb_array_length(data -> 'Intervals') > 0
            and data ->> 'Queue' in (
                select data ->> 'Queue' from scheduling.mt_doc_queuedayv1
                where (data ->> 'ProjectId')::uuid = ? and scheduling.mt_immutable_date(data ->> 'Date') >= ?
                    and scheduling.mt_immutable_date(data ->> 'Date') <= ?)
        """;

    internal sealed record Total(string Queue, DateOnly Date, double Calls);
}
