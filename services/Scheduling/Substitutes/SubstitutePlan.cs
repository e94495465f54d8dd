using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Substitutes;

// ---- Values

/// <param name="AgentId">Who does their work.</param>
/// <param name="Days">On these weekdays; on all when left out.</param>
public sealed record Substitute(Guid AgentId, [MinLength(1), MaxLength(7)] IReadOnlyList<DayOfWeek>? Days = null)
{
    public bool IsFor(DateOnly day) => Days?.Contains(day.DayOfWeek) != false;

    /// <summary>Records compare their lists by reference.</summary>
    public bool IsSameAs(Substitute other) => AgentId == other.AgentId
        && (Days is null ? other.Days is null : other.Days is not null && Days.Order().SequenceEqual(other.Days.Order()));
}

// ---- Events

/// <param name="From">The first local day on which it holds.</param>
/// <param name="Substitutes">In order: the first who is there.</param>
public sealed record SubstitutesSet(
    Guid AgentId, DateOnly From, IReadOnlyList<Substitute> Substitutes, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record SubstitutesTakenBack(Guid AgentId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

/// <param name="RestOn">Fixed days of rest of a person on the day from which it holds.</param>
public sealed record SetSubstitutes(
    Guid AgentId, DateOnly From, IReadOnlyList<Substitute> Substitutes, Func<Guid, IReadOnlyList<DayOfWeek>> RestOn, Guid By,
    DateTimeOffset Now);

public sealed record TakeBackSubstitutes(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>Who does somebody's work when they rest or are away, from which day on.</summary>
public sealed record SubstitutePlan
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>In the order of days; one entry a day.</summary>
    public IReadOnlyList<Dated<IReadOnlyList<Substitute>>> Entries { get; init; } = [];

    public static Guid IdOf(Guid agentId) => NameId.Of("substitutes", agentId);

    /// <summary>Those of a day, in order; none where nobody is named.</summary>
    public IEnumerable<Substitute> On(DateOnly day) => (Entries.On(day) ?? []).Where(substitute => substitute.IsFor(day));

    public SubstitutePlan Evolve(object @event) => @event switch
    {
        SubstitutesSet e => this with { AgentId = e.AgentId, Entries = Entries.With(new(e.From, e.Substitutes, e.At)) },
        SubstitutesTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

// ---- Decisions

public static class SubstituteDecider
{
    /// <exception cref="InvalidException"><c>own-substitute</c> or <c>agent-twice</c></exception>
    /// <exception cref="RefusedException"><c>substitute-rests</c>: on a day of rest of both.</exception>
    public static object[] Decide(SetSubstitutes command, SubstitutePlan state)
    {
        for (var i = 0; i < command.Substitutes.Count; i++)
            if (command.Substitutes[i].AgentId == command.AgentId)
                throw new InvalidException($"/substitutes/{i}/agentId", "own-substitute", "Nobody stands in for themselves.");
            else if (command.Substitutes.Take(i).Any(other => other.AgentId == command.Substitutes[i].AgentId))
                throw new InvalidException($"/substitutes/{i}/agentId", "agent-twice", "Each is named once, with all their days.");

        foreach (var day in command.RestOn(command.AgentId))
            if (command.Substitutes.Where(substitute => substitute.Days?.Contains(day) != false).ToList() is { Count: > 0 } named
                && named.TrueForAll(substitute => command.RestOn(substitute.AgentId).Contains(day)))
                throw new RefusedException("substitute-rests", $"On {day} they rest, and so does everybody who would stand in for them.");

        return state.Entries.EnteredFrom(command.From) is { } entry && entry.Value.Count == command.Substitutes.Count
            && entry.Value.Zip(command.Substitutes).All(pair => pair.First.IsSameAs(pair.Second))
            ? []
            : [new SubstitutesSet(command.AgentId, command.From, command.Substitutes, command.By, command.Now)];
    }

    public static object[] Decide(TakeBackSubstitutes command, SubstitutePlan state) =>
        state.Entries.EnteredFrom(command.From) is not null
            ? [new SubstitutesTakenBack(state.AgentId, command.From, command.By, command.Now)]
            : [];

    /// <summary>Days on which somebody is off and everybody who would stand in for them as well.</summary>
    /// <param name="isOff">Null where nothing is known of the day.</param>
    public static IEnumerable<(Guid AgentId, DateOnly Date)> Missing(
        IEnumerable<SubstitutePlan> plans, IReadOnlyList<DateOnly> dates, Func<Guid, DateOnly, bool?> isOff) =>
        from plan in plans
        from date in dates
        where isOff(plan.AgentId, date) == true
        let named = plan.On(date).ToList()
        where named.Count > 0 && named.TrueForAll(substitute => isOff(substitute.AgentId, date) == true)
        select (plan.AgentId, date);
}
