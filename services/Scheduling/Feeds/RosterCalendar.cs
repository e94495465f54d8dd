using CallCenter.Planning.Rostering;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Rosters;
using CallCenter.Time;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace CallCenter.Scheduling.Feeds;

/// <param name="Calendar">The zone of the person.</param>
/// <param name="Named">The holiday, or the make-up working day; null on other days.</param>
public sealed record CalendarDay(PublishedDay Day, LocalCalendar Calendar, string? Named = null);

/// <summary>
/// Published days as iCalendar (RFC 5545, 7986). Times are in UTC: exact over every clock change, and each calendar program shows
/// them in its own zone; texts name them by the clock of the person. Nothing in it is about customers.
/// </summary>
public static class RosterCalendar
{
    // A suggestion only; programs ask when they like.
    private const string Refresh = "PT1H";

    public static string Of(IEnumerable<CalendarDay> days, IEnumerable<OnCallDuty>? duties = null)
    {
        var calendar = new Calendar { ProductId = "-//CallCenter//Roster//EN", Method = "PUBLISH" };
        calendar.AddProperty("NAME", "Roster");
        calendar.AddProperty("X-WR-CALNAME", "Roster");
        var interval = new CalendarProperty("REFRESH-INTERVAL", Refresh);
        interval.AddParameter("VALUE", "DURATION");
        calendar.AddProperty(interval);
        calendar.AddProperty("X-PUBLISHED-TTL", Refresh);

        foreach (var (day, zone, named) in days)
            if ((day.Shift ?? day.Cancelled) is { } shift)
                calendar.Events.AddRange(shift.Parts.Select((part, i) => Event(day, shift, part, i, zone, named)));

        calendar.Events.AddRange((duties ?? []).Select(duty => new CalendarEvent
        {
            Uid = $"{duty.Id:D}@callcenter",
            Sequence = duty.Changes,
            DtStamp = Instant(duty.ChangedAt),
            LastModified = Instant(duty.ChangedAt),
            Start = Instant(duty.StartsAt),
            End = Instant(duty.EndsAt),
            Summary = $"On call: {duty.Role}",
            Status = "CONFIRMED",
            Transparency = "TRANSPARENT",
        }));

        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    // Two shifts on a day are two events: the time between is the person's own.
    private static CalendarEvent Event(
        PublishedDay day, RosterShift shift, (DateTimeOffset From, DateTimeOffset To) part, int number, LocalCalendar zone, string? named)
    {
        var cancelled = day.Shift is null;
        // Leave at an end of the shift is no part of it to who looks when to come.
        var worked = day.Activities.Where(a =>
            !cancelled && a.Kind != LeaveFreeing.Kind && part.From <= a.From && a.To <= part.To).ToList();
        var (from, to) = worked.Count > 0 ? (worked[0].From, worked[^1].To) : part;

        return new CalendarEvent
        {
            Uid = number == 0 ? $"{day.Id:D}@callcenter" : $"{day.Id:D}-{number + 1}@callcenter",
            Sequence = day.Changes,
            DtStamp = Instant(day.ChangedAt),
            LastModified = Instant(day.ChangedAt),
            Start = Instant(from),
            End = Instant(to),
            Summary = (cancelled ? "Cancelled: " : "")
                + $"{Name(shift)} {zone.TimeOf(from):HH:mm}–{zone.TimeOf(to):HH:mm}",
            Description = cancelled ? "This shift was taken back." : string.Join('\n', day.Activities.Select(a =>
                $"{zone.TimeOf(a.From):HH:mm}–{zone.TimeOf(a.To):HH:mm} {a.Kind}")) + $"\n{shift.PaidHours:0.##} h paid ({zone.Zone.Id})" + (named is null ? "" : $"\n{named}"),
            Status = cancelled ? "CANCELLED" : "CONFIRMED",
            Transparency = cancelled ? "TRANSPARENT" : "OPAQUE",
        };
    }

    private static string Name(RosterShift shift) => shift.Kind switch
    {
        ShiftKind.Early => "Early shift",
        ShiftKind.Late => "Late shift",
        ShiftKind.Night => "Night shift",
        ShiftKind.TwoShifts => "Two shifts",
        ShiftKind.DayIntoNight => "Day-into-night shift",
        _ => shift.Code == "training" ? "Training" : "Shift",
    };

    private static CalDateTime Instant(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return new CalDateTime(utc.Year, utc.Month, utc.Day, utc.Hour, utc.Minute, utc.Second, CalDateTime.UtcTzId);
    }
}
