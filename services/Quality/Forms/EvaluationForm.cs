using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record FormDrafted(Guid FormId, Guid ProjectId, FormContent Content, Guid By, DateTimeOffset At);

public sealed record FormRedrafted(FormContent Content, Guid By, DateTimeOffset At);

public sealed record FormActivated(Guid FormId, Guid ProjectId, int FormVersion, FormContent Content, Guid By, DateTimeOffset At);

public sealed record FormRetired(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record DraftForm(Guid FormId, Guid ProjectId, FormContent Content, Guid By, DateTimeOffset Now);

public sealed record RedraftForm(FormContent Content, Guid By, DateTimeOffset Now);

public sealed record ActivateForm(Guid By, DateTimeOffset Now);

/// <param name="UsedBy">The sampling plans that would be left without a form; empty where they are to wait for another.</param>
public sealed record RetireForm(IReadOnlyList<PlanInUse> UsedBy, Guid By, DateTimeOffset Now);

public sealed record PlanInUse(Guid Id, string Name);

// ---- State

/// <summary>A form over its life: one id, one draft at a time, and versions that never change once activated.</summary>
public sealed record EvaluationForm
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
        _ => this,
    };
}

// ---- Decisions

public static class EvaluationFormDecider
{
    public static object[] Decide(DraftForm command, EvaluationForm state) => state.Id != Guid.Empty
        ? []
        : [new FormDrafted(command.FormId, command.ProjectId, command.Content, command.By, command.Now)];

    public static object[] Decide(RedraftForm command, EvaluationForm state)
    {
        EnsureInUse(state);
        EnsureKindsKept(command.Content, state);

        return [new FormRedrafted(command.Content, command.By, command.Now)];
    }

    public static object[] Decide(ActivateForm command, EvaluationForm state)
    {
        EnsureInUse(state);

        if (state.Draft is not { } draft)
            throw new RefusedException("no-draft", "There is no draft to activate; the active version never changes.");

        if (state.ActiveVersion == EvaluationForm.MaxVersions)
            throw new RefusedException("too-many-versions", $"A form has at most {EvaluationForm.MaxVersions} versions; start a new form.");

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
