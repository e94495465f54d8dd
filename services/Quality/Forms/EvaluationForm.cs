using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record FormDrafted(Guid FormId, Guid ProjectId, FormContent Content, Guid By, DateTimeOffset At);

/// <param name="Proposal">The change that somebody else proposed and this person approved; null where it was written by hand.</param>
public sealed record FormRedrafted(FormContent Content, Guid By, DateTimeOffset At, Guid? Proposal = null);

public sealed record FormActivated(Guid FormId, Guid ProjectId, int FormVersion, FormContent Content, Guid By, DateTimeOffset At);

public sealed record FormRetired(Guid By, DateTimeOffset At);

/// <param name="BasedOn">The active version that whoever proposed had before them; 0 where there was none.</param>
public sealed record FormChangeProposed(
    Guid ProposalId, FormContent Content, int BasedOn, string Reason, Guid By, DateTimeOffset At);

public sealed record FormChangeApproved(Guid ProposalId, string? Reason, Guid By, DateTimeOffset At);

public sealed record FormChangeRefused(Guid ProposalId, string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record DraftForm(Guid FormId, Guid ProjectId, FormContent Content, Guid By, DateTimeOffset Now);

public sealed record RedraftForm(FormContent Content, Guid By, DateTimeOffset Now);

public sealed record ActivateForm(Guid By, DateTimeOffset Now);

/// <param name="UsedBy">The sampling plans that would be left without a form; empty where they are to wait for another.</param>
public sealed record RetireForm(IReadOnlyList<PlanInUse> UsedBy, Guid By, DateTimeOffset Now);

public sealed record PlanInUse(Guid Id, string Name);

public sealed record ProposeChange(Guid ProposalId, FormContent Content, string Reason, Guid By, DateTimeOffset Now);

public sealed record ApproveChange(Guid ProposalId, string? Reason, Guid By, DateTimeOffset Now);

public sealed record RefuseChange(Guid ProposalId, string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>
/// A form over its life: one id, one draft at a time, and versions that never change once activated. This much is stored for lists; the
/// rest of the state is folded onto it.
/// </summary>
public record EvaluationForm
{
    public const int MaxVersions = 50;

    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public FormContent? Draft { get; init; }
    public FormContent? Active { get; init; }

    /// <summary>The version new evaluations are made with; 0 while none was activated.</summary>
    public int ActiveVersion { get; init; }
    public bool Retired { get; init; }

    /// <summary>The kind of every question any version ever had.</summary>
    public ImmutableDictionary<string, string> Kinds { get; init; } = ImmutableDictionary<string, string>.Empty;

    [JsonIgnore]
    public string Status => Retired ? "retired" : ActiveVersion is 0 ? "draft" : "active";

    public EvaluationForm Evolve(object @event) => @event switch
    {
        FormDrafted e => this with { Id = e.FormId, ProjectId = e.ProjectId, Draft = e.Content },
        FormRedrafted e => this with { Draft = e.Content },
        FormActivated e => this with
        {
            Draft = null,
            Active = e.Content,
            ActiveVersion = e.FormVersion,
            Kinds = Kinds.SetItems(e.Content.Questions.Select(q => KeyValuePair.Create(q.Code, q.Kind))),
        },
        FormRetired _ => this with { Retired = true },
        FormChangeProposed _ => this, // for the version
        FormChangeApproved _ => this,
        FormChangeRefused _ => this,
        _ => this,
    };
}

/// <summary>The form with what was proposed for it. It is made from its events, of which a form has few.</summary>
public sealed record FormLife : EvaluationForm
{
    /// <summary>In the order in which they came.</summary>
    public ImmutableArray<ProposedChange> Proposals { get; init; } = [];

    /// <summary>The approved change that the draft is; null where it was written by hand.</summary>
    public Guid? DraftOf { get; init; }

    public ProposedChange? Proposal(Guid id) => Proposals.FirstOrDefault(proposal => proposal.Id == id);

    public new FormLife Evolve(object @event) => @event switch
    {
        FormDrafted _ => After(@event),
        FormRedrafted e => After(e) with { DraftOf = e.Proposal },
        FormActivated _ => After(@event) with { DraftOf = null },
        FormRetired _ => After(@event),
        FormChangeProposed e => After(e) with
        {
            Proposals = Proposals.Add(new(e.ProposalId, e.Content, e.BasedOn, e.Reason, e.By, e.At)),
        },
        FormChangeApproved e => After(e) with { Proposals = Decided(e.ProposalId, ProposalStatus.Approved, e.Reason, e.By, e.At) },
        FormChangeRefused e => After(e) with { Proposals = Decided(e.ProposalId, ProposalStatus.Refused, e.Reason, e.By, e.At) },
        _ => this,
    };

    private FormLife After(object @event) => (FormLife)base.Evolve(@event);

    private ImmutableArray<ProposedChange> Decided(Guid id, ProposalStatus status, string? reason, Guid by, DateTimeOffset at) =>
    [
        .. Proposals.Select(proposal => proposal.Id != id ? proposal
            : proposal with { Status = status, DecisionReason = reason, DecidedBy = by, DecidedAt = at }),
    ];
}

public enum ProposalStatus { Open, Approved, Refused }

/// <summary>The next version as somebody wants it.</summary>
/// <param name="Content">The whole form as it would be.</param>
/// <param name="BasedOn">The active version that it changes; 0 where there was none.</param>
/// <param name="Reason">Why it should be so.</param>
/// <param name="Status">Whether somebody has decided about it.</param>
/// <param name="DecisionReason">Why it was decided so; null while it is open, and where nothing was said.</param>
public sealed record ProposedChange(
    Guid Id, FormContent Content, int BasedOn, string Reason, Guid ProposedBy, DateTimeOffset ProposedAt,
    ProposalStatus Status = ProposalStatus.Open, string? DecisionReason = null, Guid? DecidedBy = null, DateTimeOffset? DecidedAt = null);

// ---- Decisions

public static class EvaluationFormDecider
{
    private const int MostOpen = 20;

    public static object[] Decide(DraftForm command, EvaluationForm state) => state.Id != Guid.Empty
        ? []
        : [new FormDrafted(command.FormId, command.ProjectId, command.Content, command.By, command.Now)];

    public static object[] Decide(RedraftForm command, EvaluationForm state)
    {
        EnsureInUse(state);
        EnsureKindsKept(command.Content, state);

        return [new FormRedrafted(command.Content, command.By, command.Now)];
    }

    public static object[] Decide(ActivateForm command, FormLife state)
    {
        EnsureInUse(state);

        if (state.Draft is not { } draft)
            throw new RefusedException("no-draft", "There is no draft to activate; the active version never changes.");

        if (state.ActiveVersion == EvaluationForm.MaxVersions)
            throw new RefusedException("too-many-versions", $"A form has at most {EvaluationForm.MaxVersions} versions; start a new form.");

        if ((state.Active is { NeedsApproval: true } || draft.NeedsApproval) && state.DraftOf is null)
            throw new RefusedException("approval-missing",
                "The form wants a change to be proposed by one person and approved by another before it is activated.");

        return [new FormActivated(state.Id, state.ProjectId, state.ActiveVersion + 1, draft, command.By, command.Now)];
    }

    public static object[] Decide(RetireForm command, EvaluationForm state) => (state, command.UsedBy) switch
    {
        ({ Retired: true }, _) => [],
        (_, []) => [new FormRetired(command.By, command.Now)],
        (_, var plans) => throw new RefusedException("form-in-use",
            $"Calls are drawn for this form by {string.Join(", ", plans.Select(plan => $"'{plan.Name}' ({plan.Id})"))}. Give these plans " +
            "another form or end them first; with force=true they wait until they have another.", $"/sampling-plans/{plans[0].Id}"),
    };

    public static object[] Decide(ProposeChange command, FormLife state)
    {
        if (state.Proposal(command.ProposalId) is not null)
            return [];

        EnsureInUse(state);
        EnsureKindsKept(command.Content, state);
        if (state.Proposals.Count(proposal => proposal.Status is ProposalStatus.Open) >= MostOpen)
            throw new RefusedException("too-many-proposals", $"{MostOpen} changes are proposed and not decided; decide about some of them first.");

        return
        [
            new FormChangeProposed(command.ProposalId, command.Content, state.ActiveVersion, command.Reason, command.By, command.Now),
        ];
    }

    public static object[] Decide(ApproveChange command, FormLife state)
    {
        var proposal = Open(command.ProposalId, command.By, state);
        if (proposal.BasedOn != state.ActiveVersion)
            throw new RefusedException("proposal-outdated",
                $"It changes version {proposal.BasedOn}, and version {state.ActiveVersion} is active by now; propose it anew.");

        return
        [
            new FormChangeApproved(command.ProposalId, command.Reason, command.By, command.Now),
            new FormRedrafted(proposal.Content, command.By, command.Now, command.ProposalId),
        ];
    }

    public static object[] Decide(RefuseChange command, FormLife state)
    {
        Open(command.ProposalId, command.By, state);

        return [new FormChangeRefused(command.ProposalId, command.Reason, command.By, command.Now)];
    }

    private static ProposedChange Open(Guid id, Guid by, FormLife state)
    {
        EnsureInUse(state);
        var proposal = state.Proposal(id) ?? throw new StreamNotFoundException(id);
        // Two pairs of eyes: whoever wants a change does not let it pass.
        if (proposal.ProposedBy == by)
            throw new RefusedException("proposer-involved", "A change is decided by someone other than whoever proposed it.");
        if (proposal.Status is not ProposalStatus.Open)
            throw new RefusedException("proposal-decided", "Somebody has decided about it.");

        return proposal;
    }

    /// <summary>The version new evaluations are made with.</summary>
    public static (int Version, FormContent Content) InForce(this EvaluationForm? state) => state switch
    {
        { Retired: false, Active: { } content } => (state.ActiveVersion, content),
        _ => throw new RefusedException("form-not-active", "Evaluations are made with an active form."),
    };

    private static void EnsureInUse(EvaluationForm state)
    {
        if (state.Retired)
            throw new RefusedException("form-retired", "The form was retired.");
    }

    // Results are compared over versions by code, so a code may not come to mean something else.
    private static void EnsureKindsKept(FormContent content, EvaluationForm state)
    {
        if (content.Questions.FirstOrDefault(q => state.Kinds.TryGetValue(q.Code, out var kind) && kind != q.Kind) is { } changed)
            throw new RefusedException("question-changed-kind",
                $"'{changed.Code}' is of another kind in an earlier version; give the new question a new code.");
    }
}
