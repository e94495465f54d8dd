using System.Collections.Immutable;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Time;

namespace CallCenter.Scheduling.Rosters;

/// <summary>One agent's day as last published: what the agent sees, and what the others are told.</summary>
/// <param name="Id">Derived from project, agent and date, so that a new roster replaces it.</param>
/// <param name="Publication">
/// Number of the publication in its project; the version of the fact. Not the roster's stream version: the same day may come from
/// another roster next time, whose stream begins at 1 again, and a consumer keeps only what is newer.
/// </param>
/// <param name="Shift">Null on a day off.</param>
/// <param name="Cancelled">The shift that an earlier publication showed, when there is none now.</param>
/// <param name="Changes">How often this day was changed after it was first shown.</param>
public sealed record PublishedDay(
    Guid Id, long Publication, Guid RosterId, Guid ProjectId, Guid AgentId, DateOnly Date, RosterShift? Shift,
    ImmutableArray<RosterActivity> Activities, RosterShift? Cancelled, int Changes, DateTimeOffset ChangedAt)
{
    public static Guid IdOf(Guid projectId, Guid agentId, DateOnly date) => NameId.Of("roster-day", projectId, agentId, date);

    public RosterDayV1 ToFact() =>
        new(Id, Publication, RosterId, ProjectId, AgentId, Date, Activities, Shift?.Code, Shift?.Kind.Code, ChangedAt);

    /// <summary>The day as this publication shows it.</summary>
    public PublishedDay After(PublishedDay? before)
    {
        if (before is null)
            return this;

        var same = Shift is null ? before.Shift is null : Shift.IsSameAs(before.Shift);

        return this with
        {
            Cancelled = Shift is null ? before.Shift ?? before.Cancelled : null,
            Changes = same ? before.Changes : before.Changes + 1,
            ChangedAt = same && Activities.SequenceEqual(before.Activities) ? before.ChangedAt : ChangedAt,
        };
    }
}

/// <summary>A queue's day of required and scheduled staff as last published.</summary>
public sealed record PublishedCoverage(Guid Id, Guid RosterId, CoverageDayV1 Fact)
{
    public static Guid IdOf(Guid projectId, string queue, DateOnly date) => NameId.Of("coverage-day", projectId, queue, date);
}

/// <summary>What a publication consists of.</summary>
public static class Publishing
{
    public static IEnumerable<PublishedDay> Days(Roster roster, RosterContext context, long publication, DateTimeOffset now) =>
        from agent in roster.Agents
        from date in context.Frame.Dates
        let shift = agent.Value.FirstOrDefault(s => s.Date == date)
        select new PublishedDay(
            PublishedDay.IdOf(roster.ProjectId, agent.Key, date), publication, roster.Id, roster.ProjectId, agent.Key, date, shift,
            [.. Activities(agent.Key, date, shift, context)], Cancelled: null, Changes: 0, now);

    /// <summary>Work, breaks, meals, training and leave in order of time; a pause between two parts of a shift is nothing of it.</summary>
    public static IEnumerable<RosterActivity> Activities(Guid agentId, DateOnly date, RosterShift? shift, RosterContext context)
    {
        var calendar = context.Frame.Calendar;

        if (shift is null)
            return context.Leaves[agentId].Where(l => l.Covers(date)).OrderBy(l => l.Part?.From).Select(l => l.Part is null
                ? new RosterActivity(LeaveFreeing.Kind, calendar.StartOf(date), calendar.StartOf(date.AddDays(1)), l.Paid)
                : new RosterActivity(LeaveFreeing.Kind, l.Span(calendar).From, l.Span(calendar).To, l.Paid));

        return Fill(shift, shift.Breaks.Select(b => new RosterActivity(b.Kind, b.From, b.To, b.Paid))
            .Concat(context.Trainings[agentId].Where(t => shift.Holds(t.StartsAt, t.EndsAt))
                .Select(t => new RosterActivity("training", t.StartsAt, t.EndsAt, Paid: true)))
            .OrderBy(a => a.From));
    }

    /// <param name="basis">What the staff is for; null where nobody asks.</param>
    public static IEnumerable<PublishedCoverage> Coverage(
        Roster roster, RosterContext context, long publication, CoverageBasis? basis = null)
    {
        foreach (var queue in Planning.Rostering.Coverage.Of(context.Problem, context.Frame.Assignments(roster)))
        {
            var starts = context.Frame.DayStarts;
            for (var day = 0; day < roster.Days; day++)
            {
                var (date, first, last) = (roster.From.AddDays(day), starts[day] / LocalCalendar.QuarterMinutes,
                    starts[day + 1] / LocalCalendar.QuarterMinutes);
                var id = PublishedCoverage.IdOf(roster.ProjectId, queue.Skill, date);
                var expected = basis?.Of(queue.Skill, date);

                yield return new(id, roster.Id, new CoverageDayV1(id, publication, roster.Id, roster.ProjectId, queue.Skill, date,
                [
                    .. Enumerable.Range(first, last - first).Select(t => new CoverageInterval(
                        context.Frame.Instant(t * LocalCalendar.QuarterMinutes), LocalCalendar.QuarterMinutes,
                        (decimal)queue.Required[t], Math.Round((decimal)queue.Scheduled[t], 3),
                        expected?.Calls.ElementAtOrDefault(t - first), expected?.HandleSeconds.ElementAtOrDefault(t - first))),
                ], basis?.GoalOf(queue.Skill)));
            }
        }
    }

    private static IEnumerable<RosterActivity> Fill(RosterShift shift, IEnumerable<RosterActivity> interruptions)
    {
        var at = shift.StartsAt;
        foreach (var interruption in interruptions)
        {
            if (interruption.From > at)
                yield return new("work", at, interruption.From, Paid: true);
            if (interruption.Kind != TemplateRules.Pause)
                yield return interruption;
            at = interruption.To;
        }

        if (at < shift.EndsAt)
            yield return new("work", at, shift.EndsAt, Paid: true);
    }
}
