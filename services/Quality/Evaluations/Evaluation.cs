using System.Collections.Immutable;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;

namespace CallCenter.Quality.Evaluations;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

/// <summary>A drawn call waits for an inspector.</summary>
/// <param name="AssignedTo">Null: whoever of the project's inspectors takes it first.</param>
public sealed record EvaluationPlanned(
    Guid EvaluationId, Guid ProjectId, Guid CallId, Guid AgentId, Guid FormId,
    Guid PlanId, DateOnly Week, Guid? AssignedTo, DateTimeOffset PlannedAt);

public sealed record EvaluationAssigned(Guid? AssignedTo, Guid By, DateTimeOffset At);

/// <summary>An inspector began. The form is copied, so the evaluation keeps the version it was made with.</summary>
public sealed record EvaluationStarted(
    Guid EvaluationId, Guid ProjectId, Guid CallId, Guid AgentId, Guid EvaluatorId,
    Guid FormId, int FormVersion, FormContent Form, DateTimeOffset StartedAt);

/// <summary>The inspector gave a sampled call back, with the reason.</summary>
public sealed record EvaluationReleased(string Reason, Guid By, DateTimeOffset At);

public sealed record QuestionAnswered(string Question, Answer Answer, string? Comment, Guid By, DateTimeOffset At);

/// <param name="Feedback">For the agent.</param>
/// <param name="PrivateNote">Never shown to the agent.</param>
public sealed record RemarksWritten(string? Feedback, string? PrivateNote, Guid By, DateTimeOffset At);

/// <param name="Week">First local day of the project's week of submission: what the figures of agents are kept by.</param>
/// <param name="DisputableUntil">The agent may dispute before this instant.</param>
public sealed record EvaluationSubmitted(
    EvaluationResult Result, string Formula, DateOnly Week, DateTimeOffset DisputableUntil, Guid By, DateTimeOffset At);

public sealed record EvaluationAcknowledged(string? Comment, Guid By, DateTimeOffset At);

public sealed record EvaluationDisputed(string Reason, Guid By, DateTimeOffset At);

/// <param name="Answers">What was answered anew; empty when the score was upheld.</param>
public sealed record DisputeResolved(
    DisputeDecision Decision, string Reason, IReadOnlyList<GivenAnswer> Answers, EvaluationResult Result, string Formula,
    Guid By, DateTimeOffset At);

public enum DisputeDecision { Uphold, Change }

// ---- State: what the decisions look at, and what the others are told.

public enum EvaluationStatus { NotStarted, Pending, Draft, Submitted, Acknowledged, Disputed, Resolved }

/// <summary>Whatever shows an evaluation: its agent knows of it from its submission on.</summary>
public interface IOfEvaluation : IOfAgent
{
    EvaluationStatus Status { get; }

    bool IOfAgent.IsKnownToAgent => Status is not (EvaluationStatus.Pending or EvaluationStatus.Draft);
}

public sealed record Evaluation : IOfEvaluation
{
    public Guid Id { get; init; }
    public EvaluationStatus Status { get; init; }
    public Guid ProjectId { get; init; }
    public Guid CallId { get; init; }
    public Guid AgentId { get; init; }
    public Guid? PlanId { get; init; }
    public Guid? AssignedTo { get; init; }
    public Guid EvaluatorId { get; init; }
    public Guid FormId { get; init; }
    public int FormVersion { get; init; }
    public FormContent? Form { get; init; }
    public ImmutableSortedDictionary<string, GivenAnswer> Answers { get; init; } = ImmutableSortedDictionary<string, GivenAnswer>.Empty;
    public string? Feedback { get; init; }
    public string? PrivateNote { get; init; }
    public EvaluationResult? Result { get; init; }
    public bool Disputed { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    public DateTimeOffset DisputableUntil { get; init; }

    public EvaluationResult Score(IEnumerable<GivenAnswer> changes) => Form!.Score(
        Answers.SetItems(changes.Select(c => KeyValuePair.Create(c.Question, c))).ToDictionary(a => a.Key, a => a.Value.Answer));

    public Evaluation Evolve(object @event) => @event switch
    {
        EvaluationPlanned e => this with
        {
            Id = e.EvaluationId,
            Status = EvaluationStatus.Pending,
            ProjectId = e.ProjectId,
            CallId = e.CallId,
            AgentId = e.AgentId,
            FormId = e.FormId,
            PlanId = e.PlanId,
            AssignedTo = e.AssignedTo,
        },
        EvaluationAssigned e => this with { AssignedTo = e.AssignedTo },
        EvaluationStarted e => this with
        {
            Id = e.EvaluationId,
            Status = EvaluationStatus.Draft,
            ProjectId = e.ProjectId,
            CallId = e.CallId,
            AgentId = e.AgentId,
            EvaluatorId = e.EvaluatorId,
            FormId = e.FormId,
            FormVersion = e.FormVersion,
            Form = e.Form,
            StartedAt = e.StartedAt,
        },
        EvaluationReleased _ => this with
        {
            Status = EvaluationStatus.Pending,
            AssignedTo = null,
            Answers = Answers.Clear(),
            Feedback = null,
            PrivateNote = null,
        },
        QuestionAnswered e => this with { Answers = Answers.SetItem(e.Question, new(e.Question, e.Answer, e.Comment)) },
        RemarksWritten e => this with { Feedback = e.Feedback, PrivateNote = e.PrivateNote },
        EvaluationSubmitted e => this with
        {
            Status = EvaluationStatus.Submitted,
            Result = e.Result,
            SubmittedAt = e.At,
            DisputableUntil = e.DisputableUntil,
        },
        EvaluationAcknowledged _ => this with { Status = EvaluationStatus.Acknowledged },
        EvaluationDisputed _ => this with { Status = EvaluationStatus.Disputed, Disputed = true },
        DisputeResolved e => this with
        {
            Status = EvaluationStatus.Resolved,
            Answers = Answers.SetItems(e.Answers.Select(a => KeyValuePair.Create(a.Question, a))),
            Result = e.Result,
        },
        _ => this,
    };
}
