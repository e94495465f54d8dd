namespace CallCenter.Quality.Forms;

/// <summary>What an evaluation came to.</summary>
/// <param name="Score">Percent, 0 to 100, one decimal; null when nothing that counts was answered.</param>
/// <param name="Passed">Score at or above the pass mark and nothing failed automatically; null without a score.</param>
/// <param name="AutoFailed">Whether an answer failed the form or one of its sections.</param>
/// <param name="Earned">The numerator of the score, in weights.</param>
/// <param name="Possible">The denominator, in weights.</param>
/// <param name="Sections">In the order of the form.</param>
public sealed record EvaluationResult(
    decimal? Score, bool? Passed, bool AutoFailed, decimal Earned, decimal Possible, IReadOnlyList<SectionScore> Sections);

/// <param name="Section">Code of the section.</param>
/// <param name="Title">What the section is called, by language tag.</param>
/// <param name="Score">As that of the form, over the section's questions.</param>
/// <param name="Passed">Null without a score.</param>
/// <param name="AutoFailed">Whether an answer failed the section.</param>
/// <param name="Earned">The numerator of the score, in weights.</param>
/// <param name="Possible">The denominator, in weights.</param>
public sealed record SectionScore(
    string Section, IReadOnlyDictionary<string, string> Title,
    decimal? Score, bool? Passed, bool AutoFailed, decimal Earned, decimal Possible);

/// <summary>
/// The formula <c>quality-score</c>, version 1.
/// <code>
/// share of an answer  a = points / the most points of its question
/// weight of a question w = its weight (weighting "questions"), the most points it can earn (weighting "sections")
/// section             S = Σ w·a / Σ w    over its questions answered other than N/A
///                     S = 0              if an answer failed the section or the form in it
/// form, "questions"   F = Σ w·a / Σ w    over all those questions, a failed section's w·a being 0
/// form, "sections"    F = Σ W·S / Σ W    over the sections that have an S, W being the section's weight
///                     F = 0              if an answer failed the form
/// score                 = 100·F          to one decimal, half away from zero
/// </code>
/// N/A leaves numerator and denominator, so where the denominator is 0 there is no score, rather than 0 or 100.
/// </summary>
public static class Scoring
{
    public const string Formula = "quality-score/1";

    public static EvaluationResult Score(this FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var sections = form.Sections.Select(section => Score(form, section, answers)).ToList();
        var formFailed = form.Questions.Any(question => FailOf(question, answers) is AutoFail.Form);
        var autoFailed = formFailed || sections.Any(section => section.AutoFailed);

        var (earned, possible) = form.Weighting is Weighting.Questions
            ? (sections.Sum(section => section.Earned), sections.Sum(section => section.Possible))
            : (form.Sections.Zip(sections, (section, scored) => Ratio(scored) is { } share ? section.Weight!.Value * share : 0).Sum(),
               form.Sections.Zip(sections, (section, scored) => Ratio(scored) is null ? 0 : section.Weight!.Value).Sum());

        var score = formFailed ? 0 : Percent(earned, possible);

        return new EvaluationResult(
            score, score is null ? null : score >= form.PassMark && !autoFailed, autoFailed,
            formFailed ? 0 : earned, possible, sections);
    }

    private static SectionScore Score(FormContent form, Section section, IReadOnlyDictionary<string, Answer> answers)
    {
        var counted = section.Questions
            .Select(question => (
                Weight: form.Weighting is Weighting.Questions ? question.Weight ?? 0 : question.MaxPoints,
                Max: question.MaxPoints,
                Points: OutcomeOf(question, answers)?.Points))
            .Where(question => question is { Points: not null, Max: > 0 })
            .ToList();

        var failed = section.Questions.Any(question => FailOf(question, answers) is not AutoFail.None);
        var earned = failed ? 0 : counted.Sum(question => question.Weight * question.Points!.Value / question.Max);
        var possible = counted.Sum(question => question.Weight);
        var score = failed ? 0 : Percent(earned, possible);

        return new SectionScore(
            section.Code, section.Title, score, score is null ? null : score >= (section.PassMark ?? form.PassMark) && !failed,
            failed, earned, possible);
    }

    private static decimal? Ratio(SectionScore section) =>
        section.AutoFailed ? 0 : section.Possible is 0 ? null : section.Earned / section.Possible;

    private static AnswerOutcome? OutcomeOf(Question question, IReadOnlyDictionary<string, Answer> answers) =>
        answers.TryGetValue(question.Code, out var answer) ? question.OutcomeOf(answer) : null;

    private static AutoFail FailOf(Question question, IReadOnlyDictionary<string, Answer> answers) =>
        OutcomeOf(question, answers)?.AutoFail ?? AutoFail.None;

    // Twelve decimals first: a third thrice is a whole again, so neither the order of the questions
    // nor the scale of the weights can tip a half.
    private static decimal? Percent(decimal earned, decimal possible) => possible is 0
        ? null
        : Math.Round(Math.Round(100 * earned / possible, 12, MidpointRounding.AwayFromZero), 1, MidpointRounding.AwayFromZero);
}
