using CallCenter.Contracts.Calls;
using CallCenter.Time;

namespace CallCenter.Calls.AgentStates;

/// <summary>Some time that a person spent in one state.</summary>
/// <param name="ProjectId">The project that reported it.</param>
/// <param name="State"><see cref="AgentState.Login"/> counts as ready.</param>
/// <param name="To">Null while it lasts, and for ever when it was not ended within <see cref="AgentTime.Longest"/>.</param>
public sealed record AgentPiece(
    Guid ProjectId, AgentState State, DateTimeOffset From, DateTimeOffset? To, string? Channel = null, string? Queue = null);

/// <summary>
/// A person's time from the changes that were reported of them: one stream over midnights and projects, in which a state ends
/// when the next begins. Channels and queues run beside each other; a change that names neither is of the whole person: of all that
/// they are signed in to, and of themselves, to which they come back when they leave the last channel (docs/decisions/0055).
/// </summary>
public static class AgentTime
{
    /// <summary>A state that is not ended for longer was forgotten and not worked: it stays open and counts for nothing.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    // Of several states at once the first of these is what the person does.
    private static readonly AgentState[] Ranks =
    [
        AgentState.Busy, AgentState.AfterContactWork, AgentState.Ready, AgentState.Meeting, AgentState.Training, AgentState.Break,
        AgentState.Logout,
    ];

    private readonly record struct Lane(string? Channel, string? Queue, Guid? Project)
    {
        public static Lane WholePerson => default;

        // Queues are named by their project, channels are not.
        public static Lane Of(AgentStateChanged change) =>
            new(change.Channel, change.Queue, change.Queue is null ? null : change.ProjectId);
    }

    /// <summary>What the person did, one thing at a time: of several at once the busiest.</summary>
    public static IReadOnlyList<AgentPiece> OfPerson(IEnumerable<AgentStateChanged> changes)
    {
        AgentStateChanged? whole = null;
        var lanes = new Dictionary<Lane, AgentStateChanged>(); // those signed in to
        var pieces = new List<AgentPiece>();

        foreach (var (at, reported, next) in Moments(changes))
        {
            foreach (var change in reported)
            {
                var isOut = change.State is AgentState.Logout;
                if (Lane.Of(change) != Lane.WholePerson)
                {
                    if (isOut)
                        lanes.Remove(Lane.Of(change));
                    else
                        lanes[Lane.Of(change)] = change;
                    continue;
                }

                // Who signed in to queues alone is signed out with the last of them, and not held by a break that was for all of them.
                if (isOut || lanes.Count == 0 || whole is { State: not AgentState.Logout })
                    whole = change;
                lanes = isOut ? [] : lanes.ToDictionary(lane => lane.Key, _ => change);
            }

            foreach (var (lane, _) in lanes.Where(k => at - k.Value.At >= Longest).ToList())
                lanes.Remove(lane);
            if (at - whole?.At >= Longest)
                whole = null;

            var busiest = lanes.Values.OrderBy(change => Array.IndexOf(Ranks, Plain(change.State))).ThenBy(change => change.At)
                .ThenBy(change => change.ProjectId).FirstOrDefault() ?? whole ?? reported[^1];
            Add(pieces, new(busiest.ProjectId, Plain(busiest.State), at, End(at, next)));
        }

        return pieces;
    }

    /// <summary>The same by channel and queue, where the source names them; those of one follow each other.</summary>
    public static IReadOnlyList<AgentPiece> ByChannel(IEnumerable<AgentStateChanged> changes)
    {
        var all = changes.ToList();
        var pieces = new List<AgentPiece>();

        foreach (var lane in all.Select(Lane.Of).Distinct().Where(lane => lane != Lane.WholePerson))
        {
            var ofLane = new List<AgentPiece>();
            foreach (var (at, reported, next) in Moments(all.Where(c => Lane.Of(c) == lane || Lane.Of(c) == Lane.WholePerson)))
                if (reported[^1] is var last && Lane.Of(last) == lane && last.State is not AgentState.Logout)
                    Add(ofLane, new(last.ProjectId, Plain(last.State), at, End(at, next), last.Channel, last.Queue));
            pieces.AddRange(ofLane);
        }

        return [.. pieces.OrderBy(p => p.From).ThenBy(p => p.Channel, StringComparer.Ordinal).ThenBy(p => p.Queue, StringComparer.Ordinal)];
    }

    /// <summary>
    /// What of it lies in a local day of a project, from the first thing done to the last. A piece that is open lies in the day it
    /// began.
    /// </summary>
    public static IReadOnlyList<AgentSegment> In(
        this IEnumerable<AgentPiece> pieces, Guid projectId, LocalCalendar calendar, DateOnly day)
    {
        var (start, end) = (calendar.StartOf(day), calendar.EndOf(day));
        var inside = pieces.Where(p => p.ProjectId == projectId && p.From < end && (p.To > start || (p.To is null && p.From >= start)))
            .SkipWhile(p => p.State is AgentState.Logout)
            .Select(p => new AgentSegment(
                NameOf(p.State), p.From > start ? p.From : start, p.To < end ? p.To : p.To is null ? null : end, p.Channel, p.Queue))
                    .ToList();

        while (inside is [.., { State: "offline" }])
            inside.RemoveAt(inside.Count - 1);
        return inside;
    }

    // Moments with what was reported of them, that of the whole person first and the last and greatest last, and the moment after.
    private static IEnumerable<(DateTimeOffset At, List<AgentStateChanged> Reported, DateTimeOffset? Next)> Moments(
        IEnumerable<AgentStateChanged> changes)
    {
        var moments = changes.GroupBy(change => change.At).OrderBy(moment => moment.Key).ToList();

        return moments.Select((moment, i) => (
            moment.Key,
            moment.OrderBy(c => Lane.Of(c) != Lane.WholePerson).ThenBy(c => c.Turn).ThenBy(c => c.State).ThenBy(c => c.ProjectId).ToList(),
            i + 1 < moments.Count ? moments[i + 1].Key : (DateTimeOffset?)null));
    }

    private static DateTimeOffset? End(DateTimeOffset at, DateTimeOffset? next) => next - at <= Longest ? next : null;

    // What is said again goes on, but is not joined while it lasts: how long it has lasted so far is known.
    private static void Add(List<AgentPiece> pieces, AgentPiece piece)
    {
        if (piece.To is not null
            && pieces is [.., var last] && last.To == piece.From && last.State == piece.State && last.ProjectId == piece.ProjectId)
            pieces[^1] = last with { To = piece.To };
        else
            pieces.Add(piece);
    }

    private static AgentState Plain(AgentState state) => state is AgentState.Login ? AgentState.Ready : state;

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
