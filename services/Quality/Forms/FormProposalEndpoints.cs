using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Forms.EvaluationFormDecider;

namespace CallCenter.Quality.Forms;

/// <summary>Changes that one person proposes and another decides about.</summary>
internal static class FormProposalEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapFormProposals()
        {
            var proposals = routes.MapGroup("/evaluation-forms/{id:guid}/proposals")
                .WithTag("Form proposals", "What inspectors want to be asked otherwise, and what somebody else says to it.");

            proposals.MapPost("/", Propose).Describe(
                "Propose the next version of a form, with a reason", new ProposalRequest(FormExample.Content, "Interruptions weigh too little."),
                ["form-retired", "question-changed-kind", "too-many-proposals", "weights-not-100", "duplicate-code", "kind-mismatch"]);
            proposals.MapGet("/", List).Describe("What was proposed for a form, the newest first");
            proposals.MapGet("/{proposal:guid}", Get).Describe("A proposal, line by line beside the active version");
            proposals.MapPost("/{proposal:guid}/approval", Approve).Describe(
                "Make a proposal the draft, to be activated: by anybody but whoever proposed it", new ApprovalRequest("Agreed."),
                [.. Refusals, "proposal-outdated"]);
            proposals.MapPost("/{proposal:guid}/refusal", Refuse).Describe(
                "Refuse a proposal, with a reason: by anybody but whoever proposed it", new RefusalRequest("Already in the next section."), Refusals);
        }
    }

    private static readonly string[] Refusals = ["form-retired", "proposer-involved", "proposal-decided"];

    /// <param name="Content">The whole form as it should be.</param>
    /// <param name="Reason">Why it should.</param>
    public sealed record ProposalRequest(
        FormContent Content, [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Reason);

    /// <param name="Reason">What is said to it; nothing when left out.</param>
    public sealed record ApprovalRequest([property: FreeText] [MaxLength(2000)] string? Reason = null);

    /// <param name="Reason">Why it should not be so.</param>
    public sealed record RefusalRequest([property: FreeText] [Required, VisibleText, MaxLength(2000)] string Reason);

    /// <param name="Version">Of the form: what a decision is made on.</param>
    /// <param name="BasedOn">The active version that it changes; 0 where there was none.</param>
    /// <param name="Reason">Why it should be so.</param>
    /// <param name="Status">Whether somebody has decided about it.</param>
    /// <param name="DecisionReason">Why it was decided so; null while it is open, and where nothing was said.</param>
    /// <param name="Content">The whole form as it would be.</param>
    /// <param name="Differences">What differs from the active version; of a form without one all is new.</param>
    public sealed record ProposalView(
        Guid Id, Guid FormId, long Version, int BasedOn, string Reason, Guid ProposedBy, DateTimeOffset ProposedAt, ProposalStatus Status,
        string? DecisionReason, Guid? DecidedBy, DateTimeOffset? DecidedAt, FormContent Content, IReadOnlyList<FormDifference> Differences);

    /// <param name="BasedOn">The active version that it changes; 0 where there was none.</param>
    /// <param name="Reason">Why it should be so.</param>
    /// <param name="Status">Whether somebody has decided about it.</param>
    public sealed record ProposalListed(
        Guid Id, int BasedOn, string Reason, Guid ProposedBy, DateTimeOffset ProposedAt, ProposalStatus Status);

    private static async Task<WriteResult> Propose(
        Guid id, ProposalRequest request, NewId proposal, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        FormRules.Check(request.Content);
        var command = new ProposeChange(proposal.Value, request.Content, request.Reason, caller.Id, caller.Now);

        return new(await session.Decide<FormLife>(id, state => Decide(command, caller.MustSee(state)), cancellation),
            $"/evaluation-forms/{id}/proposals/{proposal.Value}");
    }

    private static async Task<IReadOnlyList<ProposalListed>> List(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var form = await EvaluationFormEndpoints.Seen(id, caller, session, cancellation);
        return
        [
            .. form.Proposals.Reverse()
                .Select(of => new ProposalListed(of.Id, of.BasedOn, of.Reason, of.ProposedBy, of.ProposedAt, of.Status)),
        ];
    }

    private static async Task<Versioned<ProposalView>> Get(
        Guid id, [Description("Which of the proposals")] Guid proposal, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var form = await EvaluationFormEndpoints.Seen(id, caller, session, cancellation);
        var of = form.Proposal(proposal) ?? throw new StreamNotFoundException(proposal);

        return new(new(of.Id, id, form.Version, of.BasedOn, of.Reason, of.ProposedBy, of.ProposedAt, of.Status, of.DecisionReason,
            of.DecidedBy, of.DecidedAt, of.Content, FormDifference.Of(form.Active, of.Content)), form.Version);
    }

    private static async Task<WriteResult> Approve(
        Guid id, [Description("Which of the proposals")] Guid proposal, ApprovalRequest request, ExpectedVersion expected, Caller caller,
        IDocumentSession session, CancellationToken cancellation)
    {
        var command = new ApproveChange(proposal, request.Reason, caller.Id, caller.Now);

        return new(await session.Decide<FormLife>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<WriteResult> Refuse(
        Guid id, [Description("Which of the proposals")] Guid proposal, RefusalRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new RefuseChange(proposal, request.Reason, caller.Id, caller.Now);

        return new(await session.Decide<FormLife>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }
}
