using System.Collections.Immutable;
using CallCenter.Quality.Forms;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>One evaluation as its screen shows it, with the form it is made with.</summary>
public sealed record EvaluationDetails
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public EvaluationStatus Status { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>The call it is of; empty where it is of no single one.</summary>
    public Guid CallId { get; init; }

    /// <summary>Why it is made; only a standard one counts.</summary>
    public EvaluationKind Kind { get; init; }

    /// <summary>What it is of; null for a call.</summary>
    public Subject? Subject { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>The sampling plan or design that drew it; null when somebody chose the call.</summary>
    public Guid? PlanId { get; init; }

    /// <summary>First day of the week or month it was drawn for; null when somebody chose the call.</summary>
    public DateOnly? SampledWeek { get; init; }

    /// <summary>The inspector who is to make it; null: whoever takes it.</summary>
    public Guid? AssignedTo { get; init; }

    /// <summary>The inspector who makes or made it; null while it waits.</summary>
    public Guid? EvaluatorId { get; init; }
    public Guid FormId { get; init; }

    /// <summary>The version of the form it is made with; 0 before an inspector has begun.</summary>
    public int FormVersion { get; init; }

    /// <summary>The form as it was when the inspector began; null before.</summary>
    public FormContent? Form { get; init; }

    /// <summary>What the form says, in the caller's language; null before.</summary>
    public FormLabels? Labels { get; init; }

    /// <summary>By code of the question.</summary>
    public ImmutableSortedDictionary<string, GivenAnswer> Answers { get; init; } = ImmutableSortedDictionary<string, GivenAnswer>.Empty;

    /// <summary>Answers that a machine proposed, by code of the question, and what the inspector made of each; null where there are none.
    /// </summary>
    public IReadOnlyDictionary<string, MachineProposalView>? MachineProposals { get; init; }

    /// <summary>For the agent; null while there is none.</summary>
    public string? Feedback { get; init; }

    /// <summary>The inspector's own; null for the evaluated agent.</summary>
    public string? PrivateNote { get; init; }

    /// <summary>Null before submission.</summary>
    public EvaluationResult? Result { get; init; }

    /// <summary>Id and version of the formula the result was computed by.</summary>
    public string? Formula { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>The first instant at which the agent can no longer dispute it; null before submission.</summary>
    public DateTimeOffset? DisputableUntil { get; init; }

    /// <summary>What waits to be submitted; null where nothing does.</summary>
    public HeldView? Held { get; init; }

    /// <summary>What was made of it the last time that it was held; null where nobody has looked at it, and for its agent.</summary>
    public ScoreReviewView? Review { get; init; }

    /// <summary>Null where there was none.</summary>
    public DisputeView? Dispute { get; init; }

    /// <summary>What was said and decided at the second instance; null where none was asked.</summary>
    public DisputeView? Appeal { get; init; }

    /// <summary>Null until the agent has read it, and again once it was corrected.</summary>
    public AcknowledgementView? Acknowledgement { get; init; }

    /// <summary>What was corrected after the submission, in order of time.</summary>
    public ImmutableArray<CorrectionView> Corrections { get; init; } = [];

    /// <summary>Null where it counts.</summary>
    public VoidingView? Voiding { get; init; }

    internal static EvaluationDetails Of(Evaluation evaluation, Caller caller, Language language) => new()
    {
        Id = evaluation.Id,
        Version = evaluation.Version,
        Status = evaluation.Status,
        ProjectId = evaluation.ProjectId,
        CallId = evaluation.CallId,
        Kind = evaluation.Kind ?? EvaluationKind.Standard,
        Subject = evaluation.Subject,
        AgentId = evaluation.AgentId,
        PlanId = evaluation.PlanId,
        SampledWeek = evaluation.SampledWeek,
        AssignedTo = evaluation.AssignedTo,
        EvaluatorId = evaluation.EvaluatorId,
        FormId = evaluation.FormId,
        FormVersion = evaluation.Form is null ? 0 : evaluation.FormVersion,
        Form = evaluation.Form,
        Labels = FormLabels.Of(evaluation.Form, language),
        Answers = evaluation.Answers,
        MachineProposals = MachineProposalView.Of(evaluation),
        Feedback = evaluation.Feedback,
        PrivateNote = caller.Id != evaluation.EvaluatorId && (caller.Id == evaluation.AgentId || caller.SeesOnlyOwn)
            ? null : evaluation.PrivateNote,
        Result = evaluation.Result,
        Formula = evaluation.Formula,
        StartedAt = evaluation.StartedAt,
        SubmittedAt = evaluation.SubmittedAt,
        DisputableUntil = evaluation.DisputableUntil,
        Held = evaluation.Held,
        Review = caller.Id == evaluation.AgentId || caller.SeesOnlyOwn ? null : evaluation.Review,
        Dispute = evaluation.Dispute,
        Appeal = evaluation.Appeal,
        Acknowledgement = evaluation.Acknowledgement,
        Corrections = evaluation.Corrections,
        Voiding = evaluation.Voiding,
    };
}

/// <param name="Reason">What the agent holds to be wrong.</param>
/// <param name="ScoreBefore">The score that was disputed.</param>
/// <param name="Decision">Null while the dispute is open.</param>
/// <param name="DecisionReason">Why it was decided so.</param>
/// <param name="DecidedBy">Empty where the time was over.</param>
/// <param name="DecideBy">It is decided before this instant; null where nothing was said of it.</param>
/// <param name="EscalatedAt">Since when who stands above decides; null where it has not come to that.</param>
/// <param name="AppealableUntil">The agent may ask a second instance before this instant; null where there is none.</param>
/// <param name="MachineProposed">Codes of questions whose answers a machine had proposed; null where none had been.</param>
public sealed record DisputeView(
    string Reason, DateTimeOffset DisputedAt, decimal? ScoreBefore,
    DisputeDecision? Decision = null, string? DecisionReason = null, Guid? DecidedBy = null, DateTimeOffset? DecidedAt = null,
    DateTimeOffset? DecideBy = null, DateTimeOffset? EscalatedAt = null, DateTimeOffset? AppealableUntil = null,
    IReadOnlyList<string>? MachineProposed = null);

/// <summary>What a machine had said to a question.</summary>
/// <param name="MachineAnswersId">All that it had said.</param>
/// <param name="Model">What said it.</param>
/// <param name="ModelVersion">Of the model.</param>
/// <param name="Answer">As the machine gave it.</param>
/// <param name="Confidence">How sure it said it was, 0 to 1; null where it said nothing of that.</param>
/// <param name="Evidence">Where it found it; null where it named no place.</param>
public sealed record MachineProposal(
    Guid MachineAnswersId, string Model, string ModelVersion, Answer Answer, double? Confidence, IReadOnlyList<EvidencePlace>? Evidence);

/// <summary>What became of what a machine proposed.</summary>
public enum ProposalOutcome
{
    /// <summary>Nobody has answered the question: the proposal counts nowhere.</summary>
    Open,

    /// <summary>A person gave the same answer.</summary>
    Confirmed,

    /// <summary>A person gave another.</summary>
    Changed,
}

/// <param name="Proposal">What the machine had said.</param>
/// <param name="Outcome">What a person made of it, by the answer that stands now.</param>
public sealed record MachineProposalView(MachineProposal Proposal, ProposalOutcome Outcome)
{
    internal static IReadOnlyDictionary<string, MachineProposalView>? Of(Evaluation evaluation) => evaluation.Proposals.IsEmpty ? null
        : evaluation.Proposals.ToImmutableSortedDictionary(said => said.Key, said => new MachineProposalView(said.Value,
            !evaluation.Answers.TryGetValue(said.Key, out var given) ? ProposalOutcome.Open
            : given.Answer == said.Value.Answer ? ProposalOutcome.Confirmed : ProposalOutcome.Changed));
}

/// <param name="Result">As its evaluator left it.</param>
/// <param name="Formula">Id and version of the formula it was computed by.</param>
/// <param name="ReleaseAt">When it is submitted by itself; null where it waits for a review.</param>
public sealed record HeldView(EvaluationResult Result, string Formula, DateTimeOffset HeldAt, DateTimeOffset? ReleaseAt);

/// <param name="Decision">Whether it was submitted, or given back to its evaluator.</param>
/// <param name="Reason">Why.</param>
public sealed record ScoreReviewView(ReviewDecision Decision, string Reason, Guid ReviewedBy, DateTimeOffset ReviewedAt);

/// <param name="Reason">What was wrong.</param>
/// <param name="ScoreBefore">The score until then; null where every question was N/A.</param>
/// <param name="ScoreAfter">The score from then on, likewise.</param>
public sealed record CorrectionView(string Reason, decimal? ScoreBefore, decimal? ScoreAfter, Guid CorrectedBy, DateTimeOffset CorrectedAt);

/// <param name="Reason">Why it counts no more.</param>
/// <param name="ScoreBefore">The score that it had.</param>
public sealed record VoidingView(string Reason, decimal? ScoreBefore, Guid VoidedBy, DateTimeOffset VoidedAt);

/// <param name="Comment">What the agent says to it; null for nothing.</param>
public sealed record AcknowledgementView(string? Comment, DateTimeOffset AcknowledgedAt);

internal static class EvaluationDetailsEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvaluationDetails()
        {
            var evaluation = routes.MapGroup("/evaluations/{id:guid}").WithTags("Evaluations");

            evaluation.MapGet("/", Get).Describe("An evaluation with its form, answers and result", problems: [BlindSeconds.Code]);
            evaluation.MapHistory("/", Seen);
        }
    }

    public static async Task<EvaluationDetails> Details(
        this IDocumentSession session, Guid id, Caller caller, Language language, CancellationToken cancellation) =>
        EvaluationDetails.Of(await Seen(id, caller, session, cancellation), caller, language);

    private static async Task<Evaluation> Seen(Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var seen = caller.MustSee(await session.Events.AggregateStreamAsync<Evaluation>(id, token: cancellation));
        await session.MustNotBeBlind(seen, caller, cancellation);

        return seen;
    }

    private static async Task<Versioned<EvaluationDetails>> Get(
        Guid id, Caller caller, Language language, IDocumentSession session, CancellationToken cancellation)
    {
        var found = await session.Details(id, caller, language, cancellation);

        return new(found, found.Version, language: language);
    }
}
