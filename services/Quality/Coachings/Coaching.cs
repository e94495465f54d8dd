using System.Collections.Immutable;
using CallCenter.Rules;

namespace CallCenter.Quality.Coachings;

// ---- Values

/// <summary>What a coaching came of.</summary>
public enum CauseKind { Finding, Figure, Complaint }

/// <summary>Why somebody is coached.</summary>
/// <param name="Kind">finding: an evaluation; figure: a KPI; complaint: of a customer.</param>
/// <param name="EvaluationId">The evaluation, where it is a finding.</param>
/// <param name="Reference">Code of the KPI, where it is a figure; the number of the complaint, where it is one.</param>
public sealed record CoachingCause(CauseKind Kind, Guid? EvaluationId, string? Reference);

/// <summary>The part of a recording that is talked about.</summary>
/// <param name="RecordingId">SHA-256 in hex, as Calls gives it.</param>
/// <param name="FromSeconds">Where it begins.</param>
/// <param name="ToSeconds">Where it ends.</param>
public sealed record Clip(string RecordingId, decimal FromSeconds, decimal ToSeconds);

/// <summary>Who talks about what, when, and until when it has to be seen that it helped.</summary>
/// <param name="TalkAt">When the two talk, or talked.</param>
/// <param name="RecheckBy">Last local day on which a later evaluation is to pass.</param>
/// <param name="Subject">What is talked about.</param>
/// <param name="Clip">What is heard together; null where nothing is.</param>
public sealed record CoachingPlan(Guid CoachId, DateTimeOffset TalkAt, DateOnly RecheckBy, string Subject, Clip? Clip);

/// <summary>The two who are in a coaching.</summary>
public enum Party { Agent, Coach }

/// <param name="What">What is to be done.</param>
/// <param name="By">Who does it.</param>
/// <param name="DueOn">Last local day for it.</param>
/// <param name="DoneAt">Null until somebody said that it is done.</param>
public sealed record CoachingAction(string What, Party By, DateOnly DueOn, DateTimeOffset? DoneAt = null)
{
    public bool IsSameAs(CoachingAction other) => (What, By, DueOn) == (other.What, other.By, other.DueOn);
}

/// <param name="EvaluationId">The evaluation that passed.</param>
/// <param name="SubmittedAt">When it was submitted.</param>
public sealed record Recheck(Guid EvaluationId, DateTimeOffset SubmittedAt);

// ---- Events

/// <param name="Section">What is checked again; null: the whole form.</param>
/// <param name="FormId">By which form.</param>
public sealed record CoachingOpened(
    Guid CoachingId, Guid ProjectId, Guid AgentId, CoachingCause Cause, string? Section, Guid FormId, CoachingPlan Plan, Guid By,
    DateTimeOffset At);

public sealed record CoachingReplanned(CoachingPlan Plan, Guid By, DateTimeOffset At);

/// <summary>What the two agreed on; what was signed before is to be signed anew.</summary>
public sealed record CoachingAgreed(string Agreement, ImmutableArray<CoachingAction> Actions, Guid By, DateTimeOffset At);

public sealed record CoachingSigned(Party As, Guid By, DateTimeOffset At);

/// <param name="Action">Its place among the actions, from 0.</param>
public sealed record CoachingActionDone(int Action, string? Note, Guid By, DateTimeOffset At);

/// <summary>A later evaluation passed what was coached.</summary>
public sealed record CoachingPassed(Guid EvaluationId, DateTimeOffset SubmittedAt, DateTimeOffset At);

/// <summary>The evaluation that had passed it was voided or corrected, and no other did.</summary>
public sealed record CoachingReopened(Guid EvaluationId, DateTimeOffset At);

/// <summary>What was to be done by a day was not.</summary>
/// <param name="SupervisorId">Of the agent's team that day: whom it is told; null where no supervisor was known.</param>
public sealed record CoachingFellDue(DateOnly DueOn, Guid? SupervisorId, DateTimeOffset At);

public sealed record CoachingWithdrawn(string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record OpenCoaching(
    Guid CoachingId, Guid ProjectId, Guid AgentId, CoachingCause Cause, string? Section, Guid FormId, CoachingPlan Plan, Guid By,
    DateTimeOffset Now);

/// <param name="IsLead">Whether they may change what another plans: supervisors and admins.</param>
public sealed record ReplanCoaching(CoachingPlan Plan, Guid By, bool IsLead, DateTimeOffset Now);

public sealed record AgreeCoaching(string Agreement, ImmutableArray<CoachingAction> Actions, Guid By, bool IsLead, DateTimeOffset Now);

public sealed record SignCoaching(Guid By, DateTimeOffset Now);

public sealed record CompleteAction(int Action, string? Note, Guid By, bool IsLead, DateTimeOffset Now);

/// <param name="Recheck">What the evaluations known now say: the first later one that passed; null where none did.</param>
public sealed record RestateCoaching(Recheck? Recheck, DateTimeOffset Now);

/// <param name="Today">Local day of the project.</param>
public sealed record MarkOverdue(DateOnly Today, Guid? SupervisorId, DateTimeOffset Now);

public sealed record WithdrawCoaching(string Reason, Guid By, bool IsLead, DateTimeOffset Now);

// ---- State

public enum CoachingStatus { Open, Signed, Passed, Withdrawn }

/// <summary>
/// One agent is coached for one reason. It stays open, whatever was agreed and signed, until a later evaluation passes what was coached.
/// </summary>
public sealed record Coaching
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>What it came of.</summary>
    public CoachingCause Cause { get; init; } = new(CauseKind.Finding, null, null);

    /// <summary>Code of the section that is checked again; null: the whole form.</summary>
    public string? Section { get; init; }

    /// <summary>The form by which it is checked again.</summary>
    public Guid FormId { get; init; }

    /// <summary>Who talks when about what.</summary>
    public CoachingPlan Plan { get; init; } = new(default, default, default, "", null);

    /// <summary>What the two agreed on; null before the talk.</summary>
    public string? Agreement { get; init; }

    /// <summary>What is to be done, by whom and until when.</summary>
    public ImmutableArray<CoachingAction> Actions { get; init; } = [];

    /// <summary>When the agent signed what was agreed last; null while they have not.</summary>
    public DateTimeOffset? AgentSignedAt { get; init; }

    /// <summary>When the coach did; null while they have not.</summary>
    public DateTimeOffset? CoachSignedAt { get; init; }

    /// <summary>The later evaluation that passed; null while it is open.</summary>
    public Recheck? Recheck { get; init; }
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was passed or withdrawn; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The day that was missed last.</summary>
    public DateOnly? FellDueOn { get; init; }

    /// <summary>Whom that was told; null where no supervisor was known.</summary>
    public Guid? ToldSupervisorId { get; init; }

    /// <summary>Whether nobody is coached after all.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>signed: by both, and open until the re-check.</summary>
    public CoachingStatus Status => Withdrawn ? CoachingStatus.Withdrawn
        : Recheck is not null ? CoachingStatus.Passed
        : AgentSignedAt is not null && CoachSignedAt is not null ? CoachingStatus.Signed : CoachingStatus.Open;

    /// <summary>The next day by which something is to be done; null once it is closed.</summary>
    public DateOnly? DueOn => Status is CoachingStatus.Passed or CoachingStatus.Withdrawn ? null
        : Actions.Where(action => action.DoneAt is null).Select(action => action.DueOn).Append(Plan.RecheckBy).Min();

    /// <summary>Whether what was to be done by that day was missed and is still to be done.</summary>
    public bool Overdue => FellDueOn is not null && FellDueOn == DueOn;

    public Party? PartyOf(Guid person) => person == AgentId ? Party.Agent : person == Plan.CoachId ? Party.Coach : null;

    public Coaching Evolve(object @event) => @event switch
    {
        CoachingOpened e => this with
        {
            Id = e.CoachingId, ProjectId = e.ProjectId, AgentId = e.AgentId, Cause = e.Cause, Section = e.Section, FormId = e.FormId,
            Plan = e.Plan, OpenedAt = e.At,
        },
        CoachingReplanned e => this with { Plan = e.Plan },
        CoachingAgreed e => this with { Agreement = e.Agreement, Actions = e.Actions, AgentSignedAt = null, CoachSignedAt = null },
        CoachingSigned e => e.As is Party.Agent ? this with { AgentSignedAt = e.At } : this with { CoachSignedAt = e.At },
        CoachingActionDone e => this with { Actions = Actions.SetItem(e.Action, Actions[e.Action] with { DoneAt = e.At }) },
        CoachingPassed e => this with { Recheck = new(e.EvaluationId, e.SubmittedAt), ClosedAt = e.SubmittedAt },
        CoachingReopened _ => this with { Recheck = null, ClosedAt = null },
        CoachingFellDue e => this with { FellDueOn = e.DueOn, ToldSupervisorId = e.SupervisorId },
        CoachingWithdrawn e => this with { Withdrawn = true, ClosedAt = e.At },
        _ => this,
    };
}

// ---- Decisions

public static class CoachingDecider
{
    public static object[] Decide(OpenCoaching command, Coaching state)
    {
        if (state.Id != Guid.Empty)
            return [];

        if (command.Plan.CoachId == command.AgentId)
            throw new InvalidException("/plan/coachId", "coaches-themselves", "Nobody is coached by themselves.");

        return
        [
            new CoachingOpened(command.CoachingId, command.ProjectId, command.AgentId, command.Cause, command.Section, command.FormId,
                command.Plan, command.By, command.Now),
        ];
    }

    public static object[] Decide(ReplanCoaching command, Coaching state)
    {
        EnsureOpen(state);
        EnsureMayLead(command.By, command.IsLead, state);
        if (command.Plan.CoachId == state.AgentId)
            throw new InvalidException("/coachId", "coaches-themselves", "Nobody is coached by themselves.");
        // Whoever talked has signed; another would stand for what they said.
        if (state.CoachSignedAt is not null && command.Plan.CoachId != state.Plan.CoachId)
            throw new RefusedException("coach-signed", "The coach has signed what was agreed, and stays.");

        return command.Plan == state.Plan ? [] : [new CoachingReplanned(command.Plan, command.By, command.Now)];
    }

    public static object[] Decide(AgreeCoaching command, Coaching state)
    {
        EnsureOpen(state);
        EnsureMayLead(command.By, command.IsLead, state);
        if (command.Now < state.Plan.TalkAt)
            throw new RefusedException("talk-not-held", "What was agreed is said after the talk has begun.");

        // What is done stays done where the same is agreed again.
        ImmutableArray<CoachingAction> actions = [.. command.Actions.Select(action =>
            action with { DoneAt = state.Actions.FirstOrDefault(action.IsSameAs)?.DoneAt })];

        return command.Agreement == state.Agreement && actions.SequenceEqual(state.Actions)
            ? []
            : [new CoachingAgreed(command.Agreement, actions, command.By, command.Now)];
    }

    public static object[] Decide(SignCoaching command, Coaching state)
    {
        EnsureOpen(state);
        if (state.PartyOf(command.By) is not { } party)
            throw new RefusedException("not-in-coaching", "A coaching is signed by its agent and its coach.");
        if (state.Agreement is null)
            throw new RefusedException("nothing-agreed", "Nothing is agreed yet that could be signed.");

        return (party is Party.Agent ? state.AgentSignedAt : state.CoachSignedAt) is not null
            ? []
            : [new CoachingSigned(party, command.By, command.Now)];
    }

    public static object[] Decide(CompleteAction command, Coaching state)
    {
        if (state.Withdrawn)
            throw Closed();
        if (!command.IsLead && state.PartyOf(command.By) is null)
            throw new RefusedException("not-in-coaching", "Only its agent, its coach or a supervisor says that an action is done.");
        if (command.Action < 0 || command.Action >= state.Actions.Length)
            throw new StreamNotFoundException(state.Id);

        return state.Actions[command.Action].DoneAt is not null
            ? []
            : [new CoachingActionDone(command.Action, command.Note, command.By, command.Now)];
    }

    public static object[] Decide(RestateCoaching command, Coaching state) => (state.Withdrawn, command.Recheck) switch
    {
        (true, _) => [],
        (_, null) => state.Recheck is { } before ? [new CoachingReopened(before.EvaluationId, command.Now)] : [],
        (_, { } passed) => passed == state.Recheck ? [] : [new CoachingPassed(passed.EvaluationId, passed.SubmittedAt, command.Now)],
    };

    public static object[] Decide(MarkOverdue command, Coaching state) =>
        state.DueOn is { } due && due < command.Today && !state.Overdue
            ? [new CoachingFellDue(due, command.SupervisorId, command.Now)]
            : [];

    public static object[] Decide(WithdrawCoaching command, Coaching state)
    {
        if (state.Withdrawn)
            return [];

        EnsureOpen(state);
        EnsureMayLead(command.By, command.IsLead, state);
        return [new CoachingWithdrawn(command.Reason, command.By, command.Now)];
    }

    private static void EnsureOpen(Coaching state)
    {
        if (state.ClosedAt is not null)
            throw Closed();
    }

    private static void EnsureMayLead(Guid by, bool isLead, Coaching state)
    {
        if (by == state.AgentId || (!isLead && by != state.Plan.CoachId))
            throw new RefusedException("not-your-coaching", "Only its coach or a supervisor changes a coaching, and never the agent.");
    }

    private static RefusedException Closed() => new("coaching-closed", "The coaching was passed or withdrawn.");
}
