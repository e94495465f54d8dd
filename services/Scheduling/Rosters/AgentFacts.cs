using System.Collections.Immutable;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Training;
using CallCenter.Planning.Rostering;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What ties one agent in the days of a roster.</summary>
internal static class AgentFacts
{
    private const int DaysOfWorkAWeek = 5;

    public static RosterAgent Of(
        Guid id, EmployeeV1? person, RosterFrame frame, ProjectV1 project,
        IEnumerable<Leave> leaves, IEnumerable<TrainingSessionV1> trainings, IEnumerable<PublishedDay> published, double unpopularBefore,
        IEnumerable<string>? certified = null)
    {
        var worked = published.ToList();
        var elsewhere = worked.Where(d => d.ProjectId != project.Id).ToList();

        // Somebody of whom nothing is known any more cannot be rostered.
        if (person is null)
            return new(id, [], 0, [new Unavailability(int.MinValue / 2, int.MaxValue / 2, "left")], [], [], CarryOver.None);

        return new(
            id, [.. person.Skills.Select(s => s.Skill).Union(certified ?? [])], (int)(person.HoursOn(frame.From) * 60),
            [
                .. Employment(person, project, frame),
                .. leaves.SelectMany(l => Days(l, person, frame)),
                .. elsewhere.Select(d =>
                    new Unavailability(frame.Minute(d.Shift!.StartsAt), frame.Minute(d.Shift.EndsAt), "works-elsewhere",
                    (int)(d.Shift.PaidHours * 60))).Where(b => b.From >= 0),
            ],
            [.. trainings.Select(t => new FixedActivity(frame.Minute(t.StartsAt), frame.Minute(t.EndsAt), "training"))
                .Where(f => f.From >= 0)],
            [], Tail(worked, frame, project), unpopularBefore);
    }

    /// <param name="typed">What the request for the roster said, which goes before what stands.</param>
    public static RosterAgent Under(
        this RosterAgent agent, AgentConstraints? typed, KnownOfAgent known, RosterFrame frame, ILookup<int, ShiftOption> shifts,
        WorkingRules rules) => agent with
    {
        MinMinutes = (int?)(typed?.MinHours * 60),
        MaxMinutes = (int?)((typed?.MaxHours ?? known.Limits?.MaxHours) * 60),
        RestDays = typed?.RestDaysDue is { } due ? RestDays.OfAccount(due, typed.RestDaysSaved, rules.MostRestDaysSaved)
            : Overflowing(known, frame, rules),
        Rules = known.Limits?.Within(rules),
        Unavailable = [.. agent.Unavailable, .. known.Closed(frame, typed?.RestOn)],
        Wishes = [.. known.Likes(frame, shifts)],
    };

    /// <summary>With the rest after the nights on which they are on call.</summary>
    public static RosterAgent After(this RosterAgent agent, IEnumerable<OnCallDuty> duties, RosterFrame frame) => agent with
    {
        Unavailable =
        [
            .. agent.Unavailable,
            .. duties.Where(duty => duty.RestTo > frame.Start).Select(duty => new Unavailability(
                frame.Minute(duty.RestFrom!.Value), frame.Minute(duty.RestTo!.Value), Unavailability.OnCallRest)),
        ],
    };

    // What would not fit into the account has to be taken. More days off than are due are the contract's doing, which nobody works beyond:
    // they are no reason to have no roster, and the account shows them.
    private static RestDays? Overflowing(KnownOfAgent known, RosterFrame frame, WorkingRules rules) =>
        known.RestDaysDue is { } due && RestDays.OfAccount(due, known.RestDaysSaved, rules.MostRestDaysSaved) is { Least: > 0 } rest
            ? rest with { Most = frame.Days } : null;

    private static IEnumerable<Unavailability> Employment(EmployeeV1 person, ProjectV1 project, RosterFrame frame)
    {
        if (person.HiredOn > frame.From)
            yield return new(int.MinValue / 2, frame.Minute(frame.Calendar.StartOf(person.HiredOn)), "not-yet-hired");

        if (person.LeftOn is { } last)
            yield return new(frame.Minute(frame.Calendar.StartOf(last.AddDays(1))), int.MaxValue / 2, "left");

        if (!person.ProjectIds.Contains(project.Id))
            yield return new(int.MinValue / 2, int.MaxValue / 2, "not-in-project");
    }

    /// <summary>
    /// A paid day of leave counts a fifth of the weekly hours, on five days of a week at most; hours of it their part of a day, and a shift
    /// may lie around them.
    /// </summary>
    private static IEnumerable<Unavailability> Days(Leave leave, EmployeeV1 person, RosterFrame frame)
    {
        if (leave.Part is { } part)
        {
            var (from, to) = leave.Span(frame.Calendar);
            yield return new(frame.Minute(from), frame.Minute(to), LeaveFreeing.Kind,
                leave.Paid ? (int)(DayMinutes(leave.FirstDay) * (double)part.Days) : 0, Around: true);
            yield break;
        }

        var first = leave.FirstDay < frame.From ? frame.From : leave.FirstDay;
        var last = frame.From.AddDays(frame.Days);
        var paid = 0;

        for (var date = first; date <= leave.LastDay && date <= last; date = date.AddDays(1))
        {
            if (date.DayOfWeek is DayOfWeek.Monday)
                paid = 0;
            var counts = leave.Paid && date < last && date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
                && paid++ < DaysOfWorkAWeek;

            yield return new(frame.Minute(frame.Calendar.StartOf(date)), frame.Minute(frame.Calendar.StartOf(date.AddDays(1))), "leave",
                counts ? (int)DayMinutes(date) : 0);
        }

        double DayMinutes(DateOnly day) => (double)person.HoursOn(day) * 60 / DaysOfWorkAWeek;
    }

    private static CarryOver Tail(List<PublishedDay> worked, RosterFrame frame, ProjectV1 project)
    {
        var before = worked.Where(d => d.Date < frame.From).ToDictionary(d => (d.Date, d.ProjectId));
        var dates = before.Keys.Select(k => k.Date).ToHashSet();

        var inRow = 0;
        while (dates.Contains(frame.From.AddDays(-inRow - 1)))
            inRow++;

        var weekStart = frame.From;
        while (weekStart.DayOfWeek != project.WeekStartsOn)
            weekStart = weekStart.AddDays(-1);

        return new(
            before.Count == 0 ? null : before.Values.Max(d => frame.Minute(d.Shift!.EndsAt)), inRow,
            (int)before.Values.Where(d => d.Date >= weekStart).Sum(d => d.Shift!.PaidHours * 60),
            dates.Count == 0 ? null : frame.From.DayNumber - dates.Max().DayNumber - 1, dates.Count(date => date >= weekStart));
    }
}
