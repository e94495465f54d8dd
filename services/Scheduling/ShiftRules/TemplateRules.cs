using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Scheduling.ShiftRules;

/// <summary>What a template must be, and which shifts it stands for on a day.</summary>
public static class TemplateRules
{
    private const int LongestShift = 16 * 60;
    private const int LongestBreak = 240;
    private const int ShortestPause = 60;
    private const int LongestPause = 12 * 60;

    /// <summary>What lies between the two parts of a shift: nobody is at work in it, and it is no break of theirs.</summary>
    public const string Pause = "pause";

    /// <exception cref="InvalidException">422 with everything that is wrong.</exception>
    public static void Check(IReadOnlyList<ShiftTemplate> templates)
    {
        var errors = templates.SelectMany((t, i) => ErrorsOf(t, $"/templates/{i}"))
            .Concat(templates.Select((t, i) => (t, i)).GroupBy(p => p.t.Code, StringComparer.OrdinalIgnoreCase)
                .SelectMany(g => g.Skip(1)).Select(p => new Error($"/templates/{p.i}/code", "code-twice", $"There is another template '{p.t.Code}'.")))
            .ToList();

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    private static IEnumerable<Error> ErrorsOf(ShiftTemplate template, string at)
    {
        var length = WallMinutes(template);

        if (length == 0 || length - template.Breaks.Where(IsPause).Sum(b => Math.Min(b.Minutes, LongestPause)) > LongestShift)
            yield return new($"{at}/end", "shift-length", $"A shift lasts more than 0 and at most {LongestShift / 60} hours, without its pause.");

        if (!new[] { template.Start, template.End, template.LatestStart ?? template.Start }.All(LocalCalendar.IsOnQuarter))
            yield return new($"{at}/start", "not-a-quarter", "Shifts begin and end on a quarter hour.");

        if (template.StepMinutes is < 15 or > 720 || template.StepMinutes % 15 != 0)
            yield return new($"{at}/stepMinutes", "step-out-of-range", "Starts step by 15 minutes to 12 hours, in quarters.");

        if (template.LatestStart < template.Start)
            yield return new($"{at}/latestStart", "starts-reversed", "The latest start comes before the first.");

        if (template.Days is { Length: 0 })
            yield return new($"{at}/days", "no-day", "A template without a day is never worked; leave days out for every day.");

        foreach (var error in template.Breaks.SelectMany((b, i) => ErrorsOf(b, $"{at}/breaks/{i}", length)))
            yield return error;

        if (template.Breaks.Sum(b => Math.Min(b.Minutes, IsPause(b) ? LongestPause : LongestBreak)) >= length)
            yield return new($"{at}/breaks", "no-work-left", "The breaks leave no time to work.");

        if (template.Breaks.Count(IsPause) > 1)
            yield return new($"{at}/breaks", "pause-twice", "A shift has two parts at most, and one pause between them.");

        for (var i = 1; i < template.Breaks.Length; i++)
            if (template.Breaks[i].LatestMinutes - template.Breaks[i - 1].EarliestMinutes < template.Breaks[i - 1].Minutes)
                yield return new($"{at}/breaks/{i}", "breaks-overlap",
                    "Breaks are listed in order, and each must fit after the one before.");
    }

    private static IEnumerable<Error> ErrorsOf(ShiftBreak pause, string at, int length)
    {
        if (IsPause(pause) && IsBad(pause.Minutes, pause.EarliestMinutes, pause.LatestMinutes, pause.Paid))
            yield return new(at, "pause-out-of-range",
                $"A pause lasts {ShortestPause / 60} to {LongestPause / 60} hours, begins at one time after the shift does, and is not paid.");

        if (pause.Kind is not ("break" or "meal" or Pause))
            yield return new($"{at}/kind", "kind-unknown", "A break is a break, a meal or a pause.");

        if (pause.Minutes < 5 || pause.Minutes > (IsPause(pause) ? LongestPause : LongestBreak)
            || pause.EarliestMinutes < 0 || pause.LatestMinutes < pause.EarliestMinutes)
            yield return new(at, "break-out-of-range",
                $"A break lasts 5 to {LongestBreak} minutes and has a window that does not end before it begins.");
        else if (IsPause(pause) && pause.LatestMinutes >= length - pause.Minutes)
            yield return new(at, "pause-out-of-range", "A pause ends before its shift does: the second part follows it.");
        else if (pause.LatestMinutes > length - pause.Minutes)
            yield return new($"{at}/latestMinutes", "break-outside-shift", "The break could end after its shift.");
    }

    /// <summary>Every shift that may start on the day; <paramref name="minute"/> turns an instant into the roster's time.</summary>
    public static IEnumerable<ShiftOption> On(
        DateOnly date, int day, ShiftRuleBook book, LocalCalendar calendar, Func<DateTimeOffset, int> minute)
    {
        foreach (var (template, code, start, end) in StartsOn(date, book))
        {
            var nextDay = end <= start;
            var (from, to) = (minute(calendar.At(date, start)), minute(calendar.At(nextDay ? date.AddDays(1) : date, end)));

            // A clock change can swallow a short shift whole.
            if (to - from > template.Breaks.Sum(b => b.Minutes))
                yield return new(code, day, from, to, KindOf(start, end, nextDay, template.Breaks.Any(IsPause), book.Rules),
                    [.. template.Breaks.Select(b => Fit(b, to - from))]);
        }
    }

    /// <summary>Codes of the shifts that may start on the day, and of their templates.</summary>
    public static IReadOnlySet<string> CodesOn(DateOnly date, ShiftRuleBook book) =>
        StartsOn(date, book).SelectMany(start => new[] { start.Code, start.Template.Code }).ToHashSet();

    /// <summary>Codes of the templates, and of the shifts that may start on some weekday.</summary>
    public static IReadOnlySet<string> CodesOf(ShiftRuleBook book)
    {
        // Any week does: templates know weekdays, and no dates.
        var monday = new DateOnly(2026, 1, 5);
        return Enumerable.Range(0, 7).SelectMany(day => CodesOn(monday.AddDays(day), book)).ToHashSet();
    }

    /// <summary>Codes of the shifts that may start on the day.</summary>
    public static IReadOnlySet<string> ShiftsOn(DateOnly date, ShiftRuleBook book) =>
        StartsOn(date, book).Select(start => start.Code).ToHashSet();

    /// <summary>Codes that a rule names and no template has.</summary>
    public static IEnumerable<Error> Unknown(RosterRules rules, IReadOnlyList<ShiftTemplate> templates)
    {
        var codes = templates.Select(t => t.Code).ToHashSet();
        var limits = (rules.MaxOfShifts ?? []).SelectMany((limit, i) => limit.Shifts.Select(code => ($"/maxOfShifts/{i}", code)));
        var sequences = (rules.ForbiddenShifts ?? []).SelectMany((s, i) => new[] { ($"/forbiddenShifts/{i}", s.Before),
            ($"/forbiddenShifts/{i}", s.After) });
        return limits.Concat(sequences).Where(named => !codes.Contains(named.Item2))
            .Select(named => new Error(named.Item1, "shift-unknown", $"There is no template '{named.Item2}'."));
    }

    private static IEnumerable<(ShiftTemplate Template, string Code, TimeOnly Start, TimeOnly End)> StartsOn(
        DateOnly date, ShiftRuleBook book)
    {
        foreach (var template in book.Templates.Where(t => t.Days is not { } days || days.Contains(date.DayOfWeek)))
        {
            var slides = template.LatestStart is not null && template.LatestStart > template.Start;
            var latest = slides ? (int)(template.LatestStart!.Value - template.Start).TotalMinutes : 0;

            for (var late = 0; late <= latest; late += template.StepMinutes)
            {
                var start = template.Start.AddMinutes(late);
                yield return (template, slides ? $"{template.Code}-{start:HHmm}" : template.Code, start, template.End.AddMinutes(late));
            }
        }
    }

    public static ShiftKind KindOf(TimeOnly start, TimeOnly end, bool nextDay, bool hasPause, WorkingRules rules) =>
        hasPause ? nextDay && end > TimeOnly.MinValue ? ShiftKind.DayIntoNight : ShiftKind.TwoShifts
        : nextDay && end > TimeOnly.MinValue ? ShiftKind.Night
        : start < rules.EarlyBefore ? ShiftKind.Early
        : nextDay || end > rules.LateAfter ? ShiftKind.Late
        : ShiftKind.Day;

    private static bool IsPause(ShiftBreak pause) => pause.Kind == Pause;

    private static bool IsBad(int minutes, int earliest, int latest, bool paid) =>
        minutes is < ShortestPause or > LongestPause || earliest <= 0 || earliest != latest || paid;

    private static BreakRule Fit(ShiftBreak pause, int length) => new(pause.Kind, pause.Minutes,
        Math.Min(pause.EarliestMinutes, length - pause.Minutes), Math.Min(pause.LatestMinutes, length - pause.Minutes), pause.Paid);

    private static int WallMinutes(ShiftTemplate template) => (int)(template.End - template.Start).TotalMinutes;
}
