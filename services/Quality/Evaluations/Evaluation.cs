using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CallCenter.Quality.Forms;

namespace CallCenter.Quality.Evaluations;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

/// <summary>A drawn call waits for an inspector.</summary>
/// <param name="PlanId">The plan or design that drew it.</param>
/// <param name="Week">First local day of the week, or of the period of a design.</param>
/// <param name="AssignedTo">Null: whoever of the project's inspectors takes it first.</param>
/// <param name="Subject">chat, where it is one; null for a call.</param>
public sealed record EvaluationPlanned(
    Guid EvaluationId, Guid ProjectId, Guid CallId, Guid AgentId, Guid FormId,
    Guid PlanId, DateOnly Week, Guid? AssignedTo, DateTimeOffset PlannedAt, SubjectKind? Subject = null);

public sealed record EvaluationAssigned(Guid? AssignedTo, Guid By, DateTimeOffset At);

/// <summary>An inspector began. The form is copied, so the evaluation keeps the version it was made with.</summary>
public sealed record EvaluationStarted(
    Guid EvaluationId, Guid ProjectId, Guid CallId, Guid AgentId, Guid EvaluatorId,
    Guid FormId, int FormVersion, FormContent Form, DateTimeOffset StartedAt);

/// <summary>Somebody began one that is no standard one, or not of a single call.</summary>
/// <param name="SecondOf">The standard evaluation that a second one is beside; null for any other kind.</param>
public sealed record EvaluationOpened(
    Guid EvaluationId, Guid ProjectId, EvaluationKind Kind, Subject Subject, Guid AgentId, Guid EvaluatorId,
    Guid FormId, int FormVersion, FormContent Form, Guid? SecondOf, DateTimeOffset StartedAt);

/// <summary>The inspector gave a sampled call back, with the reason.</summary>
public sealed record EvaluationReleased(string Reason, Guid By, DateTimeOffset At);

/// <param name="Issue">What went wrong, by the project's catalogue.</param>
/// <param name="Evidence">Where words of the question's list were said.</param>
public sealed record QuestionAnswered(
    string Question, Answer Answer, string? Comment, Guid By, DateTimeOffset At, Issue? Issue = null,
    IReadOnlyList<Evidence>? Evidence = null)
{
    [JsonIgnore]
    public GivenAnswer Given => new(Question, Answer, Comment, Issue, Evidence);
}

/// <summary>The inspector took over what a machine had said of it, to confirm or change it: until they do, nothing is answered.</summary>
/// <param name="MachineAnswersId">All that the machine had said of it.</param>
/// <param name="Model">What said it.</param>
/// <param name="ModelVersion">Of the model.</param>
/// <param name="Answers">Those to questions that nobody had answered.</param>
public sealed record AnswersProposed(
    Guid MachineAnswersId, string Model, string ModelVersion, IReadOnlyList<MachineAnswer> Answers, Guid By, DateTimeOffset At);

/// <param name="Question">Code of the question.</param>
/// <param name="Answer">As the machine gave it.</param>
/// <param name="Confidence">How sure it said it was, 0 to 1; null where it said nothing of that.</param>
/// <param name="Evidence">Where it found it; null where it named no place.</param>
public sealed record MachineAnswer(
    string Question, Answer Answer, double? Confidence = null, IReadOnlyList<EvidencePlace>? Evidence = null);

/// <summary>A place in what is judged: an offset of the recording or a message of the chat.</summary>
/// <param name="OffsetMs">Milliseconds from the beginning of the recording, 0 to 86,400,000; null in a chat.</param>
/// <param name="Message">Number of the message in the chat, from 1 to 100,000; null in a recording.</param>
public sealed record EvidencePlace(int? OffsetMs = null, int? Message = null);

/// <summary>What was written in a chat that was drawn: the system that keeps it tells nobody, so its evaluator does.</summary>
public sealed record ChatTextWritten(string Text, Guid By, DateTimeOffset At);

/// <param name="Feedback">For the agent.</param>
/// <param name="PrivateNote">Never shown to the agent.</param>
public sealed record RemarksWritten(string? Feedback, string? PrivateNote, Guid By, DateTimeOffset At);

/// <param name="Week">First local day of the project's week of submission: what the figures of agents are kept by.</param>
/// <param name="DisputableUntil">The agent may dispute before this instant.</param>
public sealed record EvaluationSubmitted(
    EvaluationResult Result, string Formula, DateOnly Week, DateTimeOffset DisputableUntil, Guid By, DateTimeOffset At);

/// <summary>Its evaluator is done; the agent is to hear of the score later, and until then it counts nowhere.</summary>
/// <param name="ReleaseAt">When; null: once somebody has looked at it.</param>
public sealed record EvaluationHeld(EvaluationResult Result, string Formula, DateTimeOffset? ReleaseAt, Guid By, DateTimeOffset At);

/// <summary>Somebody has looked at a score that was held: it is submitted with this, or its evaluator's draft again.</summary>
public sealed record EvaluationReviewed(ReviewDecision Decision, string Reason, Guid By, DateTimeOffset At);

public sealed record EvaluationAcknowledged(string? Comment, Guid By, DateTimeOffset At);

/// <param name="DecideBy">It is decided before this instant, or escalates; null in events of before.</param>
public sealed record EvaluationDisputed(string Reason, Guid By, DateTimeOffset At, DateTimeOffset? DecideBy = null);

/// <summary>The agent does not agree with what was decided, and asks a second instance.</summary>
/// <param name="DecideBy">As above.</param>
public sealed record DisputeAppealed(string Reason, DateTimeOffset DecideBy, Guid By, DateTimeOffset At);

/// <summary>Nobody has decided in time: who stands above does now.</summary>
/// <param name="DecideBy">They decide before this instant, or what the project's policy says holds.</param>
/// <param name="By">Nobody: time has passed.</param>
public sealed record DisputeEscalated(string Reason, DateTimeOffset DecideBy, Guid By, DateTimeOffset At);

/// <param name="Answers">What was answered anew; empty when the score was upheld.</param>
/// <param name="By">Nobody where the time was over.</param>
/// <param name="AppealableUntil">The agent may ask a second instance before this instant; null where there is none.</param>
public sealed record DisputeResolved(
    DisputeDecision Decision, string Reason, IReadOnlyList<GivenAnswer> Answers, EvaluationResult Result, string Formula,
    Guid By, DateTimeOffset At, DateTimeOffset? AppealableUntil = null);

/// <summary>A submitted score was wrong: questions were answered anew by its evaluator, or by somebody else.</summary>
/// <param name="DisputableUntil">The agent may dispute the corrected score before this instant.</param>
public sealed record EvaluationCorrected(
    string Reason, IReadOnlyList<GivenAnswer> Answers, EvaluationResult Result, string Formula, DateTimeOffset DisputableUntil, Guid By,
    DateTimeOffset At);

/// <summary>It counts no more, as if it had never been made: of another call, or by the wrong form.</summary>
public sealed record EvaluationVoided(string Reason, Guid By, DateTimeOffset At);

/// <summary>What people wrote in it was taken out of its events, since its time was over.</summary>
public sealed record EvaluationTextsDeleted(DateTimeOffset At);

public enum DisputeDecision { Uphold, Change }

public enum ReviewDecision { Submit, Return }

// ---- State: what the decisions look at, and what all views are made of.

public enum EvaluationStatus { NotStarted, Pending, Draft, Submitted, Acknowledged, Disputed, Resolved, Voided }

/// <summary>
/// The part of an evaluation that is stored for lists and figures. The rest of the state is folded onto it: each event says once
/// what it changes.
/// </summary>
public record EvaluationSummary
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>The call it is of; empty where it is of no single one.</summary>
    public Guid CallId { get; init; }

    /// <summary>Null for a standard one; the others count in no figure.</summary>
    public EvaluationKind? Kind { get; init; }

    /// <summary>What it is of; null for a call.</summary>
    public SubjectKind? SubjectKind { get; init; }

    /// <summary>Of what it is of; null where that is the call.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>All legs of a conversation; null where it is of no more than one.</summary>
    public IReadOnlyList<Guid>? Legs { get; init; }
    public Guid AgentId { get; init; }
    public Guid FormId { get; init; }

    /// <summary>The version of the form it is made with; 0 before an inspector has begun.</summary>
    public int FormVersion { get; init; }

    /// <summary>The sampling plan or design that drew it; null when somebody chose the call.</summary>
    public Guid? PlanId { get; init; }

    /// <summary>First day of the week or month it was drawn for; null when somebody chose the call.</summary>
    public DateOnly? SampledWeek { get; init; }

    /// <summary>The inspector who is to make it; null: whoever takes it.</summary>
    public Guid? AssignedTo { get; init; }

    /// <summary>The inspector who makes or made it; null while it waits.</summary>
    public Guid? EvaluatorId { get; init; }

    /// <summary>Inspectors who gave it back to the queue.</summary>
    public ImmutableArray<Guid> ReleasedBy { get; init; } = [];
    public EvaluationStatus Status { get; init; }

    /// <summary>First local day of the week of submission.</summary>
    public DateOnly? Week { get; init; }

    /// <summary>Percent, 0 to 100, one decimal; null before submission, and when nothing that counts was answered.</summary>
    public decimal? Score { get; init; }

    /// <summary>Null without a score.</summary>
    public bool? Passed { get; init; }

    /// <summary>Whether an answer failed the form or one of its sections.</summary>
    public bool AutoFailed { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When its evaluator was done with it, while it waits to be submitted; null otherwise.</summary>
    public DateTimeOffset? HeldAt { get; init; }

    /// <summary>When what is held is submitted by itself; null where it waits for a review.</summary>
    public DateTimeOffset? ReleaseAt { get; init; }

    /// <summary>Whether what people wrote in it was deleted, since its time was over, and nobody has written more.</summary>
    public bool TextsDeleted { get; init; }

    /// <summary>
    /// Whether it counts: in figures of agents, which are kept by its week, and for the other services. This is the one place that says so.
    /// </summary>
    [JsonIgnore]
    public bool Counts => Kind is null;

    public EvaluationSummary Evolve(object @event) => @event switch
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
            SampledWeek = e.Week,
            AssignedTo = e.AssignedTo,
            SubjectKind = e.Subject,
        },
        EvaluationAssigned e => this with { AssignedTo = e.AssignedTo },
        EvaluationStarted e => this with
        {
            Id = e.EvaluationId,
            Status = EvaluationStatus.Draft,
            ProjectId = e.ProjectId,
            CallId = e.CallId,
            AgentId = e.AgentId,
            FormId = e.FormId,
            FormVersion = e.FormVersion,
            EvaluatorId = e.EvaluatorId,
        },
        EvaluationOpened e => this with
        {
            Id = e.EvaluationId,
            Status = EvaluationStatus.Draft,
            ProjectId = e.ProjectId,
            Kind = e.Kind is EvaluationKind.Standard ? null : e.Kind,
            SubjectKind = e.Subject.Kind is Evaluations.SubjectKind.Call ? null : e.Subject.Kind,
            CallId = e.Subject.CallId ?? Guid.Empty,
            SubjectId = e.Subject.CallId is null ? e.Subject.Id : null,
            Legs = e.Subject.Kind is Evaluations.SubjectKind.Conversation ? e.Subject.Calls : null,
            AgentId = e.AgentId,
            FormId = e.FormId,
            FormVersion = e.FormVersion,
            EvaluatorId = e.EvaluatorId,
        },
        EvaluationReleased e => this with
        {
            Status = EvaluationStatus.Pending,
            AssignedTo = null,
            EvaluatorId = null,
            ReleasedBy = ReleasedBy.Add(e.By),
        },
        QuestionAnswered _ => this, // for the version
        AnswersProposed _ => this,
        RemarksWritten _ => this,
        ChatTextWritten _ => this,
        EvaluationSubmitted e => Scored(e.Result) with
        {
            Status = EvaluationStatus.Submitted, Week = Counts ? e.Week : null, SubmittedAt = e.At, HeldAt = null, ReleaseAt = null,
        },
        EvaluationHeld e => this with { HeldAt = e.At, ReleaseAt = e.ReleaseAt },
        EvaluationReviewed _ => this with { HeldAt = null, ReleaseAt = null },
        EvaluationAcknowledged _ => this with { Status = EvaluationStatus.Acknowledged, TextsDeleted = false },
        EvaluationDisputed _ => this with { Status = EvaluationStatus.Disputed, TextsDeleted = false },
        DisputeAppealed _ => this with { Status = EvaluationStatus.Disputed, TextsDeleted = false },
        DisputeEscalated _ => this, // for the version
        DisputeResolved e => Scored(e.Result) with { Status = EvaluationStatus.Resolved, TextsDeleted = false },
        EvaluationCorrected e => Scored(e.Result) with
        {
            Status = Status is EvaluationStatus.Resolved ? Status : EvaluationStatus.Submitted, TextsDeleted = false,
        },
        // No week has it any more.
        EvaluationVoided _ => this with
        {
            Status = EvaluationStatus.Voided, Week = null, Score = null, Passed = null, AutoFailed = false, TextsDeleted = false,
        },
        EvaluationTextsDeleted _ => this with { TextsDeleted = true },
        _ => this,
    };

    private EvaluationSummary Scored(EvaluationResult result) =>
        this with { Score = result.Score, Passed = result.Passed, AutoFailed = result.AutoFailed };
}

public sealed record Evaluation : EvaluationSummary
{
    /// <summary>What it is of; null for a call.</summary>
    public Subject? Subject { get; init; }
    public FormContent? Form { get; init; }
    public ImmutableSortedDictionary<string, GivenAnswer> Answers { get; init; } = ImmutableSortedDictionary<string, GivenAnswer>.Empty;

    /// <summary>What a machine had said, by question: answers that stand beside it were given by a person who had it before them.</summary>
    public ImmutableSortedDictionary<string, MachineProposal> Proposals { get; init; } =
        ImmutableSortedDictionary<string, MachineProposal>.Empty;
    public string? Feedback { get; init; }
    public string? PrivateNote { get; init; }
    public EvaluationResult? Result { get; init; }
    public string? Formula { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? DisputableUntil { get; init; }
    public HeldView? Held { get; init; }
    public DisputeView? Dispute { get; init; }

    /// <summary>The second instance.</summary>
    public DisputeView? Appeal { get; init; }
    public AcknowledgementView? Acknowledgement { get; init; }
    public ImmutableArray<CorrectionView> Corrections { get; init; } = [];
    public VoidingView? Voiding { get; init; }

    /// <summary>The last one.</summary>
    public ScoreReviewView? Review { get; init; }

    /// <summary>Whether its agent has acknowledged or disputed it, whatever was corrected since.</summary>
    public bool Answered { get; init; }

    /// <summary>What it comes to with these answers in place of those given.</summary>
    public EvaluationResult ScoredWith(IEnumerable<GivenAnswer> changes) => Form!.Score(Said(changes));

    /// <summary>All answers, with these in place of those given.</summary>
    public IReadOnlyDictionary<string, Answer> Said(IEnumerable<GivenAnswer> changes) =>
        Answers.SetItems(changes.Select(c => KeyValuePair.Create(c.Question, c))).ToDictionary(a => a.Key, a => a.Value.Answer);

    public new Evaluation Evolve(object @event) => @event switch
    {
        EvaluationPlanned e => After(e) with { Subject = e.Subject is { } kind ? new(kind, e.CallId, [e.CallId]) : null },
        EvaluationAssigned _ => After(@event),
        EvaluationStarted e => After(e) with { Form = e.Form, StartedAt = e.StartedAt },
        EvaluationOpened e => After(e) with { Form = e.Form, StartedAt = e.StartedAt, Subject = e.Subject },
        EvaluationReleased e => After(e) with
        {
            Form = null,
            StartedAt = null,
            Answers = Answers.Clear(),
            Proposals = Proposals.Clear(),
            Feedback = null,
            PrivateNote = null,
        },
        QuestionAnswered e => After(e) with { Answers = Answers.SetItem(e.Question, e.Given) },
        AnswersProposed e => After(e) with
        {
            Proposals = Proposals.SetItems(e.Answers.Select(said => KeyValuePair.Create(said.Question,
                new MachineProposal(e.MachineAnswersId, e.Model, e.ModelVersion, said.Answer, said.Confidence, said.Evidence)))),
        },
        ChatTextWritten e => After(e) with { Subject = Subject! with { Text = e.Text } },
        RemarksWritten e => After(e) with { Feedback = e.Feedback, PrivateNote = e.PrivateNote },
        EvaluationHeld e => After(e) with { Held = new(e.Result, e.Formula, e.At, e.ReleaseAt) },
        EvaluationReviewed e => After(e) with { Held = null, Review = new(e.Decision, e.Reason, e.By, e.At) },
        EvaluationSubmitted e => After(e) with
        {
            Result = e.Result, Formula = e.Formula, DisputableUntil = e.DisputableUntil, Held = null,
        },
        EvaluationAcknowledged e => After(e) with { Acknowledgement = new(e.Comment, e.At), Answered = true },
        EvaluationDisputed e => After(e) with
        {
            Answered = true,
            Dispute = new(e.Reason, e.At, Result!.Score, DecideBy: e.DecideBy, MachineProposed: MachineProposed),
        },
        DisputeAppealed e => After(e) with
        {
            Appeal = new(e.Reason, e.At, Result!.Score, DecideBy: e.DecideBy, MachineProposed: MachineProposed),
        },
        DisputeEscalated e => After(e).AtInstance(open => open with { EscalatedAt = e.At, DecideBy = e.DecideBy }),
        DisputeResolved e => (After(e) with
        {
            Answers = Answers.SetItems(e.Answers.Select(a => KeyValuePair.Create(a.Question, a))),
            Result = e.Result,
            Formula = e.Formula,
        }).AtInstance(open => open with
        {
            Decision = e.Decision, DecisionReason = e.Reason, DecidedBy = e.By, DecidedAt = e.At, AppealableUntil = e.AppealableUntil,
        }),
        EvaluationCorrected e => After(e) with
        {
            Answers = Answers.SetItems(e.Answers.Select(a => KeyValuePair.Create(a.Question, a))),
            Result = e.Result,
            Formula = e.Formula,
            DisputableUntil = e.DisputableUntil,
            Acknowledgement = null,
            Corrections = Corrections.Add(new(e.Reason, Result!.Score, e.Result.Score, e.By, e.At)),
        },
        EvaluationVoided e => After(e) with { Result = null, Voiding = new(e.Reason, Result!.Score, e.By, e.At) },
        EvaluationTextsDeleted _ => After(@event),
        _ => this,
    };

    // Of what is contested: answered by a person who had the machine's answer before them.
    private IReadOnlyList<string>? MachineProposed =>
        Proposals.Keys.Where(Answers.ContainsKey).ToList() is { Count: > 0 } questions ? questions : null;

    /// <summary>What is contested and not decided.</summary>
    public DisputeView? OpenDispute => Status is EvaluationStatus.Disputed ? Appeal ?? Dispute : null;

    // The second instance, where there is one.
    private Evaluation AtInstance(Func<DisputeView, DisputeView> happens) => Appeal is { } appeal
        ? this with { Appeal = happens(appeal) } : this with { Dispute = happens(Dispute!) };

    private Evaluation After(object @event) => (Evaluation)base.Evolve(@event);
}
