using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Scheduling.Terms;

namespace CallCenter.Scheduling.Rosters;

// ---- Values

/// <summary>A shift on one day of an agent.</summary>
/// <param name="Date">Local day on which it starts.</param>
/// <param name="Code">Code of the template; <c>custom</c> when the times were given, or the kind of an activity that the agent comes for
/// alone.</param>
/// <param name="Kind">early, late, night or day by the project's rules; two-shifts or day-into-night where it has a pause.</param>
/// <param name="Breaks">In order of time.</param>
public sealed record RosterShift(
    DateOnly Date, string Code, ShiftKind Kind, DateTimeOffset StartsAt, DateTimeOffset EndsAt, ImmutableArray<RosterBreak> Breaks)
{
    /// <summary>Elapsed time without unpaid breaks: a night of 8 hours by the clock is paid 7 or 9 when the clocks change.</summary>
    [JsonIgnore]
    public decimal PaidHours => (decimal)((EndsAt - StartsAt).TotalHours - Breaks.Where(b => !b.Paid).Sum(b => (b.To - b.From).TotalHours));

    /// <summary>From when to when: two stretches where a pause lies between.</summary>
    [JsonIgnore]
    public IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Parts
    {
        get
        {
            var from = StartsAt;
            foreach (var pause in Breaks.Where(b => b.Kind == TemplateRules.Pause))
            {
                yield return (from, pause.From);
                from = pause.To;
            }

            yield return (from, EndsAt);
        }
    }

    /// <summary>Whether some of this time lies in it.</summary>
    public bool Meets(DateTimeOffset from, DateTimeOffset to) => StartsAt < to && from < EndsAt;

    /// <summary>Whether all of this time lies in it.</summary>
    public bool Holds(DateTimeOffset from, DateTimeOffset to) => StartsAt <= from && to <= EndsAt;

    public bool IsSameAs(RosterShift? other) => other is not null
        && (Date, Code, Kind, StartsAt, EndsAt) == (other.Date, other.Code, other.Kind, other.StartsAt, other.EndsAt)
        && Breaks.SequenceEqual(other.Breaks);
}

/// <param name="Kind">break or meal; pause between two parts of the shift; leave where that takes a part of it.</param>
/// <param name="Paid">Whether the time counts towards contracted hours.</param>
public sealed record RosterBreak(string Kind, DateTimeOffset From, DateTimeOffset To, bool Paid);

/// <summary>What ties one agent in the days of a roster, beside the contract and leave.</summary>
/// <param name="MaxHours">Paid hours in the whole roster at most.</param>
/// <param name="RestOn">Weekdays on which the agent always rests.</param>
/// <param name="RestDaysDue">Days of rest earned in the days of the roster; those not taken are saved up. Not counted when left
/// out.</param>
/// <param name="RestDaysSaved">Brought along from before.</param>
/// <param name="MinHours">Paid hours in the whole roster at least, paid leave among them.</param>
public sealed record AgentConstraints(
    Guid AgentId, [Range(0.0, 1000.0)] double? MaxHours = null, [MaxLength(6)] IReadOnlyList<DayOfWeek>? RestOn = null,
    [Range(0, 42)] int? RestDaysDue = null, [Range(0, 100)] int RestDaysSaved = 0, [Range(0.0, 1000.0)] double? MinHours = null);

// ---- Events

/// <param name="Rounds">With the seed and the same input it gives the same roster again.</param>
/// <param name="Terms">What the request said.</param>
/// <param name="Known">What stood about the agents; of those of whom nothing did, none.</param>
/// <param name="Bound">What no roster can cost less than; null where it was not found, and in rosters of before it was.</param>
/// <param name="RotationId">The rotation that it follows; null where it was searched for.</param>
public sealed record RosterGenerated(
    Guid RosterId, Guid ProjectId, Guid RequirementId, string Zone, DateOnly From, int Days, ImmutableArray<Guid> Agents,
    RosterCost Cost, int Seed, int Rounds, Guid By, DateTimeOffset At, ImmutableArray<AgentConstraints>? Terms = null,
    ImmutableArray<KnownOfAgent>? Known = null, double? Bound = null, Guid? RotationId = null);

public sealed record AgentRostered(Guid RosterId, Guid AgentId, ImmutableArray<RosterShift> Shifts);

public sealed record ShiftAssigned(Guid RosterId, Guid AgentId, RosterShift Shift, Guid By, DateTimeOffset At);

public sealed record ShiftUnassigned(Guid RosterId, Guid AgentId, DateOnly Date, Guid By, DateTimeOffset At);

/// <summary>A published shift was taken away by a leave; what is published shows it as well.</summary>
public sealed record ShiftFreed(
    Guid RosterId, Guid AgentId, DateOnly Date, Guid LeaveId, long Publication, Guid By, DateTimeOffset At);

/// <summary>A part of a published shift was taken away by a leave: it is a break of the shift from then on.</summary>
/// <param name="Shift">What is left.</param>
public sealed record ShiftCut(
    Guid RosterId, Guid AgentId, RosterShift Shift, Guid LeaveId, long Publication, Guid By, DateTimeOffset At);

/// <summary>A published day was changed by a swap, an offer or a decision of the floor; what is published shows it as well.</summary>
/// <param name="Shift">Null for a day off.</param>
/// <param name="CauseId">The swap, offer or decision.</param>
public sealed record DayExchanged(
    Guid RosterId, Guid AgentId, DateOnly Date, RosterShift? Shift, Guid CauseId, long Publication, Guid By, DateTimeOffset At);

/// <param name="Publication">Number of the publication in the project, from 1.</param>
public sealed record RosterPublished(Guid RosterId, long Publication, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record GenerateRoster(
    Guid RosterId, Guid ProjectId, Guid RequirementId, string Zone, DateOnly From, int Days, ImmutableArray<Guid> Agents,
    ImmutableArray<AgentRostered> Rostered, RosterCost Cost, int Seed, int Rounds, Guid By, DateTimeOffset Now,
    ImmutableArray<AgentConstraints>? Terms = null, ImmutableArray<KnownOfAgent>? Known = null, double? Bound = null,
    Guid? RotationId = null);

/// <param name="Known">The agents and rules that the roster is checked by.</param>
public sealed record AssignShift(
    Guid AgentId, RosterShift Shift, RosterFrame Frame, RosterProblem Known, Guid By, DateTimeOffset Now);

/// <summary>Days of several agents at once, each judged beside the other changes.</summary>
/// <param name="Names">Of the agents, for people.</param>
public sealed record ChangeShifts(
    ImmutableArray<ShiftChange> Changes, RosterFrame Frame, RosterProblem Known, Guid By, DateTimeOffset Now,
    IReadOnlyDictionary<Guid, string>? Names = null);

/// <param name="Shift">Null for a day off.</param>
public sealed record ShiftChange(Guid AgentId, DateOnly Date, RosterShift? Shift);

public sealed record UnassignShift(Guid AgentId, DateOnly Date, Guid By, DateTimeOffset Now);

/// <param name="Known">What the roster is checked by, with all that is known now: a leave approved since, somebody who left.</param>
/// <param name="Names">Of the agents, for people.</param>
public sealed record PublishRoster(
    long Publication, RosterFrame Frame, RosterProblem Known, Guid By, DateTimeOffset Now, IReadOnlyDictionary<Guid, string>? Names = null);

// ---- State

public enum RosterStatus { None, Draft, Published, Changed }

/// <summary>Who works when, for some days of a project.</summary>
public sealed record Roster
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid RequirementId { get; init; }
    public string Zone { get; init; } = "";
    public DateOnly From { get; init; }
    public int Days { get; init; }
    public RosterStatus Status { get; init; }

    /// <summary>The last one; 0 before the first.</summary>
    public long Publication { get; init; }

    public RosterCost? Cost { get; init; }

    /// <summary>Of the roster that was searched for: what is changed by hand may be of shifts and breaks that no search could choose.
    /// </summary>
    public double? Bound { get; init; }
    public ImmutableArray<AgentConstraints>? Terms { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Every agent of the roster, also those without a shift.</summary>
    public ImmutableSortedDictionary<Guid, ImmutableArray<RosterShift>> Agents { get; init; } =
        ImmutableSortedDictionary<Guid, ImmutableArray<RosterShift>>.Empty;

    public DateOnly To => From.AddDays(Days - 1);

    public RosterShift? ShiftOf(Guid agentId, DateOnly date) =>
        Agents.TryGetValue(agentId, out var shifts) ? shifts.FirstOrDefault(s => s.Date == date) : null;

    /// <summary>Somebody's shift that has a time in common with another.</summary>
    internal RosterShift? ShiftAt(Guid agentId, DateTimeOffset from, DateTimeOffset to) =>
        Agents.TryGetValue(agentId, out var shifts) ? shifts.FirstOrDefault(s => s.Meets(from, to)) : null;

    public Roster Evolve(object @event) => @event switch
    {
        RosterGenerated e => this with
        {
            ProjectId = e.ProjectId,
            RequirementId = e.RequirementId,
            Zone = e.Zone,
            From = e.From,
            Days = e.Days,
            Cost = e.Cost,
            Bound = e.Bound,
            Terms = e.Terms,
            At = e.At,
            Status = RosterStatus.Draft,
            Agents = e.Agents.ToImmutableSortedDictionary(a => a, _ => ImmutableArray<RosterShift>.Empty),
        },
        AgentRostered e => this with { Agents = Agents.SetItem(e.AgentId, e.Shifts) },
        ShiftAssigned e => this with { Agents = Without(e.AgentId, e.Shift.Date, e.Shift), Status = Touched, Bound = null },
        ShiftUnassigned e => this with { Agents = Without(e.AgentId, e.Date, null), Status = Touched, Bound = null },
        ShiftFreed e => this with { Agents = Without(e.AgentId, e.Date, null), Publication = e.Publication, Bound = null },
        ShiftCut e => this with { Agents = Without(e.AgentId, e.Shift.Date, e.Shift), Publication = e.Publication, Bound = null },
        DayExchanged e => this with { Agents = Without(e.AgentId, e.Date, e.Shift), Publication = e.Publication, Bound = null },
        RosterPublished e => this with { Status = RosterStatus.Published, Publication = e.Publication },
        _ => this,
    };

    /// <summary>The same with another shift of somebody's on a day, or none.</summary>
    internal Roster With(Guid agentId, DateOnly date, RosterShift? shift) => this with { Agents = Without(agentId, date, shift) };

    private RosterStatus Touched => Publication > 0 ? RosterStatus.Changed : RosterStatus.Draft;

    private ImmutableSortedDictionary<Guid, ImmutableArray<RosterShift>> Without(Guid agentId, DateOnly date, RosterShift? instead)
    {
        var others = Agents.GetValueOrDefault(agentId, []).Where(s => s.Date != date);
        return Agents.SetItem(agentId, [.. (instead is null ? others : others.Append(instead)).OrderBy(s => s.Date)]);
    }
}

// ---- Decisions

public static class RosterDecider
{
    public static object[] Decide(GenerateRoster command, Roster state) => state.Status is not RosterStatus.None
        ? []
        :
        [
            new RosterGenerated(command.RosterId, command.ProjectId, command.RequirementId, command.Zone, command.From, command.Days,
                command.Agents, command.Cost, command.Seed, command.Rounds, command.By, command.Now, command.Terms, command.Known,
                command.Bound, command.RotationId),
            .. command.Rostered,
        ];

    public static object[] Decide(AssignShift command, Roster state)
    {
        if (command.Shift.IsSameAs(state.ShiftOf(command.AgentId, command.Shift.Date)))
            return [];

        // What is wrong with this one shift is wrong with the request; what is wrong beside other shifts is refused.
        var violations = NewViolations(
            command.Frame, command.Known, command.AgentId, [new(command.AgentId, command.Shift.Date, command.Shift)], state);
        if (violations.FirstOrDefault(v => ShiftReading.OfTheShiftAlone.Contains(v.Rule)) is { } wrong)
            throw new InvalidException("", wrong.Rule, wrong.Message);
        if (violations is [var violation, ..])
            throw new RefusedException(violation.Rule, violation.Message);

        return [new ShiftAssigned(state.Id, command.AgentId, command.Shift, command.By, command.Now)];
    }

    public static object[] Decide(ChangeShifts command, Roster state)
    {
        foreach (var agent in command.Changes.ToLookup(change => change.AgentId))
            if (NewViolations(command.Frame, command.Known, agent.Key, [.. agent], state) is [var violation, ..])
                throw Broken(violation, state, command.Names);

        return
        [
            .. command.Changes.Where(change => !Same(change.Shift, state.ShiftOf(change.AgentId, change.Date)))
                .Select(change => change.Shift is { } shift
                    ? (object)new ShiftAssigned(state.Id, change.AgentId, shift, command.By, command.Now)
                    : new ShiftUnassigned(state.Id, change.AgentId, change.Date, command.By, command.Now)),
        ];

        static bool Same(RosterShift? one, RosterShift? other) => one is null ? other is null : one.IsSameAs(other);
    }

    // What the agent's days would break with the changes and do not break without.
    internal static List<Violation> NewViolations(
        RosterFrame frame, RosterProblem known, Guid agentId, IReadOnlyList<ShiftChange> changes, Roster state)
    {
        var agent = known.Agents.First(a => a.Id == agentId);
        var dates = changes.Select(change => change.Date).ToHashSet();
        var others = state.Agents.GetValueOrDefault(agentId, []).Where(s => !dates.Contains(s.Date))
            .Select(s => frame.Assignment(agentId, s)).ToList();

        return
        [
            .. RosterChecker.New(known, agent, others,
                [.. others, .. changes.Select(change => change.Shift).OfType<RosterShift>().Select(s => frame.Assignment(agentId, s))]),
        ];
    }

    public static object[] Decide(UnassignShift command, Roster state) => state.ShiftOf(command.AgentId, command.Date) is null
        ? []
        : [new ShiftUnassigned(state.Id, command.AgentId, command.Date, command.By, command.Now)];

    public static object[] Decide(PublishRoster command, Roster state)
    {
        if (state.Status is RosterStatus.Published)
            return [];

        if (RosterChecker.Check(command.Known, command.Frame.Assignments(state)).FirstOrDefault() is { } violation)
            throw Broken(violation, state, command.Names);

        return [new RosterPublished(state.Id, command.Publication, command.By, command.Now)];
    }

    private static RefusedException Broken(Violation violation, Roster state, IReadOnlyDictionary<Guid, string>? names) =>
        new(violation.Rule, $"{state.From.AddDays(violation.Day):yyyy-MM-dd}, "
            + $"{(names?.GetValueOrDefault(violation.AgentId) is { } name ? $"{name} ({violation.AgentId})" : $"agent {violation.AgentId}")}: "
            + violation.Message);
}
