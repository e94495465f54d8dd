using System.Text.Json;
using System.Text.Json.Serialization;
using CallCenter.Quality.Forms;
using CallCenter.Time;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// What figures need of an evaluation that was submitted, and no more: kept in a table of its own, so that a year of them is read at once.
/// Nothing that somebody wrote is in it.
/// </summary>
/// <param name="Version">Of the evaluation that it was made from.</param>
/// <param name="Day">Local day of the project on which it was submitted.</param>
/// <param name="Counts">Whether it counts; not once it is voided.</param>
/// <param name="Score">Percent; null where every question was N/A, and once voided.</param>
/// <param name="CriticalScore">Of its critical questions alone; null without any.</param>
/// <param name="Band">Code of the form's band; null where the form has none.</param>
/// <param name="Contest">Null where it was not disputed.</param>
/// <param name="ChangedVersion">Of the evaluation since when its score, and what is contested, are these.</param>
/// <param name="FormVersion">Of its form.</param>
/// <param name="Assisted">Whether a machine had proposed answers to whoever judged.</param>
internal sealed record FigureRow(
    Guid Id, long Version, Guid ProjectId, Guid FormId, Guid AgentId, Guid EvaluatorId, DateOnly Day, bool Counts, decimal? Score,
    bool? Passed, bool AutoFailed, decimal? CriticalScore, string? Band, IReadOnlyList<JudgedAnswer> Answers,
    IReadOnlyList<JudgedSection> Sections, Contest? Contest, long ChangedVersion,
    int FormVersion = 0, bool Assisted = false)
{
    /// <returns>Null where it is not submitted, or of a kind that does not count.</returns>
    public static FigureRow? Of(Evaluation evaluation, LocalCalendar calendar, long changedVersion) =>
        evaluation is not { SubmittedAt: { } submitted, Counts: true } ? null : new(
            evaluation.Id, evaluation.Version, evaluation.ProjectId, evaluation.FormId, evaluation.AgentId, evaluation.EvaluatorId!.Value,
            calendar.DayOf(submitted), evaluation.Status is not EvaluationStatus.Voided, evaluation.Score, evaluation.Passed,
            evaluation.AutoFailed, evaluation.Result?.CriticalScore, evaluation.Result?.Band,
            evaluation.Result is null ? [] : [.. JudgedAnswer.Of(evaluation)],
            [.. (evaluation.Result?.Sections ?? []).Select(s => new JudgedSection(s.Section, s.Score, s.Passed))],
            Contest.Of(evaluation), changedVersion, evaluation.FormVersion, !evaluation.Proposals.IsEmpty);
}

/// <summary>An answer as figures know it; the same answer of many evaluations is kept once.</summary>
/// <param name="Section">Code of its section; empty in the form's header.</param>
/// <param name="Answer">As <see cref="Forms.Answer.AsText"/> says it.</param>
/// <param name="Points">What it earned; null for N/A, and where nothing is earned.</param>
/// <param name="Lost">Whether it cost points.</param>
/// <param name="Bonus">Whether its points come on top of what can be earned.</param>
/// <param name="Critical">Whether it counts in the critical score.</param>
/// <param name="Category">What went wrong, by the project's catalogue; null where nobody said.</param>
/// <param name="RootCause">Why; null where nobody said.</param>
internal sealed record JudgedAnswer(
    string Question, string Section, string? Answer, decimal? Points, decimal MaxPoints, bool NotApplicable, AutoFail AutoFail, bool Lost,
    bool Bonus, bool Critical, string? Category, string? RootCause)
{
    /// <summary>What stands for a section in the header, which is part of none.</summary>
    public const string Header = "";

    private static readonly JsonSerializerOptions Compact = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The same for what is the same.</summary>
    public string ToText() => JsonSerializer.Serialize(this, Compact);

    public static JudgedAnswer Parse(string text) => JsonSerializer.Deserialize<JudgedAnswer>(text, Compact)!;

    // A question that was not asked has no answer that counts, and neither has one that was left open.
    public static IEnumerable<JudgedAnswer> Of(Evaluation evaluation)
    {
        var form = evaluation.Form!;
        var counting = form.Counting(evaluation.Said([]));
        return
            from asked in (form.Header ?? []).Select(question => (question, Header))
                .Concat(form.Sections.SelectMany(section => section.AllQuestions.Select(question => (question, section.Code))))
            let question = asked.question
            where counting.ContainsKey(question.Code)
            let answer = counting[question.Code]
            let outcome = question.OutcomeOf(answer)
            let issue = evaluation.Answers.GetValueOrDefault(question.Code)?.Issue
            select new JudgedAnswer(
                question.Code, asked.Item2, answer.AsText, outcome?.Points, question.MaxPoints, answer.NotApplicable,
                outcome?.AutoFail ?? AutoFail.None, question.Loses(answer), question.Bonus, question.Critical, issue?.Category,
                    issue?.RootCause);
    }
}

/// <param name="Score">Percent; null where all of it was N/A, or it was not asked.</param>
internal sealed record JudgedSection(string Section, decimal? Score, bool? Passed);

/// <summary>That it was disputed, and what came of it.</summary>
/// <param name="Outcome">upheld, changed or voided; null while it is open.</param>
/// <param name="ScoreBefore">The score that was disputed.</param>
/// <param name="Escalated">Whether nobody had decided in time.</param>
/// <param name="Appealed">Whether a second instance was asked.</param>
internal sealed record Contest(string? Outcome, decimal? ScoreBefore, bool Escalated, bool Appealed)
{
    public const string Upheld = "upheld", Changed = "changed", Voided = "voided";

    public static Contest? Of(Evaluation evaluation)
    {
        if (evaluation.Dispute is not { } first)
            return null;

        var last = evaluation.Appeal ?? first;
        var outcome = evaluation.Status is EvaluationStatus.Voided ? Voided
            : evaluation.OpenDispute is not null ? null
            : (first.Decision, last.Decision) is (DisputeDecision.Change, _) or (_, DisputeDecision.Change) ? Changed : Upheld;
        return new(outcome, first.ScoreBefore, first.EscalatedAt is not null || evaluation.Appeal?.EscalatedAt is not null,
            evaluation.Appeal is not null);
    }
}
