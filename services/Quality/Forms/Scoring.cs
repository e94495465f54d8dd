namespace CallCenter.Quality.Forms;

/// <summary>What an evaluation came to.</summary>
/// <param name="Score">Percent, 0 to 100, one decimal; null when nothing that counts was answered.</param>
/// <param name="Passed">Score at or above the pass mark and nothing failed automatically; null without a score.</param>
/// <param name="AutoFailed">Whether an answer failed the form or one of its sections.</param>
/// <param name="Earned">
/// The numerator of the score, in weights; more than is possible where a bonus was, less than 0 where too much was lost.
/// </param>
/// <param name="Possible">The denominator, in weights.</param>
/// <param name="Sections">In the order of the form.</param>
/// <param name="CriticalScore">As the score, of the critical questions alone; null where none of them counted.</param>
/// <param name="Band">Code of the form's band that the score lies in; null without a score or bands.</param>
public sealed record EvaluationResult(
    decimal? Score, bool? Passed, bool AutoFailed, decimal Earned, decimal Possible, IReadOnlyList<SectionScore> Sections,
    decimal? CriticalScore = null, string? Band = null);

/// <param name="Section">Code of the section.</param>
/// <param name="Title">What the section is called, by language tag.</param>
/// <param name="Score">As that of the form, over the section's questions; null where nothing of it counted, or it was not asked.</param>
/// <param name="Passed">Null without a score.</param>
/// <param name="AutoFailed">Whether an answer failed the section.</param>
/// <param name="Earned">The numerator of the score, in weights.</param>
/// <param name="Possible">The denominator, in weights.</param>
/// <param name="Subsections">In the order of the form; null where the section has none.</param>
public sealed record SectionScore(
    string Section, IReadOnlyDictionary<string, string> Title,
    decimal? Score, bool? Passed, bool AutoFailed, decimal Earned, decimal Possible, IReadOnlyList<SubsectionScore>? Subsections = null);

/// <param name="Subsection">Code of the subsection.</param>
/// <param name="Title">What it is called, by language tag.</param>
/// <param name="Score">As that of its section, over its own questions.</param>
/// <param name="Earned">The numerator of the score, in weights.</param>
/// <param name="Possible">The denominator, in weights.</param>
public sealed record SubsectionScore(
    string Subsection, IReadOnlyDictionary<string, string> Title, decimal? Score, decimal Earned, decimal Possible);

/// <summary>
/// The formula <c>quality-score</c>, versions 1 and 2.
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
/// <para>
/// Version 2 is of forms that have what there was not in version 1, and comes to the same for all others. A question that is not asked is
/// as one that is not there, and a section that is not asked as one whose questions are all N/A. A bonus question adds its w·a to
/// numerators, and nothing to denominators; points below 0 make a below 0. The score of a form and of a section is 0 where it would be
/// less,
/// and 100 where it would be more. What failed a section never saves it points that it lost: it earns 0, or what is less.
/// </para>
/// The critical score is the score of the form with all but its critical questions taken out.
/// </summary>
public static class Scoring
{
    private const string First = "quality-score/1", Second = "quality-score/2";

    /// <summary>The version of the formula that says what the form's scores come to.</summary>
    public static string FormulaOf(FormContent form) =>
        form.Sections.Any(section => section.AskedIf is not null)
        || form.Questions.Any(question => question.AskedIf is not null || question.Bonus || question.TakesAway) ? Second : First;

    public static EvaluationResult Score(this FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var counting = form.Counting(answers);
        var result = form.Score(_ => true, counting);

        return result with
        {
            CriticalScore = form.Score(question => question.Critical, counting).Score,
            Band = form.BandOf(result.Score)?.Code,
        };
    }

    private static EvaluationResult Score(this FormContent form, Func<Question, bool> counts, IReadOnlyDictionary<string, Answer> answers)
    {
        var outcomes = form.Sections.SelectMany(section => section.AllQuestions).Where(counts)
            .Where(question => answers.ContainsKey(question.Code))
            .Select(question => (question.Code, Outcome: question.OutcomeOf(answers[question.Code])))
            .Where(question => question.Outcome is not null).ToDictionary(question => question.Code, question => question.Outcome!);
        var sections = form.Sections.Select(section => Score(form, section, outcomes)).ToList();
        var formFailed = outcomes.Values.Any(outcome => outcome.AutoFail is AutoFail.Form);
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

    private static SectionScore Score(FormContent form, Section section, IReadOnlyDictionary<string, AnswerOutcome> outcomes)
    {
        var failed = section.AllQuestions.Any(question => outcomes.GetValueOrDefault(question.Code) is { AutoFail: not AutoFail.None });
        var (earned, possible) = Sums(form, section.AllQuestions, outcomes, failed);
        var score = failed ? 0 : Percent(earned, possible);

        return new SectionScore(
            section.Code, section.Title, score, score is null ? null : score >= (section.PassMark ?? form.PassMark) && !failed,
            failed, earned, possible, section.Subsections?.Select(part => Score(form, part, outcomes, failed)).ToList());
    }

    private static SubsectionScore Score(
        FormContent form, Subsection part, IReadOnlyDictionary<string, AnswerOutcome> outcomes, bool failed)
    {
        var (earned, possible) = Sums(form, part.Questions, outcomes, failed);
        return new(part.Code, part.Title, failed ? 0 : Percent(earned, possible), earned, possible);
    }

    private static (decimal Earned, decimal Possible) Sums(
        FormContent form, IEnumerable<Question> questions, IReadOnlyDictionary<string, AnswerOutcome> outcomes, bool failed)
    {
        var counted = questions.Where(question => outcomes.ContainsKey(question.Code) && question.MaxPoints > 0)
            .Select(question => (question.Bonus, Weight: form.Weighting is Weighting.Questions ? question.Weight ?? 0 : question.MaxPoints,
                Max: question.MaxPoints, outcomes[question.Code].Points))
            .ToList();

        var earned = counted.Sum(question => question.Weight * question.Points / question.Max);

        return (failed ? Math.Min(0, earned) : earned, counted.Where(question => !question.Bonus).Sum(question => question.Weight));
    }

    private static decimal? Ratio(SectionScore section) =>
        section.Possible is not 0 ? section.Earned / section.Possible : section.AutoFailed ? 0 : null;

    // Twelve decimals first: a third thrice is a whole again, so neither the order of the questions
    // nor the scale of the weights can tip a half.
    private static decimal? Percent(decimal earned, decimal possible) => possible is 0
        ? null
        : Rounded(Rounded(Math.Clamp(100 * earned / possible, 0, 100), 12), 1);

    private static decimal Rounded(decimal value, int decimals) => Math.Round(value, decimals, MidpointRounding.AwayFromZero);
}
