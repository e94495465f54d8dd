using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Quality.Evaluations;

/// <summary>A standard evaluation of one call.</summary>
/// <param name="IsInspector">Whether they judge others by their post: inspectors and admins.</param>
public sealed record StartEvaluation(
    Guid EvaluationId, CallV1 Call, EvaluationForm Form, Guid EvaluatorId, DateTimeOffset Now, bool IsInspector = true);

/// <summary>One of another kind, or of something else.</summary>
/// <param name="IsInspector">As above.</param>
/// <param name="Standard">The standard evaluation of the same by the same form, if there is one.</param>
public sealed record OpenEvaluation(
    Guid EvaluationId, EvaluationKind Kind, Subject Subject, Guid AgentId, EvaluationForm Form, Guid EvaluatorId, bool IsInspector,
    EvaluationSummary? Standard, DateTimeOffset Now);

public sealed record TakeEvaluation(EvaluationForm Form, Guid EvaluatorId, DateTimeOffset Now);

public sealed record AssignEvaluation(Guid? InspectorId, Guid By, DateTimeOffset Now);

/// <summary>An inspector has left: what they had open waits for whoever takes it.</summary>
public sealed record FreeEvaluation(Guid InspectorId, DateTimeOffset Now);

public sealed record ReleaseEvaluation(Guid EvaluatorId, string Reason, DateTimeOffset Now);

/// <param name="FormVersion">The version the inspector has before them.</param>
public sealed record AnswerQuestions(Guid EvaluatorId, int FormVersion, IReadOnlyList<GivenAnswer> Answers, DateTimeOffset Now);

/// <param name="Said">All that the machine said of it.</param>
public sealed record ProposeAnswers(
    Guid EvaluatorId, Guid MachineAnswersId, string Model, string ModelVersion, Guid FormId, int FormVersion,
    IReadOnlyList<MachineAnswer> Said, DateTimeOffset Now);

public sealed record WriteChatText(Guid EvaluatorId, string Text, DateTimeOffset Now);

public sealed record WriteRemarks(Guid EvaluatorId, string? Feedback, string? PrivateNote, DateTimeOffset Now);

/// <param name="Calendar">The project's: weeks and deadlines are local to it.</param>
/// <param name="Release">When the agent is told of it.</param>
public sealed record SubmitEvaluation(Guid EvaluatorId, LocalCalendar Calendar, DateTimeOffset Now, ReleaseTerms? Release = null);

/// <param name="At">When; null: once somebody has looked at it.</param>
public sealed record ReleaseTerms(DateTimeOffset? At);

/// <summary>The time has come at which a score that was held is submitted.</summary>
public sealed record ReleaseScore(LocalCalendar Calendar, DateTimeOffset Now);

public sealed record ReviewScore(Guid ReviewerId, ReviewDecision Decision, string Reason, LocalCalendar Calendar, DateTimeOffset Now);

public sealed record AcknowledgeEvaluation(Guid AgentId, string? Comment, DateTimeOffset Now);

/// <param name="DecideBy">When it is to be decided.</param>
public sealed record DisputeEvaluation(Guid AgentId, string Reason, DateTimeOffset Now, DateTimeOffset? DecideBy = null);

/// <param name="DecideBy">As above.</param>
public sealed record AppealDecision(Guid AgentId, string Reason, DateTimeOffset DecideBy, DateTimeOffset Now);

/// <param name="IsManager">Whether they stand above: of the project, of operations, or admins.</param>
/// <param name="AppealableUntil">Until when the agent may ask a second instance; null where there is none.</param>
public sealed record ResolveDispute(
    Guid ResolverId, DisputeDecision Decision, string Reason, int FormVersion, IReadOnlyList<GivenAnswer> Answers, DateTimeOffset Now,
    bool IsManager = false, DateTimeOffset? AppealableUntil = null);

/// <summary>Time has passed: what nobody has decided escalates, and what nobody has decided then either is decided by the policy.</summary>
public sealed record PassDeadline(
    DateTimeOffset EscalatedUntil, DateTimeOffset? AppealableUntil, WithoutDecision WithoutDecision, DateTimeOffset Now);

/// <param name="IsLead">Whether they may mend what others have made: supervisors and admins.</param>
/// <param name="FormVersion">The version of the form the answers are to.</param>
/// <param name="Calendar">The project's: deadlines are local to it.</param>
public sealed record CorrectEvaluation(
    Guid By, bool IsLead, string Reason, int FormVersion, IReadOnlyList<GivenAnswer> Answers, LocalCalendar Calendar, DateTimeOffset Now);

/// <param name="IsLead">As above.</param>
public sealed record VoidEvaluation(Guid By, bool IsLead, string Reason, DateTimeOffset Now);

/// <summary>(command, state) → events. <c>[]</c> means "already so": asking twice is harmless.</summary>
public static class EvaluationDecider
{
    public static object[] Decide(StartEvaluation command, Evaluation state)
    {
        if (state.Status is not EvaluationStatus.NotStarted)
            return [];

        if (command.Call.AgentId is not { } agentId)
            throw new RefusedException("call-without-agent", "No agent is known for this call.");

        if (command.Call.ProjectId != command.Form.ProjectId)
            throw new RefusedException("form-of-other-project", "The call and the form belong to different projects.");

        EnsureMayMake(EvaluationKind.Standard, command.EvaluatorId, agentId, command.IsInspector);
        var (version, content) = command.Form.InForce();

        return
        [
            new EvaluationStarted(
                command.EvaluationId, command.Call.ProjectId, command.Call.Id, agentId, command.EvaluatorId,
                command.Form.Id, version, content, command.Now),
        ];
    }

    public static object[] Decide(OpenEvaluation command, Evaluation state)
    {
        if (state.Status is not EvaluationStatus.NotStarted)
            return [];

        EnsureMayMake(command.Kind, command.EvaluatorId, command.AgentId, command.IsInspector);
        if (command.Kind is EvaluationKind.Second)
            EnsureSecond(command.EvaluatorId, command.Standard);
        var (version, content) = command.Form.InForce();

        return
        [
            new EvaluationOpened(
                command.EvaluationId, command.Form.ProjectId, command.Kind, command.Subject, command.AgentId, command.EvaluatorId,
                command.Form.Id, version, content, command.Kind is EvaluationKind.Second ? command.Standard!.Id : null, command.Now),
        ];
    }

    public static object[] Decide(TakeEvaluation command, Evaluation state)
    {
        if (state.Status is not EvaluationStatus.Pending || (state.AssignedTo ?? command.EvaluatorId) != command.EvaluatorId)
            throw new RefusedException("already-taken", "Somebody else has taken this evaluation.");

        EnsureNotTheirOwn(command.EvaluatorId, state.AgentId);

        // The form may have been retired since the draw; what was drawn is still evaluated.
        return
        [
            new EvaluationStarted(
                state.Id, state.ProjectId, state.CallId, state.AgentId, command.EvaluatorId,
                state.FormId, command.Form.ActiveVersion, command.Form.Active!, command.Now),
        ];
    }

    public static object[] Decide(AssignEvaluation command, Evaluation state)
    {
        if (state.Status is not EvaluationStatus.Pending)
            throw new RefusedException("not-pending", "Only an evaluation nobody has begun can be assigned.");

        EnsureNotTheirOwn(command.InspectorId, state.AgentId);

        return state.AssignedTo == command.InspectorId ? [] : [new EvaluationAssigned(command.InspectorId, command.By, command.Now)];
    }

    public static object[] Decide(FreeEvaluation command, Evaluation state) => state switch
    {
        { Counts: false } => [], // it is nobody else's to make
        { Status: EvaluationStatus.Pending } when state.AssignedTo == command.InspectorId =>
            [new EvaluationAssigned(AssignedTo: null, By: Guid.Empty, command.Now)],
        { Status: EvaluationStatus.Draft, Held: null } when state.EvaluatorId == command.InspectorId =>
            [new EvaluationReleased("The inspector has left.", command.InspectorId, command.Now)],
        _ => [],
    };

    public static object[] Decide(ReleaseEvaluation command, Evaluation state)
    {
        EnsureDraftOf(command.EvaluatorId, state);
        if (!state.Counts)
            throw new RefusedException("nobody-elses", "Only a standard evaluation waits for another inspector.");

        return [new EvaluationReleased(command.Reason, command.EvaluatorId, command.Now)];
    }

    public static object[] Decide(AnswerQuestions command, Evaluation state)
    {
        EnsureDraftOf(command.EvaluatorId, state);
        EnsureAnswersFit(command.FormVersion, command.Answers, state);

        return
        [
            .. command.Answers
                .Where(given => state.Answers.GetValueOrDefault(given.Question) != given)
                .Select(given => Answered(given, command.EvaluatorId, command.Now)),
        ];
    }

    public static object[] Decide(ProposeAnswers command, Evaluation state)
    {
        EnsureDraftOf(command.EvaluatorId, state);
        // By what was drawn by lot the machine is measured, and the figures of a team are estimated.
        if (state.PlanId is not null)
            throw new RefusedException("drawn-by-lot", "What was drawn by lot is judged by a person alone: machines are measured by it.");
        if ((command.FormId, command.FormVersion) != (state.FormId, state.FormVersion))
            throw new RefusedException("other-form-version", $"The evaluation is made with version {state.FormVersion} of its form.");

        MachineAnswer[] open =
        [
            .. command.Said.Where(said => !state.Answers.ContainsKey(said.Question) && !state.Proposals.ContainsKey(said.Question)),
        ];

        return open is [] ? []
            : [new AnswersProposed(command.MachineAnswersId, command.Model, command.ModelVersion, open, command.EvaluatorId, command.Now)];
    }

    public static object[] Decide(WriteChatText command, Evaluation state)
    {
        EnsureDraftOf(command.EvaluatorId, state);
        if (state.Subject?.Kind is not SubjectKind.Chat)
            throw new RefusedException("not-a-chat", "It is of no chat: it has no text.");

        return state.Subject.Text == command.Text ? [] : [new ChatTextWritten(command.Text, command.EvaluatorId, command.Now)];
    }

    public static object[] Decide(WriteRemarks command, Evaluation state)
    {
        EnsureDraftOf(command.EvaluatorId, state);

        return (command.Feedback, command.PrivateNote) == (state.Feedback, state.PrivateNote)
            ? []
            : [new RemarksWritten(command.Feedback, command.PrivateNote, command.EvaluatorId, command.Now)];
    }

    public static object[] Decide(SubmitEvaluation command, Evaluation state)
    {
        EnsureDraftOf(command.EvaluatorId, state);

        var form = state.Form!;
        var usual = form.Defaults(state.Said([]));
        if (form.Open(state.Said(usual)) is { Count: > 0 } open)
            throw new RefusedException("answers-missing", $"Not answered yet: {string.Join(", ", open)}.");

        var asked = form.Asked(state.Said(usual));
        form.EnsureExplained(state.Answers.Values.Concat(usual).Where(given => asked.Contains(given.Question)));

        object[] defaults = [.. usual.Select(given => Answered(given, command.EvaluatorId, command.Now))];
        var filled = defaults.Aggregate(state, (evaluation, answered) => evaluation.Evolve(answered));

        return [.. defaults, state.Counts && command.Release is { } release && !(release.At <= command.Now)
            ? new EvaluationHeld(filled.ScoredWith([]), Scoring.FormulaOf(form), release.At, command.EvaluatorId, command.Now)
            : Submitted(filled, command.Calendar, command.EvaluatorId, command.Now)];
    }

    public static object[] Decide(ReleaseScore command, Evaluation state) => state.Held?.ReleaseAt <= command.Now
        ? [Submitted(state, command.Calendar, state.EvaluatorId!.Value, command.Now)] : [];

    public static object[] Decide(ReviewScore command, Evaluation state)
    {
        if (command.ReviewerId == state.EvaluatorId || command.ReviewerId == state.AgentId)
            throw new RefusedException("reviewer-involved", "A score is reviewed by someone other than its evaluator and its agent.");
        if (state.Held is null)
            throw new RefusedException("not-held", "It does not wait for its release.");

        var reviewed = new EvaluationReviewed(command.Decision, command.Reason, command.ReviewerId, command.Now);
        return command.Decision is ReviewDecision.Return ? [reviewed]
            : [reviewed, Submitted(state, command.Calendar, state.EvaluatorId!.Value, command.Now)];
    }

    // The agent hears of it now: the week that it counts in, and the time to dispute it, begin with this.
    private static EvaluationSubmitted Submitted(Evaluation state, LocalCalendar calendar, Guid by, DateTimeOffset now) => new(
        state.ScoredWith([]), Scoring.FormulaOf(state.Form!), calendar.WeekOf(calendar.DayOf(now)),
        DisputableUntil(state.Form!, calendar, now), by, now);

    public static object[] Decide(AcknowledgeEvaluation command, Evaluation state)
    {
        EnsureAgentOf(command.AgentId, state);
        if (!state.Counts)
            throw new RefusedException("not-acknowledgeable", "Only a standard evaluation, which counts, is acknowledged.");

        return state.Status switch
        {
            EvaluationStatus.Acknowledged => [],
            EvaluationStatus.Submitted or EvaluationStatus.Resolved =>
                [new EvaluationAcknowledged(command.Comment, command.AgentId, command.Now)],
            _ => throw new RefusedException(
                "not-acknowledgeable", "An evaluation is acknowledged after it was submitted and its dispute resolved."),
        };
    }

    public static object[] Decide(DisputeEvaluation command, Evaluation state)
    {
        EnsureAgentOf(command.AgentId, state);

        if (state.Dispute is not null)
            throw new RefusedException("already-disputed", "An evaluation can be disputed once.");

        if (state.Status is not EvaluationStatus.Submitted || !state.Counts)
            throw new RefusedException("not-disputable", "Only a submitted standard evaluation that was not acknowledged can be disputed.");

        if (command.Now >= state.DisputableUntil)
            throw new RefusedException("dispute-window-closed", $"It could be disputed until {state.DisputableUntil:O}.");

        return [new EvaluationDisputed(command.Reason, command.AgentId, command.Now, command.DecideBy)];
    }

    public static object[] Decide(AppealDecision command, Evaluation state)
    {
        EnsureAgentOf(command.AgentId, state);

        if (state.Appeal is not null)
            throw new RefusedException("already-appealed", "The second instance is the last.");
        if (state.Status is not EvaluationStatus.Resolved || state.Dispute?.AppealableUntil is not { } until)
            throw new RefusedException("not-appealable",
                "A second instance is asked about what was decided and not acknowledged, where there is one.");
        if (command.Now >= until)
            throw new RefusedException("appeal-window-closed", $"A second instance could be asked until {until:O}.");

        return [new DisputeAppealed(command.Reason, command.DecideBy, command.AgentId, command.Now)];
    }

    public static object[] Decide(PassDeadline command, Evaluation state) => state.OpenDispute switch
    {
        { DecideBy: { } until, EscalatedAt: null } when command.Now >= until =>
            [new DisputeEscalated("Nobody has decided in time.", command.EscalatedUntil, Guid.Empty, command.Now)],
        { DecideBy: { } until } when command.Now >= until && command.WithoutDecision is WithoutDecision.Void =>
            [new EvaluationVoided(NoDecision, Guid.Empty, command.Now)],
        { DecideBy: { } until } when command.Now >= until =>
        [
            new DisputeResolved(DisputeDecision.Uphold, NoDecision, [], state.ScoredWith([]), Scoring.FormulaOf(state.Form!),
                Guid.Empty, command.Now, state.Appeal is null ? command.AppealableUntil : null),
        ],
        _ => [],
    };

    private const string NoDecision = "Nobody has decided: it is as the project's policy says.";

    public static object[] Decide(ResolveDispute command, Evaluation state)
    {
        // Two pairs of eyes: whoever made the score or lives with it does not decide about it.
        if (command.ResolverId == state.EvaluatorId || command.ResolverId == state.AgentId)
            throw new RefusedException("resolver-involved", "A dispute is resolved by someone other than its evaluator and its agent.");

        if (state.OpenDispute is not { } open)
            throw new RefusedException("not-disputed", "There is no open dispute.");
        if (state.Appeal is not null && command.ResolverId == state.Dispute!.DecidedBy)
            throw new RefusedException("resolver-involved", "A second instance is somebody other than the first.");
        if (open.EscalatedAt is not null && !command.IsManager)
            throw new RefusedException("dispute-escalated", "It was not decided in time: a manager decides now.");

        EnsureAnswersFit(command.FormVersion, command.Answers, state);
        EnsureStillWhole(command.Answers, state);

        return
        [
            new DisputeResolved(
                command.Decision, command.Reason, command.Answers,
                state.ScoredWith(command.Answers), Scoring.FormulaOf(state.Form!), command.ResolverId, command.Now,
                state.Appeal is null ? command.AppealableUntil : null),
        ];
    }

    public static object[] Decide(CorrectEvaluation command, Evaluation state)
    {
        EnsureMayMend(command.By, command.IsLead, state);
        EnsureAnswersFit(command.FormVersion, command.Answers, state);
        var anew = command.Answers.Where(given => state.Answers.GetValueOrDefault(given.Question) != given).ToList();
        if (anew.Count == 0)
            return [];
        EnsureStillWhole(anew, state);

        return
        [
            new EvaluationCorrected(command.Reason, anew, state.ScoredWith(anew), Scoring.FormulaOf(state.Form!),
                state.Dispute is null ? DisputableUntil(state.Form!, command.Calendar, command.Now) : command.Now, // it is disputed once
                command.By, command.Now),
        ];
    }

    public static object[] Decide(VoidEvaluation command, Evaluation state)
    {
        if (state.Status is EvaluationStatus.Voided)
            return [];

        EnsureMayMend(command.By, command.IsLead, state);

        return [new EvaluationVoided(command.Reason, command.By, command.Now)];
    }

    private static DateTimeOffset DisputableUntil(FormContent form, LocalCalendar calendar, DateTimeOffset now) =>
        form.DisputeDays is 0 ? now : calendar.StartOf(calendar.DayOf(now).AddDays(form.DisputeDays + 1));

    /// <summary>
    /// Whoever made the score mends it until its agent has said something to it; from then on, or where it is another's, somebody who leads
    /// does, but never the agent.
    /// </summary>
    private static void EnsureMayMend(Guid by, bool isLead, Evaluation state)
    {
        switch (state.Status)
        {
            case EvaluationStatus.Voided:
                throw new RefusedException("evaluation-voided", "It was voided, and counts no more.");
            case EvaluationStatus.Disputed:
                throw new RefusedException("dispute-open", "It is disputed: the dispute's resolution changes the score.");
            case not (EvaluationStatus.Submitted or EvaluationStatus.Acknowledged or EvaluationStatus.Resolved):
                throw new RefusedException("not-submitted", "Only what was submitted can be mended; a draft is answered anew.");
        }

        if (by == state.AgentId)
            throw new RefusedException("self-evaluation", "Nobody mends the evaluation of their own call.");
        if (!isLead && by != state.EvaluatorId)
            throw new RefusedException("not-your-evaluation", "Only its evaluator or a supervisor mends an evaluation.");
        if (!isLead && (state.Answered || state.Corrections.Any(correction => correction.CorrectedBy != by)))
            throw new RefusedException("answered-by-agent", "Its agent has responded, or a supervisor has mended it: a supervisor does it now.");
    }

    /// <summary>Agents judge themselves and each other; everything else is an inspector's, and never of their own work.</summary>
    private static void EnsureMayMake(EvaluationKind kind, Guid evaluatorId, Guid agentId, bool isInspector)
    {
        if (kind is not (EvaluationKind.Self or EvaluationKind.Peer) && !isInspector)
            throw new RefusedException("kind-for-inspectors", $"An evaluation of kind {kind.Code} is made by an inspector.");
        if (kind is not EvaluationKind.Self)
            EnsureNotTheirOwn(evaluatorId, agentId);
        else if (evaluatorId != agentId)
            throw new RefusedException("not-their-own", "A self-evaluation is made by the agent.");
    }

    private static void EnsureSecond(Guid evaluatorId, EvaluationSummary? standard)
    {
        if (standard is not { SubmittedAt: not null })
            throw new RefusedException("nothing-to-judge-again", "It has no submitted standard evaluation by this form to stand beside.");
        if (standard.EvaluatorId == evaluatorId)
            throw new RefusedException("same-evaluator", "A second evaluation is made by somebody other than the first.");
    }

    private static void EnsureNotTheirOwn(Guid? evaluatorId, Guid agentId)
    {
        if (evaluatorId == agentId)
            throw new RefusedException("self-evaluation", "Nobody evaluates their own call.");
    }

    private static void EnsureDraftOf(Guid evaluatorId, Evaluation state)
    {
        if (state.Status is not EvaluationStatus.Draft)
            throw new RefusedException("not-a-draft", "The evaluation is not a draft.");

        if (state.EvaluatorId != evaluatorId)
            throw new RefusedException("not-your-evaluation", "Only its evaluator works on a draft.");

        if (state.Held is not null)
            throw new RefusedException("evaluation-held", "Its evaluator is done with it: it waits for its release.");
    }

    private static void EnsureAgentOf(Guid agentId, Evaluation state)
    {
        if (state.AgentId != agentId)
            throw new RefusedException("not-your-evaluation", "Only the evaluated agent may respond.");
    }

    private static void EnsureAnswersFit(int formVersion, IReadOnlyList<GivenAnswer> answers, Evaluation state)
    {
        if (formVersion != state.FormVersion)
            throw new RefusedException("other-form-version", $"The evaluation was made with version {state.FormVersion} of its form.");

        state.Form!.EnsureFits(answers, state.Answers.Values);
    }

    // What is answered anew explains itself, and leaves nothing open that is only asked now.
    private static void EnsureStillWhole(IReadOnlyList<GivenAnswer> anew, Evaluation state)
    {
        state.Form!.EnsureExplained(anew);
        if (state.Form!.Open(state.Said(anew)) is { Count: > 0 } open)
            throw new RefusedException("answers-missing", $"Asked now, and not answered: {string.Join(", ", open)}.");
    }

    private static QuestionAnswered Answered(GivenAnswer given, Guid by, DateTimeOffset now) =>
        new(given.Question, given.Answer, given.Comment, by, now, given.Issue, given.Evidence);
}
