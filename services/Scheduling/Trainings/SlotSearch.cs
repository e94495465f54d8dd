using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Rosters;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Trainings;

/// <param name="Times">Looked at in place of any other time; any time where there is none.</param>
public sealed record SlotQuestion(
    Guid ProjectId, IReadOnlyList<Guid> AgentIds, int Minutes, DateOnly From, DateOnly To, IReadOnlyList<WantedTime> Times);

/// <summary>
/// When people can be trained in their published shifts, the least harmful time first: fewest who cannot, then the least service level
/// lost. What is lost is the day's, by the formula of the requirement, with all away whom no rule keeps: whoever takes fewer loses no more.
/// </summary>
internal static class SlotSearch
{
    /// <summary>How many times are told where any would do, and how many of a day.</summary>
    public const int Most = 20, MostOfADay = 4;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);

    public static async Task<IReadOnlyList<TrainingSlot>> TrainingSlots(
        this IQuerySession session, SlotQuestion asked, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = asked.From.AddDays(-1); // a night of the day before
        var days = await session.Query<PublishedDay>()
            .Where(d => d.ProjectId == asked.ProjectId && d.Date >= before && d.Date <= asked.To).ToListAsync(cancellation);
        var slots = new List<TrainingSlot>();
        foreach (var id in days.Where(d => d.Date >= asked.From).Select(d => d.RosterId).Distinct().Order())
            if (await session.LoadAsync<Roster>(id, cancellation) is { } roster)
                slots.AddRange(await session.SlotsOf(asked, roster, [.. days.Where(d => d.RosterId == id)], now, cancellation));

        return [.. InOrder(slots).Take(asked.Times.Count > 0 ? slots.Count : Most)];
    }

    internal static IEnumerable<TrainingSlot> InOrder(IEnumerable<TrainingSlot> slots) => slots.OrderBy(Harm);

    // What is not known is not taken to be nothing: it comes last.
    private static (int, double, DateTimeOffset, Guid?) Harm(TrainingSlot slot) => (
        slot.People.Count(p => p.Rule is not null),
        slot is { ServiceLevelBefore: { } before, ServiceLevelAfter: { } after } ? Math.Round(before - after, 4) : 1,
        slot.StartsAt, slot.SessionId);

    private static async Task<IReadOnlyList<TrainingSlot>> SlotsOf(
        this IQuerySession session, SlotQuestion asked, Roster draft, IReadOnlyList<PublishedDay> days, DateTimeOffset now,
        CancellationToken cancellation)
    {
        // As it is published: what a scheduler is about to change is not so yet.
        var all = days.Aggregate(draft, (state, day) => state.With(day.AgentId, day.Date, day.Shift));
        var roster = asked.AgentIds.Aggregate(all, (state, id) => state.With(id));
        var context = await RosterContext.For(roster, session, cancellation);
        var service = await session.ExpectedServiceOf(roster, context.Frame, cancellation);
        var near = context.Frame.Assignments(roster).ToLookup(a => a.Shift.Day);
        var slots = new List<TrainingSlot>();

        foreach (var date in context.Frame.Dates.Where(date => date >= asked.From && date <= asked.To))
        {
            cancellation.ThrowIfCancellationRequested();
            var day = context.Frame.DayOf(date);
            List<Assignment> shifts = [.. near[day - 1], .. near[day]];
            var level = service?.LevelOf(day, Coverage.Of(context.Problem, shifts));
            var times = TimesOf(asked, roster, date, context.Frame.Calendar).Where(time => time.StartsAt > now).ToList();
            slots.AddRange(InOrder(times.Select(time => Slot(time, level, shifts, day)))
                .Take(asked.Times.Count > 0 ? times.Count : MostOfADay));
        }

        return slots;

        TrainingSlot Slot(WantedTime time, double? level, List<Assignment> shifts, int day)
        {
            var (from, to) = (time.StartsAt, time.EndsAt);
            var people = new List<SlotPerson>();
            var away = new Dictionary<Guid, RosterAgent>();
            var then = shifts;
            foreach (var id in asked.AgentIds)
            {
                var rule = TryFit(id, time, then, out var agent, out var fitted);
                people.Add(new(id, rule));
                if (rule is not null)
                    continue;
                away[id] = agent!;
                then = [.. then.Where(a => a.AgentId != id || a.Shift.Day != fitted!.Shift.Day), fitted!];
            }

            double? after = away.Count == 0 ? level
                : service?.LevelOf(day, Coverage.Of(context.Problem with
                {
                    Agents = [.. context.Problem.Agents.Select(a => away.GetValueOrDefault(a.Id) ?? a)],
                }, then));
            var (start, end) = (context.Frame.Minute(from), context.Frame.Minute(to));
            return new(from, to, time.SessionId == Guid.Empty ? null : time.SessionId,
                shifts.Count(a => a.Shift.Start <= start && end <= a.Shift.End), Rounded(level), Rounded(after), people);
        }

        string? TryFit(Guid id, WantedTime time, List<Assignment> shifts, out RosterAgent? agent, out Assignment? fitted)
        {
            (agent, fitted) = (context.Agent(id)?.Training(time.StartsAt, time.EndsAt, context.Frame), null);
            var shift = roster.Agents.GetValueOrDefault(id, []).FirstOrDefault(s => s.Meets(time.StartsAt, time.EndsAt));
            if (agent is null || shift is null)
                return context.Leaves[id].Any(l => l.Span(context.Frame.Calendar) is var (from, to) && from < time.EndsAt
                    && time.StartsAt < to)
                    ? LeaveFreeing.Kind : TrainingShift.NoShift;
            if (context.Trainings[id].Any(t => t.Id != time.SessionId && t.StartsAt < time.EndsAt && time.StartsAt < t.EndsAt))
                return TrainingShift.Overlap;
            if (draft.ShiftOf(id, shift.Date) is not { } drafted || !shift.IsSameAs(drafted))
                return "day-changed";

            try
            {
                var moved = shift.Around(time.StartsAt, time.EndsAt, context, agent, shifts.Where(a => a.AgentId != id));
                fitted = context.Frame.Assignment(id, moved);
                return ReferenceEquals(moved, shift) ? null
                    : DayChanges.Broken(roster, [new(id, shift.Date, moved)], context.Frame, context.WithOvertime().Problem)
                        is [var broken, ..] ? broken.Rule : null;
            }
            catch (RefusedException refused)
            {
                return refused.Code;
            }
        }
    }

    private static IEnumerable<WantedTime> TimesOf(SlotQuestion asked, Roster roster, DateOnly date, LocalCalendar calendar)
    {
        if (asked.Times.Count > 0)
            return asked.Times.Where(time => calendar.DayOf(time.StartsAt) == date);

        var shifts = asked.AgentIds.Select(id => roster.ShiftOf(id, date)).OfType<RosterShift>().ToList();
        if (shifts.Count == 0)
            return [];

        var (first, last, length) = (shifts.Min(s => s.StartsAt), shifts.Max(s => s.EndsAt), TimeSpan.FromMinutes(asked.Minutes));
        return Enumerable.Range(0, (int)((last - first) / Step) + 1).Select(i => first + i * Step)
            .Where(start => start + length <= last && calendar.DayOf(start) == date)
            .Select(start => new WantedTime(Guid.Empty, start, start + length));
    }

    private static double? Rounded(double? level) => level is { } known ? Math.Round(known, 4) : null;
}
