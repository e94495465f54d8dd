using CallCenter.Contracts.Quality;
using CallCenter.Quality.Forms;
using CallCenter.Rules;

namespace CallCenter.Quality.Evaluations;

/// <summary>What the other services are told of an evaluation.</summary>
internal static class EvaluationFact
{
    // What waits in a queue is our own business, and what does not count: nobody has to tell it from what does.
    public static EvaluationV1? Of(Guid id, long version, Evaluation evaluation) =>
        evaluation.Status is EvaluationStatus.Pending || !evaluation.Counts
        ? null
        : new EvaluationV1(
            id, version, evaluation.ProjectId, evaluation.CallId, evaluation.AgentId, evaluation.EvaluatorId!.Value,
            evaluation.FormId, evaluation.FormVersion, evaluation.Status.Code, // one that is voided has no score and no sections
            evaluation.Score, evaluation.Passed, evaluation.AutoFailed,
            [
                .. evaluation.Result?.Sections.Select(section => new SectionResult(
                    section.Section, section.Title.GetValueOrDefault("en") ?? section.Title.Values.First(),
                    section.Score, section.Passed)) ?? [],
            ],
            evaluation.StartedAt!.Value, evaluation.SubmittedAt,
            "standard", SubjectOf(evaluation), evaluation.Result is null ? null : [.. Questions(evaluation)]);

    private static EvaluationSubject SubjectOf(Evaluation evaluation) =>
        evaluation.Subject is { } subject ? new(subject.Kind.Code, subject.Id) : new("call", evaluation.CallId);

    // A question that was not asked has no result, and neither has one that was left open. What somebody wrote stays here.
    private static IEnumerable<QuestionResult> Questions(Evaluation evaluation)
    {
        var answers = evaluation.Form!.Counting(evaluation.Said([]));
        return
            from section in evaluation.Form!.Sections
            from question in section.AllQuestions
            where answers.ContainsKey(question.Code)
            let answer = answers[question.Code]
            let outcome = question.OutcomeOf(answer)
            select new QuestionResult(
                question.Code, section.Code, answer.AsText, outcome?.Points, question.MaxPoints, answer.NotApplicable,
                (outcome?.AutoFail ?? AutoFail.None).Code);
    }
}
