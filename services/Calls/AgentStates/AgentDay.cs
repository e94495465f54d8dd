using System.Collections.Immutable;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;

namespace CallCenter.Calls.AgentStates;

public enum AgentState { Login, Ready, Busy, AfterContactWork, Break, Training, Meeting, Logout }

// ---- Events

/// <param name="Date">Local day of the project in which it happened.</param>
/// <param name="Channel">Of which channel it speaks; null when of the whole person.</param>
/// <param name="Queue">Of which of the project's queues it speaks; null when of all.</param>
/// <param name="Turn">Of several changes in one moment the one with the highest counts, as its source told them.</param>
public sealed record AgentStateChanged(
    Guid ProjectId, Guid AgentId, DateOnly Date, AgentState State, DateTimeOffset At, string? Channel = null, string? Queue = null,
    int Turn = 0);

// ---- State

/// <summary>
/// The changes that one project reported of a person in one local day, in any order: a page of the person's time, which itself
/// knows no days and no projects (<see cref="AgentTime"/>).
/// </summary>
public sealed record AgentDay : IFolds<AgentDay>
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }
    public DateOnly Date { get; init; }
    public ImmutableDictionary<(DateTimeOffset At, string? Channel, string? Queue), (int Turn, AgentState State)> Changes
    {
        get; init;
    } = ImmutableDictionary<(DateTimeOffset At, string? Channel, string? Queue), (int Turn, AgentState State)>.Empty;

    public static Guid IdOf(Guid projectId, Guid agentId, DateOnly date) => NameId.Of("agent-day", projectId, agentId, date);

    public AgentDay Evolve(object @event) => @event is AgentStateChanged e
        ? this with
        {
            ProjectId = e.ProjectId, AgentId = e.AgentId, Date = e.Date,
            Changes = With((e.At, e.Channel, e.Queue), (e.Turn, e.State)),
        }
        : this;

    // Two states at the same moment: any rule will do that does not look at the order of arrival.
    private ImmutableDictionary<(DateTimeOffset At, string? Channel, string? Queue), (int Turn, AgentState State)> With(
        (DateTimeOffset, string?, string?) moment, (int Turn, AgentState State) change) =>
        Changes.TryGetValue(moment, out var other) && other.CompareTo(change) >= 0 ? Changes : Changes.SetItem(moment, change);
}

internal static class StateChanges
{
    extension(ProjectView project)
    {
        /// <summary>What a source says of an agent, on the project's local day.</summary>
        public AgentStateChanged StateChange(
            Guid agentId, AgentState state, DateTimeOffset at, string? channel = null, string? queue = null) =>
            new(project.Id, agentId, project.Calendar.DayOf(at), state, at, channel, queue);
    }
}

// ---- Decisions

public static class AgentDayDecider
{
    public static object[] Decide(AgentStateChanged change, AgentDay state) =>
        state.Evolve(change) == state ? [] : [change];
}
