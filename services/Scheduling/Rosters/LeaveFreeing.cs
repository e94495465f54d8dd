using System.Collections.Immutable;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What leave takes out of shifts that are published.</summary>
public static class LeaveFreeing
{
    public const string Kind = "leave";

    /// <summary>First instant of a leave, and the first after it.</summary>
    /// <param name="leave">Whole.</param>
    public static (DateTimeOffset From, DateTimeOffset To) Span(this Leave leave, LocalCalendar calendar) => leave.Part is { } part
        ? (calendar.At(leave.FirstDay, part.From),
            part.To == TimeOnly.MinValue ? calendar.EndOf(leave.FirstDay) : calendar.At(leave.FirstDay, part.To))
        : (calendar.StartOf(leave.FirstDay), calendar.EndOf(leave.LastDay));

    /// <summary>What is left of a shift: null where it is freed, itself where the leave lies beside it.</summary>
    public static RosterShift? Without(this RosterShift shift, Leave leave, LocalCalendar calendar)
    {
        var (from, to) = leave.Span(calendar);
        return shift.EndsAt <= from || shift.StartsAt >= to ? shift : leave.Part is null ? null : shift.Cut(from, to, leave.Paid);
    }

    /// <summary>The shift with a time of it as a break; null where nothing is left to work.</summary>
    public static RosterShift? Cut(this RosterShift shift, DateTimeOffset from, DateTimeOffset to, bool paid)
    {
        (from, to) = (Later(from, shift.StartsAt), Earlier(to, shift.EndsAt));
        var pauses = shift.Breaks.ToLookup(b => b.Kind == TemplateRules.Pause);
        ImmutableArray<RosterBreak> breaks =
        [
            .. pauses[false].SelectMany(b => new[] { b with { To = Earlier(b.To, from) }, b with { From = Later(b.From, to) } })
                // Nobody is at work in a pause: leave takes nothing of it.
                .Concat(shift.Parts.Select(part => new RosterBreak(Kind, Later(from, part.From), Earlier(to, part.To), paid)))
                .Where(b => b.From < b.To).Concat(pauses[true]).OrderBy(b => b.From),
        ];

        return breaks.Aggregate(shift.EndsAt - shift.StartsAt, (left, b) => left - (b.To - b.From)) > TimeSpan.Zero
            ? shift with { Breaks = breaks } : null;
    }

    /// <summary>The day of which a shift, or a part of it, is taken by a leave.</summary>
    internal static PublishedDay Without(this PublishedDay day, Leave leave, LocalCalendar calendar, long publication, DateTimeOffset now)
    {
        var ((from, to), left) = (leave.Span(calendar), day.Shift!.Without(leave, calendar));
        return (day with
        {
            Publication = publication, Shift = left, ChangedAt = now,
            Activities = left is not null ? [.. Cut(day.Activities, from, to, left)]
                : day.Date < leave.FirstDay ? []
                : [new RosterActivity(Kind, calendar.StartOf(day.Date), calendar.StartOf(day.Date.AddDays(1)), leave.Paid)],
        }).After(day);
    }

    private static IEnumerable<RosterActivity> Cut(
        IEnumerable<RosterActivity> activities, DateTimeOffset from, DateTimeOffset to, RosterShift left) => activities
        .SelectMany(a => new[] { a with { To = Earlier(a.To, from) }, a with { From = Later(a.From, to) } })
        .Where(a => a.From < a.To)
        .Concat(left.Breaks.Where(b => b.Kind == Kind && from <= b.From && b.To <= to)
            .Select(b => new RosterActivity(Kind, b.From, b.To, b.Paid)))
        .OrderBy(a => a.From);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>Takes the agent's published shifts out of the days of a leave, as a publication of these days would.</summary>
    internal static async Task<IReadOnlyList<FreedShift>> Free(
        this IDocumentSession session, Leave leave, Guid by, DateTimeOffset now, CancellationToken cancellation)
    {
        var touched = await session.Republish(leave, by, now, (roster, calendar, day, number) =>
        {
            var left = day.Shift?.Without(leave, calendar);
            return left == day.Shift ? null : (day.Without(leave, calendar, number, now), left is not null
                ? new ShiftCut(roster.Id, leave.AgentId, left, leave.Id, number, by, now)
                : new ShiftFreed(roster.Id, leave.AgentId, day.Date, leave.Id, number, by, now));
        }, cancellation);

        return [.. touched.Select(day => Freed(day.Before, leave, day.Calendar))];
    }

    /// <summary>Takes a leave that is withdrawn out of the agent's published days, as a publication of these days would: a day that was
    /// freed stays free, hours are worked again.</summary>
    /// <param name="leave">Whole.</param>
    internal static Task TakeBack(
        this IDocumentSession session, Leave leave, Guid by, DateTimeOffset now, CancellationToken cancellation) =>
        session.Republish(leave, by, now, (roster, calendar, day, number) =>
        {
            var span = leave.Span(calendar);
            if (!day.Activities.Any(a => IsOf(span, a.Kind, a.From, a.To)))
                return null;

            // What a scheduler has drafted for the day since stays.
            var (after, drafted) = (day.WithoutLeave(span, number, now), roster.ShiftOf(leave.AgentId, day.Date));
            return (after, drafted?.IsSameAs(day.Shift) ?? day.Shift is null
                ? new DayExchanged(roster.Id, leave.AgentId, day.Date, after.Shift, leave.Id, number, by, now) : null);
        }, cancellation);

    /// <param name="change">The day as it is after, and what happens to its roster, by what number it is published; null where it stays.
    /// </param>
    private static async Task<IReadOnlyList<(PublishedDay Before, LocalCalendar Calendar)>> Republish(
        this IDocumentSession session, Leave leave, Guid by, DateTimeOffset now,
        Func<Roster, LocalCalendar, PublishedDay, long, (PublishedDay After, object? Event)?> change, CancellationToken cancellation)
    {
        var before = leave.FirstDay.AddDays(-1); // a night may end in the leave
        var published = await session.Query<PublishedDay>()
            .Where(day => day.AgentId == leave.AgentId && day.Date >= before && day.Date <= leave.LastDay).ToListAsync(cancellation);
        var touched = new List<(PublishedDay, LocalCalendar)>();

        // Of a day off nothing changes.
        foreach (var project in published.Where(day => !day.Activities.IsEmpty).GroupBy(day => day.ProjectId))
        {
            var numbers = await session.Events.FetchForWriting<Publications>(Publications.IdOf(project.Key), cancellation);
            var number = (numbers.Aggregate?.Last ?? 0) + 1;
            var booked = new List<PublishedDay>();
            foreach (var days in project.GroupBy(day => day.RosterId))
            {
                var stream = await session.Events.FetchForWriting<Roster>(days.Key, cancellation);
                var roster = stream.Aggregate!;
                var calendar = LocalCalendar.Of(roster.Zone);
                var changed = days.Select(day => (Before: day, Change: change(roster, calendar, day, number)))
                    .Where(day => day.Change is not null).ToList();
                if (changed.Count == 0)
                    continue;

                stream.AppendMany(changed.Select(day => day.Change!.Value.Event).OfType<object>());
                booked.AddRange(await session.StoreFreed(
                    roster, [.. changed.Select(day => day.Change!.Value.After)], number, cancellation));
                touched.AddRange(changed.Select(day => (day.Before, calendar)));
            }

            await session.BookDays(booked, project.Key, by, now, cancellation);
            if (booked.Count > 0)
                numbers.AppendOne(new PublicationNumbered(project.Key, booked[0].RosterId, number, now));
        }

        return touched;
    }

    private static PublishedDay WithoutLeave(
        this PublishedDay day, (DateTimeOffset From, DateTimeOffset To) span, long publication, DateTimeOffset now) => (day with
        {
            Publication = publication, ChangedAt = now,
            Shift = day.Shift is { } shift
                ? shift with { Breaks = [.. shift.Breaks.Where(b => !IsOf(span, b.Kind, b.From, b.To))] } : null,
            Activities = day.Shift is null ? [.. day.Activities.Where(a => !IsOf(span, a.Kind, a.From, a.To))]
                : [.. Joined(day.Activities.Select(a => IsOf(span, a.Kind, a.From, a.To) ? a with { Kind = "work", Paid = true } : a))],
        }).After(day);

    private static bool IsOf((DateTimeOffset From, DateTimeOffset To) span, string kind, DateTimeOffset from, DateTimeOffset to) =>
        kind == Kind && span.From <= from && to <= span.To;

    private static IEnumerable<RosterActivity> Joined(IEnumerable<RosterActivity> activities)
    {
        RosterActivity? last = null;
        foreach (var activity in activities)
            if (last is { Kind: "work" } && activity.Kind == "work" && last.To == activity.From)
                last = last with { To = activity.To };
            else
            {
                if (last is not null)
                    yield return last;
                last = activity;
            }

        if (last is not null)
            yield return last;
    }

    private static FreedShift Freed(PublishedDay day, Leave leave, LocalCalendar calendar)
    {
        var (shift, (from, to)) = (day.Shift!, leave.Part is null ? (day.Shift!.StartsAt, day.Shift.EndsAt) : leave.Span(calendar));
        return new(day.ProjectId, day.RosterId, day.Date, shift.Code, Later(from, shift.StartsAt), Earlier(to, shift.EndsAt));
    }
}
