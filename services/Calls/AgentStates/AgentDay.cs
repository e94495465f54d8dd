using System.Collections.Immutable;
using CallCenter.Calls.Intake;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;

namespace CallCenter.Calls.AgentStates;

public enum AgentState { Login, Ready, Busy, AfterContactWork, Break, Training, Meeting, Logout }

// ---- Events

/// <param name="Date">Local day of the project in which it happened.</param>
public sealed record AgentStateChanged(Guid ProjectId, Guid AgentId, DateOnly Date, AgentState State, DateTimeOffset At);

// ---- State

/// <summary>What an agent did in one local day, from changes reported in any order.</summary>
public sealed record AgentDay : IFolds<AgentDay>
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }
    public DateOnly Date { get; init; }
    public ImmutableSortedDictionary<DateTimeOffset, AgentState> Changes { get; init; } =
        ImmutableSortedDictionary<DateTimeOffset, AgentState>.Empty;

    public static Guid IdOf(Guid projectId, Guid agentId, DateOnly date) => NameId.Of("agent-day", projectId, agentId, date);

    public AgentDay Evolve(object @event) => @event is AgentStateChanged e
        ? this with { ProjectId = e.ProjectId, AgentId = e.AgentId, Date = e.Date, Changes = With(e.At, e.State) }
        : this;

    // Two states at the same moment: any rule will do that does not look at the order of arrival.
    private ImmutableSortedDictionary<DateTimeOffset, AgentState> With(DateTimeOffset at, AgentState state) =>
        Changes.TryGetValue(at, out var other) && other >= state ? Changes : Changes.SetItem(at, state);

    /// <summary>
    /// From each change to the next that brings another state. Signed in but not yet anything else counts as ready. The
    /// last one is open, unless it is the sign-off.
    /// </summary>
    public IReadOnlyList<AgentSegment> Segments()
    {
        var segments = new List<AgentSegment>();
        foreach (var (at, change) in Changes)
        {
            var state = NameOf(change);
            if (segments is [.., var last])
            {
                if (last.State == state)
                    continue;

                segments[^1] = last with { To = at };
            }

            segments.Add(new AgentSegment(state, at, To: null));
        }

        if (segments is [.., { State: "offline" }])
            segments.RemoveAt(segments.Count - 1);

        return segments;
    }

    private static string NameOf(AgentState state) => state switch
    {
        AgentState.Login or AgentState.Ready => "ready",
        AgentState.Busy => "busy",
        AgentState.AfterContactWork => "after-contact-work",
        AgentState.Break => "break",
        AgentState.Training => "training",
        AgentState.Meeting => "meeting",
        _ => "offline",
    };
}

internal static class StateChanges
{
    extension(ProjectView project)
    {
        /// <summary>What a source says of an agent, on the project's local day.</summary>
        public AgentStateChanged StateChange(Guid agentId, AgentState state, DateTimeOffset at) =>
            new(project.Id, agentId, project.Calendar.DayOf(at), state, at);
    }
}

// ---- Decisions

public static class AgentDayDecider
{
    public static object[] Decide(AgentStateChanged change, AgentDay state) =>
        state.Evolve(change) == state ? [] : [change];
}
