using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Scheduling.Terms;
using CallCenter.Scheduling.Wishes;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What stands about one agent in the days of a roster, beside contract and leave: nobody types it into a request.</summary>
/// <param name="Terms">The standing terms of the first day, and those that begin later.</param>
/// <param name="Wishes">What they stated that they would like.</param>
/// <param name="Unavailable">When they stated that they cannot work.</param>
/// <param name="RestDaysDue">Days of rest earned in the days of the roster; null where they are not counted.</param>
/// <param name="RestDaysSaved">Days of rest on their account before it.</param>
public sealed record KnownOfAgent(
    Guid AgentId, IReadOnlyList<Dated<PersonalTerms>> Terms, IReadOnlyList<Wish> Wishes, IReadOnlyList<UnavailableTime> Unavailable,
    int? RestDaysDue = null, int RestDaysSaved = 0)
{
    // Night work in the sense of directive 2003/88, article 2: its core that lies in every country's night.
    private static readonly (TimeOnly From, TimeOnly To) Night = (new(0, 0), new(5, 0));

    public bool IsNothing => Terms.Count == 0 && Wishes.Count == 0 && Unavailable.Count == 0;

    public PersonalTerms? On(DateOnly day) => Terms.On(day);

    public PersonalLimits? Limits => On(Terms.Count > 0 ? Terms[0].From : default)?.Limits;

    public static KnownOfAgent Of(
        Guid agentId, StandingTerms? standing, IEnumerable<AgentStatement> statements, int restDaysSaved, RosterFrame frame)
    {
        var to = frame.From.AddDays(frame.Days - 1);
        var first = standing?.Entries.EntryOn(frame.From);
        var stated = statements.ToList();

        return new(
            agentId, [.. (standing?.Entries ?? []).Where(e => e == first || (frame.From < e.From && e.From <= to))],
            [.. stated.SelectMany(s => s.Wishes).Where(w => frame.From <= w.Date && w.Date <= to)],
            [.. stated.SelectMany(s => s.Unavailable).Where(u => frame.From <= u.Date && u.Date <= to)],
            first?.Value.RestDaysDueAMonth is null ? null : frame.Dates.Sum(standing!.RestDaysDueOn), restDaysSaved);
    }

    /// <summary>When the agent cannot work by all of it, in the roster's minutes.</summary>
    /// <param name="restOn">Instead of the standing days of rest.</param>
    public IEnumerable<Unavailability> Closed(RosterFrame frame, IReadOnlyList<DayOfWeek>? restOn)
    {
        foreach (var date in frame.Dates.Where(date => (restOn ?? On(date)?.RestOn)?.Contains(date.DayOfWeek) == true))
            yield return Day(date, Unavailability.FixedRestDay);

        foreach (var outside in Outside(frame))
            yield return outside;

        // A night that begins on the last day ends on the next.
        foreach (var date in frame.Dates.Append(frame.From.AddDays(frame.Days)).Where(date => On(date)?.NightExempt == true))
            yield return Time(date, Night.From, Night.To, Unavailability.NightExempt);

        foreach (var stated in Unavailable)
            yield return stated is { From: { } from, To: { } to }
                ? Time(stated.Date, from, to, Unavailability.Stated) : Day(stated.Date, Unavailability.Stated);

        Unavailability Day(DateOnly date, string rule) =>
            new(frame.Minute(frame.Calendar.StartOf(date)), frame.Minute(frame.Calendar.StartOf(date.AddDays(1))), rule);

        Unavailability Time(DateOnly date, TimeOnly from, TimeOnly to, string rule) => new(
            frame.Minute(frame.Calendar.At(date, from)), frame.Minute(frame.Calendar.At(to > from ? date : date.AddDays(1), to)), rule);
    }

    // All that lies between the windows, of days next to each other as one.
    private IEnumerable<Unavailability> Outside(RosterFrame frame)
    {
        if (Terms.All(t => t.Value.Availability is null))
            yield break;

        var days = Enumerable.Range(-1, frame.Days + 2).Select(frame.From.AddDays).ToList();
        var (at, end) = (0, frame.Minute(frame.Calendar.StartOf(days[^1].AddDays(1))));
        foreach (var (from, to) in days.SelectMany(date => Windows(date, frame)).OrderBy(window => window.From))
        {
            if (from > at)
                yield return new(at, from, Unavailability.OutsideAvailability);
            at = Math.Max(at, to);
        }

        if (at < end)
            yield return new(at, end, Unavailability.OutsideAvailability);
    }

    private IEnumerable<(int From, int To)> Windows(DateOnly date, RosterFrame frame)
    {
        var calendar = frame.Calendar;
        if (On(date)?.Availability is not { } windows)
            return [(frame.Minute(calendar.StartOf(date)), frame.Minute(calendar.StartOf(date.AddDays(1))))];

        return windows.Where(w => w.Day == date.DayOfWeek).Select(w => (
            frame.Minute(calendar.At(date, w.From)), frame.Minute(calendar.At(w.To > w.From ? date : date.AddDays(1), w.To))));
    }

    /// <summary>What the agent would like; what no shift of the day meets says nothing.</summary>
    public IEnumerable<DayPreference> Likes(RosterFrame frame, ILookup<int, ShiftOption> shifts)
    {
        foreach (var wish in Wishes)
        {
            var day = frame.DayOf(wish.Date);
            ImmutableArray<string?> met = wish.DayOff ? [null] : Liked(day, wish.Kind, wish.Shift);
            if (!met.IsEmpty)
                yield return new(day, met, wish.Weight);
        }

        // A day off is as good as a shift they like: only another shift is worse.
        foreach (var date in frame.Dates)
            foreach (var liked in On(date)?.Preferred ?? [])
            {
                var day = frame.DayOf(date);
                if (Liked(day, liked.Kind, liked.Shift) is { IsEmpty: false } met)
                    yield return new(day, met.Add(null), liked.Weight);
            }

        ImmutableArray<string?> Liked(int day, ShiftKind? kind, string? code) =>
            [.. shifts[day].Where(s => IsLiked(s, kind, code)).Select(s => s.Code)];
    }

    private static bool IsLiked(ShiftOption shift, ShiftKind? kind, string? code) =>
        shift.Kind == kind || (code is not null && ShiftOption.IsOf(shift.Code, code));
}
