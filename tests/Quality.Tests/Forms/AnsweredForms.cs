using CallCenter.Quality.Forms;
using FsCheck;
using FsCheck.Fluent;

namespace CallCenter.Quality.Tests.Forms;

public sealed record AnsweredForm(FormContent Form, Dictionary<string, Answer> Answers)
{
    public override string ToString() => System.Text.Json.JsonSerializer.Serialize(this);
}

/// <summary>
/// Forms of every kind of question, in sections and subsections, some questions and some sections asked by the answers of earlier ones,
/// some a bonus, some critical, some with points below 0; and an answer to each, N/A among them.
/// </summary>
public static class AnsweredForms
{
    public static Arbitrary<AnsweredForm> Any() => (
        from weighting in Gen.Elements(Weighting.Questions, Weighting.Sections)
        from sections in Gen.Choose(1, 5)
        from sizes in Gen.ArrayOf(Gen.Choose(1, 6), sections)
        from weights in Gen.ArrayOf(Gen.Choose(0, 400), sizes.Sum())
        from kinds in Gen.ArrayOf(Gen.Choose(0, 11), sizes.Sum())
        from picks in Gen.ArrayOf(Gen.Choose(0, 4), sizes.Sum())
        from askers in Gen.ArrayOf(Gen.Choose(0, 90), sizes.Sum())
        from traits in Gen.ArrayOf(Gen.Choose(0, 19), sizes.Sum())
        from gates in Gen.ArrayOf(Gen.Choose(0, 30), sections)
        select Build(weighting, sizes, weights, kinds, picks, askers, traits, gates)).ToArbitrary();

    /// <summary>Every answer a question takes, apart from N/A; of several choices none, each, and all.</summary>
    public static IReadOnlyList<Answer> AnswersTo(Question question) => question switch
    {
        SingleSelectQuestion => [.. question.Choices!.Select(c => new Answer(Choice: c.Code))],
        MultiSelectQuestion =>
        [
            new(Choices: []), .. question.Choices!.Select(c => new Answer(Choices: [c.Code])),
            new(Choices: [.. question.Choices!.Select(c => c.Code)]),
            new(Choices: [.. question.Choices!.Where(c => c.Points > 0).Select(c => c.Code)]),
        ],
        YesNoQuestion => [Samples.No, Samples.Yes],
        ScaleQuestion =>
            [.. Enumerable.Range(question.Scale!.From, question.Scale.To - question.Scale.From + 1).Select(n => new Answer(Number: n))],
        TextQuestion => [new(Text: "Order 7")],
        DateQuestion => [new(Date: new(2026, 3, 2))],
        _ => [.. question.Ranges!.Select(r => new Answer(Number: r.To))],
    };

    /// <summary>The form with each question changed, or taken out where it becomes null.</summary>
    public static FormContent With(this FormContent form, Func<Question, Question?> change) => form with
    {
        Header = form.Header?.Changed(change),
        Sections =
        [
            .. form.Sections.Select(section => section with
            {
                Questions = section.Questions.Changed(change),
                Subsections = section.Subsections?.Select(part => part with { Questions = part.Questions.Changed(change) }).ToList(),
            }),
        ],
    };

    private static AnsweredForm Build(
        Weighting weighting, int[] sizes, int[] weights, int[] kinds, int[] picks, int[] askers, int[] traits, int[] gates)
    {
        var starts = sizes.Select((_, i) => sizes.Take(i).Sum()).ToList();
        var questions = new List<Question>();
        for (var i = 0; i < kinds.Length; i++)
        {
            var question = Question($"q{i}", kinds[i], weighting is Weighting.Questions ? weights[i] / 4m : null);
            questions.Add(question with
            {
                Bonus = traits[i] is 0 or 1, Critical = traits[i] is 2 or 3 or 4 or 1,
                AskedIf = askers[i] < i && Test(questions[askers[i]]) is { } test ? [test] : null,
            });
        }

        var form = Samples.Form(weighting,
        [
            .. sizes.Select((size, s) => Section(
                Samples.Section($"s{s}", weighting is Weighting.Sections ? weights[starts[s]] / 4m : null,
                    [.. questions.Skip(starts[s]).Take(size)])) with
            {
                AskedIf = gates[s] < starts[s] && Test(questions[gates[s]]) is { } test ? [test] : null,
            }),
        ]) with
        {
            Header = [new TextQuestion { Code = "order", Title = Samples.Text("Order"), NotApplicable = true }],
            Bands = [new("poor", Samples.Text("Poor"), 0), new("fair", Samples.Text("Fair"), 60), new("good", Samples.Text("Good"), 90)],
        };
        var answers = questions.Select((q, i) => (q.Code, Possible: AnswersTo(q), Pick: picks[i]))
            .ToDictionary(q => q.Code, q => q.Pick is 4 ? Answer.OutOfScope : q.Possible[q.Pick % q.Possible.Count]);
        answers["order"] = new(Text: "7");

        return new(form, answers);
    }

    private static List<Question> Changed(this IReadOnlyList<Question> questions, Func<Question, Question?> change) =>
        [.. questions.Select(change).OfType<Question>()];

    /// <summary>The form with all its questions asked, whatever is answered.</summary>
    public static FormContent Unconditional(this FormContent form) =>
        (form with { Sections = [.. form.Sections.Select(section => section with { AskedIf = null })] })
        .With(question => question with { AskedIf = null });

    // Of three and more, the last are in a subsection.
    private static Section Section(Section section) => section.Questions.Count < 3 ? section : section with
    {
        Questions = [.. section.Questions.Take(2)],
        Subsections = [new($"{section.Code}-part", section.Title, [.. section.Questions.Skip(2)])],
    };

    private static AnswerIs? Test(Question question) => question switch
    {
        SingleSelectQuestion or MultiSelectQuestion =>
            new(question.Code, Choices: [.. question.Choices!.Take(2).Select(choice => choice.Code)]),
        YesNoQuestion => new(question.Code, Yes: true),
        NumberQuestion or ScaleQuestion => new(question.Code, To: 3),
        _ => null,
    };

    // Failing answers are rare, or hardly a form would have a score.
    private static Question Question(string code, int kind, decimal? weight) => kind switch
    {
        0 => Samples.Scale(code, 3, weight),
        1 => Samples.Scale(code, 7, weight),
        2 or 3 => Samples.YesNo(code, weight),
        4 => Samples.YesNo(code, weight, code.EndsWith('3') ? AutoFail.Section : AutoFail.None),
        5 => Samples.Interruptions(weight) with { Code = code },
        6 => new MultiSelectQuestion
        {
            Code = code, Title = Samples.Text(code), Weight = weight, NotApplicable = true,
            Choices = [new("a", Samples.Text("A"), 2), new("b", Samples.Text("B"), 1), new("c", Samples.Text("C"), -2)],
        },
        7 => new MultiSelectQuestion
        {
            Code = code, Title = Samples.Text(code), Weight = weight, NotApplicable = true,
            Choices = [new("a", Samples.Text("A"), 2), new("b", Samples.Text("B"), 3)],
        },
        8 => new ScaleQuestion { Code = code, Title = Samples.Text(code), Weight = weight, NotApplicable = true, Scale = new(1, 5) },
        9 => Samples.YesNo(code, weight) with { No = new(-3) },
        10 => new TextQuestion { Code = code, Title = Samples.Text(code), Weight = weight is null ? null : 0, NotApplicable = true },
        _ => new DateQuestion { Code = code, Title = Samples.Text(code), Weight = weight is null ? null : 0, NotApplicable = true },
    };
}
