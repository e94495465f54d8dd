using System.Collections.Immutable;
using System.Globalization;
using CallCenter.Planning.Rostering;

namespace CallCenter.PlanningBench;

/// <summary>
/// Reads the text format of the shift scheduling benchmarks of Curtois and Qu (2014), and the same with a need by half-hours:
/// SECTION_SHIFT_INTERVALS says when a shift is at work, SECTION_INTERVAL_COVER how many are needed then.
/// </summary>
internal static class RosterFiles
{
    private const int Day = 24 * 60;

    public static Instance Read(string path)
    {
        var sections = Sections(path);
        var days = Number(sections["HORIZON"].Single()[0]);

        var shiftLines = sections["SHIFTS"];
        var shiftOf = shiftLines.Select((l, i) => (l[0], i)).ToDictionary(p => p.Item1, p => p.i);
        var byInterval = sections.TryGetValue("SHIFT_INTERVALS", out var intervals);
        var spans = byInterval
            ? intervals!.ToDictionary(l => l[0], l => (From: Number(l[1]), To: Number(l[2])))
            : shiftOf.ToDictionary(s => s.Key, s => (From: s.Value, To: s.Value + 1));

        var needs = byInterval
            ? sections["INTERVAL_COVER"].Select(l => new CoverNeed(Number(l[0]), Number(l[1]), Number(l[2]), Number(l[3]), Number(l[4])))
            : sections["COVER"].Select(l => new CoverNeed(Number(l[0]), shiftOf[l[1]], Number(l[2]), Number(l[3]), Number(l[4])));

        var daysOff = Of("DAYS_OFF").ToDictionary(l => l[0], l => l.Skip(1).Select(Number).ToImmutableArray());
        var requests = Of("SHIFT_ON_REQUESTS").Select(l => (Agent: l[0], Request: Request(l, wanted: true)))
            .Concat(Of("SHIFT_OFF_REQUESTS").Select(l => (Agent: l[0], Request: Request(l, wanted: false))))
                .ToLookup(r => r.Agent, r => r.Request);

        return new(
            days, spans.Values.Max(s => s.To),
            [
                .. shiftLines.Select(l => new InstanceShift(l[0], Number(l[1]), spans[l[0]].From, spans[l[0]].To,
                    [.. Codes(l[2]).Select(c => shiftOf[c])])),
            ],
            [.. sections["STAFF"].Select(l => new InstanceAgent(l[0], Rules(l), daysOff.GetValueOrDefault(l[0], []), [.. requests[l[0]]]))],
            [.. needs]);

        List<string[]> Of(string section) => sections.GetValueOrDefault(section, []);

        ShiftRequest Request(string[] line, bool wanted) => new(Number(line[1]), shiftOf[line[2]], wanted, Number(line[3]));

        InstanceRules Rules(string[] line) => new(
            MinMinutes: Number(line[3]), MaxMinutes: Number(line[2]), MinDaysInRow: Number(line[5]), MaxDaysInRow: Number(line[4]),
            MinDaysOffInRow: Number(line[6]), MaxWeekends: Number(line[7]),
            [.. Codes(line[1]).Select(l => l.Split('=')).Select(l => (Shift: shiftOf[l[0]], Most: Number(l[1])))
                .Where(l => l.Most < days)]);
    }

    /// <summary>
    /// The same for the search: rules of each agent by the codes of shifts, need at prices that stay the same,
    /// and nothing else that costs.
    /// </summary>
    public static RosterProblem ReadRoster(string path)
    {
        const int Opens = 7 * 60;
        const int Interval = 30;
        var instance = Read(path);
        // Where the need is by shift, a shift only has its length.
        var byInterval = instance.Periods > instance.Shifts.Length;
        var shifts = Enumerable.Range(0, instance.Days).SelectMany(day => instance.Shifts.Select(shift =>
            (shift, Start: day * Day + (byInterval ? Opens + Interval * shift.From : 0)) is var at && byInterval
                ? new ShiftOption(shift.Code, day, at.Start, day * Day + Opens + Interval * shift.To, ShiftKind.Day, [])
                : new ShiftOption(shift.Code, day, at.Start, at.Start + shift.Minutes, ShiftKind.Day, []))).ToImmutableArray();
        var (required, prices) = (new double[48 * instance.Days], new CoverPrice[48 * instance.Days]);
        foreach (var need in byInterval ? instance.Needs : [])
            (required[48 * need.Day + Opens / Interval + need.Period], prices[48 * need.Day + Opens / Interval + need.Period]) =
                (need.Required, new(need.Under, need.Over));
        var rules = new RosterRules
        {
            MinRestMinutes = 0,
            ForbiddenShifts =
            [
                .. instance.Shifts.SelectMany(before =>
                    before.NotBefore.Select(after => new CodeSequence(before.Code, instance.Shifts[after].Code))),
            ],
        };

        return new(
            [.. Enumerable.Range(0, instance.Days + 1).Select(d => d * Day)], 0, byInterval ? Interval : Day,
            [
                .. instance.Agents.Select((agent, i) => new RosterAgent(
                    new Guid(i + 1, 0, 0, new byte[8]), ["calls"], 7 * Day,
                    [.. agent.DaysOff.Select(d => new Unavailability(d * Day, (d + 1) * Day, Unavailability.FixedRestDay))],
                    [], [], CarryOver.None)
                {
                    MinMinutes = agent.Rules.MinMinutes,
                    MaxMinutes = agent.Rules.MaxMinutes,
                    Wishes =
                    [
                        .. agent.Requests.Select(r => new DayPreference(r.Day, [instance.Shifts[r.Shift].Code], r.Weight, !r.Wanted)),
                    ],
                    Rules = rules with
                    {
                        MinDaysInRow = agent.Rules.MinDaysInRow,
                        MaxDaysInRow = agent.Rules.MaxDaysInRow,
                        MinDaysOff = agent.Rules.MinDaysOffInRow,
                        MaxWeekends = agent.Rules.MaxWeekends,
                        MaxOfShifts =
                            [.. agent.Rules.Limits.Select(l => new CodeLimit([instance.Shifts[l.Shift].Code], l.Most))],
                    },
                }),
            ],
            shifts, byInterval ? [new("calls", [.. required], [.. prices])] : [], rules,
            new(UnusedHour: 0, Unfair: 0, StartChange: 0, SingleDayOff: 0),
            [.. Enumerable.Range(0, instance.Days).Where(d => Instance.WeekdayOf(d) == 5)])
        {
            ShiftNeeds = byInterval ? []
                : [.. instance.Needs.Select(n => new ShiftNeed(n.Day, instance.Shifts[n.Period].Code, n.Required, new(n.Under, n.Over)))],
        };
    }

    /// <summary>
    /// A centre with a need by half-hours as it would be asked for: hours a week instead of minutes in all, wishes, leave, and for each
    /// agent the shifts that its contract has.
    /// </summary>
    public static RosterProblem ReadRequest(string path)
    {
        const int Opens = 7 * 60;
        var instance = Read(path);
        var shifts = Enumerable.Range(0, instance.Days).SelectMany(day => instance.Shifts.Select(shift => new ShiftOption(shift.Code, day,
            day * Day + Opens + 30 * shift.From, day * Day + Opens + 30 * shift.To, ShiftKind.Day, []))).ToImmutableArray();
        var required = new double[48 * instance.Days];
        foreach (var need in instance.Needs)
            required[48 * need.Day + Opens / 30 + need.Period] = need.Required;

        return new(
            [.. Enumerable.Range(0, instance.Days + 1).Select(d => d * Day)], 0, 30,
            [
                .. instance.Agents.Select((agent, i) => new RosterAgent(
                    new Guid(i + 1, 0, 0, new byte[8]), ["calls"], agent.Rules.MaxMinutes / 4,
                    [.. agent.DaysOff.Select(d => new Unavailability(d * Day, (d + 1) * Day, "leave", agent.Rules.MaxMinutes / 20))],
                    [], [], CarryOver.None)
                {
                    Wishes =
                    [
                        .. agent.Requests.Where(r => r.Wanted).Select(r => new DayPreference(r.Day, instance.Shifts[r.Shift].Code, 6)),
                    ],
                    Templates = [.. instance.Shifts.Where((_, s) => agent.Rules.Limits.All(l => l.Shift != s)).Select(s => s.Code)],
                }),
            ],
            shifts, [new("calls", [.. required])],
            new RosterRules { MinRestMinutes = 11 * 60, MaxDaysInRow = 5, MinDaysOff = 2, MaxWeekends = 3 }, new RosterWeights(),
            [.. Enumerable.Range(0, instance.Days).Where(d => Instance.WeekdayOf(d) == 5)]);
    }

    private static Dictionary<string, List<string[]>> Sections(string path)
    {
        var sections = new Dictionary<string, List<string[]>>();
        var section = new List<string[]>();
        foreach (var line in File.ReadLines(path).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.StartsWith("SECTION_", StringComparison.Ordinal))
                sections[line["SECTION_".Length..]] = section = [];
            else
                section.Add([.. line.Split(',').Select(field => field.Trim())]);
        }

        return sections;
    }

    private static string[] Codes(string field) => field.Split('|', StringSplitOptions.RemoveEmptyEntries);

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
}
