using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Scheduling.OnCall;

// ---- Values

/// <summary>When whoever is on call hands over to the next.</summary>
/// <param name="At">Times of a day, in order, by the wall clock of the project.</param>
/// <param name="EveryDays">Days that one turn lasts, where there is one time a day.</param>
/// <param name="RestHours">Whoever has a turn over midnight works no shift from then until so many hours after its end; nothing is asked
/// when left out.</param>
public sealed record HandOver(
    [MinLength(1), MaxLength(4)] IReadOnlyList<TimeOnly> At, [Range(1, 28)] int EveryDays = 1, [Range(0, 24)] int? RestHours = null);

/// <param name="Number">In the roster, from 1.</param>
/// <param name="From">When it is taken over.</param>
/// <param name="To">When it is handed over.</param>
/// <param name="AgentId">Who is on call; null while it is open.</param>
public sealed record OnCallTurn(int Number, DateTimeOffset From, DateTimeOffset To, Guid? AgentId)
{
    /// <summary>The first midnight in it; null where it is over before.</summary>
    public DateTimeOffset? Midnight(LocalCalendar calendar) =>
        calendar.EndOf(calendar.DayOf(From)) is var midnight && midnight < To ? midnight : null;

    /// <summary>When whoever was on call works no shift; null where nothing is asked.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Rest(HandOver rule, LocalCalendar calendar) =>
        rule.RestHours is { } hours && Midnight(calendar) is { } midnight ? (midnight, To.AddHours(hours)) : null;
}

/// <param name="Turn">Number of the turn.</param>
/// <param name="AgentId">Who takes it.</param>
/// <param name="Was">Who had it; null where it was open.</param>
public sealed record TurnChange(int Turn, Guid AgentId, Guid? Was);

// ---- Events

/// <param name="Role">What whoever is on call is there for.</param>
/// <param name="Turns">By turns, as found fair.</param>
public sealed record OnCallPlanned(
    Guid RosterId, Guid ProjectId, string Role, string Zone, DateOnly From, int Days, HandOver HandOver, IReadOnlyList<Guid> Agents,
    IReadOnlyList<OnCallTurn> Turns, Guid By, DateTimeOffset At);

public sealed record OnCallChanged(Guid RosterId, IReadOnlyList<TurnChange> Changes, Guid By, DateTimeOffset At);

public sealed record OnCallPublished(Guid RosterId, Guid By, DateTimeOffset At);

/// <summary>Its turns that have not begun are nobody's any more.</summary>
public sealed record OnCallCancelled(Guid RosterId, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record PlanOnCall(
    Guid RosterId, Guid ProjectId, string Role, string Zone, DateOnly From, int Days, HandOver HandOver, IReadOnlyList<Guid> Agents,
    IReadOnlyList<OnCallTurn> Turns, Guid By, DateTimeOffset Now);

/// <param name="Takers">Who takes which turn.</param>
/// <param name="Known">Of everybody named.</param>
/// <param name="Reason">Of the request.</param>
public sealed record ChangeOnCall(
    IReadOnlyDictionary<int, Guid> Takers, IReadOnlyList<OnCallPerson> Known, string? Reason, Guid By, DateTimeOffset Now);

/// <param name="Known">Of everybody who has a turn.</param>
public sealed record PublishOnCall(IReadOnlyList<OnCallPerson> Known, Guid By, DateTimeOffset Now);

public sealed record CancelOnCall(Guid By, DateTimeOffset Now);

// ---- State

public enum OnCallStatus { None, Draft, Published, Cancelled }

/// <summary>Who of a project is on call for a role, from when to when.</summary>
public sealed record OnCallRoster
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>What whoever is on call is there for.</summary>
    public string Role { get; init; } = "";
    public string Zone { get; init; } = "";
    public DateOnly From { get; init; }
    public int Days { get; init; }

    /// <summary>When turns change.</summary>
    public HandOver HandOver { get; init; } = new([]);

    /// <summary>Those among whom it goes by turns.</summary>
    public IReadOnlyList<Guid> Agents { get; init; } = [];

    /// <summary>In order of time.</summary>
    public IReadOnlyList<OnCallTurn> Turns { get; init; } = [];
    public OnCallStatus Status { get; init; }

    public LocalCalendar Calendar() => LocalCalendar.Of(Zone);

    public OnCallRoster Evolve(object @event) => @event switch
    {
        OnCallPlanned e => this with
        {
            ProjectId = e.ProjectId,
            Role = e.Role,
            Zone = e.Zone,
            From = e.From,
            Days = e.Days,
            HandOver = e.HandOver,
            Agents = e.Agents,
            Turns = e.Turns,
            Status = OnCallStatus.Draft,
        },
        OnCallChanged e => this with
        {
            Turns = With(e.Changes.ToDictionary(change => change.Turn, change => change.AgentId)),
            Agents = [.. Agents.Union(e.Changes.Select(change => change.AgentId))],
        },
        OnCallPublished _ => this with { Status = OnCallStatus.Published },
        OnCallCancelled _ => this with { Status = OnCallStatus.Cancelled },
        _ => this,
    };

    internal IReadOnlyList<OnCallTurn> With(IReadOnlyDictionary<int, Guid> takers) =>
        [.. Turns.Select(turn => takers.TryGetValue(turn.Number, out var agent) ? turn with { AgentId = agent } : turn)];
}

// ---- Decisions

public static class OnCallDecider
{
    public static object[] Decide(PlanOnCall command, OnCallRoster state) => state.Status is not OnCallStatus.None
        ? []
        :
        [
            new OnCallPlanned(command.RosterId, command.ProjectId, command.Role, command.Zone, command.From, command.Days, command.HandOver,
                command.Agents, command.Turns, command.By, command.Now),
        ];

    /// <exception cref="InvalidException"><c>turn-unknown</c>; <c>reason-missing</c> where others know of it already.</exception>
    /// <exception cref="RefusedException"><c>on-call-cancelled</c>, <c>turn-over</c>, or what is in the way of somebody.</exception>
    public static object[] Decide(ChangeOnCall command, OnCallRoster state)
    {
        MustStand(state);
        foreach (var (number, _) in command.Takers)
            if (state.Turns.FirstOrDefault(turn => turn.Number == number) is not { } turn)
                throw new InvalidException("/changes", "turn-unknown", $"There is no turn {number}; there are 1 to {state.Turns.Count}.");
            else if (turn.To <= command.Now)
                throw new RefusedException("turn-over", $"Turn {number} is over.");

        var changes = state.Turns.Where(turn => command.Takers.TryGetValue(turn.Number, out var taker) && taker != turn.AgentId)
            .Select(turn => new TurnChange(turn.Number, command.Takers[turn.Number], turn.AgentId)).ToList();
        if (changes.Count == 0)
            return [];
        if (state.Status is OnCallStatus.Published && command.Reason is null)
            throw new InvalidException("X-Reason", "reason-missing", "It is published: say in X-Reason why it changes.");

        var changed = changes.Select(change => change.Turn).ToHashSet();
        MustBeAble(state.With(command.Takers).Where(turn => changed.Contains(turn.Number)), command.Known, state);
        return [new OnCallChanged(state.Id, changes, command.By, command.Now)];
    }

    /// <exception cref="RefusedException"><c>on-call-cancelled</c>, <c>turn-open</c>, or what is in the way of somebody.</exception>
    public static object[] Decide(PublishOnCall command, OnCallRoster state)
    {
        MustStand(state);
        if (state.Status is OnCallStatus.Published)
            return [];
        if (state.Turns.FirstOrDefault(turn => turn.AgentId is null) is { } open)
            throw new RefusedException("turn-open", $"Nobody has turn {open.Number}, from {open.From:yyyy-MM-dd HH:mm} UTC.");

        MustBeAble(state.Turns, command.Known, state);
        return [new OnCallPublished(state.Id, command.By, command.Now)];
    }

    public static object[] Decide(CancelOnCall command, OnCallRoster state) =>
        state.Status is OnCallStatus.Cancelled ? [] : [new OnCallCancelled(state.Id, command.By, command.Now)];

    /// <exception cref="InvalidException"><c>hand-over-unclear</c></exception>
    public static void Check(HandOver rule)
    {
        if (rule.At.Zip(rule.At.Skip(1)).Any(pair => pair.First >= pair.Second))
            throw new InvalidException("/handOver/at", "hand-over-unclear", "The times of a day are given in order, each once.");
        if (rule.EveryDays > 1 && rule.At.Count > 1)
            throw new InvalidException("/handOver/everyDays", "hand-over-unclear", "A turn of several days is handed over at one time.");
    }

    private static void MustStand(OnCallRoster state)
    {
        if (state.Status is OnCallStatus.Cancelled)
            throw new RefusedException("on-call-cancelled", "This roster was cancelled.");
    }

    private static void MustBeAble(IEnumerable<OnCallTurn> turns, IReadOnlyList<OnCallPerson> known, OnCallRoster state)
    {
        var calendar = state.Calendar();
        foreach (var turn in turns)
            if (known.FirstOrDefault(person => person.Id == turn.AgentId) is not { } person)
                throw new RefusedException("not-in-project", $"Whoever has turn {turn.Number} does not work for the project.");
            else if (person.InTheWay(turn, state.HandOver, calendar) is { } rule)
                throw new RefusedException(rule,
                    $"{person.Name} cannot take turn {turn.Number} from {calendar.Local(turn.From):yyyy-MM-dd HH:mm}: {rule}.");
    }
}
