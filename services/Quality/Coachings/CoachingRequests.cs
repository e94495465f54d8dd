using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Quality.Coachings;

/// <param name="Kind">finding: an evaluation; figure: a KPI; complaint: of a customer.</param>
/// <param name="EvaluationId">The evaluation, of a finding.</param>
/// <param name="Reference">Code of the KPI, of a figure; the number of the complaint, of a complaint.</param>
public sealed record CauseRequest(
    CauseKind Kind, Guid? EvaluationId = null, [property: FreeText] [VisibleText, MaxLength(100), Line] string? Reference = null)
{
    internal CoachingCause ToCause() => (Kind, EvaluationId, Reference) switch
    {
        (CauseKind.Finding, null, _) => throw Unfit("/cause/evaluationId", "A finding names its evaluation."),
        (CauseKind.Finding, _, not null) => throw Unfit("/cause/reference", "A finding has its evaluation, and no reference."),
        (CauseKind.Figure or CauseKind.Complaint, not null, _) => throw Unfit("/cause/evaluationId", "Only a finding has an evaluation."),
        (CauseKind.Figure, _, null) => throw Unfit("/cause/reference", "A figure names its KPI."),
        (CauseKind.Complaint, _, null) => throw Unfit("/cause/reference", "A complaint has its number."),
        (CauseKind.Figure, _, { } kpi) when Contracts.Reporting.KnownKpi.Find(kpi) is null =>
            throw new InvalidException("/cause/reference", "unknown-kpi", $"There is no KPI '{Text.Shown(kpi)}'."),
        _ => new(Kind, EvaluationId, Reference is null ? null : Text.Bare(Reference)),
    };

    private static InvalidException Unfit(string pointer, string message) => new(pointer, "cause-does-not-fit", message);
}

/// <param name="RecordingId">SHA-256 in hex, as `/recordings` gives it.</param>
/// <param name="FromSeconds">Where it begins.</param>
/// <param name="ToSeconds">Where it ends.</param>
public sealed record ClipRequest(
    [Required, VisibleText, RegularExpression("^[0-9a-f]{64}$")] string RecordingId, [Range(0.0, 86400.0)] decimal FromSeconds,
    [Range(0.0, 86400.0)] decimal ToSeconds)
{
    internal Clip ToClip(string pointer) => FromSeconds < ToSeconds
        ? new(RecordingId, FromSeconds, ToSeconds)
        : throw new InvalidException($"{pointer}/toSeconds", "clip-out-of-order", "A clip ends after it begins.");
}

/// <param name="CoachId">Who coaches; the caller when left out.</param>
/// <param name="TalkAt">When the two talk, or talked.</param>
/// <param name="RecheckBy">Last local day on which a later evaluation is to pass.</param>
/// <param name="Subject">What is talked about.</param>
/// <param name="Clip">The part of a recording that is heard together.</param>
public sealed record CoachingPlanRequest(
    DateTimeOffset TalkAt, DateOnly RecheckBy, [property: FreeText] [Required, VisibleText, MaxLength(1000)] string Subject,
    Guid? CoachId = null, ClipRequest? Clip = null)
{
    internal CoachingPlan ToPlan(Guid otherwise, LocalCalendar calendar, string pointer) => RecheckBy >= calendar.DayOf(TalkAt)
        ? new(CoachId ?? otherwise, TalkAt, RecheckBy, Subject, Clip?.ToClip($"{pointer}/clip"))
        : throw DueBeforeTalk($"{pointer}/recheckBy");

    internal static InvalidException DueBeforeTalk(string pointer) =>
        new(pointer, "due-before-talk", "Nothing is due before the day of the talk.");
}

/// <param name="AgentId">Who is coached.</param>
/// <param name="Cause">What it came of.</param>
/// <param name="Plan">Who talks when, about what, and by when it has to be seen that it helped.</param>
/// <param name="FormId">The form by which it is checked again; that of the evaluation when left out, of a finding.</param>
/// <param name="Section">Code of the section that is checked again; left out: the whole form.</param>
public sealed record CoachingRequest(
    Guid ProjectId, Guid AgentId, CauseRequest Cause, CoachingPlanRequest Plan, Guid? FormId = null,
    [VisibleText, MaxLength(64), Line] string? Section = null);

/// <param name="What">What is to be done.</param>
/// <param name="By">Who does it: agent or coach.</param>
/// <param name="DueOn">Last local day for it.</param>
public sealed record ActionRequest([property: FreeText] [Required, VisibleText, MaxLength(500)] string What, Party By, DateOnly DueOn);

/// <param name="Agreement">What the two agreed on.</param>
/// <param name="Actions">What is to be done, by whom and until when.</param>
public sealed record AgreementRequest(
    [property: FreeText] [Required, VisibleText, MaxLength(4000)] string Agreement, [MaxLength(20)] IReadOnlyList<ActionRequest> Actions)
{
    internal ImmutableArray<CoachingAction> ToActions(DateOnly talk) =>
    [
        .. Actions.Select((action, i) => action.DueOn >= talk
            ? new CoachingAction(action.What, action.By, action.DueOn)
            : throw CoachingPlanRequest.DueBeforeTalk($"/actions/{i}/dueOn")),
    ];
}

/// <param name="Note">What came of it.</param>
public sealed record CompletionRequest([property: FreeText] [VisibleText, MaxLength(500)] string? Note = null);

/// <param name="Reason">Why nobody is coached after all.</param>
public sealed record WithdrawalRequest([property: FreeText] [Required, VisibleText, MaxLength(1000)] string Reason);
