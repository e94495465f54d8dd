using CallCenter.Quality.Forms;
using FsCheck;
using FsCheck.Fluent;
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
        (result.Passed is null).Should().Be(result.Score is null);
    }

    [Property]
    public void a_question_not_applicable_might_as_well_not_be_there(AnsweredForm given)
    {
        var asked = given.Answers.Where(a => !a.Value.NotApplicable).Select(a => a.Key).ToHashSet();
        var without = given.Form with
        {
            Sections = [.. given.Form.Sections.Select(s => s with { Questions = [.. s.Questions.Where(q => asked.Contains(q.Code))] })],
        };

        without.Score(given.Answers).Should().BeEquivalentTo(given.Form.Score(given.Answers));
    }

    [Property]
    public void only_the_proportion_of_the_weights_counts(AnsweredForm given, PositiveInt factor)
    {
        var scale = factor.Get / 7m;
        var scaled = given.Form with
        {
            Sections =
            [
                .. given.Form.Sections.Select(s => s with
                {
                    Weight = s.Weight * scale, Questions = [.. s.Questions.Select(q => q with { Weight = q.Weight * scale })],
                }),
            ],
        };

        Scores(scaled.Score(given.Answers)).Should().Equal(Scores(given.Form.Score(given.Answers)));
    }

    [Property]
    public void the_order_of_sections_and_questions_does_not_matter(AnsweredForm given)
    {
        var turned = given.Form with
        {
            Sections = [.. given.Form.Sections.Reverse().Select(s => s with { Questions = [.. s.Questions.Reverse()] })],
        };
        var (one, other) = (given.Form.Score(given.Answers), turned.Score(given.Answers));

        Scores(other with { Sections = [.. other.Sections.Reverse()] }).Should().Equal(Scores(one));
    }

    [Property]
    public void a_better_answer_never_lowers_the_score(AnsweredForm given)
    {
        var before = given.Form.Score(given.Answers).Score;
        foreach (var question in given.Form.Questions.Where(q => !given.Answers[q.Code].NotApplicable))
        {
            var best = AnsweredForms.AnswersTo(question).MaxBy(a => question.OutcomeOf(a)!.Points)!;
            var after = given.Form.Score(new Dictionary<string, Answer>(given.Answers) { [question.Code] = best }).Score;

            (after >= before || before is null).Should().BeTrue($"{question.Code} made {before} into {after}");
        }
    }

    private static IEnumerable<decimal?> Scores(EvaluationResult result) => result.Sections.Select(s => s.Score).Prepend(result.Score);
}

public sealed record AnsweredForm(FormContent Form, Dictionary<string, Answer> Answers)
{
    public override string ToString() => System.Text.Json.JsonSerializer.Serialize(this);
}

public static class AnsweredForms
{
    public static Arbitrary<AnsweredForm> Any() => (
        from weighting in Gen.Elements(Weighting.Questions, Weighting.Sections)
        from sections in Gen.Choose(1, 5)
        from sizes in Gen.ArrayOf(Gen.Choose(1, 6), sections)
        from weights in Gen.ArrayOf(Gen.Choose(0, 400), sizes.Sum())
        from kinds in Gen.ArrayOf(Gen.Choose(0, 5), sizes.Sum())
        from picks in Gen.ArrayOf(Gen.Choose(0, 4), sizes.Sum())
        select Build(weighting, sizes, weights, kinds, picks)).ToArbitrary();

    /// <summary>Every answer a question takes, apart from N/A.</summary>
    public static IReadOnlyList<Answer> AnswersTo(Question question) => question switch
    {
        SingleSelectQuestion => [.. question.Choices!.Select(c => new Answer(Choice: c.Code))],
        YesNoQuestion => [Samples.No, Samples.Yes],
        _ => [.. question.Ranges!.Select(r => new Answer(Number: r.To))],
    };

    private static AnsweredForm Build(Weighting weighting, int[] sizes, int[] weights, int[] kinds, int[] picks)
    {
        var starts = sizes.Select((_, i) => sizes.Take(i).Sum()).ToList();
        var form = Samples.Form(weighting,
        [
            .. sizes.Select((size, s) => Samples.Section($"s{s}", weighting is Weighting.Sections ? weights[starts[s]] / 4m : null,
                [.. Enumerable.Range(starts[s], size)
                    .Select(i => Question($"q{i}", kinds[i], weighting is Weighting.Questions ? weights[i] / 4m : null))])),
        ]);
        var answers = form.Questions.Select((q, i) => (q.Code, Possible: AnswersTo(q), Pick: picks[i]))
            .ToDictionary(q => q.Code, q => q.Pick is 4 ? Answer.OutOfScope : q.Possible[q.Pick % q.Possible.Count]);

        return new(form, answers);
    }

    // Failing answers are rare, or hardly a form would have a score.
    private static Question Question(string code, int kind, decimal? weight) => kind switch
    {
        0 => Samples.Scale(code, 3, weight),
        1 => Samples.Scale(code, 7, weight),
        2 or 3 => Samples.YesNo(code, weight),
        4 => Samples.YesNo(code, weight, code.EndsWith('3') ? AutoFail.Section : AutoFail.None),
        _ => Samples.Interruptions(weight) with { Code = code },
    };
}
