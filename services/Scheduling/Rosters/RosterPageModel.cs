using System.Globalization;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;

namespace CallCenter.Scheduling.Rosters;

/// <summary>
/// What the page of a roster shows: a coloured timeline per agent and day, and below it the required and scheduled staff. The page
/// has no script, no style attribute and nothing from elsewhere, so that the strictest content policy lets it through, from disk too.
/// </summary>
/// <param name="Subtitle">From when to when, how many agents, which state, which zone.</param>
/// <param name="Accounts">Those of which anybody has an entry.</param>
/// <param name="People">In order of their names.</param>
public sealed record RosterPageModel(
    string Client, string Project, string Title, string Subtitle, IReadOnlyList<RosterPageDay> Days, IReadOnlyList<AccountKind> Accounts,
    IReadOnlyList<RosterPagePerson> People)
{
    private static readonly IReadOnlyList<(string Kind, string Name)> Kinds =
    [
        ("early", "Early shift"), ("day", "Day shift"), ("late", "Late shift"), ("night", "Night shift"),
            ("two-shifts", "Two shifts on a day"), ("day-into-night", "Day-into-night shift"), ("break", "Break"),
            ("meal", "Meal"),
        ("training", "Training"), ("leave", "Leave"), ("need", "Required"), ("staff", "Scheduled"), ("gap", "Missing"),
    ];

    /// <summary>The kinds that are drawn on some day; the need is a line on each.</summary>
    public IEnumerable<(string Kind, string Name)> Legend
    {
        get
        {
            var drawn = Days.SelectMany(day => (day.Timeline?.Rows ?? []).SelectMany(row => row.Bars)
                .Concat(day.Cover.SelectMany(cover => cover.Bars))).Select(bar => bar.Kind).Append("need").ToHashSet();
            return Kinds.Where(kind => drawn.Contains(kind.Kind));
        }
    }

    /// <param name="accounts">Of the agents, where they have one.</param>
    internal static RosterPageModel Of(
        Roster roster, RosterContext context, IReadOnlyDictionary<Guid, Account> accounts, CancellationToken cancellation)
    {
        var shifts = context.Frame.Assignments(roster);
        var cover = Coverage.Of(context.Problem, shifts);
        var gaps = Reasons.GapsOf(context.Problem, shifts, cover, cancellation).ToLookup(gap => context.Problem.DayOf(gap.From));
        List<AccountKind> kinds = [.. Enum.GetValues<AccountKind>().Where(kind => accounts.Values.Any(account => account.Has(kind)))];

        return new(
            context.Project.Client, context.Project.Name,
            Invariant($"{context.Project.Name}: roster {roster.From:d MMM} – {roster.To:d MMM yyyy}"),
            Invariant($"Roster {roster.From:d MMMM} – {roster.To:d MMMM yyyy} · {roster.Agents.Count} agents · {Status(roster)} · times in {roster.Zone}"),
            [.. Enumerable.Range(0, roster.Days).Select(day => RosterPageDay.Of(roster, context, cover, [.. gaps[day]], day))],
            kinds, [.. roster.Agents.Keys.Select(id => RosterPagePerson.Of(id, roster, context, accounts.GetValueOrDefault(id), kinds))
                .OrderBy(person => person.Name, StringComparer.Ordinal)]);
    }

    public static string NameOf(AccountKind kind) => kind switch
    {
        AccountKind.AnnualLeave => "Annual leave d",
        AccountKind.RestDays => "Days of rest d",
        AccountKind.Overtime => "Overtime h",
        _ => "In lieu h",
    };

    /// <summary>A number as pages and drawings write it, whatever the language of the machine.</summary>
    public static string Number(double value, string format = "0.#") => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Status(Roster roster) => roster.Status switch
    {
        RosterStatus.Published => $"published (no. {roster.Publication})",
        RosterStatus.Changed => $"changed since publication no. {roster.Publication}",
        _ => "draft",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The days of one person, and what they come to.</summary>
/// <param name="Cells">One for each day.</param>
/// <param name="Hours">Paid hours of the shifts.</param>
/// <param name="Contract">Hours of a week.</param>
/// <param name="LeaveDays">Days of the roster with leave on them.</param>
/// <param name="Balances">Of each account shown, at the end of the last day; null where the person has none.</param>
public sealed record RosterPagePerson(
    string Name, IReadOnlyList<RosterPageCell> Cells, int Shifts, decimal Hours, double Contract, int LeaveDays,
    IReadOnlyList<decimal?> Balances)
{
    internal static RosterPagePerson Of(
        Guid id, Roster roster, RosterContext context, Account? account, IReadOnlyList<AccountKind> kinds) => new(
        context.NameOf(id), [.. context.Frame.Dates.Select(date => RosterPageCell.Of(id, date, roster, context))],
        roster.Agents[id].Length, roster.Agents[id].Sum(shift => shift.PaidHours),
        (context.Agent(id)?.WeeklyMinutes ?? 0) / 60.0,
        context.Frame.Dates.Count(date => context.Leaves[id].Any(leave => leave.FirstDay <= date && date <= leave.LastDay)),
        [.. kinds.Select(kind => account?.On(kind, roster.To).Value)]);
}

/// <summary>A day of a person in the grid of all.</summary>
/// <param name="Kind">early, day, late, night, training or leave, as the style sheet knows it; null on a day off.</param>
/// <param name="Text">Code of the shift, or kind of the leave; empty on a day off.</param>
/// <param name="Title">From when to when, by the clock of the project.</param>
public sealed record RosterPageCell(string? Kind, string Text, string? Title)
{
    internal static RosterPageCell Of(Guid agent, DateOnly date, Roster roster, RosterContext context)
    {
        if (roster.Agents[agent].FirstOrDefault(s => s.Date == date) is { } shift)
            return new(RosterDayChart.Kind(shift), shift.Code,
                $"{context.Frame.Calendar.TimeOf(shift.StartsAt):HH:mm}–{context.Frame.Calendar.TimeOf(shift.EndsAt):HH:mm}");
        return context.Leaves[agent].FirstOrDefault(leave => leave.FirstDay <= date && date <= leave.LastDay) is { } away
            ? new("leave", away.Kind.Code, null) : new(null, "", null);
    }
}

/// <summary>Quarter hours in a row in which a queue has fewer agents than it needs.</summary>
/// <param name="Hours">Agent hours.</param>
/// <param name="Reasons">Why nobody fills them, and for how many of those who have the skill; the most frequent first.</param>
public sealed record RosterPageGap(string Queue, string When, double Hours, IReadOnlyList<(string Reason, int Agents)> Reasons)
{
    internal static RosterPageGap Of(Gap gap, RosterContext context) => new(
        gap.Skill,
        $"{context.Frame.Calendar.TimeOf(context.Frame.Instant(gap.From)):HH:mm}–{context.Frame.Calendar.TimeOf(context.Frame.Instant(gap.To)):HH:mm}",
        gap.MissingHours, [.. gap.Obstacles.Select(o => (o.Rule.Replace('-', ' '), o.Agents.Length))]);
}

/// <summary>One day of the page.</summary>
/// <param name="Required">Agent hours.</param>
/// <param name="ClockChange">What the day's length is when clocks change on it; else null.</param>
/// <param name="Gaps">That begin on it: those that miss most first.</param>
/// <param name="Off">Names of those with a day off.</param>
/// <param name="Named">The holiday, or the make-up working day; null on other days.</param>
public sealed record RosterPageDay(
    DateOnly Date, int OnShift, int OnLeave, double Required, double Scheduled, double Missing, string? ClockChange,
    TimelineDrawing? Timeline, IReadOnlyList<CoverDrawing> Cover, IReadOnlyList<RosterPageGap> Gaps, string Off, string? Named)
{
    /// <summary>Share of the need that is met, 0 to 1.</summary>
    public double Met => Required > 0 ? 1 - Missing / Required : 1;

    public string Meter => Met >= 0.995 ? "full" : Met >= 0.9 ? "near" : "low";

    /// <summary>In percent, rounded down: 100 is written only when nothing is missing.</summary>
    public double MetPercent => 100 * Math.Floor(Met * 1000) / 1000;

    public bool IsShort => Missing >= 0.05;

    public string Anchor => Written("yyyyMMdd");

    public string Written(string format) => Date.ToString(format, CultureInfo.InvariantCulture);

    internal static RosterPageDay Of(
        Roster roster, RosterContext context, IReadOnlyList<SkillCover> cover, IReadOnlyList<Gap> gaps, int day)
    {
        var date = roster.From.AddDays(day);
        var starts = context.Frame.DayStarts;
        var (first, last) = (starts[day] / 15, starts[day + 1] / 15);
        var intervals = cover.SelectMany(c =>
            Enumerable.Range(first, last - first).Select(t => (Required: c.Required[t], Scheduled: c.Scheduled[t]))).ToList();
        var chart = new RosterDayChart(roster, context, cover, day);
        var hours = (starts[day + 1] - starts[day]) / 60.0;

        return new(
            date,
            roster.Agents.Count(a => a.Value.Any(s => s.Date == date)),
            roster.Agents.Keys.Count(a => context.Leaves[a].Any(l => l.FirstDay <= date && date <= l.LastDay)),
            intervals.Sum(i => i.Required) / 4, intervals.Sum(i => i.Scheduled) / 4,
            intervals.Sum(i => Math.Max(0, i.Required - i.Scheduled)) / 4,
            hours == 24 ? null : $"clocks change: this day has {RosterPageModel.Number(hours)} hours",
            chart.Timeline(), chart.Cover(),
            [.. gaps.OrderByDescending(gap => gap.MissingHours).Select(gap => RosterPageGap.Of(gap, context))], chart.Off,
            context.Accounts.Days.Named(date)?.Label);
    }
}
