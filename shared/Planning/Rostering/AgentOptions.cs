using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>The shifts that one agent may work at all, before the rules that tie days together.</summary>
internal sealed class AgentOptions
{
    /// <summary>By day.</summary>
    public ImmutableArray<ImmutableArray<ShiftOption>> Shifts { get; }

    /// <summary>Days that must be worked: locked ones.</summary>
    public ImmutableArray<bool> MustWork { get; }

    /// <summary>Days with an agreed activity, missed when the agent is off.</summary>
    public ImmutableArray<bool> HasActivity { get; }

    /// <summary>Days that are rest when the agent is off: not leave.</summary>
    public ImmutableArray<bool> IsRest { get; }

    /// <summary>Days that lengthen a row of days off: neither leave nor closed.</summary>
    public ImmutableArray<bool> IsIdle { get; }

    /// <summary>By day.</summary>
    public ImmutableArray<ImmutableArray<DayPreference>> Wishes { get; }

    public AgentOptions(RosterProblem problem, RosterAgent agent, ILookup<int, ShiftOption> shiftsOfDay, bool hasSkill)
    {
        var days = Enumerable.Range(0, problem.Days).ToList();
        var locked = agent.Locked.ToDictionary(l => l.Day);

        Shifts = [.. days.Select(day => Options(day).ToImmutableArray())];
        MustWork = [.. days.Select(day => locked.TryGetValue(day, out var own) && own.Shift is not null)];
        IsRest = [.. days.Select(day => UnavailabilityOn(day).All(b => b.LeavesRest))];
        IsIdle = [.. days.Select(day => UnavailabilityOn(day).Any(b => b.IsRest)
            || (hasSkill && shiftsOfDay[day].Any(s => IsFree(s) && !agent.Unavailable.Any(b => b.IsIn(s)))))];
        Wishes = [.. days.Select(day => (agent.Wishes ?? []).Where(w => w.Day == day).ToImmutableArray())];
        HasActivity = [.. days.Select(day => !locked.ContainsKey(day) && ActivitiesOn(day).Any())];

        IEnumerable<ShiftOption> Options(int day)
        {
            if (locked.TryGetValue(day, out var decided))
                return Around(decided.Itself is { } shift ? [shift] : shiftsOfDay[day].Where(s => s.Code == decided.Shift)).Where(IsFree);

            var activities = ActivitiesOn(day).ToList();
            var options = hasSkill
                ? Around(shiftsOfDay[day]).Where(s => IsFree(s) && activities.All(a => s.Start <= a.From && a.To <= s.End)) : [];

            return activities.Count == 0 ? options : options.Append(OnlyThe(activities, day));
        }

        IEnumerable<ShiftOption> Around(IEnumerable<ShiftOption> shifts) => shifts.Select(agent.Around).OfType<ShiftOption>();

        IEnumerable<Unavailability> UnavailabilityOn(int day) =>
            agent.Unavailable.Where(b => b.From < problem.DayStarts[day + 1] && problem.DayStarts[day] < b.To);

        // An activity in the agent's leave does not bind.
        IEnumerable<FixedActivity> ActivitiesOn(int day) => agent.Fixed.Where(a =>
            problem.DayStarts[day] <= a.From && a.From < problem.DayStarts[day + 1]
                && !agent.Unavailable.Any(b => b.From < a.To && a.From < b.To));

        bool IsFree(ShiftOption shift) =>
            shift.PaidMinutes <= agent.WeeklyMinutes && (agent.Templates is not { } own || own.Contains(shift.Code))
            && !agent.Unavailable.Any(b => b.Forbids(shift))
            && agent.Fixed.All(a => a.To <= shift.Start || shift.End <= a.From || (shift.Start <= a.From && a.To <= shift.End));
    }

    /// <summary>A day on which the agent comes for the activity alone, where no shift holds it.</summary>
    private static ShiftOption OnlyThe(List<FixedActivity> activities, int day) =>
        new(activities[0].Kind, day, activities.Min(a => a.From), activities.Max(a => a.To), ShiftKind.Day, []);
}
