using System.Collections.Frozen;
using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;

namespace CallCenter.Scheduling.Rosters;

/// <summary>From what somebody wrote to a shift, in the zone of the roster.</summary>
internal static class ShiftReading
{
    /// <summary>Code of a shift whose times were given.</summary>
    public const string ByHand = "custom";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(16);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromHours(1), LongestPause = TimeSpan.FromHours(12);

    /// <summary>Rules that one shift can break all by itself.</summary>
    public static readonly FrozenSet<string> OfTheShiftAlone = new[]
    {
        "leave", "fixed-rest-day", "outside-availability", "night-exempt", "stated-unavailable", "on-call-rest", "not-yet-hired", "left", "not-in-project",
        "works-elsewhere", "no-skill", "break-outside-shift", "breaks-overlap", "no-work-left", "break-in-activity",
    }.ToFrozenSet();

    public static Roster With(this Roster roster, Guid agentId) =>
        roster.Agents.ContainsKey(agentId) ? roster : roster with { Agents = roster.Agents.Add(agentId, []) };

    public static RosterShift Read(ShiftRequest request, Guid agentId, DateOnly date, Roster roster, RosterContext context)
    {
        // Somebody of another project is nobody here.
        if (!roster.Agents.ContainsKey(agentId) && context.People.GetValueOrDefault(agentId)?.ProjectIds.Contains(roster.ProjectId) != true)
            throw new StreamNotFoundException(agentId);

        if (date < roster.From || date > roster.To)
            throw new InvalidException("date", "outside-roster", $"The roster covers {roster.From:yyyy-MM-dd} to {roster.To:yyyy-MM-dd}.");

        return request switch
        {
            { Shift: { } code, StartsAt: null, EndsAt: null, Breaks: null } => Planned(code, agentId, date, roster, context),
            { Shift: null, StartsAt: { } from, EndsAt: { } to } => Given(from, to, request.Breaks ?? [], date, context),
            _ => throw new InvalidException("", "shift-unclear", "Give either the code of a shift, or when it starts and ends."),
        };
    }

    /// <summary>A shift of nobody's: of one of the project's the breaks are placed for whoever works it.</summary>
    public static RosterShift Slot(ShiftRequest request, DateOnly date, RosterContext context) => request switch
    {
        { Shift: { } code, StartsAt: null, EndsAt: null, Breaks: null } =>
            context.Frame.Shift(new(Guid.Empty, Option(code, context.Frame.DayOf(date), context), [])),
        { Shift: null, StartsAt: { } from, EndsAt: { } to } => Given(from, to, request.Breaks ?? [], date, context),
        _ => throw new InvalidException("", "shift-unclear", "Give either the code of a shift, or when it starts and ends."),
    };

    private static ShiftOption Option(string code, int day, RosterContext context) =>
        context.Problem.Shifts.FirstOrDefault(s => s.Day == day && s.Code == code) ?? throw new InvalidException("/shift", "shift-unknown",
            $"There is no shift '{code}' on that day. There are: {string.Join(", ", context.Problem.Shifts.Where(s => s.Day == day).Select(s => s.Code))}.");

    private static RosterShift Planned(string code, Guid agentId, DateOnly date, Roster roster, RosterContext context)
    {
        var day = date.DayNumber - roster.From.DayNumber;
        var option = Option(code, day, context);

        var others = context.Frame.Assignments(roster).Where(a => a.AgentId != agentId || a.Shift.Day != day);
        var placed = BreakPlacement.Place(context.Problem, others, context.Agent(agentId)!, option)
            ?? throw new InvalidException(
                "/shift", "break-in-activity", "The breaks of this shift do not fit beside the agent's other activities.");

        return context.Shift(placed);
    }

    private static RosterShift Given(
        string from, string to, IReadOnlyList<BreakRequest> breaks, DateOnly date, RosterContext context)
    {
        var calendar = context.Frame.Calendar;
        var (start, end) = (calendar.Read("/startsAt", from), calendar.Read("/endsAt", to));

        ImmutableArray<RosterBreak> read =
        [
            .. breaks.Select((b, i) =>
                new RosterBreak(b.Kind, calendar.Read($"/breaks/{i}/from", b.From), calendar.Read($"/breaks/{i}/to", b.To), b.Paid)),
        ];
        var pauses = read.Where(b => b.Kind == TemplateRules.Pause).ToList();
        if (pauses.Count > 1)
            throw new InvalidException("/breaks", "pause-twice", "A shift has two parts at most, and one pause between them.");
        if (pauses.Find(b => b.Paid || b.To - b.From < ShortestPause || b.To - b.From > LongestPause
            || b.From <= start || b.To >= end) is { } wrong)
            throw new InvalidException($"/breaks/{read.IndexOf(wrong)}", "pause-out-of-range",
                $"A pause lasts {ShortestPause.TotalHours} to {LongestPause.TotalHours} hours, lies between two parts and is not paid.");

        if (end <= start || end - start - pauses.Aggregate(TimeSpan.Zero, (all, b) => all + (b.To - b.From)) > Longest)
            throw new InvalidException("/endsAt", "shift-length",
                $"A shift lasts more than 0 and at most {Longest.TotalHours} hours, without its pause.");

        if (calendar.DayOf(start) != date)
            throw new InvalidException("/startsAt", "other-day",
                $"The shift starts on {calendar.DayOf(start):yyyy-MM-dd}, not on {date:yyyy-MM-dd}.");

        var kind = TemplateRules.KindOf(calendar.TimeOf(start), calendar.TimeOf(end), calendar.DayOf(end) > date, pauses.Count > 0,
            context.Rules);
        return new(date, ByHand, kind, start, end, read);
    }
}
