using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Terms;

// ---- Values

/// <summary>When somebody can work on a weekday.</summary>
/// <param name="Day">Weekday on which it begins.</param>
/// <param name="From">By the wall clock.</param>
/// <param name="To">At or before <paramref name="From"/> means the next day; 00:00 is the end of the day.</param>
public sealed record AvailabilityWindow(DayOfWeek Day, TimeOnly From, TimeOnly To);

/// <summary>How much somebody works at most, beside the contract and where it is stricter than the project's rules.</summary>
/// <param name="MaxHours">Paid hours in a roster.</param>
/// <param name="MaxDaysAWeek">Days of work in a week.</param>
/// <param name="MaxDaysInRow">Days of work in a row.</param>
/// <param name="MaxNights">Night shifts in a roster.</param>
public sealed record PersonalLimits(
    [Range(0.0, 1000.0)] double? MaxHours = null, [Range(1, 7)] int? MaxDaysAWeek = null, [Range(1, 28)] int? MaxDaysInRow = null,
    [Range(0, 42)] int? MaxNights = null)
{
    /// <summary>The rules of a project as they tie this person; null where nothing is stricter for them.</summary>
    public RosterRules? Within(RosterRules project)
    {
        var nights = project.MaxOfKind?.Where(l => l.Kind is ShiftKind.Night).Select(l => (int?)l.Most).FirstOrDefault();
        var own = project with
        {
            MaxDaysAWeek = Stricter(MaxDaysAWeek, project.MaxDaysAWeek),
            MaxDaysInRow = Math.Min(MaxDaysInRow ?? project.MaxDaysInRow, project.MaxDaysInRow),
            MaxOfKind = MaxNights is { } most && !(nights <= most)
                ? [.. (project.MaxOfKind ?? []).Where(l => l.Kind is not ShiftKind.Night), new(ShiftKind.Night, most)] : project.MaxOfKind,
        };
        return own == project ? null : own;
    }

    private static int? Stricter(int? own, int? project) => own < project || project is null ? own : project;
}

/// <summary>Shifts that somebody likes, on every day: those of a kind, or those of one of the project's templates.</summary>
/// <param name="Kind">Shifts of a kind.</param>
/// <param name="Shift">Or those of a template, by its code.</param>
/// <param name="Weight">Cost of another shift on a day of work.</param>
public sealed record PreferredShift(ShiftKind? Kind = null, [MaxLength(30)] string? Shift = null, [Range(0.0, 1000.0)] double Weight = 2);

/// <summary>What ties one person in every roster, beside contract and leave.</summary>
/// <param name="Availability">When they can work; whenever it is needed when left out.</param>
/// <param name="RestOn">Weekdays on which they always rest.</param>
/// <param name="Limits">How much they work at most.</param>
/// <param name="NightExempt">No minute of work between 00:00 and 05:00 by the wall clock.</param>
/// <param name="Preferred">Shifts they like.</param>
/// <param name="RestDaysDueAMonth">Days of rest earned in a calendar month; not counted when left out.</param>
public sealed record PersonalTerms(
    IReadOnlyList<AvailabilityWindow>? Availability = null, IReadOnlyList<DayOfWeek>? RestOn = null, PersonalLimits? Limits = null,
    bool NightExempt = false, IReadOnlyList<PreferredShift>? Preferred = null, int? RestDaysDueAMonth = null)
{
    public static readonly PersonalTerms None = new();

    /// <summary>Records compare their lists by reference.</summary>
    public bool IsSameAs(PersonalTerms? other) => other is not null
        && this with { Availability = null, RestOn = null, Preferred = null }
            == other with { Availability = null, RestOn = null, Preferred = null }
        && Availability is null == other.Availability is null && (Availability ?? []).SequenceEqual(other.Availability ?? [])
        && (RestOn ?? []).SequenceEqual(other.RestOn ?? []) && (Preferred ?? []).SequenceEqual(other.Preferred ?? []);
}

// ---- Events

/// <param name="From">The first local day on which they hold.</param>
public sealed record StandingTermsSet(Guid AgentId, DateOnly From, PersonalTerms Terms, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record StandingTermsTakenBack(Guid AgentId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

/// <param name="Shifts">Codes of the shifts and templates of the projects that the person works for; null where there are none, or no shift
/// is preferred.</param>
public sealed record SetStandingTerms(
    Guid AgentId, DateOnly From, PersonalTerms Terms, Guid By, DateTimeOffset Now, IReadOnlySet<string>? Shifts = null);

public sealed record TakeBackStandingTerms(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What ties a person in every roster, from which day on.</summary>
public sealed record StandingTerms
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }

    public Guid AgentId { get; init; }

    /// <summary>In the order of days; one entry a day.</summary>
    public IReadOnlyList<Dated<PersonalTerms>> Entries { get; init; } = [];

    public static Guid IdOf(Guid agentId) => NameId.Of("standing-terms", agentId);

    public PersonalTerms? On(DateOnly day) => Entries.On(day);

    /// <summary>
    /// Days of rest earned on a day: a month's share of each of its days, in whole days as they become full, so that the days of a month
    /// add up to what is due in it.
    /// </summary>
    public int RestDaysDueOn(DateOnly day) => EarnedThrough(day) - (day.Day > 1 ? EarnedThrough(day.AddDays(-1)) : 0);

    private int EarnedThrough(DateOnly day)
    {
        var first = day.AddDays(1 - day.Day);
        return Enumerable.Range(0, day.Day).Sum(d => On(first.AddDays(d))?.RestDaysDueAMonth ?? 0)
            / DateTime.DaysInMonth(day.Year, day.Month);
    }

    public StandingTerms Evolve(object @event) => @event switch
    {
        StandingTermsSet e => this with { AgentId = e.AgentId, Entries = Entries.With(new(e.From, e.Terms, e.At)) },
        StandingTermsTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

// ---- Decisions

public static class StandingTermsDecider
{
    public static object[] Decide(SetStandingTerms command, StandingTerms state)
    {
        var errors = Errors(command.Terms, command.Shifts).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);

        return state.Entries.EnteredFrom(command.From) is { } entry && entry.Value.IsSameAs(command.Terms)
            ? []
            : [new StandingTermsSet(command.AgentId, command.From, command.Terms, command.By, command.Now)];
    }

    public static object[] Decide(TakeBackStandingTerms command, StandingTerms state) => state.Entries.EnteredFrom(command.From) is not null
        ? [new StandingTermsTakenBack(state.AgentId, command.From, command.By, command.Now)]
        : [];

    private static IEnumerable<Error> Errors(PersonalTerms terms, IReadOnlySet<string>? shifts)
    {
        if (terms.Availability is { Count: 0 })
            yield return new("/availability", "never-available", "Somebody who can never work has leave; leave it out for whenever.");

        for (var i = 0; i < (terms.Preferred?.Count ?? 0); i++)
            if (terms.Preferred![i] is { Kind: null, Shift: null } or { Kind: not null, Shift: not null })
                yield return new($"/preferred/{i}", "wish-unclear", "Give either a kind of shift or the code of one.");
            else if (shifts is not null && terms.Preferred[i].Shift is { } code && !shifts.Contains(code))
                yield return new($"/preferred/{i}/shift", "shift-unknown",
                    $"No project of theirs has a shift '{Text.Shown(code)}'. There are: {string.Join(", ", shifts.Order(StringComparer.Ordinal))}.");

        if (terms.RestOn is { } rest && rest.Distinct().Count() < rest.Count)
            yield return new("/restOn", "day-twice", "Each weekday is given once.");
    }
}
