using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Wishes;

// ---- Values

/// <summary>What somebody would like on a day: a shift by its code, any shift of a kind, or a day off.</summary>
/// <param name="Shift">Code of a shift of that day, or of its template.</param>
/// <param name="Kind">Any shift of that kind.</param>
/// <param name="DayOff">No shift.</param>
/// <param name="Weight">Cost of anything else; as far as the period allows.</param>
public sealed record Wish(
    DateOnly Date, [MaxLength(30)] string? Shift = null, ShiftKind? Kind = null, bool DayOff = false, [Range(0, 1000)] double Weight = 6);

/// <summary>When somebody cannot work.</summary>
/// <param name="From">By the wall clock; the whole day when left out.</param>
/// <param name="To">At or before <paramref name="From"/> means the next day.</param>
public sealed record UnavailableTime(DateOnly Date, TimeOnly? From = null, TimeOnly? To = null);

// ---- Events

/// <param name="Reason">Why it was stated after the closing; null before it.</param>
public sealed record WishesStated(
    Guid PeriodId, Guid ProjectId, Guid AgentId, IReadOnlyList<Wish> Wishes, IReadOnlyList<UnavailableTime> Unavailable, Guid By,
    DateTimeOffset At, string? Reason = null);

// ---- Commands

/// <param name="Period">What it is stated for.</param>
/// <param name="Shifts">Codes of the shifts and templates of a day.</param>
/// <param name="ByPlanner">Not by the agent, so that the closing does not bind.</param>
/// <param name="Reason">Asked for after the closing.</param>
public sealed record StateWishes(
    PlanningPeriod Period, Guid AgentId, IReadOnlyList<Wish> Wishes, IReadOnlyList<UnavailableTime> Unavailable,
    Func<DateOnly, IReadOnlySet<string>> Shifts, bool ByPlanner, string? Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What one agent stated for a planning period; the last statement counts.</summary>
public sealed record AgentStatement
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was stated.</summary>
    public long Version { get; init; }

    /// <summary>The planning period.</summary>
    public Guid PeriodId { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>What they would like.</summary>
    public IReadOnlyList<Wish> Wishes { get; init; } = [];

    /// <summary>When they cannot work.</summary>
    public IReadOnlyList<UnavailableTime> Unavailable { get; init; } = [];

    /// <summary>Who stated it last; empty while nothing was.</summary>
    public Guid StatedBy { get; init; }

    /// <summary>When it was stated last.</summary>
    public DateTimeOffset? StatedAt { get; init; }

    public static Guid IdOf(Guid periodId, Guid agentId) => NameId.Of("agent-statement", periodId, agentId);

    public AgentStatement Evolve(object @event) => @event switch
    {
        WishesStated e => this with
        {
            PeriodId = e.PeriodId,
            ProjectId = e.ProjectId,
            AgentId = e.AgentId,
            Wishes = e.Wishes,
            Unavailable = e.Unavailable,
            StatedBy = e.By,
            StatedAt = e.At,
        },
        _ => this,
    };
}

// ---- Decisions

public static class StatementDecider
{
    public static object[] Decide(StateWishes command, AgentStatement state)
    {
        PlanningPeriodDecider.MustStand(command.Period);
        var late = command.Now >= command.Period.ClosesAt;
        if (late && !command.ByPlanner)
            throw new RefusedException("period-closed",
                $"Wishes for this period closed at {command.Period.ClosesAt:yyyy-MM-ddTHH:mm:ssZ}; ask your scheduler.");

        var errors = Errors(command, late).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);

        return state.StatedAt is not null && state.Wishes.SequenceEqual(command.Wishes)
            && state.Unavailable.SequenceEqual(command.Unavailable)
            ? []
            :
            [
                new WishesStated(command.Period.Id, command.Period.ProjectId, command.AgentId, command.Wishes, command.Unavailable,
                    command.By, command.Now, late ? command.Reason : null),
            ];
    }

    private static IEnumerable<Error> Errors(StateWishes command, bool late)
    {
        var (period, limits) = (command.Period, command.Period.Limits);
        if (late && command.Reason is null)
            yield return new("/reason", "reason-missing", "After the closing somebody says why.");

        if (command.Wishes.Count > limits.MostWishes)
            yield return new("/wishes", "too-many-wishes", $"{limits.MostWishes} wishes may be stated for this period.");
        if (command.Unavailable.DistinctBy(u => u.Date).Count() > limits.MostUnavailable)
            yield return new("/unavailable", "too-many-unavailable",
                $"{limits.MostUnavailable} dates may be kept free in this period; ask for leave where that is not enough.");

        for (var i = 0; i < command.Wishes.Count; i++)
        {
            var wish = command.Wishes[i];
            if (new[] { wish.Shift is not null, wish.Kind is not null, wish.DayOff }.Count(said => said) != 1)
                yield return new($"/wishes/{i}", "wish-unclear", "A wish is for a shift, a kind of shift or a day off.");
            if (wish.Weight > limits.MostWeight)
                yield return new($"/wishes/{i}/weight", "weight-out-of-range", $"A wish weighs {limits.MostWeight} at most.");
            if (!period.Has(wish.Date))
                yield return Outside($"/wishes/{i}/date");
            else if (wish.Shift is { } code && !command.Shifts(wish.Date).Contains(code))
                yield return new($"/wishes/{i}/shift", "shift-unknown", $"There is no shift '{Text.Shown(code)}' on that day.");
        }

        if (command.Wishes.Select(w => (w.Date, w.Shift, w.Kind, w.DayOff)).Distinct().Count() < command.Wishes.Count)
            yield return new("/wishes", "day-twice", "Each wish is stated once.");

        for (var i = 0; i < command.Unavailable.Count; i++)
        {
            var time = command.Unavailable[i];
            if (!period.Has(time.Date))
                yield return Outside($"/unavailable/{i}/date");
            if (time.From.HasValue != time.To.HasValue)
                yield return new($"/unavailable/{i}", "time-unclear", "Give both times, or neither for the whole day.");
        }

        Error Outside(string pointer) =>
            new(pointer, "outside-period", $"The period has {period.Days} days from {period.From:yyyy-MM-dd}.");
    }
}
