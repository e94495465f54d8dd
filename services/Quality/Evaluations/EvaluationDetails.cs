using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>One evaluation as its screen shows it, with the form it is made with.</summary>
public sealed record EvaluationDetails : IOfEvaluation
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public EvaluationStatus Status { get; init; }
    public Guid ProjectId { get; init; }
    public Guid CallId { get; init; }
    public Guid AgentId { get; init; }
    public Guid? PlanId { get; init; }
    public DateOnly? SampledWeek { get; init; }
    public Guid? AssignedTo { get; init; }
    public Guid? EvaluatorId { get; init; }
    public Guid FormId { get; init; }
    public int FormVersion { get; init; }
    public FormContent? Form { get; init; }
    public ImmutableSortedDictionary<string, GivenAnswer> Answers { get; init; } = ImmutableSortedDictionary<string, GivenAnswer>.Empty;
    public string? Feedback { get; init; }

    /// <summary>The inspector's own; null for the evaluated agent.</summary>
    public string? PrivateNote { get; init; }
    public EvaluationResult? Result { get; init; }

    /// <summary>Id and version of the formula the result was computed by.</summary>
    public string? Formula { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    public DateTimeOffset? DisputableUntil { get; init; }
    public DisputeView? Dispute { get; init; }
    public AcknowledgementView? Acknowledgement { get; init; }

    public EvaluationDetails Evolve(object @event) => @event switch
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
            EvaluatorId = null,
            Form = null,
            FormVersion = 0,
            StartedAt = null,
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
            Formula = e.Formula,
            SubmittedAt = e.At,
            DisputableUntil = e.DisputableUntil,
        },
        EvaluationAcknowledged e => this with { Status = EvaluationStatus.Acknowledged, Acknowledgement = new(e.Comment, e.At) },
        EvaluationDisputed e => this with { Status = EvaluationStatus.Disputed, Dispute = new(e.Reason, e.At, Result!.Score) },
        DisputeResolved e => this with
        {
            Status = EvaluationStatus.Resolved,
            Answers = Answers.SetItems(e.Answers.Select(a => KeyValuePair.Create(a.Question, a))),
            Result = e.Result,
            Formula = e.Formula,
            Dispute = Dispute! with { Decision = e.Decision, DecisionReason = e.Reason, DecidedBy = e.By, DecidedAt = e.At },
        },
        _ => this,
    };

    /// <summary>What this reader may see of it.</summary>
    internal EvaluationDetails For(Caller caller) => caller.Id == AgentId || caller.SeesOnlyOwn ? this with { PrivateNote = null } : this;
}

/// <param name="ScoreBefore">The score that was disputed.</param>
/// <param name="Decision">Null while the dispute is open.</param>
public sealed record DisputeView(
    string Reason, DateTimeOffset DisputedAt, decimal? ScoreBefore,
    DisputeDecision? Decision = null, string? DecisionReason = null, Guid? DecidedBy = null, DateTimeOffset? DecidedAt = null);

public sealed record AcknowledgementView(string? Comment, DateTimeOffset AcknowledgedAt);

internal static class EvaluationDetailsEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvaluationDetails()
        {
            var evaluation = routes.MapGroup("/evaluations/{id:guid}").WithTags("Evaluations");

            evaluation.MapGet("/", Get).Describe("An evaluation with its form, answers and result");
            evaluation.MapHistory("/", Get);
        }
    }

    public static Task<EvaluationDetails?> Details(this IDocumentSession session, Guid id, CancellationToken cancellation) =>
        session.Events.AggregateStreamAsync<EvaluationDetails>(id, token: cancellation);

    private static async Task<Versioned<EvaluationDetails>> Get(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var found = caller.Seeing(await session.Details(id, cancellation));

        return new(found.For(caller), found.Version);
    }
}
