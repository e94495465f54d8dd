using CallCenter.Quality.Forms;
using FsCheck;
using FsCheck.Xunit;

namespace CallCenter.Quality.Tests.Forms;

/// <summary>What holds for every form and every way to answer it.</summary>
[Properties(Arbitrary = [typeof(AnsweredForms)], MaxTest = 300)]
public class ScoringProperties
{
    [Property]
    public void a_score_is_from_0_to_100_and_only_missing_when_nothing_counted(AnsweredForm given)
    {
        var result = given.Form.Score(given.Answers);

        if (result.Score is { } score)
            score.Should().BeInRange(0, 100).And.Be(Math.Round(score, 1));
        else
            result.Possible.Should().Be(0);
        result.Sections.Should().OnlyContain(s => s.Score == null || (s.Score >= 0 && s.Score <= 100));
        foreach (var part in result.Sections.SelectMany(s => s.Subsections ?? []))
            (part.Score ?? 0).Should().BeInRange(0, 100);
        (result.Passed is null).Should().Be(result.Score is null);
        (result.Band is null).Should().Be(result.Score is null);
    }

    [Property]
    public void a_score_is_what_a_plain_count_comes_to(AnsweredForm given) =>
        given.Form.Score(given.Answers).Score.Should().Be(PlainScore.Of(given.Form, given.Answers));

    [Property]
    public void an_answer_is_what_its_words_say_but_for_what_was_written(AnsweredForm given)
    {
        foreach (var question in given.Form.Questions)
            foreach (var answer in AnsweredForms.AnswersTo(question).Where(answer => answer.Text is null))
            {
                var read = Answer.Of(question, answer.AsText)!;

                read.Should().BeEquivalentTo(answer, options => options.WithoutStrictOrdering());
                question.OutcomeOf(read).Should().BeEquivalentTo(question.OutcomeOf(answer));
            }
    }

    [Property]
    public void the_critical_score_is_that_of_the_critical_questions_alone(AnsweredForm given)
    {
        var asked = given.Form.Counting(given.Answers);
        var alone = given.Form.Unconditional().With(question => question.Critical ? question : null);

        given.Form.Score(given.Answers).CriticalScore.Should().Be(alone.Score(asked).Score);
    }

    [Property]
    public void a_question_not_applicable_might_as_well_not_be_there(AnsweredForm given)
    {
        var without = given.Form.With(question => given.Answers[question.Code].NotApplicable ? null : question);

        without.Score(given.Answers).Should().BeEquivalentTo(given.Form.Score(given.Answers));
    }

    [Property]
    public void what_is_said_to_a_question_that_is_not_asked_does_not_matter(AnsweredForm given)
    {
        var asked = given.Form.Asked(given.Answers);
        var hidden = given.Form.Questions.Where(question => !asked.Contains(question.Code)).ToList();
        var otherwise = given.Answers.ToDictionary();
        foreach (var question in hidden)
            otherwise[question.Code] = AnsweredForms.AnswersTo(question)[^1];
        var without = given.Form.With(question => asked.Contains(question.Code) ? question : null);
        var score = given.Form.Score(given.Answers);

        given.Form.Score(otherwise).Should().BeEquivalentTo(score);
        given.Form.Score(given.Answers.Where(a => asked.Contains(a.Key)).ToDictionary()).Should().BeEquivalentTo(score);
        without.Score(given.Answers).Should().BeEquivalentTo(score);
    }

    [Property]
    public void a_section_that_is_not_asked_counts_as_one_that_is_not_applicable(AnsweredForm given)
    {
        var asked = given.Form.Asked(given.Answers);
        var hidden = given.Form.Sections.Where(section => !section.AllQuestions.Any(question => asked.Contains(question.Code)))
            .SelectMany(section => section.AllQuestions).Select(question => question.Code).ToHashSet();
        var instead = given.Answers.Where(answer => asked.Contains(answer.Key) || hidden.Contains(answer.Key))
            .ToDictionary(answer => answer.Key, answer => hidden.Contains(answer.Key) ? Answer.OutOfScope : answer.Value);

        given.Form.Unconditional().Score(instead).Should().BeEquivalentTo(given.Form.Score(given.Answers));
    }

    [Property]
    public void only_the_proportion_of_the_weights_counts(AnsweredForm given, PositiveInt factor)
    {
        var scale = factor.Get / 7m;
        var scaled = given.Form.With(question => question with { Weight = question.Weight * scale });
        scaled = scaled with { Sections = [.. scaled.Sections.Select(section => section with { Weight = section.Weight * scale })] };

        Scores(scaled.Score(given.Answers)).Should().Equal(Scores(given.Form.Score(given.Answers)));
    }

    [Property]
    public void the_order_of_sections_and_questions_does_not_matter(AnsweredForm given)
    {
        var turned = given.Form with
        {
            Sections =
            [
                .. given.Form.Sections.Reverse().Select(section => section with
                {
                    Questions = [.. section.Questions.Reverse()],
                    Subsections = section.Subsections?.Select(part => part with { Questions = [.. part.Questions.Reverse()] }).ToList(),
                }),
            ],
        };
        var (one, other) = (given.Form.Score(given.Answers), turned.Score(given.Answers));

        Scores(other with { Sections = [.. other.Sections.Reverse()] }).Should().Equal(Scores(one));
    }

    // Where others are asked by it, a better answer may ask for more than it earns.
    [Property]
    public void a_better_answer_never_lowers_the_score(AnsweredForm given)
    {
        var before = given.Form.Score(given.Answers).Score;
        var asking = given.Form.Questions.SelectMany(question => question.AskedIf ?? [])
            .Concat(given.Form.Sections.SelectMany(section => section.AskedIf ?? [])).Select(test => test.Question).ToHashSet();
        foreach (var question in given.Form.Questions.Where(q => !given.Answers[q.Code].NotApplicable && !asking.Contains(q.Code)))
        {
            var best = AnsweredForms.AnswersTo(question).MaxBy(a => question.OutcomeOf(a)?.Points)!;
            var after = given.Form.Score(new Dictionary<string, Answer>(given.Answers) { [question.Code] = best }).Score;

            (after >= before || before is null).Should().BeTrue($"{question.Code} made {before} into {after}");
        }
    }

    [Property]
    public void questions_of_header_text_and_date_earn_nothing(AnsweredForm given)
    {
        var without = given.Form.With(question => question is TextQuestion or DateQuestion ? null : question);

        Scores(without.Score(given.Answers)).Should().Equal(Scores(given.Form.Score(given.Answers)));
    }

    [Property]
    public void a_form_of_the_first_version_scores_as_the_first_version_did(AnsweredForm given)
    {
        var first = given.Form.Unconditional().With(question =>
            question is TextQuestion or DateQuestion || question.TakesAway ? null : question with { Bonus = false });

        Scoring.FormulaOf(first).Should().Be("quality-score/1");
        first.Score(given.Answers).Score.Should().Be(PlainScore.First(first, given.Answers));
    }

    private static IEnumerable<decimal?> Scores(EvaluationResult result) => result.Sections.Select(s => s.Score).Prepend(result.Score);
}
